import type { IncomingHttpHeaders } from 'node:http'
import type { HeaderReader } from '../../job/header-reader.js'

/**
 * The headers of a handshake with the credentials of `connection_init`, where browsers have to put them: directly, or
 * under `headers`. Nothing but those `names` is taken from there, for a client's word must not pass for that of a proxy, which sets
 * other headers. What differs from the handshake's is joined to it, as HTTP joins repeated headers, and is no credential.
 */
export function connectionHeaders(
  handshake: IncomingHttpHeaders,
  payload: unknown,
  names: readonly string[],
): HeaderReader {
  const shown = [...entriesOf(payload, names), ...entriesOf(propertyOf(payload, 'headers'), names)]
  return {
    get(name) {
      const wanted = name.toLowerCase()
      const values = shown.filter(([key]) => key === wanted).map(([, value]) => value.trim())
      const first = handshake[wanted]
      if (first !== undefined) values.unshift(String(first).trim())
      return values.length === 0 ? null : [...new Set(values)].join(', ')
    },
  }
}

function entriesOf(value: unknown, names: readonly string[]): readonly (readonly [name: string, value: string])[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, text]: [string, unknown]) => {
    const name = names.find((header) => header === key.toLowerCase())
    return name && typeof text === 'string' ? [[name, text] as const] : []
  })
}

function propertyOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined
}
