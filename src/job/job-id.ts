import { BadInputError } from './errors.js'
import type { JobAddress } from './job.js'
import { checkVendorId, isVendorId } from './vendor-id.js'

const MAX_GLOBAL_ID_LENGTH = 1024
const TYPE_NAME = /^[A-Z][A-Za-z0-9]{0,63}$/

/** The opaque global id of an address, in base64url, which needs no escaping in URLs or JSON. */
export function encodeJobId(address: JobAddress): string {
  for (const part of address.path) checkVendorId('address', part)
  return Buffer.from(`${address.type}:${address.path.join('/')}`).toString('base64url')
}

/**
 * The address inside a global id. Accepts only what {@link encodeJobId} can produce, so that an id has one spelling
 * and nothing unsafe reaches a URL.
 * @throws {BadInputError} for anything else
 */
export function decodeJobId(id: string): JobAddress {
  const text = id.length <= MAX_GLOBAL_ID_LENGTH ? Buffer.from(id, 'base64url').toString('utf8') : ''
  const colon = text.indexOf(':')
  const address = { type: text.slice(0, colon), path: text.slice(colon + 1).split('/') }
  if (colon < 0 || !TYPE_NAME.test(address.type) || !address.path.every(isVendorId) || encodeJobId(address) !== id) {
    throw new BadInputError('Invalid id. Use an `id` that this gateway returned.')
  }
  return address
}

/**
 * The address inside a global id of this type.
 * @throws {BadInputError} when the id is invalid or of another type
 */
export function decodeJobIdOf(type: string, id: string): JobAddress {
  const address = decodeJobId(id)
  if (address.type !== type) throw new BadInputError(`This is the id of a ${address.type}, not of a ${type}.`)
  return address
}
