import { BadInputError } from '../job/errors.js'

export type QueryValue = string | number | readonly string[] | undefined

/**
 * Path and query below a vendor's base URL. Each segment is encoded, and the result must still have exactly these
 * segments below the base: `encodeURIComponent('..')` is `..`, which a URL would swallow.
 * @throws {BadInputError} when a segment would change the path
 */
export function buildPath(
  base: URL,
  segments: readonly string[],
  query: Readonly<Record<string, QueryValue>> = {},
): string {
  const prefix = base.pathname.replace(/\/+$/, '')
  if (segments.some((segment) => segment === '' || !segment.isWellFormed())) throw unusable()
  const path = `${prefix}/${segments.map(encodeURIComponent).join('/')}`
  const url = new URL(path, base.origin)
  if (url.origin !== base.origin || url.pathname !== path) throw unusable()
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined) continue
    for (const one of Array.isArray(value) ? value : [value]) url.searchParams.append(name, String(one))
  }
  return url.pathname + url.search.replaceAll('+', '%20')
}

function unusable(): BadInputError {
  return new BadInputError('An id in this request cannot be part of an address.')
}
