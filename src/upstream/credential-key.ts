import { createHash } from 'node:crypto'

/**
 * A cache key for everything read from this address with these headers: a SHA-256 digest, so it reveals no header.
 * Data that outlives a request is stored under it, so no credential sees what was read with another.
 */
export function credentialKey(baseUrl: URL, headers: Readonly<Record<string, string>>): string {
  const identity = [baseUrl.href, ...Object.entries(headers).sort(([a], [b]) => (a < b ? -1 : 1))]
  return createHash('sha256').update(JSON.stringify(identity)).digest('base64url')
}
