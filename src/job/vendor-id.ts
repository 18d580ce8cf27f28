import { BadInputError } from './errors.js'

/**
 * The characters that RFC 3986 allows unescaped in a path segment, other than `.` and `..`. Both vendors call their ids
 * opaque, so this checks for safety in a URL (`/`, `%2e`, `?`), not for their format.
 */
const VENDOR_ID = /^(?!\.{1,2}$)[A-Za-z0-9._~!$&'()*+,;=:@-]{1,200}$/

/** Whether this is safe to send to a vendor as an id. */
export function isVendorId(value: string): boolean {
  return VENDOR_ID.test(value)
}

/**
 * Returns `value` when it is a valid id. The error names the argument, `name`, and does not repeat the value.
 * @throws {BadInputError}
 */
export function checkVendorId(name: string, value: string): string {
  if (isVendorId(value)) return value
  throw new BadInputError(
    `${name} is not a valid id. Use 1 to 200 letters, digits and any of . _ ~ ! $ & ' ( ) * + , ; = : @ -, other than . and ..`,
  )
}
