import { Repeater } from 'graphql-yoga'
import { describe, expect, it } from 'vitest'
import { endStreamOnExpiry } from '../../../src/server/plugins/end-stream-on-expiry.js'

const never = () => Date.now() + 1e12

async function* count(to: number) {
  for (let at = 1; at <= to; at++) yield await Promise.resolve(at)
}

async function all<T>(source: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = []
  for await (const one of source) found.push(one)
  return found
}

describe('a stream with an end', () => {
  it('is the same stream until then, however far away that is', async () => {
    expect(await all(endStreamOnExpiry<unknown>({ expiresAt: never() }, count(3), 'late'))).toEqual([1, 2, 3])
    expect(await all(endStreamOnExpiry<unknown>({ expiresAt: Infinity }, count(3), 'late'))).toEqual([1, 2, 3])
  })

  it('has its last word when it is late already', async () => {
    expect(await all(endStreamOnExpiry<unknown>({ expiresAt: Date.now() - 1 }, count(3), 'late'))).toEqual(['late'])
    expect(await all(endStreamOnExpiry<unknown>({ expiresAt: -Infinity }, count(3), 'late'))).toEqual(['late'])
  })

  it('has its last word while somebody waits, and lets go of its source', async () => {
    let isStopped = false
    const source = new Repeater<string>(async (push, stop) => {
      void push('first')
      await stop
      isStopped = true
    })
    expect(await all(endStreamOnExpiry({ expiresAt: Date.now() + 50 }, source, 'late'))).toEqual(['first', 'late'])
    expect(isStopped).toBe(true)
  })

  it('has its last word when it was late while nobody waited', async () => {
    const stream = endStreamOnExpiry<unknown>({ expiresAt: Date.now() + 30 }, count(3), 'late')
    expect(await stream.next()).toEqual({ done: false, value: 1 })
    await new Promise((resolve) => setTimeout(resolve, 60))
    expect(await stream.next()).toEqual({ done: false, value: 'late' })
    expect(await stream.next()).toEqual({ done: true, value: undefined })
  })

  it('ends its source when it is left, even while it waits', async () => {
    let isStopped = false
    const source = new Repeater<string>(async (_push, stop) => {
      await stop
      isStopped = true
    })
    const stream = endStreamOnExpiry({ expiresAt: never() }, source, 'late')
    const waiting = stream.next()
    expect(await stream.return!()).toEqual({ done: true, value: undefined })
    expect(await waiting).toMatchObject({ done: true })
    expect(await stream.next()).toEqual({ done: true, value: undefined })
    expect(isStopped).toBe(true)
  })

  it('fails as its source does', async () => {
    const source = new Repeater<string>((_push, stop) => stop(new Error('broken')) as never)
    await expect(all(endStreamOnExpiry({ expiresAt: never() }, source, 'late'))).rejects.toThrow('broken')
  })
})
