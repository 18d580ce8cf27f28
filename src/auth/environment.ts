import { createPublicKey, type KeyObject } from 'node:crypto'
import { z } from 'zod'
import { fileText, parseEnvironment, type Environment } from '../environment/parse-environment.js'
import { apiKeyList, roleSchema } from './api-key-list.js'
import type { AuthSettings } from './authenticate.js'
import { ROLES, type Role } from './identity.js'
import { parseJson } from '../job/json-text.js'

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/
const CURVES = ['prime256v1', 'secp384r1', 'secp521r1']

const publicKey = z.string().transform((pem, context): KeyObject => {
  const key = pem.includes('-----BEGIN PUBLIC KEY-----') ? readKey(pem) : null
  const { modulusLength = 0, namedCurve = '' } = key?.asymmetricKeyDetails ?? {}
  const isUsable = {
    rsa: modulusLength >= 2048,
    ec: CURVES.includes(namedCurve),
    ed25519: true,
  }
  if (key && isUsable[key.asymmetricKeyType as keyof typeof isUsable]) return key
  context.addIssue({
    code: 'custom',
    message:
      'must hold a public key as PEM (BEGIN PUBLIC KEY): RSA of 2048 bits or more, EC on P-256, P-384 or P-521, or Ed25519',
  })
  return z.NEVER
})

const ROLE_MAP_MESSAGE =
  'must be a JSON object of their words and the roles read, cancel or admin, like {"operators": "cancel"}'

/** Their words and what they mean here. */
const roleMap = z
  .string()
  .transform((text, context): ReadonlyMap<string, Role> => {
    const words = z.record(z.string().min(1), roleSchema).safeParse(parseJson(text))
    if (words.success && Object.keys(words.data).length > 0) return new Map(Object.entries(words.data))
    context.addIssue({ code: 'custom', message: ROLE_MAP_MESSAGE })
    return z.NEVER
  })
  .default(new Map(ROLES.map((role) => [role, role])))

export const authEnvironment = z.object({
  GATEWAY_AUTH: z
    .string()
    .transform((text) => text.split(',').map((way) => way.trim()))
    .refine(
      (ways) => (ways.length === 1 && ways[0] === 'none') || ways.every((way) => way === 'keys' || way === 'jwt'),
      'must be none, keys, jwt, or keys,jwt',
    )
    .optional(),
  GATEWAY_API_KEYS_FILE: fileText.pipe(apiKeyList).optional(),
  GATEWAY_API_KEYS: apiKeyList.optional(),
  GATEWAY_JWT_JWKS_URL: z
    .url({ protocol: /^https?$/, error: 'must be an https URL' })
    .transform((value) => new URL(value))
    .refine(({ username, password }) => username === '' && password === '', 'must hold no credentials')
    // Whoever can answer in its place lets in whom he likes.
    .refine(
      ({ protocol, hostname }) => protocol === 'https:' || LOOPBACK.test(hostname),
      'must be an https URL, unless it is on this machine',
    )
    .optional(),
  GATEWAY_JWT_PUBLIC_KEY_FILE: fileText.pipe(publicKey).optional(),
  GATEWAY_JWT_ISSUER: z.string().trim().optional(),
  GATEWAY_JWT_AUDIENCE: z.string().trim().optional(),
  GATEWAY_JWT_CLOCK_TOLERANCE_S: z.coerce
    .number('must be a number of seconds')
    .int('must be a whole number of seconds')
    .min(0, 'must be at least 0')
    .max(300, 'must be at most 300')
    .default(5),
  GATEWAY_JWT_ROLE_CLAIM: z.string().trim().default('roles'),
  GATEWAY_JWT_ROLES: roleMap,
})

/** How callers are to be known, or everything that is wrong with what the environment says of it. */
export function readAuth(
  env: Environment,
): { value: AuthSettings; problems: readonly [] } | { value: null; problems: readonly string[] } {
  const { value, problems } = parseEnvironment(authEnvironment, env)
  const all = [...problems, ...contradictions(env)]
  if (value === null || all.length > 0) return { value: null, problems: all }
  const ways = value.GATEWAY_AUTH ?? []
  return {
    value: {
      keys: ways.includes('keys') ? (value.GATEWAY_API_KEYS_FILE ?? value.GATEWAY_API_KEYS)! : null,
      tokens: !ways.includes('jwt')
        ? null
        : {
            keys: (value.GATEWAY_JWT_JWKS_URL ?? value.GATEWAY_JWT_PUBLIC_KEY_FILE)!,
            issuer: value.GATEWAY_JWT_ISSUER!,
            audience: value.GATEWAY_JWT_AUDIENCE!,
            clockToleranceS: value.GATEWAY_JWT_CLOCK_TOLERANCE_S,
            role: { claim: value.GATEWAY_JWT_ROLE_CLAIM, roles: value.GATEWAY_JWT_ROLES },
          },
    },
    problems: [],
  }
}

/** What is missing or too much, each variable by itself being right or not. */
function contradictions(env: Environment): string[] {
  const ways = authEnvironment.shape.GATEWAY_AUTH.safeParse(env.GATEWAY_AUTH?.trim() || undefined)
  if (!ways.success) return []
  const isSet = (name: string) => Boolean(env[name]?.trim())
  const names = Object.keys(authEnvironment.shape)
  const of = {
    keys: names.filter((name) => name.includes('_API_KEYS')),
    jwt: names.filter((name) => name.includes('_JWT_')),
  }
  return (['keys', 'jwt'] as const).flatMap((way) => {
    // Whoever sets these takes the gateway for closed.
    if (!ways.data?.includes(way))
      return of[way].filter(isSet).map((name) => `${name}: is set, but GATEWAY_AUTH does not name ${way}`)
    const [one, other] = of[way] as [string, string]
    const required = way === 'jwt' ? ['GATEWAY_JWT_ISSUER', 'GATEWAY_JWT_AUDIENCE'] : []
    return [
      ...(isSet(one) || isSet(other) ? [] : [`${one}: must be set, or ${other}, because GATEWAY_AUTH names ${way}`]),
      ...(isSet(one) && isSet(other) ? [`${one}: must not be set together with ${other}`] : []),
      ...required
        .filter((name) => !isSet(name))
        .map((name) => `${name}: must be set, because GATEWAY_AUTH names ${way}`),
    ]
  })
}

function readKey(pem: string): KeyObject | null {
  try {
    return createPublicKey(pem)
  } catch {
    return null
  }
}
