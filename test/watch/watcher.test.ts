import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { DocketError } from '../../src/job/errors.js'
import { encodeJobId } from '../../src/job/job-id.js'
import type { JobAddress } from '../../src/job/job.js'
import { createMeter } from '../../src/job/meter.js'
import type { JobStatus } from '../../src/job/state.js'
import type { ClusterMessage } from '../../src/watch/cluster-message.js'
import { SINGLE_INSTANCE, type ClusterListener, type ClusterBus } from '../../src/watch/cluster-bus.js'
import { fingerprintOf } from '../../src/watch/subscriber.js'
import { createWatcher, type WatchEvent, type Watcher } from '../../src/watch/watcher.js'
import { createFakeVendor, type FakeVendor } from '../support/fake-vendor.js'
import { failure, jobThatIs } from '../support/some-job.js'

const POLL_MS = 600
const HOUR = 3_600_000
const NOTHING = { jobs: 0, subscribers: 0 }

beforeEach(() => {
  vi.useFakeTimers()
  vi.spyOn(Math, 'random').mockReturnValue(0)
})

afterEach(() => {
  vi.restoreAllMocks()
  vi.useRealTimers()
})

const pass = (ms = 0) => vi.advanceTimersByTimeAsync(ms)
const execution = (id: string): JobAddress => ({ type: 'Execution', path: [id] })
const keyOf = (id: string, scope = 'scope') => `${scope} ${encodeJobId(execution(id))}`

/** A vendor whose jobs are as they are said to be; one that is not mentioned is RUNNING. */
function openWatcher({ peers = SINGLE_INSTANCE, pollMs = POLL_MS }: { peers?: ClusterBus; pollMs?: number } = {}) {
  const vendor = createFakeVendor()
  const jobs: Record<string, JobStatus | Error | null> = {}
  vendor.respondWith((address) => {
    const job = jobs[address.path[0]!]
    return job === null || job instanceof Error ? job : jobThatIs(job ?? 'RUNNING', {}, address)
  })
  const watcher = createWatcher({
    pollMs,
    outageGraceMs: 15_000,
    deadlineMs: 5000,
    meter: createMeter(),
    clusterBus: peers,
  })
  return { vendor, jobs, watcher, watch: (...ids: string[]) => watchWith(watcher, vendor, ids) }
}

/** A reader that has not begun to read. */
function watchWith(
  watcher: Watcher,
  vendor: FakeVendor,
  ids: readonly string[],
  signal = new AbortController().signal,
) {
  const subjects = ids.map((id) => ({ vendor, address: execution(id) }))
  const reader = watcher.watch(subjects, { selection: () => new Set(['status']), signal })
  const told: string[] = []
  return {
    reader,
    told,
    /** Reads all there is, as soon as it is there. */
    read() {
      void (async () => {
        for await (const event of reader) told.push(wordsFor(event))
        told.push('end')
      })()
      return told
    },
  }
}

/** From here on nothing is due for some seconds, of jobs to which nothing has happened for long. */
async function untilQuiet(...vendors: readonly FakeVendor[]): Promise<void> {
  await pass(HOUR)
  const looks = () => vendors.reduce((sum, vendor) => sum + vendor.reads.length, 0)
  for (const before = looks(); looks() === before;) await pass(POLL_MS)
}

function wordsFor(event: WatchEvent): string {
  if ('error' in event) return event.error instanceof DocketError ? event.error.code : event.error.name
  return `${event.job.vendorId} ${event.job.state.status}`
}

/** Other instances: all that they are told, and what they say. */
function openPeers() {
  const told: ClusterMessage[] = []
  const campaigns = new Map<string, (isLeader: boolean) => void>()
  const resigned: string[] = []
  let listener: ClusterListener | undefined
  const peers: ClusterBus = {
    acquireLeadership(job, onLead) {
      expect(campaigns.has(job)).toBe(false)
      campaigns.set(job, onLead)
      return () => {
        campaigns.delete(job)
        resigned.push(job)
      }
    },
    publish: (message) => void told.push(message),
    subscribe(given) {
      expect(listener).toBeUndefined()
      listener = given
    },
    close: () => Promise.resolve(),
  }
  return {
    peers,
    told,
    campaigns,
    resigned,
    say: (message: ClusterMessage) => listener!.onMessage(message),
    gap: () => listener!.onGap(),
  }
}

describe('watching', () => {
  it('reads nothing before somebody asks for the first event', async () => {
    const { vendor, watcher, watch } = openWatcher()
    const { read } = watch('1')
    await pass(HOUR)
    expect(vendor.reads).toEqual([])
    expect(watcher.watching()).toEqual(NOTHING)
    const told = read()
    await pass()
    expect(told).toEqual(['1 RUNNING'])
    expect(watcher.watching()).toEqual({ jobs: 1, subscribers: 1 })
  })

  it('tells each job as it changes and ends with the last of them', async () => {
    const { jobs, watcher, watch } = openWatcher()
    const told = watch('1', '2').read()
    await pass()
    jobs['1'] = 'COMPLETED'
    await pass(2 * POLL_MS)
    expect(watcher.watching()).toEqual({ jobs: 1, subscribers: 1 })
    jobs['2'] = 'CANCELLING'
    await pass(2 * POLL_MS)
    jobs['2'] = 'CANCELLED'
    await pass(2 * POLL_MS)
    expect(told).toEqual(['1 RUNNING', '2 RUNNING', '1 COMPLETED', '2 CANCELLING', '2 CANCELLED', 'end'])
    expect(watcher.watching()).toEqual(NOTHING)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('is of one job for all who watch it', async () => {
    const { vendor, watcher, watch } = openWatcher()
    const readers = [watch('1'), watch('1', '2'), watch('2', '1')]
    readers.forEach(({ read }) => void read())
    await pass()
    expect(watcher.watching()).toEqual({ jobs: 2, subscribers: 3 })
    const before = vendor.reads.length
    await pass(POLL_MS)
    expect(vendor.reads.slice(before).map(({ address }) => address.path[0])).toEqual(['1', '2'])
  })

  it('looks at all jobs in the same moments', async () => {
    const { vendor, watch } = openWatcher()
    const moments = new Map<number, number>()
    for (let id = 0; id < 20; id++) {
      void watch(`${id}`).read()
      await pass(7)
    }
    vendor.respondWith(({ path }) => {
      moments.set(performance.now(), (moments.get(performance.now()) ?? 0) + 1)
      return jobThatIs('RUNNING', {}, execution(path[0]!))
    })
    await pass(10 * POLL_MS)
    expect(moments.size).toBeLessThanOrEqual(11)
    expect(Math.max(...moments.values())).toBe(20)
  })

  it('is of two jobs where the credentials differ', async () => {
    const { watcher, watch } = openWatcher()
    void watch('1').read()
    const other = createFakeVendor({ credentialKey: 'other' })
    other.respondWith(() => jobThatIs('QUEUED'))
    const told = watchWith(watcher, other, ['1']).read()
    await pass()
    expect(watcher.watching()).toEqual({ jobs: 2, subscribers: 2 })
    expect(told).toEqual(['1 QUEUED'])
  })

  it('goes on with the others when one of the jobs fails for good, even if that is found out twice', async () => {
    const { vendor, jobs, watcher, watch } = openWatcher()
    void watch('1').read()
    await pass(POLL_MS / 2)
    vendor.respondWith(null)
    const told = watch('1', '2').read()
    await pass(POLL_MS / 2)
    const [, welcome, other, poll] = vendor.reads
    expect([welcome, other, poll].map((look) => look!.address.path[0])).toEqual(['1', '2', '1'])
    other!.answer(jobThatIs('RUNNING', {}, execution('2')))
    welcome!.answer(null)
    poll!.answer(null)
    jobs['2'] = 'COMPLETED'
    await pass()
    expect(told.sort()).toEqual(['2 RUNNING', 'NOT_FOUND'])
    expect(watcher.watching()).toEqual({ jobs: 1, subscribers: 1 })
  })

  it('of a job that fails for good is possible again', async () => {
    const { jobs, watch } = openWatcher()
    jobs['1'] = null
    const first = watch('1').read()
    await pass(HOUR)
    jobs['1'] = 'COMPLETED'
    const second = watch('1').read()
    await pass(HOUR)
    expect([first, second]).toEqual([
      ['NOT_FOUND', 'end'],
      ['1 COMPLETED', 'end'],
    ])
  })
})

describe('a reader who is slow', () => {
  it('gets the latest of each job, and as many events as there are jobs at most', async () => {
    const { vendor, watch } = openWatcher()
    const { reader, read } = watch('1', '2', '3')
    await reader.next()
    let change = 0
    vendor.respondWith((address) => jobThatIs('RUNNING', { progress: ++change / 10_000 }, address))
    await pass(500 * POLL_MS)
    expect(change).toBeGreaterThan(1000)
    vendor.respondWith((address) => jobThatIs('COMPLETED', {}, address))
    await pass(2 * POLL_MS)
    const told = read()
    await pass()
    expect(told).toEqual(['1 COMPLETED', '2 COMPLETED', '3 COMPLETED', 'end'])
  })

  it('holds up nobody else', async () => {
    const { jobs, watch } = openWatcher()
    const { reader } = watch('1')
    await reader.next()
    const told = watch('1').read()
    for (const status of ['QUEUED', 'RUNNING', 'CANCELLING', 'CANCELLED'] as const) {
      jobs['1'] = status
      await pass(2 * POLL_MS)
    }
    expect(told).toEqual(['1 RUNNING', '1 QUEUED', '1 RUNNING', '1 CANCELLING', '1 CANCELLED', 'end'])
  })

  it('keeps nothing going when all jobs have ended', async () => {
    const { jobs, watcher, watch, vendor } = openWatcher()
    const { reader } = watch('1')
    await reader.next()
    jobs['1'] = 'COMPLETED'
    await pass(HOUR)
    expect(watcher.watching().jobs).toBe(0)
    expect(vi.getTimerCount()).toBe(0)
    expect(vendor.reads).toHaveLength(2)
  })
})

describe('a reader who leaves', () => {
  it.each([
    ['by returning', (reader: AsyncIterator<unknown>) => void reader.return!()],
    ['by aborting', (_reader: AsyncIterator<unknown>, leaving: AbortController) => leaving.abort()],
  ])('%s ends all that was done for nobody else', async (_how, leave) => {
    const { vendor, watcher, watch } = openWatcher()
    const leaving = new AbortController()
    const { reader, read } = watchWith(watcher, vendor, ['1', '2', '3'], leaving.signal)
    const told = read()
    void watch('3').read()
    await pass()
    expect(watcher.watching()).toEqual({ jobs: 3, subscribers: 2 })
    leave(reader, leaving)
    await pass()
    expect(watcher.watching()).toEqual({ jobs: 1, subscribers: 1 })
    expect(told.at(-1)).toBe('end')
    const before = vendor.reads.length
    await pass(3 * POLL_MS)
    expect(new Set(vendor.reads.slice(before).map(({ address }) => address.path[0]))).toEqual(new Set(['3']))
  })

  it('last leaves no timer, and no look under way', async () => {
    const { vendor, watcher, watch } = openWatcher()
    const { reader } = watch('1')
    await reader.next()
    vendor.respondWith(null)
    await pass(POLL_MS)
    await reader.return!()
    expect(vendor.reads[1]!.request.signal.aborted).toBe(true)
    expect(watcher.watching()).toEqual(NOTHING)
    expect(vi.getTimerCount()).toBe(0)
  })

  it.each([
    ['had aborted before', true],
    ['returned', false],
  ])('before reading anything causes no look: one who %s', async (_how, isAborted) => {
    const { vendor, watcher } = openWatcher()
    const { reader } = watchWith(watcher, vendor, ['1'], isAborted ? AbortSignal.abort() : undefined)
    if (!isAborted) await reader.return!()
    expect(await reader.next()).toEqual({ done: true, value: undefined })
    expect(vendor.reads).toEqual([])
    expect(watcher.watching()).toEqual(NOTHING)
  })

  it('may come back, and is shown the present', async () => {
    const { jobs, watch } = openWatcher()
    const first = watch('1')
    await first.reader.next()
    await first.reader.return!()
    jobs['1'] = 'CANCELLING'
    const told = watch('1').read()
    await pass()
    expect(told).toEqual(['1 CANCELLING'])
  })
})

describe('closing', () => {
  it('ends what everybody watches', async () => {
    const { watcher, watch } = openWatcher()
    const readers = [watch('1').read(), watch('1', '2').read()]
    await pass()
    watcher.close()
    await pass()
    expect(readers.map((told) => told.at(-1))).toEqual(['end', 'end'])
    expect(watcher.watching()).toEqual(NOTHING)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('stops looking for who is slow as well, and still gives what is there', async () => {
    const { vendor, watcher, watch } = openWatcher()
    const { reader, read } = watch('1', '2')
    await reader.next()
    await pass()
    watcher.close()
    expect(watcher.watching().jobs).toBe(0)
    expect(vi.getTimerCount()).toBe(0)
    const { length } = vendor.reads
    await pass(HOUR)
    expect(vendor.reads).toHaveLength(length)
    const told = read()
    await pass()
    expect(told).toEqual(['2 RUNNING', 'end'])
    expect(watcher.watching()).toEqual(NOTHING)
  })
})

describe('a wake', () => {
  it('is of the one job, here and everywhere', async () => {
    const { peers, told, campaigns } = openPeers()
    const { vendor, watcher, watch } = openWatcher({ peers })
    void watch('1').read()
    void watch('2').read()
    campaigns.forEach((onLead) => onLead(true))
    await untilQuiet(vendor)
    const before = vendor.reads.length
    watcher.notifyChanged({ vendor, address: execution('1') })
    await pass(POLL_MS)
    expect(vendor.reads.slice(before).map(({ address }) => address.path[0])).toEqual(['1'])
    expect(told.filter(({ kind }) => kind === 'changed')).toEqual([{ kind: 'changed', job: keyOf('1') }])
  })

  it('of a job that is not watched here is told to the others, and nothing is read', async () => {
    const { peers, told } = openPeers()
    const { vendor, watcher } = openWatcher({ peers })
    watcher.notifyChanged({ vendor, address: execution('1') })
    await pass(HOUR)
    expect(told).toEqual([{ kind: 'changed', job: keyOf('1') }])
    expect(vendor.reads).toEqual([])
  })
})

describe('a hint', () => {
  it('has the jobs of the vendor that it names looked at, and no others', async () => {
    const { vendor, watcher, watch } = openWatcher()
    for (const id of ['1', '2', '3']) void watch(id).read()
    const cortex = createFakeVendor({ name: 'CORTEX' })
    cortex.respondWith((address) => jobThatIs('RUNNING', {}, address))
    const record: JobAddress = { type: 'Record', path: ['1', 'col_1', 'rec_1'] }
    const reader = watcher.watch([{ vendor: cortex, address: record }], {
      selection: () => new Set(),
      signal: new AbortController().signal,
    })
    void reader.next()
    await untilQuiet(vendor, cortex)
    const before = [vendor.reads.length, cortex.reads.length]
    const looked = () =>
      [vendor, cortex].map(
        ({ reads }, at) => new Set(reads.slice(before[at]).map(({ address }) => address.path.at(-1))),
      )
    // Places are no ids of jobs, and nothing is looked at that nobody watches.
    watcher.notifyMentioned('CORTEX', ['1', 'col_1', 'rec_9', 'Record', ''])
    await pass(POLL_MS)
    expect(looked()).toEqual([new Set(), new Set()])
    watcher.notifyMentioned('KODEXA', ['1', '3', '3', '9', 'rec_1'])
    await pass(POLL_MS)
    expect(looked()).toEqual([new Set(['1', '3']), new Set()])
    watcher.notifyMentioned('CORTEX', ['rec_1'])
    await pass(POLL_MS)
    expect(looked()).toEqual([new Set(['1', '3']), new Set(['rec_1'])])
  })

  it('is told to the others', () => {
    const { peers, told } = openPeers()
    openWatcher({ peers }).watcher.notifyMentioned('CORTEX', ['rec_1'])
    expect(told).toEqual([{ kind: 'mentioned', vendor: 'CORTEX', strings: ['rec_1'] }])
  })
})

describe('among other instances', () => {
  it('a campaign is led for each job once, while somebody watches it here', async () => {
    const { peers, campaigns, resigned } = openPeers()
    const { watch, jobs } = openWatcher({ peers })
    const [first, second] = [watch('1'), watch('1', '2')]
    void first.read()
    void second.read()
    await pass()
    expect([...campaigns.keys()]).toEqual([keyOf('1'), keyOf('2')])
    await first.reader.return!()
    expect(resigned).toEqual([])
    await second.reader.return!()
    expect(resigned).toEqual([keyOf('1'), keyOf('2')])
    jobs['1'] = 'COMPLETED'
    void watch('1').read()
    await pass()
    expect(resigned).toEqual([keyOf('1'), keyOf('2'), keyOf('1')])
  })

  it('one that does not lead reads once and then at the word of the leader', async () => {
    const { peers, campaigns, say } = openPeers()
    const { watch, jobs, vendor } = openWatcher({ peers })
    const told = watch('1').read()
    campaigns.get(keyOf('1'))!(false)
    await pass(HOUR)
    expect(vendor.reads).toHaveLength(1)
    jobs['1'] = 'CANCELLING'
    say({ kind: 'update', job: keyOf('1'), fingerprint: fingerprintOf(jobThatIs('CANCELLING')) })
    await pass()
    jobs['1'] = failure('VENDOR_TIMEOUT')
    say({ kind: 'outage', job: keyOf('1'), code: 'VENDOR_TIMEOUT', message: 'Slow.' })
    await pass()
    expect(told).toEqual(['1 RUNNING', '1 CANCELLING', 'VENDOR_TIMEOUT'])
  })

  it('one that leads tells what it sees, and wakes when it is told to', async () => {
    const { peers, campaigns, told, say } = openPeers()
    const { watch, jobs, vendor } = openWatcher({ peers })
    void watch('1').read()
    campaigns.get(keyOf('1'))!(true)
    await untilQuiet(vendor)
    jobs['1'] = 'CANCELLING'
    let before = vendor.reads.length
    say({ kind: 'changed', job: keyOf('1') })
    await pass(POLL_MS)
    expect(vendor.reads).toHaveLength(before + 1)
    await untilQuiet(vendor)
    before = vendor.reads.length
    say({ kind: 'mentioned', vendor: 'KODEXA', strings: ['1'] })
    await pass(POLL_MS)
    expect(vendor.reads).toHaveLength(before + 1)
    jobs['1'] = failure('VENDOR_TIMEOUT')
    await pass(HOUR)
    const statuses = ['RUNNING', 'CANCELLING'] as const
    const changes = told.filter((message, index) => JSON.stringify(message) !== JSON.stringify(told[index - 1]))
    expect(changes.slice(0, 2)).toEqual(
      statuses.map((status) => ({ kind: 'update', job: keyOf('1'), fingerprint: fingerprintOf(jobThatIs(status)) })),
    )
    expect(changes[2]).toEqual({
      kind: 'outage',
      job: keyOf('1'),
      code: 'VENDOR_TIMEOUT',
      message: 'Kodexa did VENDOR_TIMEOUT.',
    })
    // What was heard is not passed on: it would go round for ever.
    expect(told.filter(({ kind }) => kind === 'changed' || kind === 'mentioned')).toEqual([])
  })

  it.each<ClusterMessage>([
    { kind: 'update', job: 'unknown', fingerprint: 'x' },
    { kind: 'outage', job: 'unknown', code: 'VENDOR_TIMEOUT', message: 'x' },
    { kind: 'changed', job: 'unknown' },
    { kind: 'mentioned', vendor: 'unknown', strings: ['1'] },
  ])('what is not watched here is nobody’s business: $kind', async (message) => {
    const { peers, campaigns, say } = openPeers()
    const { watch, vendor } = openWatcher({ peers })
    void watch('1').read()
    campaigns.get(keyOf('1'))!(false)
    await pass()
    say(message)
    await pass(HOUR)
    expect(vendor.reads).toHaveLength(1)
  })

  it('whatever may have been missed is looked at again, where another one leads', async () => {
    const { peers, campaigns, gap } = openPeers()
    const { watch, jobs, vendor } = openWatcher({ peers })
    const told = [watch('1').read(), watch('2').read()]
    campaigns.get(keyOf('1'))!(false)
    campaigns.get(keyOf('2'))!(false)
    await pass(HOUR)
    jobs['1'] = 'COMPLETED'
    gap()
    await pass()
    expect(told).toEqual([['1 RUNNING', '1 COMPLETED', 'end'], ['2 RUNNING']])
    expect(vendor.reads).toHaveLength(4)
  })
})
