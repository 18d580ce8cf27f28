import { describe, expect, it, vi } from 'vitest'
import { createLatestQueue } from '../../src/watch/latest-queue.js'

const END = { done: true, value: undefined }
const value = (value: string) => ({ done: false, value })

function openQueue({ onOpen = () => {} }: { onOpen?: () => void } = {}) {
  const opens = vi.fn(onOpen)
  const onClose = vi.fn<() => void>()
  const { reader, ...queue } = createLatestQueue<string>({ onOpen: opens, onClose })
  return { ...queue, reader, onOpen: opens, onClose, leave: () => reader.return!() }
}

async function readAll(reader: AsyncIterable<string>): Promise<string[]> {
  const read: string[] = []
  for await (const each of reader) read.push(each)
  return read
}

describe('a latest queue', () => {
  it('opens once, with the first read', async () => {
    const { reader, put, onOpen } = openQueue()
    expect(onOpen).not.toHaveBeenCalled()
    const first = reader.next()
    expect(onOpen).toHaveBeenCalledTimes(1)
    put('a', 'one')
    await first
    put('b', 'two')
    await reader.next()
    expect(onOpen).toHaveBeenCalledTimes(1)
  })

  it('accepts no values before it is open', async () => {
    const { reader, put, close } = openQueue()
    put('a', 'too early')
    close()
    const first = reader.next()
    put('a', 'in time')
    expect(await first).toEqual(value('in time'))
  })

  it('accepts values while it opens', async () => {
    const { reader, put } = openQueue({ onOpen: () => put('a', 'at once') })
    expect(await reader.next()).toEqual(value('at once'))
  })

  it('serves pending reads in order', async () => {
    const { reader, put } = openQueue()
    const pending = [reader.next(), reader.next(), reader.next()]
    put('a', 'one')
    put('a', 'two')
    put('b', 'three')
    expect(await Promise.all(pending)).toEqual(['one', 'two', 'three'].map(value))
  })

  it('keeps the latest value of each key, at the end of the queue', async () => {
    const { reader, put, close } = openQueue()
    const first = reader.next()
    put('a', 'a1')
    await first
    put('a', 'a2')
    put('b', 'b1')
    put('c', 'c1')
    put('a', 'a3')
    put('b', 'b2')
    close()
    expect(await readAll(reader)).toEqual(['c1', 'a3', 'b2'])
  })

  it('holds at most one value per key', async () => {
    const { reader, put, close } = openQueue()
    void reader.next()
    put('first', 'read at once')
    for (let round = 0; round < 1000; round++) for (const key of ['a', 'b', 'c']) put(key, `${key}${round}`)
    close()
    expect(await readAll(reader)).toEqual(['a999', 'b999', 'c999'])
  })

  it('delivers undefined and empty values', async () => {
    const onClose = vi.fn()
    const { reader, put, close } = createLatestQueue<string | undefined>({ onOpen() {}, onClose })
    const first = reader.next()
    put('a', undefined)
    put('b', '')
    close()
    expect([await first, await reader.next(), await reader.next()]).toEqual([
      { done: false, value: undefined },
      { done: false, value: '' },
      END,
    ])
  })

  it('is its own iterator', () => {
    const { reader } = openQueue()
    expect(reader[Symbol.asyncIterator]()).toBe(reader)
  })
})

describe('closing a queue', () => {
  it('delivers what is queued, accepts nothing more, and stays closed', async () => {
    const { reader, put, close } = openQueue()
    const first = reader.next()
    put('a', 'one')
    put('b', 'two')
    close()
    put('c', 'too late')
    expect(await first).toEqual(value('one'))
    expect(await reader.next()).toEqual(value('two'))
    expect(await reader.next()).toEqual(END)
    expect(await reader.next()).toEqual(END)
  })

  it('ends all pending reads, and calls onClose once', async () => {
    const { reader, close, onClose } = openQueue()
    const pending = [reader.next(), reader.next()]
    close()
    close()
    expect(await Promise.all(pending)).toEqual([END, END])
    expect(onClose).toHaveBeenCalledTimes(1)
    await reader.return!()
    expect(onClose).toHaveBeenCalledTimes(1)
  })

  it('calls onClose at once, although values are left', async () => {
    const { reader, put, close, onClose } = openQueue()
    const first = reader.next()
    put('a', 'one')
    put('b', 'two')
    await first
    close()
    expect(onClose).toHaveBeenCalledTimes(1)
    expect(await readAll(reader)).toEqual(['two'])
    expect(onClose).toHaveBeenCalledTimes(1)
  })

  it('does not open again for later reads', async () => {
    const { reader, close, onOpen } = openQueue()
    const first = reader.next()
    close()
    await first
    await reader.next()
    expect(onOpen).toHaveBeenCalledTimes(1)
  })
})

describe('a reader that leaves', () => {
  it('ends its pending reads, and closes the queue once', async () => {
    const { reader, leave, put, onClose } = openQueue()
    const pending = [reader.next(), reader.next()]
    expect(await leave()).toEqual(END)
    expect(await Promise.all(pending)).toEqual([END, END])
    await leave()
    put('a', 'too late')
    expect(await reader.next()).toEqual(END)
    expect(onClose).toHaveBeenCalledTimes(1)
  })

  it('before the first read neither opens nor closes the queue', async () => {
    const { reader, leave, onOpen, onClose } = openQueue()
    expect(await leave()).toEqual(END)
    expect(await reader.next()).toEqual(END)
    expect(onOpen).not.toHaveBeenCalled()
    expect(onClose).not.toHaveBeenCalled()
  })

  it('receives none of the values that are left', async () => {
    const { reader, leave, put, close, onClose } = openQueue()
    const first = reader.next()
    put('a', 'one')
    put('b', 'two')
    await first
    close()
    await leave()
    expect(await reader.next()).toEqual(END)
    expect(onClose).toHaveBeenCalledTimes(1)
  })

  it('by breaking out of a loop closes the queue', async () => {
    const { reader, put, onClose } = openQueue()
    const reading = (async () => {
      for await (const value of reader) return value
    })()
    put('a', 'one')
    expect(await reading).toBe('one')
    expect(onClose).toHaveBeenCalledTimes(1)
  })

  it('while the queue opens closes it once', async () => {
    const { reader, onClose } = openQueue({ onOpen: () => void reader.return!() })
    expect(await reader.next()).toEqual(END)
    expect(onClose).toHaveBeenCalledTimes(1)
  })
})
