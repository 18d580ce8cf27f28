import { BadInputError } from './errors.js'

/**
 * What may be sent to a vendor as an id: the characters that RFC 3986 lets stand in a path segment as they are, but
 * neither `.` nor `..`. Both vendors call their ids opaque, so this is about safety (`/`, `%2e`, `?`), not their form.
 */
const VENDOR_ID = /^(?!\.{1,2}$)[A-Za-z0-9._~!$&'()*+,;=:@-]{1,200}$/

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
    `${name} is not a valid id: 1 to 200 letters, digits and any of . _ ~ ! $ & ' ( ) * + , ; = : @ - are expected, other than . and ..`,
  )
}
