import { Repeater } from 'graphql-yoga'
import { describe, expect, it } from 'vitest'
import { endStreamOnExpiry } from '../../../src/server/plugins/end-stream-on-expiry.js'

const farFuture = () => Date.now() + 1e12

async function* count(to: number) {
  for (let value = 1; value <= to; value++) yield await Promise.resolve(value)
}

async function all<T>(source: AsyncIterable<T>): Promise<T[]> {
  const values: T[] = []
  for await (const value of source) values.push(value)
  return values
}

describe('endStreamOnExpiry', () => {
  it('passes the stream on until it expires, however far away that is', async () => {
    expect(await all(endStreamOnExpiry<unknown>({ expiresAt: farFuture() }, count(3), 'final'))).toEqual([1, 2, 3])
    expect(await all(endStreamOnExpiry<unknown>({ expiresAt: Infinity }, count(3), 'final'))).toEqual([1, 2, 3])
  })

  it('yields only the final value when it has already expired', async () => {
    expect(await all(endStreamOnExpiry<unknown>({ expiresAt: Date.now() - 1 }, count(3), 'final'))).toEqual(['final'])
    expect(await all(endStreamOnExpiry<unknown>({ expiresAt: -Infinity }, count(3), 'final'))).toEqual(['final'])
  })

  it('yields the final value while a read is pending, and stops its source', async () => {
    let isStopped = false
    const source = new Repeater<string>(async (push, stop) => {
      void push('first')
      await stop
      isStopped = true
    })
    expect(await all(endStreamOnExpiry({ expiresAt: Date.now() + 50 }, source, 'final'))).toEqual(['first', 'final'])
    expect(isStopped).toBe(true)
  })

  it('yields the final value after it expired between two reads', async () => {
    const stream = endStreamOnExpiry<unknown>({ expiresAt: Date.now() + 30 }, count(3), 'final')
    expect(await stream.next()).toEqual({ done: false, value: 1 })
    await new Promise((resolve) => setTimeout(resolve, 60))
    expect(await stream.next()).toEqual({ done: false, value: 'final' })
    expect(await stream.next()).toEqual({ done: true, value: undefined })
  })

  it('stops its source when it is returned, even while a read is pending', async () => {
    let isStopped = false
    const source = new Repeater<string>(async (_push, stop) => {
      await stop
      isStopped = true
    })
    const stream = endStreamOnExpiry({ expiresAt: farFuture() }, source, 'final')
    const waiting = stream.next()
    expect(await stream.return!()).toEqual({ done: true, value: undefined })
    expect(await waiting).toMatchObject({ done: true })
    expect(await stream.next()).toEqual({ done: true, value: undefined })
    expect(isStopped).toBe(true)
  })

  it('rejects when its source does', async () => {
    const source = new Repeater<string>((_push, stop) => stop(new Error('broken')) as never)
    await expect(all(endStreamOnExpiry({ expiresAt: farFuture() }, source, 'final'))).rejects.toThrow('broken')
  })
})
