import { createHash, randomBytes } from 'node:crypto'
import type { Role } from './identity.js'

/** A key as the gateway knows it: nobody can find the key itself from this. */
export interface ApiKey {
  readonly name: string
  readonly role: Role
  /** Of the key's characters, as 64 hexadecimal digits. */
  readonly sha256: string
}

/** So that people, and programs that look for leaked secrets, see what it is. */
const PREFIX = 'docket_'

/** A new key, and what the gateway is to be told of it. */
export function createApiKey(owner: Pick<ApiKey, 'name' | 'role'>): { readonly key: string; readonly entry: ApiKey } {
  const key = PREFIX + randomBytes(32).toString('base64url')
  return { key, entry: { ...owner, sha256: sha256Of(key).toString('hex') } }
}

/** One round is enough, because keys are random: of what people make up, all likely ones could be tried. */
export function sha256Of(key: string): Buffer {
  return createHash('sha256').update(key).digest()
}
