import type { IncomingMessage } from 'node:http'
import { describe, expect, it } from 'vitest'
import { ANONYMOUS, type Identity } from '../../../src/auth/identity.js'
import { callerKey } from '../../../src/server/plugins/caller-key.js'

const keyOf = (remoteAddress: string) => callerKey({ req: { socket: { remoteAddress } } as IncomingMessage })

describe('callerKey', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
    ['2001:db8:1:2::1', '2001:db8:1:2'],
    ['2001:db8::1', '2001:db8:0:0'],
    ['::1', '0:0:0:0'],
    ['::', '0:0:0:0'],
    ['fe80::1%eth0', 'fe80:0:0:0'],
  ])('for the address %s is %s', (address, key) => expect(keyOf(address)).toBe(`address ${key}`))

  it('is the kind of credential and the name for an authenticated caller, with or without an address', () => {
    const ops: Identity = { name: 'ops', role: 'cancel', via: 'key' }
    const req = { socket: { remoteAddress: '192.0.2.7' } } as IncomingMessage
    expect(callerKey({ req, identity: ops })).toBe('key ops')
    expect(callerKey({ identity: ops })).toBe('key ops')
    expect(callerKey({ req, identity: { ...ops, via: 'jwt' } })).toBe('jwt ops')
  })

  it('is the address when authentication is off', () => {
    const req = { socket: { remoteAddress: '192.0.2.7' } } as IncomingMessage
    expect(callerKey({ req, identity: ANONYMOUS })).toBe('address 192.0.2.7')
    expect(callerKey({ identity: ANONYMOUS })).toBeNull()
  })

  it('is null without an address', () => expect(callerKey({})).toBeNull())
})
