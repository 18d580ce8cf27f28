import { setImmediate as tick } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import type { CallContext } from '../../src/upstream/call-context.js'
import type { UpstreamClient, Permit, Upstream } from '../../src/upstream/upstream.js'
import type { Job } from '../../src/job/job.js'
import { createMeter } from '../../src/job/meter.js'
import { createBatcher, type Batcher } from '../../src/reads/batcher.js'
import type { ReadItem } from '../../src/reads/read-cache.js'
import type { ItemSource, ReadRequest } from '../../src/reads/item-source.js'
import { testContext } from '../support/test-context.js'

const READINGS = ['poor', 'rich'] as const
type Reading = (typeof READINGS)[number]
type W = ReadRequest<string, Reading>
type Read = ReadItem<Job, Reading>
type OnAlso = (address: string, read: Read) => void

/** A read of the source that a test answers. */
interface SourceRead {
  /** `poor 1`, in the order given. */
  readonly wanted: readonly string[]
  readonly onAlso: OnAlso
  /** With jobs as they were wanted, or all in one way. */
  answer(answers: readonly (Job | null | Error)[], detail?: Reading): void
  crash(error: Error): void
}

interface Table {
  readonly batcher: Batcher<string, Job, Reading>
  readonly reads: readonly SourceRead[]
  /** `poor 1`, with whether there was such a job. */
  readonly told: readonly string[]
  readonly turns: readonly CallContext[]
  /** For whom the rest is read, once a turn came. */
  readonly lines: readonly CallContext[]
  /** From now on turns wait until they are granted. */
  hold(): { release(): void }
  wish(address: string, detail?: Reading, caller?: Partial<CallContext>, signal?: AbortSignal): Promise<Job | null>
}

const someJob = (vendorId: string): Job => ({
  address: { type: 'Execution', path: [vendorId] },
  vendor: 'KODEXA',
  vendorId,
  name: null,
  state: { status: 'QUEUED', queuedAt: null },
  vendorStatus: null,
  createdAt: null,
  updatedAt: null,
  startedAt: null,
  endedAt: null,
})

/** Jobs `here/1` and `here/2` are of the same place. */
function openTable(): Table {
  const reads: SourceRead[] = []
  const told: string[] = []
  const turns: CallContext[] = []
  const lines: CallContext[] = []
  let gate: Promise<void> = Promise.resolve()
  const name = ({ address, detail }: W) => `${detail} ${address}`
  const tell =
    (what: string) =>
    (address: string, { item, detail }: Read) =>
      void told.push(`${what}${detail} ${address}: ${item ? 'there' : 'not there'}`)
  const source: ItemSource<string, Job, Reading> = {
    detailLevels: READINGS,
    keyOf: (address) => address.toLowerCase(),
    batchKeyOf: (address) => address.split('/')[0]!,
    read: (_line, wanted, onAlso) =>
      new Promise((resolve, crash) => {
        const answer: SourceRead['answer'] = (answers, detail) =>
          resolve(
            answers.map((item, at) => (item instanceof Error ? item : { item, detail: detail ?? wanted[at]!.detail })),
          )
        reads.push({ wanted: wanted.map(name), onAlso, answer, crash })
      }),
  }
  const upstream: Pick<Upstream, 'acquirePermit'> = {
    async acquirePermit(caller) {
      turns.push(caller)
      await gate
      const line: Permit = (whom) => {
        lines.push(whom)
        return {} as UpstreamClient
      }
      return line
    },
  }
  const batcher = createBatcher<string, Job, Reading>({
    vendor: 'KODEXA',
    upstream: upstream as Upstream,
    source,
    windowMs: 0,
    onRead: tell(''),
    onExtraItem: tell('also '),
  })
  return {
    batcher,
    reads,
    told,
    turns,
    lines,
    hold() {
      let release = () => {}
      gate = new Promise((resolve) => {
        release = resolve
      })
      return { release }
    },
    wish: (address, detail = 'poor', caller = {}, signal = new AbortController().signal) =>
      batcher.read({ address, detail }, { ...testContext(caller), signal }),
  }
}

describe('jobs with one batch key', () => {
  it('are read together, each with its own result', async () => {
    const { wish, reads, told } = openTable()
    const answers = ['here/1', 'here/2', 'there/3', 'here/4'].map((address) => wish(address))
    await tick()
    expect(reads.map(({ wanted }) => wanted)).toEqual([['poor here/1', 'poor here/2', 'poor here/4'], ['poor there/3']])
    const [one, two, three] = ['1', '2', '3'].map(someJob)
    reads[1]!.answer([three!])
    reads[0]!.answer([one!, two!, null])
    expect(await Promise.all(answers)).toEqual([one, two, three, null])
    expect(told).toEqual(['poor there/3: there', 'poor here/1: there', 'poor here/2: there', 'poor here/4: not there'])
  })

  it('are read once each, at the highest requested detail level, in any spelling', async () => {
    const { wish, reads, told } = openTable()
    const answers = [wish('here/a'), wish('here/A', 'rich'), wish('here/a'), wish('here/b')]
    await tick()
    expect(reads.map(({ wanted }) => wanted)).toEqual([['rich here/A', 'poor here/b']])
    const [a, b] = [someJob('a'), someJob('b')]
    reads[0]!.answer([a, b])
    expect(await Promise.all(answers)).toEqual([a, a, a, b])
    expect(told).toEqual(['rich here/A: there', 'poor here/b: there'])
  })

  it('fail individually', async () => {
    const { wish, reads, told } = openTable()
    const settled = Promise.allSettled([wish('here/1'), wish('here/2'), wish('here/2', 'rich'), wish('here/3')])
    await tick()
    const error = new Error('out of order')
    const [one, three] = [someJob('1'), someJob('3')]
    reads[0]!.answer([one, error, three])
    expect(await settled).toEqual([
      { status: 'fulfilled', value: one },
      { status: 'rejected', reason: error },
      { status: 'rejected', reason: error },
      { status: 'fulfilled', value: three },
    ])
    expect(told).toEqual(['poor here/1: there', 'poor here/3: there'])
  })

  it('fail together when the whole read fails', async () => {
    const { wish, reads, told } = openTable()
    const settled = Promise.allSettled([wish('here/1'), wish('here/2')])
    await tick()
    const error = new Error('out of order')
    reads[0]!.crash(error)
    expect(await settled).toEqual([
      { status: 'rejected', reason: error },
      { status: 'rejected', reason: error },
    ])
    expect(told).toEqual([])
  })

  it('are reported at the detail level at which they were read', async () => {
    const { wish, reads, told } = openTable()
    const answers = [wish('here/1'), wish('here/2', 'rich'), wish('here/3')]
    await tick()
    reads[0]!.answer([someJob('1'), someJob('2'), null], 'rich')
    expect(await Promise.all(answers)).toEqual([someJob('1'), someJob('2'), null])
    expect(told).toEqual(['rich here/1: there', 'rich here/2: there', 'rich here/3: not there'])
  })

  it('are reported together with extra items', async () => {
    const { wish, reads, told } = openTable()
    const answer = wish('here/1')
    await tick()
    reads[0]!.onAlso('here/9', { item: someJob('9'), detail: 'rich' })
    reads[0]!.answer([someJob('1')])
    await answer
    expect(told).toEqual(['also rich here/9: there', 'poor here/1: there'])
  })

  it('join the batch while the permit is pending', async () => {
    const { wish, reads, turns, hold } = openTable()
    const { release } = hold()
    const first = wish('here/1')
    await tick()
    const second = wish('here/2', 'rich')
    release()
    await tick()
    expect(turns).toHaveLength(1)
    expect(reads.map(({ wanted }) => wanted)).toEqual([['poor here/1', 'rich here/2']])
    reads[0]!.answer([null, null])
    expect(await Promise.all([first, second])).toEqual([null, null])
  })
})

describe('cancelled reads', () => {
  const callers = () => [new AbortController(), new AbortController()] as const

  it('while they wait are not read', async () => {
    const { wish, reads, hold } = openTable()
    const { release } = hold()
    const leaver = new AbortController()
    void wish('here/1', 'rich', {}, leaver.signal)
    const stays = wish('here/2')
    leaver.abort()
    release()
    await tick()
    expect(reads.map(({ wanted }) => wanted)).toEqual([['poor here/2']])
    reads[0]!.answer([null])
    expect(await stays).toBeNull()
  })

  it('all of them, while they wait, leave nothing to be read when the turn comes', async () => {
    const { wish, reads, turns, lines, hold } = openTable()
    const { release } = hold()
    const leavers = callers()
    leavers.forEach(({ signal }, at) => void wish(`here/${at}`, 'poor', {}, signal))
    leavers.forEach((leaver) => leaver.abort())
    release()
    await tick()
    expect(turns).toHaveLength(1)
    expect([reads, lines]).toEqual([[], []])
  })

  it('abort what was sent when they were all of it, and not before', async () => {
    const { wish, turns, lines } = openTable()
    const [one, other] = callers()
    void wish('here/1', 'poor', {}, one.signal)
    void wish('here/2', 'poor', {}, other.signal)
    await tick()
    one.abort()
    expect([turns, lines].map(([caller]) => caller!.signal?.aborted)).toEqual([false, false])
    const reason = new Error('gone')
    other.abort(reason)
    expect([turns, lines].map(([caller]) => caller!.signal?.reason as unknown)).toEqual([reason, reason])
  })

  it('do not abort what others sent of the same place', async () => {
    const { wish, turns } = openTable()
    const [one, other] = callers()
    void wish('here/1', 'poor', {}, one.signal)
    await tick()
    void wish('here/2', 'poor', {}, other.signal)
    await tick()
    one.abort()
    expect(turns.map(({ signal }) => signal?.aborted)).toEqual([true, false])
  })
})

describe('what it costs', () => {
  it('is counted as shared for the operations that ride along with the first one', async () => {
    const { wish, reads } = openTable()
    const [bearer, rider, other] = [createMeter(), createMeter(), createMeter()]
    const answers = [
      wish('here/1', 'poor', { meter: bearer }),
      wish('here/2', 'poor', { meter: bearer }),
      wish('here/1', 'rich', { meter: rider }),
      wish('here/3', 'poor', { meter: rider }),
      wish('there/1', 'poor', { meter: other }),
    ]
    await tick()
    reads[0]!.answer([null, null, null])
    reads[1]!.answer([null])
    await Promise.all(answers)
    expect([bearer, rider, other].map((meter) => meter.usage())).toMatchObject([{}, { KODEXA: { shared: 2 } }, {}])
    expect(bearer.usage()).toEqual({})
    expect(other.usage()).toEqual({})
  })

  it('is borne by the caller for whom the turn was asked', async () => {
    const { wish, turns } = openTable()
    const [bearer, rider] = [createMeter(), createMeter()]
    void wish('here/1', 'poor', { meter: bearer })
    void wish('here/2', 'poor', { meter: rider })
    await tick()
    expect(turns.map(({ meter }) => meter)).toEqual([bearer])
  })
})

describe('what is read after the first request', () => {
  it('is as urgent as the most urgent of those who wait for it, and has the time of the most patient', async () => {
    const { wish, turns, lines, hold } = openTable()
    const { release } = hold()
    void wish('here/1', 'poor', { priority: 'poll', deadline: 2000 })
    await tick()
    void wish('here/2', 'poor', { priority: 'list', deadline: 3000 })
    void wish('here/3', 'poor', { priority: 'poll', deadline: 4000 })
    release()
    await tick()
    expect(turns).toMatchObject([
      { priority: 'poll', deadline: 2000 },
      { priority: 'list', deadline: 3000 },
    ])
    expect(lines).toMatchObject([{ priority: 'list', deadline: 4000 }])
  })

  it('is counted for whom the turn was asked, and as shared for the others, whoever wished first', async () => {
    const { wish, lines, hold } = openTable()
    const { release } = hold()
    const [gone, stays, late] = [createMeter(), createMeter(), createMeter()]
    const leaver = new AbortController()
    void wish('here/1', 'poor', { meter: gone }, leaver.signal)
    void wish('here/2', 'poor', { meter: stays })
    void wish('here/3', 'poor', { meter: late })
    leaver.abort()
    release()
    await tick()
    expect(lines.map(({ meter }) => meter)).toEqual([gone])
    expect(gone.usage()).toEqual({})
    for (const meter of [stays, late]) expect(meter.usage()).toMatchObject({ KODEXA: { shared: 1 } })
  })
})
