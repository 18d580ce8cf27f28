import { describe, expect, it, vi } from 'vitest'
import { createLatestQueue } from '../../src/watch/latest-queue.js'

const END = { done: true, value: undefined }
const letter = (value: string) => ({ done: false, value })

function openMailbox({ onOpen = () => {} }: { onOpen?: () => void } = {}) {
  const opens = vi.fn(onOpen)
  const onClose = vi.fn<() => void>()
  const { reader, ...mailbox } = createLatestQueue<string>({ onOpen: opens, onClose })
  return { ...mailbox, reader, onOpen: opens, onClose, leave: () => reader.return!() }
}

async function readAll(reader: AsyncIterable<string>): Promise<string[]> {
  const read: string[] = []
  for await (const each of reader) read.push(each)
  return read
}

describe('a mailbox', () => {
  it('is opened by the first who reads, once', async () => {
    const { reader, put, onOpen } = openMailbox()
    expect(onOpen).not.toHaveBeenCalled()
    const first = reader.next()
    expect(onOpen).toHaveBeenCalledTimes(1)
    put('a', 'one')
    await first
    put('b', 'two')
    await reader.next()
    expect(onOpen).toHaveBeenCalledTimes(1)
  })

  it('takes nothing before it is open', async () => {
    const { reader, put, close } = openMailbox()
    put('a', 'too early')
    close()
    const first = reader.next()
    put('a', 'in time')
    expect(await first).toEqual(letter('in time'))
  })

  it('has what is put in while it opens', async () => {
    const { reader, put } = openMailbox({ onOpen: () => put('a', 'at once') })
    expect(await reader.next()).toEqual(letter('at once'))
  })

  it('gives to those who wait, in the order in which they came', async () => {
    const { reader, put } = openMailbox()
    const waiting = [reader.next(), reader.next(), reader.next()]
    put('a', 'one')
    put('a', 'two')
    put('b', 'three')
    expect(await Promise.all(waiting)).toEqual(['one', 'two', 'three'].map(letter))
  })

  it('keeps of each subject the latest for who is slow, and puts it behind what waits already', async () => {
    const { reader, put, close } = openMailbox()
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

  it('holds no more than one of each subject, whatever is put in', async () => {
    const { reader, put, close } = openMailbox()
    void reader.next()
    put('first', 'read at once')
    for (let round = 0; round < 1000; round++) for (const subject of ['a', 'b', 'c']) put(subject, `${subject}${round}`)
    close()
    expect(await readAll(reader)).toEqual(['a999', 'b999', 'c999'])
  })

  it('gives an undefined and an empty value like any other', async () => {
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
    const { reader } = openMailbox()
    expect(reader[Symbol.asyncIterator]()).toBe(reader)
  })
})

describe('the end of a mailbox', () => {
  it('comes behind what is in it, takes nothing more, and stays', async () => {
    const { reader, put, close } = openMailbox()
    const first = reader.next()
    put('a', 'one')
    put('b', 'two')
    close()
    put('c', 'too late')
    expect(await first).toEqual(letter('one'))
    expect(await reader.next()).toEqual(letter('two'))
    expect(await reader.next()).toEqual(END)
    expect(await reader.next()).toEqual(END)
  })

  it('reaches all who wait, and closes it once', async () => {
    const { reader, close, onClose } = openMailbox()
    const waiting = [reader.next(), reader.next()]
    close()
    close()
    expect(await Promise.all(waiting)).toEqual([END, END])
    expect(onClose).toHaveBeenCalledTimes(1)
    await reader.return!()
    expect(onClose).toHaveBeenCalledTimes(1)
  })

  it('closes it at once, although there is something left to read', async () => {
    const { reader, put, close, onClose } = openMailbox()
    const first = reader.next()
    put('a', 'one')
    put('b', 'two')
    await first
    close()
    expect(onClose).toHaveBeenCalledTimes(1)
    expect(await readAll(reader)).toEqual(['two'])
    expect(onClose).toHaveBeenCalledTimes(1)
  })

  it('opens nothing for who reads on', async () => {
    const { reader, close, onOpen } = openMailbox()
    const first = reader.next()
    close()
    await first
    await reader.next()
    expect(onOpen).toHaveBeenCalledTimes(1)
  })
})

describe('a reader who leaves', () => {
  it('in the middle of a wait ends it, and closes the mailbox once', async () => {
    const { reader, leave, put, onClose } = openMailbox()
    const waiting = [reader.next(), reader.next()]
    expect(await leave()).toEqual(END)
    expect(await Promise.all(waiting)).toEqual([END, END])
    await leave()
    put('a', 'too late')
    expect(await reader.next()).toEqual(END)
    expect(onClose).toHaveBeenCalledTimes(1)
  })

  it('before reading anything neither opens nor closes it', async () => {
    const { reader, leave, onOpen, onClose } = openMailbox()
    expect(await leave()).toEqual(END)
    expect(await reader.next()).toEqual(END)
    expect(onOpen).not.toHaveBeenCalled()
    expect(onClose).not.toHaveBeenCalled()
  })

  it('with something left to read is given none of it', async () => {
    const { reader, leave, put, close, onClose } = openMailbox()
    const first = reader.next()
    put('a', 'one')
    put('b', 'two')
    await first
    close()
    await leave()
    expect(await reader.next()).toEqual(END)
    expect(onClose).toHaveBeenCalledTimes(1)
  })

  it('by breaking a loop off closes it', async () => {
    const { reader, put, onClose } = openMailbox()
    const reading = (async () => {
      for await (const value of reader) return value
    })()
    put('a', 'one')
    expect(await reading).toBe('one')
    expect(onClose).toHaveBeenCalledTimes(1)
  })

  it('while it opens closes it once, and waits for nothing', async () => {
    const { reader, onClose } = openMailbox({ onOpen: () => void reader.return!() })
    expect(await reader.next()).toEqual(END)
    expect(onClose).toHaveBeenCalledTimes(1)
  })
})
