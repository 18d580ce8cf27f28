import { createPublicKey, type KeyObject } from 'node:crypto'
import { z } from 'zod'
import { parseEnvironment, type Environment } from '../environment/parse-environment.js'
import { documentedUnder, fileText } from '../environment/variables.js'
import { apiKeyList, roleSchema } from './api-key-list.js'
import type { AuthSettings } from './authenticate.js'
import { ROLES, type Role } from './identity.js'
import { parseJson } from '../job/json-text.js'

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/
const CURVES = ['prime256v1', 'secp384r1', 'secp521r1']

const publicKey = z.string().transform((pem, context): KeyObject => {
  const key = pem.includes('-----BEGIN PUBLIC KEY-----') ? parsePublicKey(pem) : null
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
      'must hold a public key as PEM (BEGIN PUBLIC KEY): RSA with 2048 bits or more, EC on P-256, P-384 or P-521, or Ed25519',
  })
  return z.NEVER
})

const ROLE_MAP_MESSAGE =
  'must be a JSON object from claim values to the roles read, cancel or admin, like {"operators": "cancel"}'

/** Maps values of the role claim to roles. Default: each role to itself. */
const roleMap = z
  .string()
  .transform((text, context): ReadonlyMap<string, Role> => {
    const parsed = z.record(z.string().min(1), roleSchema).safeParse(parseJson(text))
    if (parsed.success && Object.keys(parsed.data).length > 0) return new Map(Object.entries(parsed.data))
    context.addIssue({ code: 'custom', message: ROLE_MAP_MESSAGE })
    return z.NEVER
  })
  .default(new Map(ROLES.map((role) => [role, role])))

const row = documentedUnder('Callers')

export const authEnvironment = z.object({
  GATEWAY_AUTH: row(
    z
      .string()
      .transform((text) => text.split(',').map((method) => method.trim()))
      .refine(
        (methods) =>
          (methods.length === 1 && methods[0] === 'none') ||
          methods.every((method) => method === 'keys' || method === 'jwt'),
        'must be none, keys, jwt, or keys,jwt',
      )
      .optional(),
    '`none`, `keys`, `jwt` or `keys,jwt`. Unset: `none` on a loopback `HOST`, required on any other.',
  ),
  GATEWAY_API_KEYS_FILE: row(
    fileText.pipe(apiKeyList).optional(),
    'With `keys`: path of a JSON list of `{"name", "role", "sha256"}`. It holds digests, never keys.',
  ),
  GATEWAY_API_KEYS: row(apiKeyList.optional(), 'The same list as a value, instead of a file.'),
  GATEWAY_JWT_JWKS_URL: row(
    z
      .url({ protocol: /^https?$/, error: 'must be an https URL, like https://issuer.example.com/jwks.json' })
      .transform((value) => new URL(value))
      .refine(
        ({ username, password }) => username === '' && password === '',
        'must not contain credentials; remove the user name and password',
      )
      // Without TLS, an attacker on the network could replace the keys and sign tokens.
      .refine(
        ({ protocol, hostname }) => protocol === 'https:' || LOOPBACK.test(hostname),
        'must be an https URL; http is only accepted for localhost',
      )
      .optional(),
    "With `jwt`: https URL of the issuer's public keys (JWKS).",
  ),
  GATEWAY_JWT_PUBLIC_KEY_FILE: row(
    fileText.pipe(publicKey).optional(),
    'Path of one public key in PEM format, instead of a URL.',
  ),
  GATEWAY_JWT_ISSUER: row(z.string().trim().optional(), 'Required value of `iss`. Must be set with `jwt`.'),
  GATEWAY_JWT_AUDIENCE: row(z.string().trim().optional(), 'Value that `aud` must contain. Must be set with `jwt`.'),
  GATEWAY_JWT_CLOCK_TOLERANCE_S: row(
    z.coerce
      .number('must be a number of seconds')
      .int('must be a whole number of seconds')
      .min(0, 'must be at least 0')
      .max(300, 'must be at most 300')
      .default(5),
    "Allowed difference to the issuer's clock, in seconds, up to 300.",
  ),
  GATEWAY_JWT_ROLE_CLAIM: row(
    z.string().trim().default('roles'),
    'Claim with the roles, or the path to it, like `realm_access.roles`. The claim is a list or a text with spaces.',
  ),
  GATEWAY_JWT_ROLES: row(
    roleMap,
    'JSON object from the values of that claim to roles, like `{"operators": "cancel"}`.',
  ),
})

/** Reads the authentication settings, or returns all problems, each starting with the name of its variable. */
export function readAuth(
  env: Environment,
): { value: AuthSettings; problems: readonly [] } | { value: null; problems: readonly string[] } {
  const { value, problems } = parseEnvironment(authEnvironment, env)
  const allProblems = [...problems, ...findConflicts(env)]
  if (value === null || allProblems.length > 0) return { value: null, problems: allProblems }
  const methods = value.GATEWAY_AUTH ?? []
  return {
    value: {
      keys: methods.includes('keys') ? (value.GATEWAY_API_KEYS_FILE ?? value.GATEWAY_API_KEYS)! : null,
      tokens: !methods.includes('jwt')
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

/** Finds variables that are missing, or that conflict with others. */
function findConflicts(env: Environment): string[] {
  const methods = authEnvironment.shape.GATEWAY_AUTH.safeParse(env.GATEWAY_AUTH?.trim() || undefined)
  if (!methods.success) return []
  const isSet = (name: string) => Boolean(env[name]?.trim())
  const names = Object.keys(authEnvironment.shape)
  const variables = {
    keys: names.filter((name) => name.includes('_API_KEYS')),
    jwt: names.filter((name) => name.includes('_JWT_')),
  }
  return (['keys', 'jwt'] as const).flatMap((method) => {
    // An operator who sets these expects the gateway to require a credential.
    if (!methods.data?.includes(method))
      return variables[method]
        .filter(isSet)
        .map(
          (name) =>
            `${name}: is set, but GATEWAY_AUTH does not include ${method}; add ${method} there, or unset ${name}`,
        )
    const [first, second] = variables[method] as [string, string]
    const required = method === 'jwt' ? ['GATEWAY_JWT_ISSUER', 'GATEWAY_JWT_AUDIENCE'] : []
    return [
      ...(isSet(first) || isSet(second)
        ? []
        : [`${first}: must be set, or ${second}, because GATEWAY_AUTH includes ${method}`]),
      ...(isSet(first) && isSet(second)
        ? [`${first}: must not be set together with ${second}; unset one of them`]
        : []),
      ...required
        .filter((name) => !isSet(name))
        .map((name) => `${name}: must be set, because GATEWAY_AUTH includes ${method}`),
    ]
  })
}

function parsePublicKey(pem: string): KeyObject | null {
  try {
    return createPublicKey(pem)
  } catch {
    return null
  }
}
