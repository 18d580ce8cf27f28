import { createHmac } from 'node:crypto'
import type { JWTPayload } from 'jose'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createTokenVerifier, type TokenSettings } from '../../src/auth/token-verifier.js'
import { silentLog } from '../../src/job/log.js'
import { AUDIENCE, ISSUER, sign, signingKey, startIssuer, tokenSettings } from '../support/issuer.js'
import { hang, resetConnection, json, text } from '../support/scripted-vendor.js'

const key = signingKey('one')
const rsa = signingKey('rsa', 'RS256')
const now = () => Math.floor(Date.now() / 1000)

afterEach(() => vi.useRealTimers())

function reader(settings: Partial<TokenSettings> = {}) {
  return createTokenVerifier(tokenSettings({ keys: key.publicKey, ...settings }), silentLog).verify
}

async function read(claims: JWTPayload, settings: Partial<TokenSettings> = {}) {
  return reader(settings)(await sign(key, claims))
}

/** A token with this header, signed in whatever way. */
function forge(header: object, signature: (input: string) => string, claims: object = {}): string {
  const usual = { iss: ISSUER, aud: AUDIENCE, sub: 'mallory', roles: ['admin'], exp: now() + 300 }
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const input = `${part(header)}.${part({ ...usual, ...claims })}`
  return `${input}.${signature(input)}`
}

describe('a token', () => {
  it('identifies the caller, its role and its expiry', async () => {
    const exp = now() + 60
    expect(await read({ exp, roles: ['cancel'] })).toEqual({
      name: 'ada',
      role: 'cancel',
      via: 'jwt',
      expiresAt: (exp + 5) * 1000,
      revoked: expect.any(AbortSignal),
    })
  })

  it.each(['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'])(
    'may be signed with %s',
    async (alg) => {
      const other = signingKey('k', alg)
      expect(await reader({ keys: other.publicKey })(await sign(other))).toMatchObject({ name: 'ada', role: 'read' })
    },
  )

  it('may have several audiences', async () =>
    expect(await read({ aud: ['other', AUDIENCE] })).toMatchObject({ name: 'ada' }))

  it('may have a name instead of a subject', async () => {
    expect(await read({ sub: undefined, name: 'Ada L.' })).toMatchObject({ name: 'Ada L.' })
    expect(await read({ sub: 'ada', name: 'Ada L.' })).toMatchObject({ name: 'ada' })
  })

  it.each<[what: string, claims: JWTPayload]>([
    ['has expired', { exp: now() - 10 }],
    ['never expires', { exp: undefined }],
    ['expires some day', { exp: 'tomorrow' as never }],
    ['is not valid yet', { nbf: now() + 60 }],
    ['is of another issuer', { iss: 'https://evil.test/' }],
    ['is of an issuer that begins like it', { iss: `${ISSUER}x` }],
    ['is of no issuer', { iss: undefined }],
    ['is for somebody else', { aud: 'other' }],
    ['is for nobody', { aud: undefined }],
    ['is for a list of nobody', { aud: [] }],
    ['is of nobody', { sub: undefined }],
    ['is of a blank', { sub: ' ' }],
    ['is of a number', { sub: 5 as never }],
    ['is of a line break', { sub: 'a\nb' }],
    ['is of a very long name', { sub: 'x'.repeat(257) }],
  ])('is rejected when it %s', async (_what, claims) => expect(await read(claims)).toBeNull())

  it('is accepted within the clock tolerance', async () => {
    expect(await read({ exp: now() - 3 })).toMatchObject({ name: 'ada' })
    expect(await read({ nbf: now() + 3 })).toMatchObject({ name: 'ada' })
    expect(await read({ exp: now() - 3 }, { clockToleranceS: 0 })).toBeNull()
    expect(await read({ nbf: now() + 3 }, { clockToleranceS: 0 })).toBeNull()
  })

  it('is rejected with the signature of another key', async () => {
    expect(await reader()(await sign({ ...signingKey('one') }))).toBeNull()
  })

  it('is rejected when any part was changed', async () => {
    const [header, payload, signature] = (await sign(key)).split('.') as [string, string, string]
    const claims = { ...(JSON.parse(Buffer.from(payload, 'base64url').toString()) as object), roles: ['admin'] }
    const changed = Buffer.from(JSON.stringify(claims)).toString('base64url')
    expect(await reader()(`${header}.${changed}.${signature}`)).toBeNull()
    expect(await reader()(`${header}.${payload}.`)).toBeNull()
    expect(await reader()(`${header}.${payload}`)).toBeNull()
  })

  it('is rejected without a signature, however `none` is spelled', async () => {
    for (const alg of ['none', 'None', 'NONE', 'nOnE', ''])
      for (const keys of [key.publicKey, rsa.publicKey])
        expect(await reader({ keys })(forge({ alg }, () => ''))).toBeNull()
  })

  it.each(['HS256', 'HS384', 'HS512'])('is rejected when the public key is used as a secret of %s', async (alg) => {
    for (const { publicKey } of [key, rsa])
      for (const format of ['pem', 'der'] as const) {
        const secret = publicKey.export({ type: 'spki', format: format as 'pem' })
        for (const known of [secret, secret.toString().trim()]) {
          const hmac = (input: string) => createHmac(alg.replace('HS', 'sha'), known).update(input).digest('base64url')
          expect(await reader({ keys: publicKey })(forge({ alg }, hmac))).toBeNull()
        }
      }
  })

  it('is rejected with an algorithm that does not match the key', async () => {
    expect(await reader({ keys: rsa.publicKey })(await sign(key))).toBeNull()
    expect(await reader()(await sign(rsa))).toBeNull()
  })

  it('cannot bring its own key', async () => {
    const mallory = signingKey('one')
    const jwk = mallory.publicKey.export({ format: 'jwk' })
    const { server } = await startIssuer(mallory)
    for (const header of [{ jwk }, { jku: server.url.href }, { x5u: server.url.href }, { kid: server.url.href }])
      expect(await reader()(await sign(mallory, {}, header))).toBeNull()
    expect(server.requests).toEqual([])
  })

  it('is rejected with an unknown critical header', async () => {
    const input = { alg: 'ES256', crit: ['b64'], b64: false }
    expect(await reader()(forge(input, () => 'AA'))).toBeNull()
    expect(await reader()(forge({ alg: 'ES256', crit: ['x'], x: 1 }, () => 'AA'))).toBeNull()
  })

  it.each(['', '.', '..', 'a.b.c', 'e30.e30.e30', `${'a'.repeat(9000)}.b.c`, 'docket_abc', '\0'])(
    'is rejected when it is %j',
    async (token) => expect(await reader()(token)).toBeNull(),
  )
})

describe('a JWKS', () => {
  it('is loaded once for many tokens, on demand', async () => {
    const { server } = await startIssuer(key)
    const ofToken = reader({ keys: server.url })
    expect(server.requests).toEqual([])
    const tokens = await Promise.all(Array.from({ length: 20 }, (_, at) => sign(key, { sub: `user${at}` })))
    const identities = await Promise.all(tokens.map(ofToken))
    expect(identities.map((identity) => identity?.name)).toEqual(tokens.map((_, at) => `user${at}`))
    expect(server.requests).toEqual(['GET /'])
  })

  it('supports key rotation: accepts the new key, and later rejects the old one', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    const [old, fresh] = [signingKey('old'), signingKey('new')]
    const { server, publish } = await startIssuer(old)
    const ofToken = reader({ keys: server.url })
    expect(await ofToken(await sign(old))).not.toBeNull()
    await publish(fresh, old)
    // They were read just now, and anybody can make tokens of unknown keys: so not yet.
    expect(await ofToken(await sign(fresh))).toBeNull()
    vi.setSystemTime(Date.now() + 31_000)
    expect(await ofToken(await sign(fresh))).not.toBeNull()
    expect(await ofToken(await sign(old))).not.toBeNull()
    await publish(fresh)
    vi.setSystemTime(Date.now() + 601_000)
    expect(await ofToken(await sign(old))).toBeNull()
    expect(await ofToken(await sign(fresh))).not.toBeNull()
  })

  it('is not reloaded by a flood of tokens with unknown keys', async () => {
    const { server } = await startIssuer(key)
    const ofToken = reader({ keys: server.url })
    const tokens = await Promise.all(Array.from({ length: 50 }, (_, at) => sign(signingKey(`unknown${at}`))))
    expect(new Set(await Promise.all(tokens.map(ofToken)))).toEqual(new Set([null]))
    for (const token of tokens) await ofToken(token)
    expect(server.requests).toHaveLength(1)
  })

  it.each([
    ['fails', text(500, 'stack trace')],
    ['is not there', text(404, '')],
    ['answers with a page', text(200, '<html>')],
    ['answers with something else', json(200, { keys: 'none' })],
    ['sends elsewhere', text(302, '', { location: 'http://127.0.0.1:1/' })],
    ['hangs up', resetConnection],
  ])('cannot be loaded from a server that %s; logs once and retries seldom', async (_what, script) => {
    vi.useFakeTimers({ toFake: ['Date'] })
    const { server, publish } = await startIssuer(key)
    server.answer(script)
    const warn = vi.fn()
    const ofToken = createTokenVerifier(tokenSettings({ keys: server.url }), { ...silentLog, warn }).verify
    const token = await sign(key)
    expect(await Promise.all(Array.from({ length: 10 }, () => ofToken(token)))).toEqual(Array(10).fill(null))
    for (let more = 0; more < 10; more++) expect(await ofToken(token)).toBeNull()
    expect(server.requests).toHaveLength(1)
    expect(warn).toHaveBeenCalledTimes(1)
    expect(JSON.stringify(warn.mock.calls)).not.toMatch(/127\.0\.0\.1|stack|html|ada/)
    await publish(key)
    vi.setSystemTime(Date.now() + 5001)
    expect(await ofToken(token)).not.toBeNull()
  })

  it('is waited for at most three seconds', { timeout: 10_000 }, async () => {
    const { server } = await startIssuer()
    server.answer(hang)
    const warn = vi.fn()
    const ofToken = createTokenVerifier(tokenSettings({ keys: server.url }), { ...silentLog, warn }).verify
    const token = await sign(key)
    const start = performance.now()
    expect(await ofToken(token)).toBeNull()
    expect(performance.now() - start).toBeLessThan(4500)
    expect(warn.mock.calls[0]![0]).toEqual({ reason: 'ERR_JWKS_TIMEOUT' })
    const again = performance.now()
    expect(await ofToken(token)).toBeNull()
    expect(performance.now() - again).toBeLessThan(500)
  })

  it('does not verify a token with a shared secret, or without a signature', async () => {
    const { server } = await startIssuer(rsa)
    const pem = rsa.publicKey.export({ type: 'spki', format: 'pem' })
    const hmac = (input: string) => createHmac('sha256', pem).update(input).digest('base64url')
    const ofToken = reader({ keys: server.url })
    expect(await ofToken(forge({ alg: 'HS256', kid: 'rsa' }, hmac))).toBeNull()
    expect(await ofToken(forge({ alg: 'none', kid: 'rsa' }, () => ''))).toBeNull()
    // They are not even asked for.
    expect(server.requests).toEqual([])
  })

  it('tells keys with the same id apart by their use', async () => {
    const { server } = await startIssuer(key)
    expect(await reader({ keys: server.url })(await sign(signingKey('one', 'RS256')))).toBeNull()
  })
})
