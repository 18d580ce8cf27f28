import type { KeyObject } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import { jwtVerify, type JWTPayload } from 'jose'
import type { Log } from '../job/log.js'
import type { Identity } from './identity.js'
import { createJwks } from './jwks.js'
import { createRevocation } from './revocation.js'
import { roleOf, type RoleClaim } from './role-claim.js'

export interface TokenSettings {
  /** The trusted public key, or the URL of a JSON Web Key Set. */
  readonly keys: KeyObject | URL
  readonly issuer: string
  readonly audience: string
  /** The tolerated difference to the issuer's clock, in seconds. */
  readonly clockToleranceS: number
  readonly role: RoleClaim
}

/** Neither `none` nor HMAC: with HMAC, an attacker could use the public key as the shared secret. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519']

/** Identifies callers by JSON Web Tokens. */
export interface TokenVerifier {
  /** Null for an invalid token, whatever the reason. */
  verify(token: string): Promise<Identity | null>
  /** Whether this verifier was created with equal settings. */
  hasSettings(settings: TokenSettings): boolean
  /** Revokes all identities that this verifier has returned. */
  revoke(): void
}

export function createTokenVerifier(settings: TokenSettings, log: Log): TokenVerifier {
  const { issuer, audience, clockToleranceS, role } = settings
  const key = settings.keys
  const remote = key instanceof URL ? createJwks(key, log) : null
  const options = {
    issuer,
    audience,
    algorithms: ALGORITHMS,
    clockTolerance: clockToleranceS,
    // Without an expiry, a stolen token would be valid forever.
    requiredClaims: ['exp'],
  }
  const verify = async (token: string) => {
    if (remote) return jwtVerify(token, remote, options)
    return jwtVerify(token, key as KeyObject, options)
  }
  const { signal: revoked, revoke } = createRevocation()
  return {
    async verify(token) {
      try {
        const { payload } = await verify(token)
        const name = callerNameOf(payload)
        if (name === null) return null
        const expiresAt = (payload.exp! + clockToleranceS) * 1000
        return { name, role: roleOf(payload, role), via: 'jwt', expiresAt, revoked }
      } catch {
        // The reason would help an attacker who guesses tokens.
        return null
      }
    },
    hasSettings: (other) => isDeepStrictEqual(comparable(settings), comparable(other)),
    revoke,
  }
}

function comparable({ keys, ...rest }: TokenSettings): object {
  return { keys: keys instanceof URL ? keys.href : keys.export({ type: 'spki', format: 'pem' }), ...rest }
}

/** The `sub` or `name` claim; null when it is blank, too long or has control characters, because logs record it. */
function callerNameOf({ sub, name }: JWTPayload): string | null {
  const callerName = sub ?? name
  return typeof callerName === 'string' && /^[^\p{C}]{1,256}$/u.test(callerName) && callerName.trim() !== ''
    ? callerName
    : null
}
