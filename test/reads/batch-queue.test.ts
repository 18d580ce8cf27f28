import { setImmediate as tick, setTimeout as delay } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import type { Priority } from '../../src/upstream/budget/permit.js'
import type { CallContext } from '../../src/upstream/call-context.js'
import { createBatchQueue, type BatchQueue, type PendingRead } from '../../src/reads/batch-queue.js'
import { testContext } from '../support/test-context.js'
import { VendorError } from '../../src/job/errors.js'

/** A turn that was asked for; a test says when it comes. */
interface AskedTurn {
  readonly caller: CallContext
  grant(): Promise<void>
  refuse(error?: Error): Promise<void>
}

interface NamedWish extends PendingRead {
  readonly name: string
}

interface Sent {
  readonly names: readonly string[]
  readonly priority: Priority
  readonly abandon: AbortController
}

interface Ground {
  readonly gatherer: BatchQueue<NamedWish>
  readonly turns: readonly AskedTurn[]
  readonly sent: readonly Sent[]
  /** `name: message` of those who were told that they could not be sent. */
  readonly rejected: readonly string[]
  /** Wishes for something, and gives how to take the wish back. */
  wish(name: string, wish?: { place?: string; priority?: Priority; deadline?: number }): AbortController
}

/** @param isDeaf whether a turn that nobody wants any more comes all the same */
function openGround(windowMs = 0, isDeaf = false): Ground {
  const turns: AskedTurn[] = []
  const sent: Sent[] = []
  const rejected: string[] = []
  const gatherer = createBatchQueue<NamedWish, Priority>({
    windowMs,
    acquirePermit: (caller) =>
      new Promise((resolve, reject) => {
        if (!isDeaf) caller.signal?.addEventListener('abort', () => reject(new Error('aborted')))
        turns.push({
          caller,
          grant() {
            resolve(caller.priority)
            return tick()
          },
          refuse(error: Error = tooLate('too late')) {
            reject(error)
            return tick()
          },
        })
      }),
    send: (wishes, { permit, abort }) =>
      void sent.push({ names: wishes.map(({ name }) => name), priority: permit, abandon: abort }),
  })
  return {
    gatherer,
    turns,
    sent,
    rejected,
    wish(name, { place = 'a place', priority = 'read', deadline = 1000 } = {}) {
      const controller = new AbortController()
      gatherer.add(place, {
        name,
        context: { ...testContext({ priority, deadline }), signal: controller.signal },
        reject: (error) => void rejected.push(`${name}: ${error.message}`),
      })
      return controller
    },
  }
}

/** What a budget says to those who cannot wait so long. */
const tooLate = (message: string) => new VendorError('KODEXA', 'VENDOR_RATE_LIMITED', message)

describe('pending reads', () => {
  it('of one tick take one permit, in the order of the requests', async () => {
    const { wish, turns, sent } = openGround()
    for (const name of ['one', 'two', 'three']) wish(name)
    expect(turns).toHaveLength(1)
    expect(sent).toEqual([])
    await turns[0]!.grant()
    expect(sent).toMatchObject([{ names: ['one', 'two', 'three'] }])
  })

  it('with different batch keys take a permit each', async () => {
    const { wish, turns, sent } = openGround()
    wish('one', { place: 'here' })
    wish('two', { place: 'there' })
    wish('three', { place: 'here' })
    expect(turns).toHaveLength(2)
    await turns[1]!.grant()
    await turns[0]!.grant()
    expect(sent.map(({ names }) => names)).toEqual([['two'], ['one', 'three']])
  })

  it('that arrive while the permit is pending join the batch', async () => {
    const { wish, turns, sent } = openGround()
    wish('one')
    await tick()
    wish('two')
    await tick()
    wish('three')
    await turns[0]!.grant()
    expect(turns).toHaveLength(1)
    expect(sent).toMatchObject([{ names: ['one', 'two', 'three'] }])
  })

  it('that arrive after the batch was sent take another permit', async () => {
    const { wish, turns, sent } = openGround()
    wish('one')
    await turns[0]!.grant()
    wish('two')
    wish('three')
    expect(turns).toHaveLength(2)
    await turns[1]!.grant()
    expect(sent.map(({ names }) => names)).toEqual([['one'], ['two', 'three']])
  })

  it('are collected for the batch window before a permit is requested', async () => {
    const { wish, turns, sent } = openGround(30)
    wish('one')
    await tick()
    wish('two')
    expect(turns).toHaveLength(0)
    await expect.poll(() => turns.length).toBe(1)
    wish('three')
    await turns[0]!.grant()
    expect(sent).toMatchObject([{ names: ['one', 'two', 'three'] }])
  })
})

describe('a cancelled read', () => {
  it('is not sent while it waits; the others are', async () => {
    const { wish, turns, sent, rejected } = openGround()
    const leaver = wish('one')
    wish('two')
    leaver.abort()
    expect(turns[0]!.caller.signal?.aborted).toBe(false)
    await turns[0]!.grant()
    expect(sent).toMatchObject([{ names: ['two'] }])
    expect(rejected).toEqual([])
  })

  it('releases the permit when it was the last', async () => {
    const { wish, turns, sent, rejected } = openGround()
    const callers = [wish('one'), wish('two')]
    callers[0]!.abort()
    expect(turns[0]!.caller.signal?.aborted).toBe(false)
    callers[1]!.abort()
    expect(turns[0]!.caller.signal?.aborted).toBe(true)
    await tick()
    expect(sent).toEqual([])
    expect(rejected).toEqual([])
  })

  it('leaves no state for its batch key', async () => {
    const { wish, turns, sent } = openGround()
    wish('one').abort()
    await tick()
    wish('two')
    expect(turns).toHaveLength(2)
    await turns[1]!.grant()
    expect(sent).toMatchObject([{ names: ['two'] }])
    expect(sent[0]!.abandon.signal.aborted).toBe(false)
  })

  it('requests no permit within the window', async () => {
    const { wish, turns, rejected } = openGround(20)
    wish('one').abort()
    await delay(60)
    expect(turns).toEqual([])
    expect(rejected).toEqual([])
  })

  it('does not affect the queue after it was sent', async () => {
    const { wish, turns, sent } = openGround()
    const caller = wish('one')
    await turns[0]!.grant()
    wish('two')
    caller.abort()
    expect(turns[1]!.caller.signal?.aborted).toBe(false)
    await turns[1]!.grant()
    expect(sent.map(({ names }) => names)).toEqual([['one'], ['two']])
  })
})

describe('reads of different priorities', () => {
  it('share one permit at the highest priority', async () => {
    const { wish, turns, sent } = openGround()
    wish('look', { priority: 'poll' })
    wish('another look', { priority: 'poll' })
    wish('read', { priority: 'read' })
    wish('page', { priority: 'list' })
    expect(turns.map(({ caller }) => caller.priority)).toEqual(['poll', 'read'])
    expect(turns.map(({ caller }) => caller.signal?.aborted)).toEqual([true, false])
    await turns[1]!.grant()
    expect(sent).toMatchObject([{ names: ['look', 'another look', 'read', 'page'], priority: 'read' }])
    expect(sent[0]!.abandon.signal.aborted).toBe(false)
  })

  it('keep that permit when the most urgent read is cancelled', async () => {
    const { wish, turns, sent, rejected } = openGround()
    wish('look', { priority: 'poll' })
    wish('read', { priority: 'read' }).abort()
    expect(turns.map(({ caller }) => caller.signal?.aborted)).toEqual([true, false])
    await turns[1]!.grant()
    expect(sent).toMatchObject([{ names: ['look'], priority: 'read' }])
    expect(rejected).toEqual([])
  })

  it('release that permit when all of them are cancelled', async () => {
    const { wish, turns, sent, rejected } = openGround()
    const callers = [wish('look', { priority: 'poll' }), wish('read', { priority: 'read' })]
    callers[1]!.abort()
    expect(turns[1]!.caller.signal?.aborted).toBe(false)
    callers[0]!.abort()
    expect(turns[1]!.caller.signal?.aborted).toBe(true)
    await tick()
    expect([sent, rejected]).toEqual([[], []])
  })

  it('share the batch window', async () => {
    const { wish, turns, sent } = openGround(20)
    wish('look', { priority: 'poll' })
    wish('read', { priority: 'read' })
    await expect.poll(() => turns.length).toBe(1)
    await turns[0]!.grant()
    expect(sent).toMatchObject([{ names: ['look', 'read'], priority: 'read' }])
  })
})

describe('a rejected permit', () => {
  it('rejects those who have no more time, and is asked for again for those who have', async () => {
    const { wish, turns, sent, rejected } = openGround()
    wish('hasty', { deadline: 1000 })
    wish('patient', { deadline: 2000 })
    wish('as hasty', { deadline: 1000 })
    wish('hastier', { deadline: 500 })
    wish('more patient', { deadline: 3000 })
    await turns[0]!.refuse()
    expect(rejected).toEqual(['hasty: too late', 'as hasty: too late', 'hastier: too late'])
    expect(turns).toHaveLength(2)
    // The most patient one: if even that is refused, nobody else need ask.
    expect(turns[1]!.caller.deadline).toBe(3000)
    await turns[1]!.grant()
    expect(sent).toMatchObject([{ names: ['patient', 'more patient'] }])
  })

  it('rejects those who are less urgent only when they have no more time either', async () => {
    const { wish, turns, sent, rejected } = openGround()
    wish('hasty look', { priority: 'poll', deadline: 1000 })
    wish('patient look', { priority: 'poll', deadline: 2000 })
    wish('patient page', { priority: 'list', deadline: 2000 })
    wish('read', { priority: 'read', deadline: 1000 })
    const read = turns.findIndex(({ caller }) => caller.priority === 'read')
    await turns[read]!.refuse()
    expect(rejected).toEqual(['hasty look: too late', 'read: too late'])
    expect(turns.slice(read + 1).map(({ caller }) => caller.priority)).toEqual(['list'])
    await turns[read + 1]!.grant()
    expect(sent).toMatchObject([{ names: ['patient look', 'patient page'], priority: 'list' }])
  })

  it('each time anew, until nobody is left', async () => {
    const { wish, turns, sent, rejected } = openGround()
    wish('hasty', { deadline: 1000 })
    wish('patient', { deadline: 2000 })
    await turns[0]!.refuse()
    await turns[1]!.refuse(tooLate('still too late'))
    expect(rejected).toEqual(['hasty: too late', 'patient: still too late'])
    expect(turns).toHaveLength(2)
    expect(sent).toEqual([])
  })

  it('for another reason than time rejects all, who would ask for the same in vain', async () => {
    const { wish, turns, rejected } = openGround()
    wish('hasty', { deadline: 1000 })
    wish('patient', { deadline: 2000 })
    await turns[0]!.refuse(new Error('the circuit is open'))
    expect(rejected).toEqual(['hasty: the circuit is open', 'patient: the circuit is open'])
    expect(turns).toHaveLength(1)
  })

  it('leaves the place to whoever comes next', async () => {
    const { wish, turns, sent, rejected } = openGround()
    wish('one')
    await turns[0]!.refuse()
    wish('two')
    await turns[1]!.grant()
    expect(rejected).toEqual(['one: too late'])
    expect(sent).toMatchObject([{ names: ['two'] }])
  })
})

describe('a turn that comes in the very moment', () => {
  it('in which its last wish is taken back is not used for the next one', async () => {
    const { wish, turns, sent, rejected } = openGround()
    const leaver = wish('one')
    const granted = turns[0]!.grant()
    leaver.abort()
    wish('two')
    await granted
    expect(sent).toEqual([])
    await turns[1]!.grant()
    expect(sent).toMatchObject([{ names: ['two'] }])
    expect(sent[0]!.abandon.signal.aborted).toBe(false)
    expect(rejected).toEqual([])
  })

  it('in which somebody more urgent comes is not used for either', async () => {
    const { wish, turns, sent, rejected } = openGround()
    wish('look', { priority: 'poll' })
    const granted = turns[0]!.grant()
    wish('read', { priority: 'read' })
    await granted
    expect(sent).toEqual([])
    await turns[1]!.grant()
    wish('another read')
    await turns[2]!.grant()
    expect(sent.map(({ names }) => names)).toEqual([['look', 'read'], ['another read']])
    expect(sent.map(({ abandon }) => abandon.signal.aborted)).toEqual([false, false])
    expect(rejected).toEqual([])
  })
})

describe('a turn that comes although nobody waits for it any more', () => {
  it('sends nothing, and tells nobody anything', async () => {
    const { wish, turns, sent, rejected } = openGround(0, true)
    for (const caller of [wish('one'), wish('two')]) caller.abort()
    await turns[0]!.grant()
    expect([sent, rejected]).toEqual([[], []])
  })

  it('is not used for those who came after, who have a turn of their own', async () => {
    const { wish, turns, sent, rejected } = openGround(0, true)
    wish('one').abort()
    wish('two')
    await turns[0]!.grant()
    expect(sent).toEqual([])
    await turns[1]!.grant()
    expect(sent).toMatchObject([{ names: ['two'] }])
    expect(sent[0]!.abandon.signal.aborted).toBe(false)
    expect(rejected).toEqual([])
  })

  it('and is refused rejects nobody who came after', async () => {
    const { wish, turns, sent, rejected } = openGround(0, true)
    wish('one').abort()
    wish('two')
    await turns[0]!.refuse()
    expect(rejected).toEqual([])
    await turns[1]!.grant()
    expect(sent).toMatchObject([{ names: ['two'] }])
  })

  it('because of somebody more urgent sends nothing a second time', async () => {
    const { wish, turns, sent, rejected } = openGround(0, true)
    wish('look', { priority: 'poll' })
    wish('read', { priority: 'read' })
    await turns[0]!.grant()
    expect(sent).toEqual([])
    await turns[1]!.grant()
    wish('another look', { priority: 'poll' })
    await tick()
    expect(sent.map(({ names }) => names)).toEqual([['look', 'read']])
    expect(turns).toHaveLength(3)
    expect(rejected).toEqual([])
  })
})
