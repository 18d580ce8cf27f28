import { BadInputError } from './errors.js'

/**
 * What may stand in a vendor's URL as an id: unreserved characters and a few harmless ones, never beginning with
 * a dot. Both vendors call their ids opaque, so this is about safety (`..`, `/`, `%2e`, `?`), not about their form.
 */
const VENDOR_ID = /^[A-Za-z0-9_~-][A-Za-z0-9._~:@=+-]{0,127}$/

/** Whether this may be sent to a vendor as an id. */
export function isVendorId(value: string): boolean {
  return VENDOR_ID.test(value)
}

/**
 * The same id, when it is one. `name` says in the error which argument was wrong; the value is not repeated there.
 * @throws {BadInputError}
 */
export function checkVendorId(name: string, value: string): string {
  if (isVendorId(value)) return value
  throw new BadInputError(
    `${name} is not a valid id: 1 to 128 letters, digits and any of . _ ~ : @ = + - are expected, not beginning with a dot.`,
  )
}
