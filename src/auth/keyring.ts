import { timingSafeEqual } from 'node:crypto'
import { sha256Of, type ApiKey } from './api-key.js'
import type { Identity } from './identity.js'
import { createRevocation } from './revocation.js'

/** Finds whose key one is. */
export interface Keyring {
  /** Takes as long whichever it is, and whatever they have in common. */
  identityOf(key: string): Identity | null
  /** Knows these keys from now on. Whoever is known by one that is not among them is known no longer. */
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
      const shown = sha256Of(key)
      let found: Identity | null = null
      for (const { digest, identity } of entries) if (timingSafeEqual(digest, shown)) found = identity
      return found
    },
    replace(next) {
      const before = entries
      entries = next.map((key) => before.find((entry) => isUnchanged(entry, key)) ?? entryOf(key))
      for (const entry of before) if (!entries.includes(entry)) entry.revoke()
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

/** Whether nothing about it has changed, its role included. */
function isUnchanged({ digest, identity }: Entry, { name, role, sha256 }: ApiKey): boolean {
  return identity.name === name && identity.role === role && digest.equals(Buffer.from(sha256, 'hex'))
}
