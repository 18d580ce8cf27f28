import { createRemoteJWKSet, customFetch, errors, type FetchImplementation, type JWTVerifyGetKey } from 'jose'
import type { Log } from '../job/log.js'

const TIMEOUT_MS = 3000
/** An unknown key may be a new one: so often, at most, a set that was read is read again for it. */
const COOLDOWN_MS = 30_000
/** From then on a key that was taken out of the set is not trusted any more. */
const MAX_AGE_MS = 600_000
/** So long nothing is asked of a server that failed: anybody may send tokens that would make the gateway ask. */
const PAUSE_MS = 5000

/** What the token is to blame for, and not the server. */
const TOKEN_ERRORS: ReadonlySet<string> = new Set([
  errors.JWKSNoMatchingKey.code,
  errors.JWKSMultipleMatchingKeys.code,
  errors.JOSENotSupported.code,
])

/** The keys that tokens are signed with, from where their issuer publishes them. */
export function createJwks(url: URL, log: Log): JWTVerifyGetKey {
  let pausedUntil = -Infinity
  const isPaused = () => Date.now() < pausedUntil
  const read: FetchImplementation = (target, init) =>
    isPaused() ? Promise.reject(new errors.JWKSTimeout()) : fetch(target, init)
  const keys = createRemoteJWKSet(url, {
    timeoutDuration: TIMEOUT_MS,
    cooldownDuration: COOLDOWN_MS,
    cacheMaxAge: MAX_AGE_MS,
    [customFetch]: read,
  })
  return async (header, token) => {
    try {
      return await keys(header, token)
    } catch (error) {
      if (!TOKEN_ERRORS.has(codeOf(error)) && !isPaused()) {
        pausedUntil = Date.now() + PAUSE_MS
        // Neither the address nor what was answered is anything for a log.
        log.warn({ reason: codeOf(error) }, 'the keys that tokens are signed with cannot be read: tokens are refused')
      }
      throw error
    }
  }
}

/** `ERR_JWKS_TIMEOUT`, or what Node says of the connection: `ECONNREFUSED`. */
function codeOf(error: unknown): string {
  const { code, cause } = error as { code?: unknown; cause?: unknown }
  if (typeof code === 'string') return code
  return cause instanceof Error ? codeOf(cause) : 'unknown'
}
