import type { HeaderReader } from '../job/header-reader.js'

/** The headers in which callers send a credential. */
export const CREDENTIAL_HEADERS = ['authorization', 'x-api-key'] as const

export interface Credential {
  readonly value: string
  /** Whether it was sent as `Authorization: Bearer …`. */
  readonly isBearer: boolean
}

const BEARER = /^bearer +(\S+)$/i
/** RFC 6750, section 2.1. */
const TOKEN = /^[\w.~+/-]+=*$/
/** Node's limit for all headers together. */
const MAX_LENGTH = 16_384

/**
 * The caller's credential. Null when there is none, when it is malformed, and when the two headers differ, because a
 * proxy in front of the gateway may have checked the other one.
 */
export function credentialOf(headers: HeaderReader): Credential | null {
  const authorization = headers.get('authorization')
  const apiKey = headers.get('x-api-key')
  const bearer = authorization === null ? null : bearerOf(authorization)
  if (bearer !== null && apiKey !== null && bearer !== apiKey) return null
  const value = bearer ?? apiKey ?? ''
  return value.length <= MAX_LENGTH && TOKEN.test(value) ? { value, isBearer: bearer !== null } : null
}

/** Empty for any other scheme; an empty string is no valid token. */
function bearerOf(authorization: string): string {
  return (authorization.length <= MAX_LENGTH && BEARER.exec(authorization)?.[1]) || ''
}
