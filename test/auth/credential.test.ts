import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { credentialOf } from '../../src/auth/credential.js'

const shown = (headers: Record<string, string>) => credentialOf(new Headers(headers))

describe('a credential', () => {
  it('is sent as a bearer token or as an API key', () => {
    expect(shown({ authorization: 'Bearer abc' })).toEqual({ value: 'abc', isBearer: true })
    expect(shown({ 'X-API-Key': 'abc' })).toEqual({ value: 'abc', isBearer: false })
  })

  it.each(['bearer abc', 'BEARER abc', 'Bearer   abc', ' Bearer abc '])('accepts the spelling %j', (authorization) =>
    expect(shown({ authorization })?.value).toBe('abc'),
  )

  it.each(['a-b._~+/9==', 'docket_abc', 'a.b.c'])('may be %s', (value) =>
    expect(shown({ authorization: `Bearer ${value}` })?.value).toBe(value),
  )

  it.each([
    '',
    'Bearer',
    'Bearer ',
    'abc',
    'Basic YTpi',
    'Bearer a b',
    'Bearer a,b',
    'Bearer "a"',
    'Bearer =',
    'Bearer ä',
  ])('is null for %j', (authorization) => expect(shown({ authorization })).toBeNull())

  it('may be sent in both headers when they are equal', () => {
    expect(shown({ authorization: 'Bearer abc', 'x-api-key': 'abc' })).toEqual({ value: 'abc', isBearer: true })
  })

  it.each(['Bearer abc', 'Basic YTpi', 'Bearer', 'abcd', ''])('is null for %j beside another key', (authorization) =>
    expect(shown({ authorization, 'x-api-key': 'abcd' })).toBeNull(),
  )

  it('is null when a header is sent twice', () => {
    const headers = new Headers({ authorization: 'Bearer abc' })
    headers.append('authorization', 'Bearer abd')
    expect(credentialOf(headers)).toBeNull()
  })

  it('has a maximum length', () => {
    expect(shown({ 'x-api-key': 'a'.repeat(16_384) })).not.toBeNull()
    expect(shown({ 'x-api-key': 'a'.repeat(16_385) })).toBeNull()
    expect(credentialOf({ get: () => ' '.repeat(2_000_000) })).toBeNull()
    expect(credentialOf({ get: () => `Bearer ${' '.repeat(2_000_000)}\n` })).toBeNull()
  })

  it('is never read from arbitrary headers', () => {
    const anything = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string().map((text) => `Bearer ${text}`),
    )
    fc.assert(
      fc.property(fc.option(anything), fc.option(anything), (authorization, apiKey) => {
        const found = credentialOf({ get: (name) => (name === 'authorization' ? authorization : apiKey) })
        if (found) expect([authorization?.trim().replace(/^\w+ +/, ''), apiKey]).toContain(found.value)
        if (found) expect(found.value).toMatch(/^[\x21-\x7e]+$/)
      }),
    )
  })
})
