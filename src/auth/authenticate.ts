import type { Log } from '../job/log.js'
import type { ReadableHeaders } from '../job/readable-headers.js'
import type { ApiKey } from './api-key.js'
import { credentialOf } from './credential.js'
import { ANONYMOUS, type Identity } from './identity.js'
import { createKeyring } from './keyring.js'
import { createTokenReader, type TokenSettings } from './token-reader.js'

/**
 * Says who shows these headers, or null when that is nobody it knows. Over WebSocket they are the handshake's, with
 * `authorization` and `x-api-key` from `connection_init` as well.
 */
export type Authenticate = (headers: ReadableHeaders) => Identity | null | Promise<Identity | null>

/** How callers are known. Both null: not at all. */
export interface AuthSettings {
  readonly keys: readonly ApiKey[] | null
  readonly tokens: TokenSettings | null
}

/** Lets everybody in, whatever they show. */
export const everybody: Authenticate = () => ANONYMOUS

/** Knows callers by API keys, by tokens, or by either. */
export function createAuthenticate({ keys, tokens }: AuthSettings, log: Log): Authenticate {
  if (keys === null && tokens === null) return everybody
  const ofKey = createKeyring(keys ?? [])
  const ofToken = tokens === null ? () => null : createTokenReader(tokens, log)
  return (headers) => {
    const credential = credentialOf(headers)
    if (credential === null) return null
    return ofKey(credential.value) ?? (credential.isBearer ? ofToken(credential.value) : null)
  }
}
