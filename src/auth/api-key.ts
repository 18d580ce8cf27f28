import { createHash, randomBytes } from 'node:crypto'
import type { Role } from './identity.js'

/** What the gateway stores of an API key: a digest, never the key. */
export interface ApiKey {
  readonly name: string
  readonly role: Role
  /** The SHA-256 of the key, as 64 hexadecimal digits. */
  readonly sha256: string
}

/** Lets people and secret scanners recognise a key. */
const PREFIX = 'docket_'

/** Creates a random key and the entry for the gateway's list of keys. */
export function createApiKey(owner: Pick<ApiKey, 'name' | 'role'>): { readonly key: string; readonly entry: ApiKey } {
  const key = PREFIX + randomBytes(32).toString('base64url')
  return { key, entry: { ...owner, sha256: sha256Of(key).toString('hex') } }
}

/** One round of SHA-256 is enough, because keys are random; passwords would need a slow hash. */
export function sha256Of(key: string): Buffer {
  return createHash('sha256').update(key).digest()
}
