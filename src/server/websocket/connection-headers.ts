import type { IncomingHttpHeaders } from 'node:http'
import type { HeaderReader } from '../../job/header-reader.js'

/**
 * The headers of a handshake, joined with the credentials in the payload of `connection_init`, where browsers have to put
 * them: at the top level or under `headers`. Only the headers in `names` are read from the payload, so that a client
 * cannot forge those that proxies set. Values that differ are joined as HTTP joins repeated headers, which makes the
 * credential invalid.
 */
export function connectionHeaders(
  handshake: IncomingHttpHeaders,
  payload: unknown,
  names: readonly string[],
): HeaderReader {
  const payloadHeaders = [...entriesOf(payload, names), ...entriesOf(propertyOf(payload, 'headers'), names)]
  return {
    get(name) {
      const lowerCaseName = name.toLowerCase()
      const values = payloadHeaders.filter(([key]) => key === lowerCaseName).map(([, value]) => value.trim())
      const handshakeValue = handshake[lowerCaseName]
      if (handshakeValue !== undefined) values.unshift(String(handshakeValue).trim())
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
