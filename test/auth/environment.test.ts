import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { createApiKey } from '../../src/auth/api-key.js'
import { ConfigError, readConfig } from '../../src/config/config.js'
import type { Environment } from '../../src/environment/parse-environment.js'

const SECRET = 'hunter2'
const folder = mkdtempSync(join(tmpdir(), 'docket-'))
afterAll(() => rmSync(folder, { recursive: true }))

const OPS = createApiKey({ name: 'ops', role: 'cancel' }).entry
const EYE = createApiKey({ name: 'eye', role: 'read' }).entry
const TOKENS = { GATEWAY_AUTH: 'jwt', GATEWAY_JWT_ISSUER: 'https://issuer.test/', GATEWAY_JWT_AUDIENCE: 'docket' }
const JWKS = { ...TOKENS, GATEWAY_JWT_JWKS_URL: 'https://issuer.test/keys' }
const LIVE = { KODEXA_API_KEY: 'k' }

let files = 0
function file(content: string): string {
  const path = join(folder, `${files++}-${SECRET}`)
  writeFileSync(path, content)
  return path
}

function publicPem(pair: { publicKey: { export(options: object): string | Buffer } }): string {
  return pair.publicKey.export({ type: 'spki', format: 'pem' }).toString()
}

function problemsOf(env: Environment): readonly string[] {
  try {
    readConfig(env)
    return []
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    expect(error.message).not.toContain(SECRET)
    return error.problems
  }
}

const keys = (list: unknown): Environment => ({
  GATEWAY_AUTH: 'keys',
  GATEWAY_API_KEYS: typeof list === 'string' ? list : JSON.stringify(list),
})

describe('GATEWAY_AUTH', () => {
  it('defaults to no authentication on loopback', () =>
    expect(readConfig({}).auth).toEqual({ keys: null, tokens: null }))

  it.each(['keys,jwt', 'jwt,keys', ' keys , jwt '])('accepts %j', (GATEWAY_AUTH) => {
    const { auth } = readConfig({ ...JWKS, GATEWAY_API_KEYS: JSON.stringify([OPS]), GATEWAY_AUTH })
    expect(auth).toMatchObject({ keys: [OPS], tokens: { issuer: 'https://issuer.test/', audience: 'docket' } })
  })

  it.each(['none,keys', 'none,none', 'keys,', ',', 'keys;jwt', 'KEYS', 'oauth', 'keys jwt'])(
    'rejects %j',
    (GATEWAY_AUTH) =>
      expect(problemsOf({ GATEWAY_AUTH })).toEqual(['GATEWAY_AUTH: must be none, keys, jwt, or keys,jwt']),
  )

  it('is required on any address but loopback, and must not be none with live vendors', () => {
    for (const HOST of ['0.0.0.0', '::', 'gateway.example']) {
      expect(problemsOf({ HOST })).toEqual([expect.stringMatching(/^GATEWAY_AUTH: must be set/)])
      expect(problemsOf({ HOST, GATEWAY_AUTH: 'none' })).toEqual([])
      expect(problemsOf({ HOST, GATEWAY_AUTH: 'none', ...LIVE })).toEqual([
        expect.stringMatching(/^GATEWAY_AUTH: none would let everybody who reaches .* cancel the vendors' jobs/),
      ])
      expect(problemsOf({ HOST, GATEWAY_AUTH: ' none ', CORTEX_API_KEY: 'k' })).toHaveLength(1)
      expect(problemsOf({ HOST, GATEWAY_AUTH: 'none', ...LIVE, DOCKET_SANDBOX: 'true' })).toEqual([])
      expect(problemsOf({ HOST, ...keys([OPS]), ...LIVE })).toEqual([])
    }
    for (const HOST of ['127.0.0.1', 'localhost', '::1', ''])
      expect(problemsOf({ HOST, GATEWAY_AUTH: 'none', ...LIVE })).toEqual([])
  })

  it('is reported as none even when a vendor is misconfigured', () => {
    const env = { HOST: '0.0.0.0', GATEWAY_AUTH: 'none', ...LIVE, KODEXA_TIMEOUT_MS: '0' }
    expect(problemsOf(env).map((problem) => problem.split(':')[0])).toEqual(['KODEXA_TIMEOUT_MS', 'GATEWAY_AUTH'])
  })

  it.each(['', 'none', 'jwt'])('must not be %j while API keys are set', (GATEWAY_AUTH) => {
    const env = { ...(GATEWAY_AUTH === 'jwt' ? JWKS : {}), GATEWAY_API_KEYS: JSON.stringify([OPS]), GATEWAY_AUTH }
    expect(problemsOf(env)).toEqual([
      'GATEWAY_API_KEYS: is set, but GATEWAY_AUTH does not include keys; add keys there, or unset GATEWAY_API_KEYS',
    ])
  })

  it.each(['', 'none', 'keys'])('must not be %j while token variables are set', (GATEWAY_AUTH) => {
    const env = { ...JWKS, ...(GATEWAY_AUTH === 'keys' ? keys([OPS]) : {}), GATEWAY_AUTH }
    expect(problemsOf(env)).toEqual(
      ['JWKS_URL', 'ISSUER', 'AUDIENCE'].map(
        (name) =>
          `GATEWAY_JWT_${name}: is set, but GATEWAY_AUTH does not include jwt; add jwt there, or unset GATEWAY_JWT_${name}`,
      ),
    )
  })
})

describe('API keys', () => {
  it('come from the environment or from a file', () => {
    expect(readConfig(keys([OPS, EYE])).auth.keys).toEqual([OPS, EYE])
    const env = { GATEWAY_AUTH: 'keys', GATEWAY_API_KEYS_FILE: `  ${file(`\n${JSON.stringify([EYE])}\n`)} ` }
    expect(readConfig(env).auth.keys).toEqual([EYE])
  })

  it('must come from exactly one of the two', () => {
    expect(problemsOf({ GATEWAY_AUTH: 'keys' })).toEqual([
      'GATEWAY_API_KEYS_FILE: must be set, or GATEWAY_API_KEYS, because GATEWAY_AUTH includes keys',
    ])
    const both = { ...keys([OPS]), GATEWAY_API_KEYS_FILE: file(JSON.stringify([OPS])) }
    expect(problemsOf(both)).toEqual([
      'GATEWAY_API_KEYS_FILE: must not be set together with GATEWAY_API_KEYS; unset one of them',
    ])
  })

  it('need a readable file', () => {
    const problems = (path: string) => problemsOf({ GATEWAY_AUTH: 'keys', GATEWAY_API_KEYS_FILE: path })
    expect(problems(join(folder, SECRET))).toEqual(['GATEWAY_API_KEYS_FILE: cannot be read (ENOENT)'])
    expect(problems(folder)).toEqual(['GATEWAY_API_KEYS_FILE: cannot be read (EISDIR)'])
    expect(problems(file(SECRET))).toEqual([expect.stringMatching(/^GATEWAY_API_KEYS_FILE: must be a JSON list/)])
  })

  const LIST = 'must be a JSON list like [{"name": "…", "role": "read", "sha256": "…"}]'
  const ENTRY = 'must be an object with exactly the fields name, role and sha256'
  const NAME = 'must be 1 to 64 letters, digits and . _ - + @ :'
  const ROLE = 'must be one of read, cancel, admin'
  const DIGEST = 'must be the SHA-256 of the key as 64 hexadecimal digits'
  it.each<[what: string, list: unknown, problems: readonly string[]]>([
    ['invalid JSON', `{"${SECRET}`, [LIST]],
    ['an object', { [SECRET]: SECRET }, [LIST]],
    ['a string', `"${SECRET}"`, [LIST]],
    ['an empty list', [], ['must have at least one entry; create one with npm run keys:create']],
    ['a string in the list', [OPS, SECRET], [`[1] ${ENTRY}`]],
    ['null in the list', [null], [`[0] ${ENTRY}`]],
    ['the key itself', [OPS, { ...EYE, key: SECRET }], [`[1] ${ENTRY}`]],
    ['a missing name', [{ role: 'read', sha256: OPS.sha256 }], ['[0].name must be a name, like "ops"']],
    ['an empty name', [{ ...OPS, name: '' }], [`[0].name ${NAME}`]],
    ['a name with a line break', [{ ...OPS, name: `${SECRET}\n` }], [`[0].name ${NAME}`]],
    ['an unknown role', [OPS, { ...EYE, role: SECRET }], [`[1].role ${ROLE}`]],
    ['a missing role', [{ name: 'a', sha256: OPS.sha256 }], [`[0].role ${ROLE}`]],
    ['the key in place of its digest', [{ ...OPS, sha256: SECRET }], [`[0].sha256 ${DIGEST}`]],
    ['a digest that is too short', [{ ...OPS, sha256: OPS.sha256.slice(1) }], [`[0].sha256 ${DIGEST}`]],
    [
      'a duplicate name',
      [OPS, { ...EYE, name: 'ops' }],
      ['[1].name is the same as [0].name; each entry needs its own'],
    ],
    [
      'a duplicate key',
      [OPS, { ...EYE, sha256: OPS.sha256.toUpperCase() }],
      ['[1].sha256 is the same as [0].sha256; each entry needs its own'],
    ],
    [
      'several mistakes',
      [{ ...OPS, role: 5, sha256: 5 }, 5],
      [`[0].role ${ROLE}`, '[0].sha256 must be a string', `[1] ${ENTRY}`],
    ],
  ])('are rejected with %s; the problem names the position and quotes no value', (_what, list, problems) => {
    expect(problemsOf(keys(list))).toEqual(problems.map((problem) => `GATEWAY_API_KEYS: ${problem}`))
  })
})

describe('tokens', () => {
  it('have default settings', () => {
    const { tokens } = readConfig(JWKS).auth
    expect(tokens).toMatchObject({ keys: new URL('https://issuer.test/keys'), clockToleranceS: 5 })
    expect(tokens!.role.claim).toBe('roles')
    expect([...tokens!.role.roles]).toEqual([
      ['read', 'read'],
      ['cancel', 'cancel'],
      ['admin', 'admin'],
    ])
  })

  it('accept another clock tolerance, role claim and role map', () => {
    const { tokens } = readConfig({
      ...JWKS,
      GATEWAY_JWT_CLOCK_TOLERANCE_S: '60',
      GATEWAY_JWT_ROLE_CLAIM: 'realm_access.roles',
      GATEWAY_JWT_ROLES: '{"operators": "cancel", "staff": "read"}',
    }).auth
    expect(tokens).toMatchObject({ clockToleranceS: 60, role: { claim: 'realm_access.roles' } })
    expect([...tokens!.role.roles]).toEqual([
      ['operators', 'cancel'],
      ['staff', 'read'],
    ])
  })

  it('need keys, an issuer and an audience', () => {
    expect(problemsOf({ GATEWAY_AUTH: 'jwt' })).toEqual([
      'GATEWAY_JWT_JWKS_URL: must be set, or GATEWAY_JWT_PUBLIC_KEY_FILE, because GATEWAY_AUTH includes jwt',
      'GATEWAY_JWT_ISSUER: must be set, because GATEWAY_AUTH includes jwt',
      'GATEWAY_JWT_AUDIENCE: must be set, because GATEWAY_AUTH includes jwt',
    ])
    const pem = file(publicPem(generateKeyPairSync('ed25519')))
    expect(problemsOf({ ...JWKS, GATEWAY_JWT_PUBLIC_KEY_FILE: pem })).toEqual([
      'GATEWAY_JWT_JWKS_URL: must not be set together with GATEWAY_JWT_PUBLIC_KEY_FILE; unset one of them',
    ])
  })

  it.each([
    'issuer.test',
    'ftp://issuer.test/',
    'file:///etc/passwd',
    'http://issuer.test/keys',
    'http://127.0.0.1.evil.test/keys',
    `https://${SECRET}@issuer.test/`,
    `https://:${SECRET}@issuer.test/`,
  ])('reject a JWKS URL like %s', (GATEWAY_JWT_JWKS_URL) =>
    expect(problemsOf({ ...TOKENS, GATEWAY_JWT_JWKS_URL })).toEqual([
      expect.stringMatching(/^GATEWAY_JWT_JWKS_URL: must /),
    ]),
  )

  it.each(['https://issuer.test/keys?p=policy', 'http://127.0.0.1:8080/keys', 'http://localhost/', 'http://[::1]/'])(
    'accept a JWKS URL like %s',
    (GATEWAY_JWT_JWKS_URL) => expect(problemsOf({ ...TOKENS, GATEWAY_JWT_JWKS_URL })).toEqual([]),
  )

  it.each([
    ['RSA', () => generateKeyPairSync('rsa', { modulusLength: 2048 })],
    ['P-256', () => generateKeyPairSync('ec', { namedCurve: 'P-256' })],
    ['P-521', () => generateKeyPairSync('ec', { namedCurve: 'P-521' })],
    ['Ed25519', () => generateKeyPairSync('ed25519')],
  ])('accept a public key of type %s', (_what, pair) => {
    const GATEWAY_JWT_PUBLIC_KEY_FILE = file(publicPem(pair()))
    expect(problemsOf({ ...TOKENS, GATEWAY_JWT_PUBLIC_KEY_FILE })).toEqual([])
  })

  it.each([
    ['short', () => publicPem(generateKeyPairSync('rsa', { modulusLength: 1024 }))],
    ['of another curve', () => publicPem(generateKeyPairSync('ec', { namedCurve: 'secp256k1' }))],
    ['for something else', () => publicPem(generateKeyPairSync('x25519'))],
    ['private', () => generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()],
    ['broken', () => `-----BEGIN PUBLIC KEY-----\n${SECRET}\n-----END PUBLIC KEY-----\n`],
    ['empty', () => ''],
  ])('reject a public key that is %s', (_what, pem) => {
    const GATEWAY_JWT_PUBLIC_KEY_FILE = file(pem())
    expect(problemsOf({ ...TOKENS, GATEWAY_JWT_PUBLIC_KEY_FILE })).toEqual([
      expect.stringMatching(/^GATEWAY_JWT_PUBLIC_KEY_FILE: must hold a public key as PEM/),
    ])
  })

  it.each(['-1', '301', '1.5', 'soon'])('reject a clock tolerance of %s', (GATEWAY_JWT_CLOCK_TOLERANCE_S) =>
    expect(problemsOf({ ...JWKS, GATEWAY_JWT_CLOCK_TOLERANCE_S })).toEqual([
      expect.stringMatching(/^GATEWAY_JWT_CLOCK_TOLERANCE_S: must be /),
    ]),
  )

  it.each(['x', '[]', '{}', '{"a":"root"}', '{"a":["read"]}', '{"":"read"}', `{"${SECRET}":"${SECRET}"}`])(
    'reject a role map like %s',
    (GATEWAY_JWT_ROLES) =>
      expect(problemsOf({ ...JWKS, GATEWAY_JWT_ROLES })).toEqual([
        expect.stringMatching(/^GATEWAY_JWT_ROLES: must be a JSON object/),
      ]),
  )
})
