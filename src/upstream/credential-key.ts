import { createHash } from 'node:crypto'

/**
 * A name for everything read with these headers from this address, from which no header can be told. What outlives a
 * request is kept under it, so that no credential is shown what was read with another.
 */
export function credentialKey(baseUrl: URL, headers: Readonly<Record<string, string>>): string {
  const identity = [baseUrl.href, ...Object.entries(headers).sort(([a], [b]) => (a < b ? -1 : 1))]
  return createHash('sha256').update(JSON.stringify(identity)).digest('base64url')
}
