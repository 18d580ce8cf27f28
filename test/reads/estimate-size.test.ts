import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { estimateSize } from '../../src/reads/estimate-size.js'

describe('the size of a value', () => {
  it('is some whole bytes for every kind of it', () => {
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), fc.date(), fc.constant(undefined), fc.constant(null)), (value) => {
        const bytes = estimateSize(value)
        expect(Number.isInteger(bytes)).toBe(true)
        expect(bytes).toBeGreaterThan(0)
      }),
    )
  })

  it('is at least what JSON takes of it, and not many times as much', () => {
    fc.assert(
      fc.property(fc.array(fc.dictionary(fc.string({ maxLength: 12 }), fc.string({ minLength: 8 }))), (value) => {
        const written = JSON.stringify(value).length
        expect(estimateSize(value)).toBeGreaterThan(written / 4)
        expect(estimateSize(value)).toBeLessThan(20 * (written + 2))
      }),
    )
  })

  it.each([
    ['text', (times: number) => 'x'.repeat(1000 * times)],
    ['a list', (times: number) => Array.from({ length: 100 * times }, () => ({ id: 'an id', at: new Date() }))],
    [
      'an object',
      (times: number) => Object.fromEntries(Array.from({ length: 100 * times }, (_, at) => [`key ${at}`, [at, null]])),
    ],
  ])('grows with %s', (_what, make) => {
    const growth = estimateSize(make(10)) / estimateSize(make(1))
    expect(growth).toBeGreaterThan(9)
    expect(growth).toBeLessThan(11)
  })

  it('counts what is deep inside', () => {
    const deep = (text: string) => ({ a: [{ b: { c: [[text]] } }] })
    expect(estimateSize(deep('x'.repeat(1000))) - estimateSize(deep(''))).toBe(2000)
  })
})
