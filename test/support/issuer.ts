import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { exportJWK, SignJWT, type JWK, type JWTPayload } from 'jose'
import type { TokenSettings } from '../../src/auth/token-verifier.js'
import { closeAfterTest } from './close-after-test.js'
import { json, startScriptedVendor, type ScriptedVendor } from './scripted-vendor.js'

export const ISSUER = 'https://issuer.test/'
export const AUDIENCE = 'docket'

export interface SigningKey {
  readonly kid: string
  readonly alg: string
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
}

/** A pair of keys for tokens, of this algorithm. */
export function signingKey(kid: string, alg = 'ES256'): SigningKey {
  const pair = /^[RP]S/.test(alg)
    ? generateKeyPairSync('rsa', { modulusLength: 2048 })
    : /^Ed/.test(alg)
      ? generateKeyPairSync('ed25519')
      : generateKeyPairSync('ec', { namedCurve: { ES256: 'P-256', ES384: 'P-384', ES512: 'P-521' }[alg]! })
  return { kid, alg, ...pair }
}

/** A token that is right in everything that these claims do not say otherwise; undefined leaves a claim out. */
export function sign(key: SigningKey, claims: JWTPayload = {}, header: object = {}): Promise<string> {
  const now = Math.floor(Date.now() / 1000)
  const usual = { iss: ISSUER, aud: AUDIENCE, sub: 'ada', roles: ['read'], exp: now + 300 }
  return new SignJWT({ ...usual, ...claims })
    .setProtectedHeader({ alg: key.alg, kid: key.kid, ...header })
    .sign(key.privateKey)
}

export function tokenSettings(settings: Pick<TokenSettings, 'keys'> & Partial<TokenSettings>): TokenSettings {
  return {
    issuer: ISSUER,
    audience: AUDIENCE,
    clockToleranceS: 5,
    role: {
      claim: 'roles',
      roles: new Map([
        ['read', 'read'],
        ['cancel', 'cancel'],
        ['admin', 'admin'],
      ]),
    },
    ...settings,
  }
}

/** A server, for the running test, where an issuer publishes its keys. */
export async function startIssuer(...keys: readonly SigningKey[]): Promise<{
  readonly server: ScriptedVendor
  /** From now on these are its keys. */
  publish(...keys: readonly SigningKey[]): Promise<void>
}> {
  const server = await startScriptedVendor()
  closeAfterTest(server.close)
  const publish = async (...next: readonly SigningKey[]) => {
    server.answer(json(200, { keys: await Promise.all(next.map(jwkOf)) }))
  }
  await publish(...keys)
  return { server, publish }
}

async function jwkOf({ publicKey, kid, alg }: SigningKey): Promise<JWK> {
  return { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' }
}
