import { parse } from 'graphql'
import { describe, expect, it } from 'vitest'
import { createDocumentCache } from '../../../src/server/limits/document-cache.js'

const document = parse('{ a }')

describe('documents that are remembered', () => {
  it('are given back by their text', () => {
    const cache = createDocumentCache()
    cache.set('{ a }', document)
    expect(cache.get('{ a }')).toBe(document)
  })

  it('are a thousand small ones', () => {
    const cache = createDocumentCache()
    for (let at = 0; at < 1500; at++) cache.set(`{ a } # ${at}`, document)
    expect(cache.size).toBe(1000)
    expect(cache.get('{ a } # 0')).toBeUndefined()
  })

  it('are few large ones, for all of them together have a limit', () => {
    const cache = createDocumentCache()
    for (let at = 0; at < 100; at++) cache.set(`{ a } # ${at}${'x'.repeat(500_000)}`, document)
    expect(cache.size).toBe(2)
  })
})
