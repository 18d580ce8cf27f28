import { createRemoteJWKSet, customFetch, errors, type FetchImplementation, type JWTVerifyGetKey } from 'jose'
import type { Log } from '../job/log.js'

const TIMEOUT_MS = 3000
/** A token with an unknown key reloads the set, which may hold a new key by now, at most this often. */
const COOLDOWN_MS = 30_000
/** The cache time of the set: for this long, a removed key remains trusted. */
const MAX_AGE_MS = 600_000
/** No requests for this long after a failure, because anybody can send tokens that would cause one. */
const PAUSE_MS = 5000

/** Errors in the token, not failures of the server. */
const TOKEN_ERRORS: ReadonlySet<string> = new Set([
  errors.JWKSNoMatchingKey.code,
  errors.JWKSMultipleMatchingKeys.code,
  errors.JOSENotSupported.code,
])

/** The issuer's JSON Web Key Set (JWKS), which verifies the signatures of tokens. Loaded on demand and cached. */
export function createJwks(url: URL, log: Log): JWTVerifyGetKey {
  let pausedUntil = -Infinity
  const isPaused = () => Date.now() < pausedUntil
  const fetchUnlessPaused: FetchImplementation = (target, init) =>
    isPaused() ? Promise.reject(new errors.JWKSTimeout()) : fetch(target, init)
  const keys = createRemoteJWKSet(url, {
    timeoutDuration: TIMEOUT_MS,
    cooldownDuration: COOLDOWN_MS,
    cacheMaxAge: MAX_AGE_MS,
    [customFetch]: fetchUnlessPaused,
  })
  return async (header, token) => {
    try {
      return await keys(header, token)
    } catch (error) {
      if (!TOKEN_ERRORS.has(codeOf(error)) && !isPaused()) {
        pausedUntil = Date.now() + PAUSE_MS
        // The URL and the response do not belong in the log.
        log.warn({ reason: codeOf(error) }, 'JWKS cannot be loaded; rejecting tokens')
      }
      throw error
    }
  }
}

/** An error code of jose (`ERR_JWKS_TIMEOUT`), or of Node's connection (`ECONNREFUSED`). */
function codeOf(error: unknown): string {
  const { code, cause } = error as { code?: unknown; cause?: unknown }
  if (typeof code === 'string') return code
  return cause instanceof Error ? codeOf(cause) : 'unknown'
}
