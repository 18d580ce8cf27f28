import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { createApiKey } from '../../src/auth/api-key.js'
import { createAuthenticate } from '../../src/auth/authenticate.js'
import { keyCommand } from '../../src/cli/key-command.js'
import { silentLog } from '../../src/job/log.js'
import { sign, signingKey, tokenSettings } from '../support/issuer.js'

const ops = createApiKey({ name: 'ops', role: 'cancel' })
const eye = createApiKey({ name: 'eye', role: 'read' })
const OPS = { name: 'ops', role: 'cancel', via: 'key' }
const signer = signingKey('one')
const keys = [ops.entry, { ...eye.entry, sha256: eye.entry.sha256.toUpperCase() }]
const tokens = tokenSettings({ keys: signer.publicKey })
const bearer = (value: string) => new Headers({ authorization: `Bearer ${value}` })

describe('a new key', () => {
  it('is long, random and recognisable, and only its digest is stored', () => {
    expect(ops.key).toMatch(/^docket_[\w-]{43}$/)
    expect(ops.key).not.toBe(eye.key)
    expect(ops.entry).toEqual({
      name: 'ops',
      role: 'cancel',
      sha256: createHash('sha256').update(ops.key).digest('hex'),
    })
  })

  it('is created by a command, which prints it once', async () => {
    const { isDone, text } = keyCommand(['--name', 'ops', '--role', 'cancel'])
    expect(isDone).toBe(true)
    const [key, ...others] = text.match(/docket_[\w-]{43}/g)!
    expect(others).toEqual([])
    const entry = JSON.parse(/^ +(\{.*\})$/m.exec(text)![1]!) as typeof ops.entry
    const authenticate = createAuthenticate({ keys: [entry], tokens: null }, silentLog)
    expect(await authenticate(bearer(key))).toMatchObject(OPS)
  })

  it.each([
    [[], '--name'],
    [['--name', 'ops'], '--role'],
    [['--name', 'a b', '--role', 'read'], '--name'],
    [['--name', 'ops', '--role', 'root'], '--role'],
    [['--name', 'ops', '--role', 'read', '--all'], '--name'],
    [['ops', 'read'], '--name'],
  ])('is not created from arguments %j', (args, problem) => {
    const { isDone, text } = keyCommand(args)
    expect(isDone).toBe(false)
    expect(text).toContain(`${problem} must be`)
    expect(text).toContain('Usage: ')
    expect(text).not.toContain('docket_')
  })
})

describe('a caller', () => {
  it('is identified by an API key, in either header', async () => {
    const authenticate = createAuthenticate({ keys, tokens: null }, silentLog)
    expect(await authenticate(bearer(ops.key))).toMatchObject(OPS)
    expect(await authenticate(new Headers({ 'x-api-key': ops.key }))).toMatchObject(OPS)
    expect(await authenticate(bearer(eye.key))).toMatchObject({ name: 'eye', role: 'read', via: 'key' })
    expect(await authenticate(new Headers({ authorization: `Bearer ${eye.key}`, 'x-api-key': eye.key }))).toMatchObject(
      { name: 'eye' },
    )
  })

  it('is not identified by anything else', async () => {
    const authenticate = createAuthenticate({ keys, tokens: null }, silentLog)
    const shown = [
      new Headers(),
      bearer(''),
      bearer(`${ops.key}x`),
      bearer(ops.key.slice(0, -1)),
      bearer(ops.key.toUpperCase()),
      bearer(ops.entry.sha256),
      bearer(ops.entry.name),
      bearer(createApiKey(OPS as never).key),
      bearer(await sign(signer)),
      new Headers({ authorization: ops.key }),
      new Headers({ authorization: `Basic ${ops.key}` }),
      new Headers({ authorization: `Bearer ${ops.key}`, 'x-api-key': eye.key }),
      new Headers({ cookie: `x-api-key=${ops.key}` }),
    ]
    for (const headers of shown) expect(await authenticate(headers)).toBeNull()
  })

  it('is identified by a bearer token', async () => {
    const authenticate = createAuthenticate({ keys: null, tokens }, silentLog)
    const token = await sign(signer)
    expect(await authenticate(bearer(token))).toMatchObject({ name: 'ada', via: 'jwt' })
    expect(await authenticate(new Headers({ 'x-api-key': token }))).toBeNull()
    expect(await authenticate(bearer(ops.key))).toBeNull()
  })

  it('is identified by a key or a token when both are enabled', async () => {
    const authenticate = createAuthenticate({ keys, tokens }, silentLog)
    expect(await authenticate(bearer(await sign(signer)))).toMatchObject({ via: 'jwt' })
    expect(await authenticate(bearer(ops.key))).toMatchObject({ via: 'key' })
    expect(await authenticate(new Headers())).toBeNull()
  })

  it('is anonymous when authentication is off', async () => {
    const authenticate = createAuthenticate({ keys: null, tokens: null }, silentLog)
    expect(await authenticate(new Headers())).toEqual({ name: 'anonymous', role: 'admin', via: 'none' })
    expect(await authenticate(bearer('whatever'))).toMatchObject({ name: 'anonymous' })
  })

  it('is rejected when the list of keys is empty', async () => {
    const authenticate = createAuthenticate({ keys: [], tokens: null }, silentLog)
    expect(await authenticate(new Headers())).toBeNull()
    expect(await authenticate(bearer(ops.key))).toBeNull()
  })
})
