import { describe, expect, it } from 'vitest'
import { createMemoryStore } from '../../src/reads/memory-store.js'
import { estimateSize } from '../../src/reads/estimate-size.js'
import type { NewCacheEntry, CacheStore } from '../../src/reads/cache-store.js'

type Entry = readonly [key: string, kept: NewCacheEntry]
const entry = (key: string, value: unknown, asOf = 0, rest: Partial<NewCacheEntry> = {}): Entry => [
  key,
  { value, asOf, ttlMs: 60_000, ...rest },
]

async function put(store: CacheStore, ...entries: readonly Entry[]): Promise<void> {
  for (const [key, kept] of entries) await store.put(key, kept)
}

const valuesIn = async (store: CacheStore, keys: readonly string[]) =>
  (await store.get(keys)).map((kept) => kept?.value)

const keys = Array.from({ length: 5000 }, (_, at) => `key ${at}`)
const row = (at: number) => ({
  at,
  text: 'x'.repeat(at % 400),
  list: Array.from({ length: at % 7 }, () => ({ a: at })),
})

describe('a store in memory', () => {
  it('gives what it was given, for each key in order', async () => {
    const store = createMemoryStore(10_000)
    await put(store, entry('a', 1), entry('b', null), entry('c', { d: [] }))
    expect(await valuesIn(store, ['c', 'x', 'a', 'b', 'a'])).toEqual([{ d: [] }, undefined, 1, null, 1])
    expect(await valuesIn(store, [])).toEqual([])
    await put(store)
  })

  it('keeps no more than its bytes, however much it is given', async () => {
    const maxBytes = 200_000
    const store = createMemoryStore(maxBytes)
    await put(store, ...keys.map((key, at) => entry(key, row(at))))
    const kept = (await valuesIn(store, keys)).filter((value) => value !== undefined)
    const bytes = kept.reduce<number>((sum, value) => sum + estimateSize(value), 0)
    expect(bytes).toBeLessThanOrEqual(maxBytes)
    expect(bytes).toBeGreaterThan(maxBytes / 4)
    expect(kept.length).toBeLessThan(keys.length / 4)
  })

  it('counts what an entry takes that has next to nothing in it', async () => {
    const maxBytes = 200_000
    const store = createMemoryStore(maxBytes)
    await put(store, ...keys.map((key) => entry(key, null)))
    const kept = (await valuesIn(store, keys)).filter((value) => value !== undefined)
    expect(kept.length).toBeGreaterThan(100)
    expect(kept.length).toBeLessThan(maxBytes / 200)
  })

  it('lets go of what was not wanted for longest', async () => {
    const value = 'x'.repeat(100)
    const store = createMemoryStore(20_000)
    const few = keys.slice(0, 10)
    await put(store, ...few.map((key) => entry(key, value)))
    for (const key of keys.slice(10, 1000)) {
      await valuesIn(store, [few[3]!])
      await put(store, entry(key, value))
    }
    const left = await valuesIn(store, few)
    expect(left.map((one) => one !== undefined)).toEqual(few.map((_, at) => at === 3))
    expect(await valuesIn(store, [keys[999]!])).toEqual([value])
  })

  it('does not keep what is larger than all of it, and goes on', async () => {
    const store = createMemoryStore(5000)
    await put(store, entry('small', 1), entry('huge', 'x'.repeat(10_000)), entry('other', 2))
    expect(await valuesIn(store, ['small', 'huge', 'other'])).toEqual([1, undefined, 2])
  })

  it('does not go on showing the small one when what replaces it is too large to keep', async () => {
    const store = createMemoryStore(5000)
    await put(store, entry('a', 'small', 1))
    await put(store, entry('a', 'x'.repeat(10_000), 2))
    expect(await valuesIn(store, ['a'])).toEqual([undefined])
  })

  it('counts what is replaced once', async () => {
    const store = createMemoryStore(10_000)
    await put(store, entry('first', 'kept'))
    for (let at = 0; at < 1000; at++) await put(store, entry('a', 'x'.repeat(1000), at))
    expect(await valuesIn(store, ['first'])).toEqual(['kept'])
  })

  it('keeps the newer of two, in whatever order they come', async () => {
    const store = createMemoryStore(5000)
    await put(store, entry('a', 'old', 1), entry('a', 'new', 3), entry('a', 'between', 2))
    expect(await valuesIn(store, ['a'])).toEqual(['new'])
  })

  it('does not take the names of what every object has for keys', async () => {
    const store = createMemoryStore(10_000)
    const names = ['__proto__', 'constructor', 'toString', '']
    expect(await valuesIn(store, names)).toEqual(names.map(() => undefined))
    await put(store, ...names.map((key) => entry(key, `value of ${key}`)))
    expect(await valuesIn(store, names)).toEqual(names.map((key) => `value of ${key}`))
  })

  it('keeps what prevails in the place of something that calls itself newer', async () => {
    const store = createMemoryStore(5000)
    await put(
      store,
      entry('a', 'from a clock that is ahead', 1000),
      entry('a', 'prevails', 10, { isAuthoritative: true }),
    )
    expect(await valuesIn(store, ['a'])).toEqual(['prevails'])
    await put(store, entry('a', 'older', 9))
    expect(await valuesIn(store, ['a'])).toEqual(['prevails'])
  })

  it('has nothing in the place of what was replaced by something that may not be kept', async () => {
    const store = createMemoryStore(5000)
    await put(store, entry('a', 'old', 1), entry('b', 'new', 3))
    await put(store, entry('a', 'newer', 2, { ttlMs: 0 }), entry('b', 'older', 2, { ttlMs: 0 }))
    expect(await valuesIn(store, ['a', 'b'])).toEqual([undefined, 'new'])
  })

  it('says when what it gives was true', async () => {
    const store = createMemoryStore(5000)
    await put(store, entry('a', 'old', 7))
    expect(await store.get(['a'])).toMatchObject([{ asOf: 7, value: 'old' }])
  })
})
