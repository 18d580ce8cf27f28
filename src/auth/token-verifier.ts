import type { KeyObject } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import { jwtVerify, type JWTPayload } from 'jose'
import type { Log } from '../job/log.js'
import type { Identity } from './identity.js'
import { createJwks } from './jwks.js'
import { createRevocation } from './revocation.js'
import { roleOf, type RoleClaim } from './role-claim.js'

export interface TokenSettings {
  /** Whose signature is believed: this key's, or that of the keys which are published at this address. */
  readonly keys: KeyObject | URL
  readonly issuer: string
  readonly audience: string
  /** By how much the issuer's clock may differ, in seconds. */
  readonly clockToleranceS: number
  readonly role: RoleClaim
}

/** Never `none`, and none with a shared secret: for that the public key, which everybody knows, could be passed off. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519']

/** Finds whose JSON Web Token one is. */
export interface TokenVerifier {
  /** Null for anything that is wrong with it. */
  verify(token: string): Promise<Identity | null>
  /** Whether it reads tokens in the same way as one with these settings would. */
  hasSettings(settings: TokenSettings): boolean
  /** Whoever is known by it is known no longer. */
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
    // Without it a token that got into the wrong hands would be good for ever.
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
        // Why it is refused is for nobody to know who may be guessing.
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

/** What nobody could be held to, or would be cut off where it is written down, is no name. */
function callerNameOf({ sub, name }: JWTPayload): string | null {
  const found = sub ?? name
  return typeof found === 'string' && /^[^\p{C}]{1,256}$/u.test(found) && found.trim() !== '' ? found : null
}
