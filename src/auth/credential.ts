import type { HeaderReader } from '../job/header-reader.js'

/** Where callers show who they are. */
export const CREDENTIAL_HEADERS = ['authorization', 'x-api-key'] as const

export interface Credential {
  readonly value: string
  /** Whether it came as `Authorization: Bearer …`. */
  readonly isBearer: boolean
}

const BEARER = /^bearer +(\S+)$/i
/** RFC 6750, section 2.1. */
const TOKEN = /^[\w.~+/-]+=*$/
/** Node takes no more than this for all headers together. */
const MAX_LENGTH = 16_384

/**
 * What a caller shows, or null: for nothing, for what cannot be a credential, and for two that differ, because whatever
 * stands in front of the gateway may have looked at the other one.
 */
export function credentialOf(headers: HeaderReader): Credential | null {
  const authorization = headers.get('authorization')
  const apiKey = headers.get('x-api-key')
  const bearer = authorization === null ? null : bearerOf(authorization)
  if (bearer !== null && apiKey !== null && bearer !== apiKey) return null
  const value = bearer ?? apiKey ?? ''
  return value.length <= MAX_LENGTH && TOKEN.test(value) ? { value, isBearer: bearer !== null } : null
}

/** Empty, which is no token, for any other scheme. */
function bearerOf(authorization: string): string {
  return (authorization.length <= MAX_LENGTH && BEARER.exec(authorization)?.[1]) || ''
}
