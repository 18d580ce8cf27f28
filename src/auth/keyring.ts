import { timingSafeEqual } from 'node:crypto'
import { digestOf, type ApiKey } from './api-key.js'
import type { Identity } from './identity.js'

/** Finds whose key this is. Takes as long whichever it is, and whatever they have in common. */
export function createKeyring(keys: readonly ApiKey[]): (key: string) => Identity | null {
  const entries = keys.map(({ name, role, sha256 }) => ({
    digest: Buffer.from(sha256, 'hex'),
    identity: { name, role, via: 'key' } satisfies Identity,
  }))
  return (key) => {
    const shown = digestOf(key)
    let found: Identity | null = null
    for (const { digest, identity } of entries) if (timingSafeEqual(digest, shown)) found = identity
    return found
  }
}
