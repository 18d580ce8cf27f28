import type { Log } from '../job/log.js'
import type { HeaderReader } from '../job/header-reader.js'
import type { ApiKey } from './api-key.js'
import { credentialOf } from './credential.js'
import { ANONYMOUS, type Identity } from './identity.js'
import { createKeyring } from './keyring.js'
import { createTokenVerifier, type TokenSettings } from './token-verifier.js'

/**
 * Says who shows these headers, or null when that is nobody it knows. Over WebSocket they are the handshake's, with
 * `authorization` and `x-api-key` from `connection_init` as well.
 */
export type Authenticate = (headers: HeaderReader) => Identity | null | Promise<Identity | null>

/** How callers are known. Both null: not at all. */
export interface AuthSettings {
  readonly keys: readonly ApiKey[] | null
  readonly tokens: TokenSettings | null
}

/** Lets everybody in, whatever they show. */
export const allowAnonymous: Authenticate = () => ANONYMOUS

/** Those who may ask. */
export interface Authenticator {
  readonly authenticate: Authenticate
  /** Knows them by these keys and tokens from now on. The ways in which they are known stay as they are. */
  reload(settings: AuthSettings): void
}

/** Knows callers by API keys, by tokens, or by either. */
export function createAuthenticator({ keys, tokens }: AuthSettings, log: Log): Authenticator {
  if (keys === null && tokens === null) return { authenticate: allowAnonymous, reload: () => {} }
  const keyring = createKeyring(keys ?? [])
  let reader = tokens && createTokenVerifier(tokens, log)
  return {
    authenticate(headers) {
      const credential = credentialOf(headers)
      if (credential === null) return null
      const { value, isBearer } = credential
      return keyring.identityOf(value) ?? (isBearer && reader ? reader.verify(value) : null)
    },
    reload(next) {
      if (keys && next.keys) keyring.replace(next.keys)
      if (!reader || !next.tokens || reader.hasSettings(next.tokens)) return
      reader.revoke()
      reader = createTokenVerifier(next.tokens, log)
    },
  }
}

/** The same, of callers who stay the same. */
export function createAuthenticate(settings: AuthSettings, log: Log): Authenticate {
  return createAuthenticator(settings, log).authenticate
}
