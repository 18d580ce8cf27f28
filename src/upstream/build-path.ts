import { BadInputError } from '../job/errors.js'

export type QueryValue = string | number | readonly string[] | undefined

/**
 * Builds the path and query of a request below a vendor's base URL. Encodes each segment, then checks that the parsed URL
 * still has exactly these segments: `encodeURIComponent('..')` is `..`, which a URL resolves.
 * @throws {BadInputError} when a segment would change the path
 */
export function buildPath(
  base: URL,
  segments: readonly string[],
  query: Readonly<Record<string, QueryValue>> = {},
): string {
  const prefix = base.pathname.replace(/\/+$/, '')
  if (segments.some((segment) => segment === '' || !segment.isWellFormed())) throw invalidSegment()
  const path = `${prefix}/${segments.map(encodeURIComponent).join('/')}`
  const url = new URL(path, base.origin)
  if (url.origin !== base.origin || url.pathname !== path) throw invalidSegment()
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined) continue
    for (const item of Array.isArray(value) ? value : [value]) url.searchParams.append(name, String(item))
  }
  return url.pathname + url.search.replaceAll('+', '%20')
}

function invalidSegment(): BadInputError {
  return new BadInputError(
    'An id in this request cannot be part of a URL path. Use an id as the vendor or this gateway returned it.',
  )
}
