import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { buildPath } from '../../src/upstream/build-path.js'
import { BadInputError } from '../../src/job/errors.js'
import { isVendorId } from '../../src/job/vendor-id.js'
import { runCount } from '../support/run-count.js'

const ROOT = new URL('https://api.vendor.test')
const PREFIXED = new URL('https://proxy.test:8443/eu/vendor/')
const base = fc.constantFrom(ROOT, PREFIXED, new URL('http://127.0.0.1:4001/a%20b'))
const id = fc.stringMatching(/^[A-Za-z0-9._~!$&'()*+,;=:@-]{1,200}$/).filter((text) => text !== '.' && text !== '..')
const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.string({
    unit: fc.constantFrom('.', '/', '\\', '%', '2', 'e', 'f', '?', '#', '@', ':', ' ', '\t', '\r', '\n', '\0', 'a'),
    maxLength: 12,
  }),
  fc.constantFrom('', '.', '..', '...', '%2e', '%2E%2e', '.%2e', '//', '/\\evil.test', '..;', ' ..', '..\n', '\ud800'),
)
const segments = fc.array(fc.oneof(id, hostile), { minLength: 1, maxLength: 6 })

describe('the path of an upstream call', () => {
  it('keeps the origin and the segments of every accepted call, whatever they are', () => {
    fc.assert(
      fc.property(base, segments, (from, parts) => {
        const path = building(from, parts)
        if (path === null) return
        const url = new URL(path, from.origin)
        expect(url.origin).toBe(from.origin)
        expect(url.search + url.hash).toBe('')
        expect(segmentsBelow(from, url)).toEqual(parts)
      }),
      { numRuns: runCount(2000) },
    )
  })

  it('is built for every id that a vendor may have', () => {
    fc.assert(
      fc.property(base, fc.array(id, { minLength: 1, maxLength: 6 }), (from, ids) => {
        expect(ids.every(isVendorId)).toBe(true)
        expect(segmentsBelow(from, new URL(buildPath(from, ids), from.origin))).toEqual(ids)
      }),
    )
  })

  it('stays below the path of the base URL', () => {
    expect(buildPath(PREFIXED, ['apps', 'c', 'workflows'])).toBe('/eu/vendor/apps/c/workflows')
    expect(buildPath(new URL('https://proxy.test/eu'), ['apps'])).toBe('/eu/apps')
    expect(buildPath(ROOT, ['apps'])).toBe('/apps')
  })

  it.each(['..', '.', 'a/..', '../../admin', '', 'a/', '/a', '/', '//evil.test'].map((joined) => joined.split('/')))(
    'rejects the segments %j and %j',
    (...parts) => {
      for (const from of [ROOT, PREFIXED]) expect(() => buildPath(from, parts)).toThrow(BadInputError)
    },
  )

  it('encodes characters that would start another part of the URL', () => {
    expect(buildPath(ROOT, ['a/b', 'c?d', 'e#f', '%2e%2e', 'g h'])).toBe('/a%2Fb/c%3Fd/e%23f/%252e%252e/g%20h')
  })

  it('rejects a segment that cannot be encoded, such as half a surrogate pair', () => {
    expect(() => buildPath(ROOT, ['\ud800'])).toThrow(BadInputError)
  })
})

describe('the query of an upstream call', () => {
  const text = fc.string({ unit: 'grapheme' })
  const query = fc.dictionary(
    fc.stringMatching(/^[a-z][a-zA-Z_]{0,9}$/),
    fc.oneof(text, fc.integer(), fc.array(text, { maxLength: 3 }), fc.constant(undefined)),
    { maxKeys: 5, noNullPrototype: true },
  )

  it('holds exactly the given values, and never another part of the URL', () => {
    fc.assert(
      fc.property(base, query, (from, asked) => {
        const path = buildPath(from, ['api', 'executions'], asked)
        const url = new URL(path, from.origin)
        const expected = Object.entries(asked).flatMap(([name, value]) => {
          if (value === undefined) return []
          return (Array.isArray(value) ? value : [value]).map((one) => [name, String(one)])
        })
        expect([...url.searchParams]).toEqual(expected)
        expect(segmentsBelow(from, url)).toEqual(['api', 'executions'])
        expect(url.hash).toBe('')
      }),
    )
  })

  it('leaves out what is undefined, and repeats the name for each item of a list', () => {
    expect(buildPath(ROOT, ['records'], { page: 2, status: undefined, tag_ids: ['a', 'b'] })).toBe(
      '/records?page=2&tag_ids=a&tag_ids=b',
    )
  })

  it('writes a space as %20 and a plus sign as %2B, which every server reads alike', () => {
    expect(buildPath(ROOT, ['x'], { filter: "a eq 'b+c'" })).toBe('/x?filter=a%20eq%20%27b%2Bc%27')
  })
})

/** The path, or null when it is rejected; any other error fails the test. */
function building(from: URL, parts: readonly string[]): string | null {
  try {
    return buildPath(from, parts)
  } catch (error) {
    expect(error).toBeInstanceOf(BadInputError)
    return null
  }
}

function segmentsBelow(from: URL, { pathname }: URL): string[] {
  const prefix = from.pathname.replace(/\/+$/, '')
  expect(pathname.startsWith(`${prefix}/`)).toBe(true)
  return pathname
    .slice(prefix.length + 1)
    .split('/')
    .map(decodeURIComponent)
}
