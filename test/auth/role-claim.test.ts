import { describe, expect, it } from 'vitest'
import type { Role } from '../../src/auth/identity.js'
import { roleOf } from '../../src/auth/role-claim.js'

const SAME = new Map<string, Role>([
  ['read', 'read'],
  ['cancel', 'cancel'],
  ['admin', 'admin'],
])

describe('the role in a token', () => {
  it.each<[what: string, value: unknown, role: Role | null]>([
    ['a word', 'cancel', 'cancel'],
    ['words with spaces between them', 'openid  read\tcancel', 'cancel'],
    ['a list', ['read', 'something'], 'read'],
    ['a list with the most of them first', ['admin', 'read'], 'admin'],
    ['a list with other things in it', [null, 5, { role: 'admin' }, ['admin'], 'read'], 'read'],
    ['words of others', 'openid email', null],
    ['a list of words in one text', ['read cancel'], null],
    ['another spelling', 'Admin', null],
    ['nothing', undefined, null],
    ['null', null, null],
    ['true', true, null],
    ['a number', 2, null],
    ['an object', { admin: true }, null],
    ['an empty list', [], null],
    ['words that every object knows', ['constructor', '__proto__', 'toString'], null],
  ])('is found in %s', (_what, roles, role) => expect(roleOf({ roles }, { claim: 'roles', roles: SAME })).toBe(role))

  it('is found at a dotted path', () => {
    const claims = { realm_access: { roles: ['cancel'] } }
    expect(roleOf(claims, { claim: 'realm_access.roles', roles: SAME })).toBe('cancel')
    for (const claim of ['realm_access', 'realm_access.other', 'realm_access.roles.x', 'x.roles', '.', '', 'roles'])
      expect(roleOf(claims, { claim, roles: SAME })).toBeNull()
  })

  it('is found in a claim with dots in its name', () => {
    const claim = 'https://docket.example/roles'
    expect(roleOf({ [claim]: 'read' }, { claim, roles: SAME })).toBe('read')
  })

  it('ignores inherited properties', () => {
    const claims = Object.create({ roles: 'admin' }) as object
    expect(roleOf(claims, { claim: 'roles', roles: SAME })).toBeNull()
    expect(roleOf({}, { claim: '__proto__.roles', roles: SAME })).toBeNull()
    expect(roleOf({ roles: ['read'] }, { claim: 'roles.constructor.name', roles: SAME })).toBeNull()
  })

  it('follows the role map, and ignores unmapped values', () => {
    const words = new Map<string, Role>([
      ['Document Operators', 'cancel'],
      ['everybody', 'read'],
    ])
    const role = (groups: unknown) => roleOf({ groups }, { claim: 'groups', roles: words })
    expect(role(['everybody', 'Document Operators'])).toBe('cancel')
    expect(role('Document Operators')).toBe('cancel')
    expect(role('everybody else')).toBe('read')
    expect(role(['admin', 'cancel', 'read'])).toBeNull()
  })
})
