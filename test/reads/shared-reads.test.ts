import { setImmediate as tick, setTimeout as delay } from 'node:timers/promises'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { CallContext } from '../../src/upstream/call-context.js'
import type { UpstreamClient, Permit, Upstream } from '../../src/upstream/upstream.js'
import { VendorError } from '../../src/job/errors.js'
import type { Job } from '../../src/job/job.js'
import { silentLog } from '../../src/job/log.js'
import { createMeter } from '../../src/job/meter.js'
import { jobState, type JobStatus } from '../../src/job/state.js'
import type { ReadItem } from '../../src/reads/read-cache.js'
import type { ItemSource, ReadRequest } from '../../src/reads/item-source.js'
import { createSharedReads, type SharedReads } from '../../src/reads/shared-reads.js'
import { createSharedState, type SharedState } from '../../src/reads/shared-state.js'
import { testContext } from '../support/test-context.js'

const READINGS = ['bare', 'plain', 'rich'] as const
type Reading = (typeof READINGS)[number]
type W = ReadRequest<string, Reading>
type Answer = Job | null | Error

interface Shop {
  readonly items: SharedReads<string, Job, Reading>
  /** `plain 1`, oldest first. */
  readonly reads: readonly string[]
  /** What the vendor says of every job from now on. */
  say(answer: (wanted: W) => Answer): void
  /** Every job is read at least so from now on. */
  readAs(detail: Reading): void
  /** From now on these come along with whatever is read. */
  bringAlong(...also: readonly ReadItem<Job, Reading>[]): void
  /** Reads wait until they are released. */
  hold(): () => void
  /** From now on a turn is had when this is answered. */
  onTurn(answer: () => Promise<void>): void
  read(address: string, detail?: Reading, caller?: Partial<CallContext>): Promise<Answer>
}

const someJob = (vendorId: string, status: JobStatus = 'RUNNING', name: string | null = null): Job => ({
  address: { type: 'Execution', path: [vendorId] },
  vendor: 'KODEXA',
  vendorId,
  name,
  state: jobState(status, { createdAt: null, startedAt: null, endedAt: null, vendorStatus: null }),
  vendorStatus: null,
  createdAt: null,
  updatedAt: null,
  startedAt: null,
  endedAt: null,
})

const nameOf = (answer: Answer) => (answer instanceof Error ? answer.message : (answer?.name ?? null))
const keeping = () => createSharedState({ terminalMs: 60_000, liveMs: 60_000, log: silentLog })

function openShop(sharing: SharedState = keeping(), scope = 'a credential'): Shop {
  const reads: string[] = []
  let answer: (wanted: W) => Answer = ({ address }) => someJob(address)
  let along: readonly ReadItem<Job, Reading>[] = []
  let atLeast: Reading = 'bare'
  let gate = Promise.resolve()
  let waitForTurn = () => Promise.resolve()
  const richer = (one: Reading, other: Reading) => (READINGS.indexOf(one) > READINGS.indexOf(other) ? one : other)
  const source: ItemSource<string, Job, Reading> = {
    detailLevels: READINGS,
    keyOf: (address) => `Job ${address}`,
    batchKeyOf: () => 'the only place',
    rejection: (address) => (address === 'secret' ? new Error('nobody may read this') : null),
    async read(_line, wanted, onAlso) {
      for (const { address, detail } of wanted) reads.push(`${detail} ${address}`)
      const answers = wanted.map((one) => {
        const item = answer(one)
        return item instanceof Error ? item : { item, detail: richer(one.detail, atLeast) }
      })
      const also = along
      await gate
      for (const read of also) onAlso(read.item!.vendorId, read)
      return answers
    },
  }
  const paidLine: Permit = () => ({}) as UpstreamClient
  const upstream: Pick<Upstream, 'acquirePermit'> = {
    async acquirePermit() {
      await waitForTurn()
      return paidLine
    },
  }
  const items = createSharedReads({
    vendor: 'KODEXA',
    upstream: upstream as Upstream,
    sharedState: sharing,
    credentialKey: scope,
    source,
  })
  return {
    items,
    reads,
    say(next) {
      answer = next
    },
    readAs(detail) {
      atLeast = detail
    },
    bringAlong(...also) {
      along = also
    },
    onTurn(next) {
      waitForTurn = next
    },
    hold() {
      let release = () => {}
      gate = new Promise((resolve) => {
        release = resolve
      })
      return release
    },
    async read(address, detail = 'plain', caller = {}) {
      const [only] = await items.read([{ address, detail }], testContext(caller))
      return only!
    },
  }
}

describe('a job', () => {
  it('that was read shortly before is not read again', async () => {
    const { read, reads } = openShop()
    const meter = createMeter()
    const first = await read('1')
    expect(await read('1', 'plain', { meter })).toEqual(first)
    expect(reads).toEqual(['plain 1'])
    expect(meter.usage()).toMatchObject({ KODEXA: { cached: 1, shared: 0, calls: 0 } })
  })

  it('that the vendor does not know is not asked for again', async () => {
    const { read, reads, say } = openShop()
    say(() => null)
    expect([await read('1'), await read('1')]).toEqual([null, null])
    expect(reads).toEqual(['plain 1'])
  })

  it('that could not be read is read again', async () => {
    const { read, reads, say } = openShop()
    say(() => new Error('out of order'))
    expect(nameOf(await read('1'))).toBe('out of order')
    say(() => someJob('1', 'RUNNING', 'well again'))
    expect(nameOf(await read('1'))).toBe('well again')
    expect(reads).toHaveLength(2)
  })

  it('is read once for all who want it at the same time', async () => {
    const { items, reads } = openShop(createSharedState({ terminalMs: 0, liveMs: 0, log: silentLog }))
    const meter = createMeter()
    const all = await Promise.all(
      Array.from({ length: 50 }, () => items.read([{ address: '1', detail: 'plain' }], testContext({ meter }))),
    )
    expect(all).toEqual(Array.from({ length: 50 }, () => [someJob('1')]))
    expect(reads).toEqual(['plain 1'])
    expect(meter.usage()).toMatchObject({ KODEXA: { shared: 49, cached: 0 } })
  })

  it('that nobody may read costs nothing, unless it was shown otherwise', async () => {
    const { items, read, reads } = openShop()
    expect(nameOf(await read('secret'))).toBe('nobody may read this')
    items.replace({ address: 'secret', detail: 'plain' }, someJob('secret', 'CANCELLED', 'shown'), true)
    expect(nameOf(await read('secret'))).toBe('shown')
    expect(nameOf(await read('secret', 'rich'))).toBe('nobody may read this')
    expect(nameOf(await read('secret', 'plain', { maxAge: 'new' }))).toBe('nobody may read this')
    expect(reads).toEqual([])
  })

  it('is answered in the place in which it was asked for, kept or not', async () => {
    const { items, read, reads } = openShop()
    await read('2')
    const wanted = ['1', '2', '3', 'secret', '2'].map((address): W => ({ address, detail: 'plain' }))
    const answers = await items.read(wanted, testContext())
    expect(answers).toEqual([someJob('1'), someJob('2'), someJob('3'), new Error('nobody may read this'), someJob('2')])
    expect(reads).toEqual(['plain 2', 'plain 1', 'plain 3'])
  })
})

describe('a job that was read', () => {
  it('richly answers who wants less, and nothing is read', async () => {
    const { read, reads } = openShop()
    await read('1', 'rich')
    await read('1', 'plain')
    await read('1', 'bare')
    expect(reads).toEqual(['rich 1'])
  })

  it('poorly does not answer who wants more', async () => {
    const { read, reads, say } = openShop()
    say(({ detail }) => someJob('1', 'RUNNING', detail))
    expect(nameOf(await read('1', 'bare'))).toBe('bare')
    expect(nameOf(await read('1', 'plain'))).toBe('plain')
    expect(nameOf(await read('1', 'rich'))).toBe('rich')
    expect(nameOf(await read('1', 'bare'))).toBe('rich')
    expect(reads).toEqual(['bare 1', 'plain 1', 'rich 1'])
  })

  it('more richly than anybody wanted answers those who want that much', async () => {
    const { read, reads, readAs } = openShop()
    readAs('plain')
    await read('1', 'bare')
    expect(await read('1', 'plain')).toEqual(someJob('1'))
    expect(reads).toEqual(['bare 1'])
    await read('1', 'rich')
    expect(reads).toEqual(['bare 1', 'rich 1'])
  })

  it('poorly says as little of a job that does not exist', async () => {
    const { read, reads, say } = openShop()
    say(() => null)
    expect([await read('1', 'rich'), await read('1', 'bare')]).toEqual([null, null])
    expect(reads).toEqual(['rich 1'])
  })
})

describe('a caller for whom only the vendor will do', () => {
  it('is not shown what is kept, and refreshes it for the others', async () => {
    const { read, reads, say } = openShop()
    await read('1')
    say(() => someJob('1', 'COMPLETED', 'newer'))
    const meter = createMeter()
    expect(nameOf(await read('1', 'plain', { maxAge: 'new', meter }))).toBe('newer')
    expect(nameOf(await read('1'))).toBe('newer')
    expect(reads).toHaveLength(2)
    expect(meter.usage()).toEqual({})
  })

  it('joins what was begun since they asked', async () => {
    const { read, reads, hold } = openShop()
    const release = hold()
    const early = read('1')
    await delay(2)
    const requestedAt = performance.now()
    await delay(2)
    const fresh = [
      read('1', 'plain', { maxAge: 'new', requestedAt }),
      read('1', 'plain', { maxAge: 'new', requestedAt }),
    ]
    await tick()
    release()
    await Promise.all([early, ...fresh])
    expect(reads).toEqual(['plain 1', 'plain 1'])
  })

  it('does not join what is under way', async () => {
    const { read, reads, say, hold } = openShop()
    const release = hold()
    const early = read('1')
    await tick()
    say(() => someJob('1', 'RUNNING', 'newer'))
    const fresh = read('1', 'plain', { maxAge: 'new' })
    await tick()
    release()
    expect([nameOf(await early), nameOf(await fresh)]).toEqual([null, 'newer'])
    expect(reads).toHaveLength(2)
  })
})

describe('two credentials', () => {
  it('never see what was read with the other, however much they share otherwise', async () => {
    const sharing = keeping()
    const [ours, theirs] = [openShop(sharing, 'ours'), openShop(sharing, 'theirs')]
    ours.say(() => someJob('1', 'COMPLETED', 'ours'))
    theirs.say(() => null)
    expect(nameOf(await ours.read('1'))).toBe('ours')
    expect(await theirs.read('1')).toBeNull()
    expect(nameOf(await ours.read('1'))).toBe('ours')
    expect([ours.reads, theirs.reads]).toEqual([['plain 1'], ['plain 1']])
  })

  it('do not share what is under way', async () => {
    const sharing = keeping()
    const [ours, theirs] = [openShop(sharing, 'ours'), openShop(sharing, 'theirs')]
    ours.say(() => someJob('1', 'RUNNING', 'ours'))
    theirs.say(() => someJob('1', 'RUNNING', 'theirs'))
    const answers = await Promise.all([ours.read('1'), theirs.read('1'), ours.read('1'), theirs.read('1')])
    expect(answers.map(nameOf)).toEqual(['ours', 'theirs', 'ours', 'theirs'])
  })

  it('do not replace what the other sees', async () => {
    const sharing = keeping()
    const [ours, theirs] = [openShop(sharing, 'ours'), openShop(sharing, 'theirs')]
    await theirs.read('1')
    ours.items.replace({ address: '1', detail: 'plain' }, someJob('1', 'CANCELLED', 'replaced'), true)
    expect(nameOf(await theirs.read('1'))).toBeNull()
    expect(nameOf(await ours.read('1'))).toBe('replaced')
  })
})

describe('a job that the vendor just answered', () => {
  it('replaces what was kept, and is not read again', async () => {
    const { items, read, reads } = openShop()
    await read('1')
    items.replace({ address: '1', detail: 'plain' }, someJob('1', 'CANCELLED', 'replaced'), true)
    expect(nameOf(await read('1'))).toBe('replaced')
    expect(reads).toEqual(['plain 1'])
  })

  it('replaces what was kept more richly', async () => {
    const { items, read, reads } = openShop()
    await read('1', 'rich')
    items.replace({ address: '1', detail: 'plain' }, someJob('1', 'CANCELLED', 'replaced'), true)
    expect(nameOf(await read('1', 'bare'))).toBe('replaced')
    await read('1', 'rich')
    expect(reads).toEqual(['rich 1', 'rich 1'])
  })

  it('is not replaced by a read that was begun before it and is answered after it', async () => {
    const { items, read, say, hold } = openShop()
    const release = hold()
    say(() => someJob('1', 'RUNNING', 'old'))
    const early = read('1')
    await new Promise((resolve) => setTimeout(resolve, 5))
    items.replace({ address: '1', detail: 'plain' }, someJob('1', 'CANCELLING', 'new'), true)
    release()
    expect(nameOf(await early)).toBe('old')
    expect(nameOf(await read('1'))).toBe('new')
  })

  it.each([
    ['known', (items: Shop['items']) => items.replace({ address: '1', detail: 'bare' }, someJob('1'), true)],
    ['changed', (items: Shop['items']) => items.invalidate('1')],
  ])(
    'and is %s lets nobody join the reads of it that were begun before; those of others go on',
    async (_how, change) => {
      const { items, read, reads, say, hold } = openShop()
      const release = hold()
      const meter = createMeter()
      const early = ['1', '2', '10'].map((address) => read(address))
      await tick()
      change(items)
      say(({ address }) => someJob(address, 'RUNNING', 'new'))
      const late = ['1', '2', '10'].map((address) => read(address, 'plain', { meter }))
      await tick()
      release()
      expect((await Promise.all([...early, ...late])).map(nameOf)).toEqual([null, null, null, 'new', null, null])
      expect(reads).toEqual(['plain 1', 'plain 2', 'plain 10', 'plain 1'])
      expect(meter.usage()).toMatchObject({ KODEXA: { shared: 2 } })
    },
  )

  it('and that was only changed is not shown by a read that was begun before', async () => {
    const { items, read, reads, say, hold } = openShop()
    const release = hold()
    say(() => someJob('1', 'COMPLETED', 'old'))
    const early = read('1', 'rich')
    await delay(5)
    items.invalidate('1')
    say(() => someJob('1', 'RUNNING', 'new'))
    release()
    expect(nameOf(await early)).toBe('old')
    expect(nameOf(await read('1'))).toBe('new')
    expect(reads).toEqual(['rich 1', 'plain 1'])
  })

  it('is not shown as a list had it that was asked for before', async () => {
    const { items, read, reads, bringAlong, hold } = openShop()
    const release = hold()
    bringAlong({ item: someJob('1', 'RUNNING', 'old'), detail: 'rich' })
    const list = read('2')
    await delay(5)
    items.replace({ address: '1', detail: 'plain' }, someJob('1', 'CANCELLING', 'new'), true)
    release()
    await list
    bringAlong()
    expect(nameOf(await read('1'))).toBe('new')
    expect(nameOf(await read('1', 'rich'))).toBeNull()
    expect(reads).toEqual(['plain 2', 'rich 1'])
  })

  it('is not shown as a list had it before', async () => {
    const { items, read, reads, bringAlong } = openShop()
    bringAlong({ item: someJob('1', 'RUNNING', 'old'), detail: 'rich' })
    await read('2')
    bringAlong()
    await delay(5)
    items.replace({ address: '1', detail: 'plain' }, someJob('1', 'CANCELLING', 'new'), true)
    expect(nameOf(await read('1'))).toBe('new')
    expect(nameOf(await read('1', 'rich'))).toBeNull()
    expect(reads).toEqual(['plain 2', 'rich 1'])
  })

  it('is read again when it is only known that it was changed', async () => {
    const { items, read, reads } = openShop()
    await read('1', 'rich')
    items.invalidate('1')
    await read('1', 'bare')
    expect(reads).toEqual(['rich 1', 'bare 1'])
  })
})

describe('whoever is waited for', () => {
  it('does not join a look that nobody waits for', async () => {
    const { read, reads, hold } = openShop()
    const release = hold()
    const look = read('1', 'plain', { priority: 'poll' })
    await tick()
    const waited = read('1')
    await tick()
    expect(reads).toHaveLength(2)
    release()
    await Promise.all([look, waited])
  })

  it('is told so when they leave, and nobody else is', async () => {
    const { read, hold } = openShop()
    const release = hold()
    const caller = new AbortController()
    const left = read('1', 'plain', { signal: caller.signal })
    const stays = read('1')
    await tick()
    const reason = new Error('gone')
    caller.abort(reason)
    expect(await left).toBe(reason)
    release()
    expect(await stays).toEqual(someJob('1'))
  })
})

describe('a refusal because it is too late', () => {
  const tooLate = (httpStatus?: number) =>
    new VendorError('KODEXA', 'VENDOR_RATE_LIMITED', 'too late', httpStatus === undefined ? {} : { httpStatus })

  /** A turn that is refused when a test says so; those after it are had at once. */
  function refusable({ onTurn }: Shop): (error: Error) => Promise<void> {
    let refuse: (error: Error) => void = () => {}
    onTurn(() => new Promise((_resolve, reject) => (refuse = reject)))
    return async (error) => {
      onTurn(() => Promise.resolve())
      refuse(error)
      await tick()
    }
  }

  it('for one is none for others who want the same and have more time', async () => {
    const shop = openShop()
    const refuse = refusable(shop)
    const hasty = shop.read('1', 'plain', { deadline: performance.now() + 1000 })
    const patient = [shop.read('1'), shop.read('1')]
    await tick()
    await refuse(tooLate())
    expect(nameOf(await hasty)).toBe('too late')
    expect(await Promise.all(patient)).toEqual([someJob('1'), someJob('1')])
    expect(shop.reads).toEqual(['plain 1'])
  })

  it('is one for those as well who have no more time', async () => {
    const shop = openShop()
    const refuse = refusable(shop)
    const deadline = performance.now() - 1
    const both = [shop.read('1', 'plain', { deadline }), shop.read('1', 'plain', { deadline })]
    await tick()
    await refuse(tooLate())
    expect((await Promise.all(both)).map(nameOf)).toEqual(['too late', 'too late'])
    expect(shop.reads).toEqual([])
  })

  it('is one for everybody when it is the vendor who refuses', async () => {
    const shop = openShop()
    const refuse = refusable(shop)
    const both = [shop.read('1', 'plain', { deadline: performance.now() + 1000 }), shop.read('1')]
    await tick()
    await refuse(tooLate(429))
    expect((await Promise.all(both)).map(nameOf)).toEqual(['too late', 'too late'])
    expect(shop.reads).toEqual([])
  })
})

describe('a job that came along with others', () => {
  const seen = (detail: Reading) => ({ item: someJob('1', 'RUNNING', 'seen'), detail })

  it('answers those who want no more of it', async () => {
    const { read, reads, bringAlong } = openShop()
    bringAlong(seen('plain'))
    await read('2')
    bringAlong()
    const meter = createMeter()
    expect(nameOf(await read('1', 'plain', { meter }))).toBe('seen')
    expect(nameOf(await read('1', 'bare', { meter }))).toBe('seen')
    expect(meter.usage()).toMatchObject({ KODEXA: { cached: 2 } })
    expect(nameOf(await read('1', 'rich'))).toBeNull()
    expect(reads).toEqual(['plain 2', 'rich 1'])
  })

  it('does not take the place of one that was read more richly', async () => {
    const { read, reads, say, bringAlong } = openShop()
    say(({ address }) => someJob(address, 'RUNNING', 'asked for'))
    await read('1', 'rich')
    await delay(2)
    bringAlong(seen('plain'))
    await read('2')
    expect(nameOf(await read('1', 'rich'))).toBe('asked for')
    expect(nameOf(await read('1', 'plain'))).toBe('asked for')
    expect(reads).toEqual(['rich 1', 'plain 2'])
  })

  it('answers those who want more than is kept of the one that was asked for', async () => {
    const { read, reads, say, bringAlong } = openShop()
    say(({ address }) => someJob(address, 'RUNNING', 'asked for'))
    await read('1', 'bare')
    await delay(2)
    bringAlong(seen('plain'))
    await read('2')
    expect(nameOf(await read('1', 'plain'))).toBe('seen')
    expect(nameOf(await read('1', 'bare'))).toBe('asked for')
    expect(reads).toEqual(['bare 1', 'plain 2'])
  })
})

describe('time', () => {
  let passedMs = 0

  beforeEach(() => {
    passedMs = 0
    const spies = [performance, Date].map((clock) => {
      const now = clock.now.bind(clock)
      return vi.spyOn(clock, 'now').mockImplementation(() => now() + passedMs)
    })
    return () => spies.forEach((spy) => spy.mockRestore())
  })

  /** Lets so much time pass. What is kept looks at its clock once a millisecond. */
  async function pass(ms: number): Promise<void> {
    passedMs += ms
    await delay(5)
  }

  const shopWith = (liveMs: number) => openShop(createSharedState({ terminalMs: 60_000, liveMs, log: silentLog }))

  it('that a read takes counts: what took longer than it may be shown is not kept', async () => {
    const { read, reads, hold } = shopWith(1000)
    const release = hold()
    const slow = read('1')
    await tick()
    await pass(1001)
    release()
    expect(await slow).toEqual(someJob('1'))
    await read('1')
    expect(reads).toEqual(['plain 1', 'plain 1'])
    await read('1')
    expect(reads).toHaveLength(2)
  })

  it('that a list takes counts for what came along as well', async () => {
    const { read, reads, hold, bringAlong } = shopWith(1000)
    const release = hold()
    bringAlong({ item: someJob('2', 'COMPLETED'), detail: 'rich' })
    const slow = read('1')
    await tick()
    await pass(1001)
    release()
    await slow
    await read('2')
    expect(reads).toEqual(['plain 1', 'plain 2'])
  })

  it.each(['RUNNING', 'COMPLETED'] as const)(
    'that has run out for what replaced it does not bring back what was asked for before: %s',
    async (status) => {
      const { items, read, reads, say, hold } = shopWith(1000)
      const release = hold()
      say(() => someJob('1', status, 'old'))
      const early = read('1')
      await tick()
      await pass(500)
      items.replace({ address: '1', detail: 'plain' }, someJob('1', 'CANCELLING', 'replaced'), true)
      await pass(1001)
      release()
      expect(nameOf(await early)).toBe('old')
      say(() => someJob('1', 'CANCELLED', 'new'))
      expect(nameOf(await read('1'))).toBe('new')
      expect(reads).toEqual(['plain 1', 'plain 1'])
    },
  )

  it('of 0 for live jobs shows no job as it ended once it was read alive', async () => {
    const { read, reads, say } = shopWith(0)
    say(() => someJob('1', 'COMPLETED'))
    await read('1')
    await read('1')
    expect(reads).toHaveLength(1)
    await pass(10)
    say(() => someJob('1', 'RUNNING', 'run again'))
    expect(nameOf(await read('1', 'plain', { maxAge: 'new' }))).toBe('run again')
    expect(nameOf(await read('1'))).toBe('run again')
    expect(reads).toHaveLength(3)
  })

  it.each([
    ['a live job', 'CANCELLING', true],
    ['a terse answer', 'CANCELLED', false],
  ] as const)(
    'of 0 for live jobs shows no job as it ended once it was cancelled: %s',
    async (_what, status, isWhole) => {
      const { items, read, reads, say } = shopWith(0)
      say(() => someJob('1', 'COMPLETED'))
      await read('1')
      await pass(10)
      items.replace({ address: '1', detail: 'plain' }, someJob('1', status), isWhole)
      say(() => someJob('1', 'CANCELLED', 'read again'))
      expect(nameOf(await read('1'))).toBe('read again')
      expect(reads).toHaveLength(2)
    },
  )

  it('for which a terse answer to a change is shown is that of a live job, even when the job has ended', async () => {
    const { items, read, reads } = shopWith(1000)
    items.replace({ address: 'terse', detail: 'plain' }, someJob('terse', 'CANCELLED', 'replaced'), false)
    items.replace({ address: 'whole', detail: 'plain' }, someJob('whole', 'CANCELLED', 'replaced'), true)
    expect([nameOf(await read('terse')), nameOf(await read('whole'))]).toEqual(['replaced', 'replaced'])
    await pass(1001)
    expect([nameOf(await read('terse')), nameOf(await read('whole'))]).toEqual([null, 'replaced'])
    expect(reads).toEqual(['plain terse'])
  })

  it('is short for those who want to know how live jobs are: what has ended a while ago is read again', async () => {
    const { read, reads, say } = shopWith(1000)
    say(() => someJob('1', 'COMPLETED'))
    await read('1')
    await read('1', 'plain', { maxAge: 'live' })
    expect(reads).toHaveLength(1)
    await pass(1001)
    await read('1')
    expect(reads).toHaveLength(1)
    await read('1', 'plain', { maxAge: 'live' })
    expect(reads).toHaveLength(2)
    await read('1', 'plain', { maxAge: 'live' })
    expect(reads).toHaveLength(2)
  })
})
