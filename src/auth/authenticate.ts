import type { Log } from '../job/log.js'
import type { HeaderReader } from '../job/header-reader.js'
import type { ApiKey } from './api-key.js'
import { credentialOf } from './credential.js'
import { ANONYMOUS, type Identity } from './identity.js'
import { createKeyring } from './keyring.js'
import { createTokenVerifier, type TokenSettings } from './token-verifier.js'

/**
 * Identifies the caller by the request headers; null when there is no valid credential. For a WebSocket, these are the
 * headers of the handshake plus `authorization` and `x-api-key` from `connection_init`.
 */
export type Authenticate = (headers: HeaderReader) => Identity | null | Promise<Identity | null>

/** The accepted credentials. Both null: callers are not authenticated. */
export interface AuthSettings {
  readonly keys: readonly ApiKey[] | null
  readonly tokens: TokenSettings | null
}

/** Accepts every request and ignores its credentials. */
export const allowAnonymous: Authenticate = () => ANONYMOUS

/** Authenticates callers with settings that can be reloaded. */
export interface Authenticator {
  readonly authenticate: Authenticate
  /** Replaces keys and token settings, and revokes identities that are no longer valid. Enables or disables no method. */
  reload(settings: AuthSettings): void
}

/** Authenticates callers by API keys, by JSON Web Tokens, or by both. */
export function createAuthenticator({ keys, tokens }: AuthSettings, log: Log): Authenticator {
  if (keys === null && tokens === null) return { authenticate: allowAnonymous, reload: () => {} }
  const keyring = createKeyring(keys ?? [])
  let verifier = tokens && createTokenVerifier(tokens, log)
  return {
    authenticate(headers) {
      const credential = credentialOf(headers)
      if (credential === null) return null
      const { value, isBearer } = credential
      return keyring.identityOf(value) ?? (isBearer && verifier ? verifier.verify(value) : null)
    },
    reload(next) {
      if (keys && next.keys) keyring.replace(next.keys)
      if (!verifier || !next.tokens || verifier.hasSettings(next.tokens)) return
      verifier.revoke()
      verifier = createTokenVerifier(next.tokens, log)
    },
  }
}

/** Like {@link createAuthenticator}, with fixed settings. */
export function createAuthenticate(settings: AuthSettings, log: Log): Authenticate {
  return createAuthenticator(settings, log).authenticate
}
