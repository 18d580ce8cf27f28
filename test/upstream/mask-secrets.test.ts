import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { maskSecrets as maskAll } from '../../src/upstream/mask-secrets.js'
import { Secret } from '../../src/job/secret.js'

const maskSecrets = (text: string, secrets: readonly string[]) =>
  maskAll(
    text,
    secrets.map((secret) => new Secret(secret)),
  )

const SECRET = 'key/of+the=vendor?&"%'
const base64 = (text: string) => Buffer.from(text).toString('base64')

describe('a masked text', () => {
  it.each([
    ['as it is', `Bearer ${SECRET}!`, 'Bearer [secret]!'],
    ['twice', `${SECRET}${SECRET}`, '[secret][secret]'],
    ['in other letters', SECRET.toUpperCase(), '[secret]'],
    ['as in a URL', `?key=${encodeURIComponent(SECRET)}&x`, '?key=[secret]&x'],
    ['as in a URL, in small letters', encodeURIComponent(SECRET).toLowerCase(), '[secret]'],
    ['in base64', `${base64(SECRET)} `, expect.stringContaining('[secret]')],
  ])('does not hold a secret %s', (_how, text, shown) => {
    expect(maskSecrets(text, [SECRET])).toEqual(shown)
  })

  it('does not hold a secret inside a longer base64 value', () => {
    const printable = fc.string({ maxLength: 12 })
    fc.assert(
      fc.property(printable, printable, fc.constantFrom('base64', 'base64url'), (before, after, form) => {
        const shown = maskSecrets(Buffer.from(`${before}${SECRET}${after}`).toString(form), [SECRET])
        expect(shown).toContain('[secret]')
        expect(Buffer.from(shown.replace('[secret]', ''), 'base64').toString()).not.toContain(SECRET.slice(4, 12))
      }),
    )
  })

  it('masks a secret whose prefix is another secret', () => {
    expect(maskSecrets('key-one key-one-two', ['key-one', 'key-one-two'])).toBe('[secret] [secret]')
  })

  it('is unchanged without secrets, and masks short secrets verbatim only', () => {
    expect(maskSecrets('as it was', [])).toBe('as it was')
    expect(maskSecrets('as it was', [''])).toBe('as it was')
    expect(maskSecrets('a 1 and MQ', ['1'])).toBe('a [secret] and MQ')
  })
})
