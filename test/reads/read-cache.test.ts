import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Job } from '../../src/job/job.js'
import { JOB_STATUSES, isTerminalStatus, jobState, type JobStatus } from '../../src/job/state.js'
import { createReadCache, type ReadCache, type ReadItem } from '../../src/reads/read-cache.js'
import { createMemoryStore } from '../../src/reads/memory-store.js'

const NO_FACTS = { createdAt: null, startedAt: null, endedAt: null, vendorStatus: null }

const someJob = (status: JobStatus, name = 'a job'): Job => ({
  address: { type: 'Execution', path: ['1'] },
  vendor: 'KODEXA',
  vendorId: '1',
  name,
  state: jobState(status, NO_FACTS),
  vendorStatus: null,
  createdAt: null,
  updatedAt: null,
  startedAt: null,
  endedAt: null,
})

const read = (status: JobStatus, name?: string): ReadItem => ({ item: someJob(status, name), detail: 'plain' })
const notFound: ReadItem = { item: null, detail: 'plain' }

function openFreshness(times: { terminalMs?: number; liveMs?: number } = {}): ReadCache {
  return createReadCache({
    jobStore: createMemoryStore(1_000_000),
    responseStore: createMemoryStore(1_000_000),
    terminalMs: 60_000,
    liveMs: 1000,
    ...times,
  })
}

/** What is shown for each key. */
async function shown(freshness: ReadCache, ...keys: readonly string[]): Promise<(ReadItem | undefined)[]> {
  return (await freshness.getItems<Job, string>(keys, 'any')).map(([first]) => first)
}

async function kept(freshness: ReadCache, key = 'a'): Promise<ReadItem | undefined> {
  return (await shown(freshness, key))[0]
}

let passedMs = 0

beforeEach(() => {
  passedMs = 0
  for (const clock of [performance, Date]) {
    const now = clock.now.bind(clock)
    vi.spyOn(clock, 'now').mockImplementation(() => now() + passedMs)
  }
})
afterEach(() => void vi.restoreAllMocks())

/** Lets so much time pass. What is kept looks at its clock once a millisecond. */
async function pass(ms: number): Promise<void> {
  passedMs += ms
  await delay(5)
}

describe('a job that was read', () => {
  it.each(JOB_STATUSES.filter(isTerminalStatus))('is kept for the longer time when it is %s', async (status) => {
    const freshness = openFreshness()
    freshness.putItem('a', read(status), Date.now())
    await pass(50_000)
    expect(await kept(freshness)).toEqual(read(status))
    await pass(10_001)
    expect(await kept(freshness)).toBeUndefined()
  })

  it.each(JOB_STATUSES.filter((status) => !isTerminalStatus(status)))(
    'is kept for the shorter time when it is %s',
    async (status) => {
      const freshness = openFreshness()
      freshness.putItem('a', read(status), Date.now())
      await pass(500)
      expect(await kept(freshness)).toEqual(read(status))
      await pass(501)
      expect(await kept(freshness)).toBeUndefined()
    },
  )

  it('is kept for the shorter time when there is no such job', async () => {
    const freshness = openFreshness()
    freshness.putItem('a', notFound, Date.now())
    await pass(500)
    expect(await kept(freshness)).toEqual(notFound)
    await pass(501)
    expect(await kept(freshness)).toBeUndefined()
  })

  it('is kept for itself alone, and given in the order asked for', async () => {
    const freshness = openFreshness()
    freshness.putItem('a', read('RUNNING', 'first'), Date.now())
    freshness.putItem('b', notFound, Date.now())
    expect(await shown(freshness, 'b', 'c', 'a', 'b')).toEqual([
      notFound,
      undefined,
      read('RUNNING', 'first'),
      notFound,
    ])
    expect(await shown(freshness)).toEqual([])
  })

  it('begins its time anew when it is read again', async () => {
    const freshness = openFreshness()
    freshness.putItem('a', read('RUNNING'), Date.now())
    await pass(600)
    freshness.putItem('a', read('RUNNING'), Date.now())
    await pass(600)
    expect(await kept(freshness)).toEqual(read('RUNNING'))
  })

  it('lives shorter again when it is run again', async () => {
    const freshness = openFreshness()
    freshness.putItem('a', read('COMPLETED'), Date.now())
    freshness.putItem('a', read('RUNNING'), Date.now())
    expect(await kept(freshness)).toEqual(read('RUNNING'))
    await pass(1001)
    expect(await kept(freshness)).toBeUndefined()
  })
})

describe('something older', () => {
  it('does not replace something newer, whatever it says', async () => {
    const freshness = openFreshness()
    const now = Date.now()
    freshness.putItem('a', read('CANCELLING'), now)
    freshness.putItem('a', read('COMPLETED'), now - 1)
    freshness.putItem('a', notFound, now - 1000)
    expect(await kept(freshness)).toEqual(read('CANCELLING'))
  })

  it('does not lengthen the life of something newer', async () => {
    const freshness = openFreshness()
    const now = Date.now()
    freshness.putItem('a', read('RUNNING'), now)
    await pass(500)
    freshness.putItem('a', read('COMPLETED'), now - 1)
    await pass(501)
    expect(await kept(freshness)).toBeUndefined()
  })

  it('is not shown any more once something newer was read that may not be kept', async () => {
    const freshness = openFreshness({ liveMs: 0 })
    const now = Date.now()
    freshness.putItem('a', read('COMPLETED'), now - 10)
    freshness.putItem('a', read('RUNNING'), now)
    freshness.putItem('b', read('COMPLETED'), now - 10)
    freshness.putItem('b', notFound, now)
    freshness.putItem('c', read('COMPLETED'), now)
    freshness.putItem('c', read('RUNNING'), now - 10)
    expect(await shown(freshness, 'a', 'b', 'c')).toEqual([undefined, undefined, read('COMPLETED')])
  })

  it('is replaced by something of the same moment', async () => {
    const freshness = openFreshness()
    const now = Date.now()
    freshness.putItem('a', read('RUNNING'), now)
    freshness.putItem('a', read('COMPLETED'), now)
    expect(await kept(freshness)).toEqual(read('COMPLETED'))
  })
})

describe('with times of 0', () => {
  it('nothing is kept', async () => {
    const freshness = openFreshness({ terminalMs: 0, liveMs: 0 })
    freshness.putItem('a', read('COMPLETED'), Date.now())
    freshness.putItem('b', read('RUNNING'), Date.now())
    freshness.putItem('c', notFound, Date.now())
    freshness.putResponse('d', ['a list'], Date.now())
    expect(await shown(freshness, 'a', 'b', 'c', 'd')).toEqual([undefined, undefined, undefined, undefined])
    expect(await freshness.getResponse('d')).toBeUndefined()
  })

  it('only what has a time is kept', async () => {
    const liveOnly = openFreshness({ terminalMs: 0 })
    const terminalOnly = openFreshness({ liveMs: 0 })
    for (const freshness of [liveOnly, terminalOnly]) {
      freshness.putItem('ended', read('COMPLETED'), Date.now())
      freshness.putItem('live', read('RUNNING'), Date.now())
      freshness.putResponse('list', [], Date.now())
    }
    expect(await shown(liveOnly, 'ended', 'live')).toEqual([undefined, read('RUNNING')])
    expect(await liveOnly.getResponse('list')).toEqual([])
    expect(await shown(terminalOnly, 'ended', 'live')).toEqual([read('COMPLETED'), undefined])
    expect(await terminalOnly.getResponse('list')).toBeUndefined()
  })
})

describe('any other answer', () => {
  it.each([[['a', 'list']], [null], [''], [0], [false], [{ deep: { er: [1] } }]])(
    'is kept for the shorter time: %j',
    async (answer) => {
      const freshness = openFreshness()
      freshness.putResponse('a', answer, Date.now())
      await pass(500)
      expect(await freshness.getResponse('a')).toEqual(answer)
      await pass(501)
      expect(await freshness.getResponse('a')).toBeUndefined()
    },
  )

  it('is not replaced by an older one', async () => {
    const freshness = openFreshness()
    const now = Date.now()
    freshness.putResponse('a', 'new', now)
    freshness.putResponse('a', 'old', now - 1)
    expect(await freshness.getResponse('a')).toBe('new')
  })

  it('that is nothing is not kept', async () => {
    const freshness = openFreshness()
    freshness.putResponse('a', undefined, Date.now())
    expect(await freshness.getResponse('a')).toBeUndefined()
  })
})

describe('an answer that was long in coming', () => {
  it('has used up its time on the way', async () => {
    const freshness = openFreshness()
    freshness.putItem('live', read('RUNNING'), Date.now() - 1001)
    freshness.putItem('ended', read('COMPLETED'), Date.now() - 60_001)
    freshness.putItem('just ended', read('COMPLETED'), Date.now() - 1001)
    freshness.putResponse('list', [], Date.now() - 1001)
    expect(await shown(freshness, 'live', 'ended', 'just ended')).toEqual([undefined, undefined, read('COMPLETED')])
    expect(await freshness.getResponse('list')).toBeUndefined()
  })

  it('has only the rest of its time left', async () => {
    const freshness = openFreshness()
    freshness.putItem('live', read('RUNNING'), Date.now() - 600)
    freshness.putItem('ended', read('COMPLETED'), Date.now() - 40_000)
    freshness.putResponse('list', [], Date.now() - 600)
    expect(await shown(freshness, 'live', 'ended')).toEqual([read('RUNNING'), read('COMPLETED')])
    await pass(401)
    expect(await kept(freshness, 'live')).toBeUndefined()
    expect(await freshness.getResponse('list')).toBeUndefined()
    await pass(19_600)
    expect(await kept(freshness, 'ended')).toBeUndefined()
  })

  it('does not come back when what replaced it has had its time', async () => {
    const begun = Date.now()
    const freshness = openFreshness()
    await pass(500)
    freshness.replaceItem('a', read('CANCELLING'), true)
    await pass(1001)
    freshness.putItem('a', read('RUNNING'), begun)
    expect(await kept(freshness)).toBeUndefined()
  })
})

describe('what the vendor just said of a job that was changed', () => {
  it('takes the place of anything else, whatever its clock said', async () => {
    const freshness = openFreshness()
    freshness.putItem('a', read('RUNNING'), Date.now() + 10_000)
    freshness.replaceItem('a', read('CANCELLED'), true)
    expect(await kept(freshness)).toEqual(read('CANCELLED'))
  })

  it('is kept for the shorter time where it was terse, even when the job has ended', async () => {
    const freshness = openFreshness()
    freshness.replaceItem('terse', read('CANCELLED'), false)
    freshness.replaceItem('whole', read('CANCELLED'), true)
    expect(await shown(freshness, 'terse', 'whole')).toEqual([read('CANCELLED'), read('CANCELLED')])
    await pass(1001)
    expect(await shown(freshness, 'terse', 'whole')).toEqual([undefined, read('CANCELLED')])
  })

  it.each([
    ['a live job', 'CANCELLING', true],
    ['a terse answer', 'CANCELLED', false],
  ] as const)('leaves nothing older behind where it may not be kept itself: %s', async (_what, status, isWhole) => {
    const freshness = openFreshness({ liveMs: 0 })
    freshness.putItem('a', read('COMPLETED'), Date.now() - 10)
    freshness.replaceItem('a', read(status), isWhole)
    expect(await kept(freshness)).toBeUndefined()
  })

  it('can be that it is to be read again', async () => {
    const freshness = openFreshness()
    freshness.putItem('a', read('COMPLETED'), Date.now())
    freshness.putItem('b', read('COMPLETED'), Date.now() + 10_000)
    for (const key of ['a', 'b']) freshness.deleteItem(key)
    expect(await shown(freshness, 'a', 'b')).toEqual([undefined, undefined])
  })
})

describe('a job that was seen in a list', () => {
  it('is shown for the shorter time, even when it has ended', async () => {
    const freshness = openFreshness()
    freshness.putListItem('a', read('COMPLETED'), Date.now())
    expect(await kept(freshness)).toEqual(read('COMPLETED'))
    await pass(1001)
    expect(await kept(freshness)).toBeUndefined()
  })

  it('comes behind the one that was asked for, and does not replace it', async () => {
    const freshness = openFreshness()
    const now = Date.now()
    freshness.putItem('a', read('RUNNING', 'asked for'), now)
    freshness.putListItem('a', read('RUNNING', 'seen'), now)
    const [both] = await freshness.getItems<Job, string>(['a'], 'any')
    expect(both!.map(({ item }) => item?.name)).toEqual(['asked for', 'seen'])
  })

  it('is not shown when the job was read by itself since then', async () => {
    const freshness = openFreshness()
    const now = Date.now()
    freshness.putItem('a', read('CANCELLED', 'asked for'), now)
    freshness.putListItem('a', read('RUNNING', 'seen'), now - 1)
    const [both] = await freshness.getItems<Job, string>(['a'], 'any')
    expect(both!.map(({ item }) => item?.name)).toEqual(['asked for'])
  })

  it('is as much one of several that are asked for together', async () => {
    const freshness = openFreshness()
    freshness.putListItem('a', read('RUNNING', 'seen'), Date.now())
    freshness.putItem('b', read('RUNNING', 'asked for'), Date.now())
    const all = await freshness.getItems<Job, string>(['b', 'c', 'a'], 'any')
    expect(all.map((some) => some.map(({ item }) => item?.name))).toEqual([['asked for'], [], ['seen']])
  })

  it('is not kept without a time for live jobs', async () => {
    const freshness = openFreshness({ liveMs: 0 })
    freshness.putListItem('a', read('COMPLETED'), Date.now())
    expect(await kept(freshness)).toBeUndefined()
  })
})

describe('whoever wants to know how a live job is', () => {
  it('is not shown a job as it ended a while ago', async () => {
    const freshness = openFreshness()
    freshness.putItem('a while ago', read('COMPLETED'), Date.now() - 2000)
    freshness.putItem('just now', read('COMPLETED'), Date.now())
    const keys = ['a while ago', 'just now']
    expect((await freshness.getItems(keys, 'live')).map(({ length }) => length)).toEqual([0, 1])
    expect((await freshness.getItems(keys, 'any')).map(({ length }) => length)).toEqual([1, 1])
  })

  it('is shown nothing where live jobs are not kept', async () => {
    const freshness = openFreshness({ liveMs: 0 })
    freshness.putItem('a', read('COMPLETED'), Date.now() - 1)
    expect(await freshness.getItems(['a'], 'live')).toEqual([[]])
    expect(await freshness.getItems(['a'], 'any')).toEqual([[read('COMPLETED')]])
  })
})
