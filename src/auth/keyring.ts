import { timingSafeEqual } from 'node:crypto'
import { sha256Of, type ApiKey } from './api-key.js'
import type { Identity } from './identity.js'
import { createRevocation } from './revocation.js'

/** Identifies callers by their API keys. */
export interface Keyring {
  /** Null for an unknown key. Compares in constant time, so timing reveals nothing about the stored keys. */
  identityOf(key: string): Identity | null
  /** Replaces all keys. Revokes the identities of keys that were removed or changed. */
  replace(keys: readonly ApiKey[]): void
}

interface Entry {
  readonly digest: Buffer
  readonly identity: Identity
  revoke(): void
}

export function createKeyring(keys: readonly ApiKey[]): Keyring {
  let entries = keys.map(entryOf)
  return {
    identityOf(key) {
      const digestOfKey = sha256Of(key)
      let found: Identity | null = null
      for (const { digest, identity } of entries) if (timingSafeEqual(digest, digestOfKey)) found = identity
      return found
    },
    replace(next) {
      const previous = entries
      entries = next.map((key) => previous.find((entry) => isUnchanged(entry, key)) ?? entryOf(key))
      for (const entry of previous) if (!entries.includes(entry)) entry.revoke()
    },
  }
}

function entryOf({ name, role, sha256 }: ApiKey): Entry {
  const { signal, revoke } = createRevocation()
  return {
    digest: Buffer.from(sha256, 'hex'),
    identity: { name, role, via: 'key', revoked: signal },
    revoke,
  }
}

/** Whether name, role and digest are the same. */
function isUnchanged({ digest, identity }: Entry, { name, role, sha256 }: ApiKey): boolean {
  return identity.name === name && identity.role === role && digest.equals(Buffer.from(sha256, 'hex'))
}
