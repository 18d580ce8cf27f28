import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BadInputError } from '../../src/job/errors.js'
import { checkVendorId, isVendorId } from '../../src/job/vendor-id.js'

const CHARACTERS = [..."ABCXYZabcxyz0189-._~!$&'()*+,;=:@"]
const validId = fc
  .string({ unit: fc.constantFrom(...CHARACTERS), minLength: 1, maxLength: 200 })
  .filter((id) => id !== '.' && id !== '..')
const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 250 }),
  fc.string({
    unit: fc.constantFrom(...CHARACTERS, '/', '\\', '%', '?', '#', ' ', '\n', '\0', '\u2028', 'é'),
    maxLength: 250,
  }),
)

describe('isVendorId', () => {
  it.each([
    'a',
    '7',
    '_',
    '-',
    '~',
    'rec_1',
    '1f0c8a3e-5a77-4a0b-9d2f-000000000001',
    'a.b',
    'org:slug@1.0',
    'x=y+z',
    'a..b',
    '.hidden',
    '...',
    "it's",
    'a;b&c',
    '(a)*',
    '!$,',
    'x'.repeat(200),
  ])('accepts %s', (id) => expect(isVendorId(id)).toBe(true))

  it.each([
    ['nothing', ''],
    ['a dot', '.'],
    ['two dots', '..'],
    ['a slash', 'a/b'],
    ['a leading slash', '/a'],
    ['a backslash', 'a\\b'],
    ['a double quote', 'a"b'],
    ['an angle bracket', 'a<b'],
    ['a bracket', 'a[b]'],
    ['a caret', 'a^b'],
    ['a pipe', 'a|b'],
    ['a backtick', 'a`b'],
    ['an encoded dot', '%2e%2e'],
    ['an encoded slash', 'a%2Fb'],
    ['a lone percent sign', '%'],
    ['a query', 'a?b=c'],
    ['a fragment', 'a#b'],
    ['a space', 'a b'],
    ['a leading space', ' a'],
    ['a line break at the end', 'a\n'],
    ['a carriage return', 'a\r\nX-Header: 1'],
    ['a tab', 'a\tb'],
    ['a NUL', 'a\0'],
    ['a DEL', 'a\u007f'],
    ['a no-break space', 'a\u00a0'],
    ['a letter beyond ASCII', 'é'],
    ['a full-width slash', 'a\uff0fb'],
    ['a right-to-left mark', 'a\u200f'],
    ['half a surrogate pair', '\ud800'],
    ['201 characters', 'x'.repeat(201)],
    ['ten kilobytes', 'x'.repeat(10_240)],
  ])('rejects %s', (_what, id) => expect(isVendorId(id)).toBe(false))

  it('accepts every id of safe characters', () => {
    fc.assert(fc.property(validId, (id) => isVendorId(id)))
  })

  it('accepts only what stays one URL segment, unescaped', () => {
    fc.assert(
      fc.property(fc.oneof(validId, anyText), (id) => {
        fc.pre(isVendorId(id))
        const url = new URL(`http://vendor.test/jobs/${id}/cancel`)
        expect(url.pathname).toBe(`/jobs/${id}/cancel`)
        expect(url.search + url.hash).toBe('')
      }),
    )
  })
})

describe('checkVendorId', () => {
  it('returns the id', () => {
    fc.assert(fc.property(validId, (id) => checkVendorId('recordId', id) === id))
  })

  it('throws BadInputError and nothing else for every other text', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        if (isVendorId(text)) return
        expect(() => checkVendorId('recordId', text)).toThrow(BadInputError)
      }),
    )
  })

  it('names the argument and does not repeat the value', () => {
    expect(() => checkVendorId('collectionId', '<script>')).toThrow(/^collectionId is not a valid id/)
    expect(() => checkVendorId('collectionId', '<script>')).not.toThrow(/script/)
  })
})
