import { setImmediate as tick, setTimeout as delay } from 'node:timers/promises'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import type { CallContext } from '../../src/upstream/call-context.js'
import { VendorError } from '../../src/job/errors.js'
import { silentLog } from '../../src/job/log.js'
import { createMeter } from '../../src/job/meter.js'
import { createResponseCache, type ResponseCache } from '../../src/reads/response-cache.js'
import { createSharedState, type SharedState } from '../../src/reads/shared-state.js'
import { testContext } from '../support/test-context.js'

interface Desk {
  readonly answers: ResponseCache
  /** Who read, oldest first. */
  readonly readers: readonly CallContext[]
  /** Reads an answer that says how many were read before; it waits while the desk is held. */
  read(name?: readonly unknown[], caller?: Partial<CallContext>): Promise<string>
  hold(): () => void
}

const keeping = () => createSharedState({ liveMs: 60_000, log: silentLog })
const emptySharedState = () => createSharedState({ liveMs: 0, log: silentLog })

function openDesk(sharing: SharedState = keeping(), scope = 'a credential'): Desk {
  const answers = createResponseCache({ vendor: 'CORTEX', sharedState: sharing, credentialKey: scope })
  const readers: CallContext[] = []
  let gate = Promise.resolve()
  return {
    answers,
    readers,
    read: (name = ['a list'], caller = {}) =>
      answers.read(name, testContext(caller), async (reader) => {
        const answer = `${scope} ${readers.push(reader)}`
        await gate
        return answer
      }),
    hold() {
      let release = () => {}
      gate = new Promise((resolve) => {
        release = resolve
      })
      return release
    },
  }
}

describe('an answer', () => {
  it('that was read shortly before is not read again', async () => {
    const { read } = openDesk()
    const meter = createMeter()
    await read()
    expect(await read(['a list'], { meter })).toBe('a credential 1')
    expect(meter.usage()).toMatchObject({ CORTEX: { cached: 1, shared: 0, calls: 0 } })
  })

  it('is read once for all who want it at the same time', async () => {
    const { read, readers } = openDesk(emptySharedState())
    const meter = createMeter()
    const all = await Promise.all(Array.from({ length: 50 }, () => read(['a list'], { meter })))
    expect(new Set(all)).toEqual(new Set(['a credential 1']))
    expect(readers).toHaveLength(1)
    expect(meter.usage()).toMatchObject({ CORTEX: { shared: 49 } })
  })

  it.each([
    [['a', 'b'], ['ab']],
    [
      ['a', { page: 1 }],
      ['a', { page: 2 }],
    ],
    [
      ['a', ['b']],
      ['a', 'b'],
    ],
    [['a', null], ['a']],
    [
      ['a', { words: ['x', 'y'] }],
      ['a', { words: ['x,y'] }],
    ],
    [
      ['a', 1],
      ['a', '1'],
    ],
    [['records "x"'], ['records', 'x']],
  ])('is another one when it depends on something else: %j and %j', async (one, other) => {
    const { read, readers } = openDesk()
    await Promise.all([read(one), read(other)])
    expect(readers).toHaveLength(2)
  })

  it('of null is kept as well', async () => {
    const { answers } = openDesk()
    let reads = 0
    const read = () => answers.read(['a place'], testContext(), () => Promise.resolve((reads++, null)))
    expect([await read(), await read()]).toEqual([null, null])
    expect(reads).toBe(1)
  })

  it('that failed is shared by those who waited for it, and not kept', async () => {
    const { answers } = openDesk()
    let reads = 0
    const read = () =>
      answers.read(['a list'], testContext(), async () => {
        await tick()
        throw new Error(`failure ${++reads}`)
      })
    const settled = await Promise.allSettled([read(), read()])
    expect(settled).toEqual(Array(2).fill({ status: 'rejected', reason: new Error('failure 1') }))
    await expect(read()).rejects.toThrow('failure 2')
  })

  it('that is refused to one because it is too late is read for the others, who have more time', async () => {
    const { answers } = openDesk()
    const refusal = new VendorError('CORTEX', 'VENDOR_RATE_LIMITED', 'too late')
    const hastily = performance.now() + 1000
    const readers: CallContext[] = []
    const read = (caller: Partial<CallContext> = {}) =>
      answers.read(['a list'], testContext(caller), async (reader) => {
        readers.push(reader)
        await tick()
        if (reader.deadline === hastily) throw refusal
        return 'a list'
      })
    const settled = await Promise.allSettled([read({ deadline: hastily }), read(), read()])
    expect(settled).toEqual([
      { status: 'rejected', reason: refusal },
      { status: 'fulfilled', value: 'a list' },
      { status: 'fulfilled', value: 'a list' },
    ])
    expect(readers).toHaveLength(2)
  })

  it('that lasts outlives a change, and every other answer does not', async () => {
    const { answers, read, readers } = openDesk()
    let reads = 0
    const readLasting = () => answers.readWithTtl(['places'], testContext(), () => Promise.resolve(++reads), 60_000)
    await Promise.all([read(), readLasting()])
    answers.invalidate()
    await read()
    expect([await readLasting(), await readLasting()]).toEqual([1, 1])
    expect(readers).toHaveLength(2)
  })

  it('that lasts is kept as long as it may be, and is not mixed up with one of its name', async () => {
    const { answers, read } = openDesk(createSharedState({ liveMs: 1, terminalMs: 1, log: silentLog }))
    await read(['a list'])
    const readLasting = (answer: string) =>
      answers.readWithTtl(['a list'], testContext(), () => Promise.resolve(answer), 60_000)
    expect(await readLasting('one')).toBe('one')
    await delay(20)
    expect(await readLasting('two')).toBe('one')
    const { answers: forgetful } = openDesk(createSharedState({ liveMs: 0, terminalMs: 0, log: silentLog }))
    let reads = 0
    const readNothingKept = () => forgetful.readWithTtl(['x'], testContext(), () => Promise.resolve(++reads), 60_000)
    expect([await readNothingKept(), await readNothingKept()]).toEqual([1, 2])
  })

  it('that took longer than it may be shown is not kept', async () => {
    let passedMs = 0
    for (const clock of [performance, Date]) {
      const now = clock.now.bind(clock)
      const spy = vi.spyOn(clock, 'now').mockImplementation(() => now() + passedMs)
      onTestFinished(() => spy.mockRestore())
    }
    const { read, readers, hold } = openDesk(createSharedState({ liveMs: 1000, log: silentLog }))
    const release = hold()
    const slow = read()
    await tick()
    passedMs += 1001
    release()
    expect(await slow).toBe('a credential 1')
    expect([await read(), await read()]).toEqual(['a credential 2', 'a credential 2'])
    expect(readers).toHaveLength(2)
  })

  it('is read for all who want it, by a caller whose signal aborts with the last of them', async () => {
    const { read, readers, hold } = openDesk()
    hold()
    const callers = [new AbortController(), new AbortController()]
    const settled = Promise.allSettled(callers.map(({ signal }) => read(['a list'], { signal })))
    await tick()
    expect(readers).toHaveLength(1)
    callers[0]!.abort(new Error('first gone'))
    expect(readers[0]!.signal?.aborted).toBe(false)
    callers[1]!.abort(new Error('second gone'))
    expect(readers[0]!.signal?.aborted).toBe(true)
    expect(await settled).toMatchObject([{ reason: { message: 'first gone' } }, { reason: { message: 'second gone' } }])
  })

  it('that is waited for does not wait behind a look that nobody waits for', async () => {
    const { read, readers } = openDesk(emptySharedState())
    await Promise.all([read(['a list'], { priority: 'poll' }), read(['a list'], { priority: 'list' })])
    expect(readers.map(({ priority }) => priority)).toEqual(['poll', 'list'])
  })
})

describe('a caller for whom only the vendor will do', () => {
  it('is not shown what is kept, and refreshes it for the others', async () => {
    const { read } = openDesk()
    await read()
    expect(await read(['a list'], { maxAge: 'new' })).toBe('a credential 2')
    expect(await read()).toBe('a credential 2')
  })

  it('joins what was begun since they asked', async () => {
    const { read, readers, hold } = openDesk(emptySharedState())
    const release = hold()
    const early = read()
    await delay(2)
    const requestedAt = performance.now()
    await delay(2)
    const fresh = [read(['a list'], { maxAge: 'new', requestedAt }), read(['a list'], { maxAge: 'new', requestedAt })]
    await tick()
    release()
    expect(await Promise.all([early, ...fresh])).toEqual(['a credential 1', 'a credential 2', 'a credential 2'])
    expect(readers).toHaveLength(2)
  })

  it('does not join what is under way, but is joined', async () => {
    const { read, hold } = openDesk()
    const release = hold()
    const early = read()
    await tick()
    const fresh = read(['a list'], { maxAge: 'new' })
    await tick()
    const late = read()
    await tick()
    release()
    expect(await Promise.all([early, fresh, late])).toEqual(['a credential 1', 'a credential 2', 'a credential 2'])
  })
})

describe('how the vendor is now', () => {
  const ask = ({ answers }: Desk, answer: string, caller: Partial<CallContext> = {}) =>
    answers.readUncached(['a look'], testContext(caller), async () => {
      await tick()
      return answer
    })

  it('is asked once for all who want to know at the same time, and each time anew', async () => {
    const desk = openDesk()
    const meter = createMeter()
    expect(await Promise.all(['one', 'two', 'three'].map((answer) => ask(desk, answer, { meter })))).toEqual([
      'one',
      'one',
      'one',
    ])
    expect(meter.usage()).toMatchObject({ CORTEX: { shared: 2, cached: 0 } })
    expect(await ask(desk, 'four')).toBe('four')
  })

  it('is neither shown from what is kept, nor kept', async () => {
    const desk = openDesk()
    await desk.read(['a look'])
    expect(await ask(desk, 'now')).toBe('now')
    expect(await desk.read(['a look'])).toBe('a credential 1')
    expect(desk.readers).toHaveLength(1)
  })

  it('is a failure for all who wait for it', async () => {
    const { answers } = openDesk()
    const ping = () => answers.readUncached(['a look'], testContext(), () => Promise.reject(new Error('out of order')))
    expect(await Promise.allSettled([ping(), ping()])).toMatchObject(Array(2).fill({ status: 'rejected' }))
  })
})

describe('two credentials', () => {
  it('never see what was read with the other', async () => {
    const sharing = keeping()
    const [ours, theirs] = [openDesk(sharing, 'ours'), openDesk(sharing, 'theirs')]
    expect(await Promise.all([ours.read(), theirs.read()])).toEqual(['ours 1', 'theirs 1'])
    expect(await Promise.all([ours.read(), theirs.read()])).toEqual(['ours 1', 'theirs 1'])
    ours.answers.invalidate()
    expect(await Promise.all([ours.read(), theirs.read()])).toEqual(['ours 2', 'theirs 1'])
  })
})

describe('when something was changed', () => {
  it('nothing that was kept is shown any more', async () => {
    const { answers, read } = openDesk()
    await read()
    await read(['another list'])
    answers.invalidate()
    expect([await read(), await read(['another list'])]).toEqual(['a credential 3', 'a credential 4'])
  })

  it('nobody joins what was under way, and nothing that it answers is kept', async () => {
    const { answers, read, hold } = openDesk()
    const release = hold()
    const early = read()
    await tick()
    answers.invalidate()
    const late = read()
    await tick()
    release()
    expect([await early, await late]).toEqual(['a credential 1', 'a credential 2'])
    expect(await read()).toBe('a credential 2')
  })

  it('a read that is still under way afterwards does not come back', async () => {
    const { answers, read, hold } = openDesk()
    const release = hold()
    const early = read()
    await tick()
    answers.invalidate()
    release()
    await early
    expect(await read()).toBe('a credential 2')
  })
})
