import { getEventListeners } from 'node:events'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { BadInputError, DocketError, VENDOR_ERROR_CODES } from '../../src/job/errors.js'
import { createMeter } from '../../src/job/meter.js'
import { JOB_STATUSES, isTerminalStatus } from '../../src/job/state.js'
import { createTicker } from '../../src/watch/ticker.js'
import { fingerprintOf } from '../../src/watch/subscriber.js'
import { watchJob } from '../../src/watch/watched-job.js'
import { createFakeVendor, type FakeRead, type ReadResult } from '../support/fake-vendor.js'
import { failure, jobThatIs, SOME_ADDRESS } from '../support/some-job.js'

const POLL_MS = 600
const OUTAGE_MS = 15_000
const HOUR = 3_600_000
const LASTING = ['UNAUTHENTICATED', 'VENDOR_UNAUTHORIZED', 'VENDOR_NOT_CONFIGURED', 'VENDOR_UNSUPPORTED'] as const
const PASSING = VENDOR_ERROR_CODES.filter((code) => !(LASTING as readonly string[]).includes(code))

beforeEach(() => {
  vi.useFakeTimers()
  // Moments are at 0, 600, 1200 … and pauses as long as they say.
  vi.spyOn(Math, 'random').mockReturnValue(0)
})

afterEach(() => {
  vi.restoreAllMocks()
  vi.useRealTimers()
})

const pass = (ms = 0) => vi.advanceTimersByTimeAsync(ms)

/** A job with everything that it tells; led from here unless another instance is said to. */
function openJob({ leads = true, pollMs = POLL_MS }: { leads?: boolean; pollMs?: number } = {}) {
  const vendor = createFakeVendor()
  const news: string[] = []
  const outages: string[] = []
  const onEmpty = vi.fn<() => void>()
  const onWake = vi.fn<() => void>()
  const watched = watchJob({
    vendor,
    address: SOME_ADDRESS,
    bounds: { minMs: pollMs, maxMs: Math.max(pollMs, 10_000) },
    ticker: createTicker(POLL_MS),
    outageGraceMs: OUTAGE_MS,
    deadlineMs: 5000,
    meter: createMeter(),
    onUpdate: (print) => void news.push(print),
    onOutage: ({ code }) => void outages.push(code),
    onChangeSeen: onWake,
    onEmpty,
  })
  watched.setLeader(leads)
  return {
    vendor,
    watched,
    news,
    outages,
    onWake: () => undefined,
    onEmpty,
    wakes: () => onWake.mock.calls.length,
    /** What a viewer of these fields is told: statuses, codes of failures, and the end. */
    join(...fields: string[]) {
      const told: string[] = []
      const leave = watched.subscribe({
        selection: (...path) => new Set(path.length === 0 ? fields : path[0] === 'rules' ? ['run'] : []),
        next: ({ state }) =>
          void told.push(state.status === 'RUNNING' && state.progress ? `${state.progress}` : state.status),
        error: (error) => void told.push(error instanceof DocketError ? error.code : error.name),
        complete: () => void told.push('end'),
      })
      return { told, leave }
    },
  }
}

const running = (progress: number | null = null) => jobThatIs('RUNNING', { progress })
const urgencies = (looks: readonly FakeRead[]) =>
  looks.map(({ request }) => (request.maxAge === 'new' ? 'scheduled' : 'subscribe'))

describe('a watched job', () => {
  it('is told at once, then at each change of status, and ends with the job', async () => {
    const { vendor, join, onEmpty } = openJob()
    const statuses = ['QUEUED', 'RUNNING', 'RUNNING', 'CANCELLING', 'CANCELLED'] as const
    let turn = 0
    vendor.respondWith(() => jobThatIs(statuses[turn++]!))
    const { told } = join('status')
    await pass()
    expect(told).toEqual(['QUEUED'])
    await pass(HOUR)
    expect(told).toEqual(['QUEUED', 'RUNNING', 'CANCELLING', 'CANCELLED', 'end'])
    expect(urgencies(vendor.reads)).toEqual(['subscribe', 'scheduled', 'scheduled', 'scheduled', 'scheduled'])
    expect(onEmpty).toHaveBeenCalledTimes(1)
    expect(vi.getTimerCount()).toBe(0)
  })

  it.each(JOB_STATUSES)('that is %s is looked at again unless that is its end', async (status) => {
    const { vendor, join } = openJob()
    vendor.respondWith(() => jobThatIs(status))
    const { told } = join('status')
    await pass(3 * POLL_MS)
    expect(told).toEqual(isTerminalStatus(status) ? [status, 'end'] : [status])
    if (isTerminalStatus(status)) expect(vendor.reads).toHaveLength(1)
    else expect(vendor.reads.length).toBeGreaterThan(2)
  })

  it('is told again when its progress has changed, and not when nothing that is watched has', async () => {
    const { vendor, join } = openJob()
    const readings = [running(0.1), { ...running(0.1), name: 'renamed', updatedAt: new Date(1) }, running(0.7)]
    let turn = 0
    vendor.respondWith(() => readings[turn++] ?? jobThatIs('COMPLETED'))
    const { told } = join('status')
    await pass(HOUR)
    expect(told).toEqual(['0.1', '0.7', 'COMPLETED', 'end'])
  })

  it('is looked at less and less often while nothing happens, and often again after a change', async () => {
    const { vendor, join } = openJob()
    vendor.respondWith(() => running())
    join('status')
    const looksIn = async (ms: number) => {
      const before = vendor.reads.length
      await pass(ms)
      return vendor.reads.length - before
    }
    expect(await looksIn(6000)).toBeGreaterThanOrEqual(9)
    await pass(HOUR)
    expect(await looksIn(60_000)).toBeLessThanOrEqual(7)
    vendor.respondWith(() => running(0.5))
    await pass(10_600)
    expect(await looksIn(6000)).toBeGreaterThanOrEqual(9)
  })

  it('is never looked at again while a look is under way', async () => {
    const { vendor, join } = openJob()
    const { told } = join('status')
    vendor.reads[0]!.answer(running())
    await pass(POLL_MS)
    expect(vendor.reads).toHaveLength(2)
    await pass(HOUR)
    expect(vendor.reads).toHaveLength(2)
    vendor.reads[1]!.answer(running(0.5))
    await pass(POLL_MS)
    expect(vendor.reads).toHaveLength(3)
    expect(told).toEqual(['RUNNING', '0.5'])
  })
})

describe('many viewers of a job', () => {
  it('cost one look each as they come, and one for all of them from then on', async () => {
    const { vendor, join } = openJob()
    vendor.respondWith(() => running())
    const viewers = Array.from({ length: 50 }, () => join('status'))
    await pass()
    expect(urgencies(vendor.reads)).toEqual(Array(50).fill('subscribe'))
    await pass(10 * POLL_MS)
    expect(vendor.reads.length).toBeLessThanOrEqual(60)
    vendor.respondWith(() => jobThatIs('COMPLETED'))
    await pass(HOUR)
    expect(viewers.map(({ told }) => told)).toEqual(Array(50).fill(['RUNNING', 'COMPLETED', 'end']))
  })

  it('get a look at what each alone wants as they come, and at what any of them wants from then on', async () => {
    const { vendor, join } = openJob()
    vendor.respondWith(() => running())
    join('status', 'rules')
    const other = join('status', 'name')
    await pass(POLL_MS)
    expect(vendor.reads.map(({ selection }) => [...selection()].sort())).toEqual([
      ['rules', 'status'],
      ['name', 'status'],
      ['name', 'rules', 'status'],
    ])
    expect([...vendor.reads[2]!.selection('rules')]).toEqual(['run'])
    other.leave()
    await pass(2 * POLL_MS)
    expect([...vendor.reads.at(-1)!.selection()].sort()).toEqual(['rules', 'status'])
  })

  it('are shown nothing of a look that began before they came and did not ask for what they want', async () => {
    const { vendor, join } = openJob()
    const first = join('status')
    vendor.reads[0]!.answer(running())
    await pass(POLL_MS)
    const late = join('name')
    const [, poll, welcome] = vendor.reads
    expect([...poll!.selection()]).toEqual(['status'])
    expect([...welcome!.selection()]).toEqual(['name'])
    poll!.answer(running(0.5))
    await pass()
    expect(first.told).toEqual(['RUNNING', '0.5'])
    expect(late.told).toEqual([])
    welcome!.answer(running(0.5))
    await pass(POLL_MS)
    expect(late.told).toEqual(['0.5'])
    expect([...vendor.reads[3]!.selection()].sort()).toEqual(['name', 'status'])
  })

  it('see soon what one who comes late is the first to see', async () => {
    const { vendor, join } = openJob()
    vendor.respondWith(() => running())
    const first = join('status')
    // By now there are ten seconds between looks.
    await pass(HOUR)
    vendor.respondWith(() => running(0.5))
    const late = join('status')
    await pass(POLL_MS)
    expect(first.told).toEqual(['RUNNING', '0.5'])
    expect(late.told).toEqual(['0.5'])
  })

  it('are not looked for again because of one who comes late and sees nothing new', async () => {
    const { vendor, join } = openJob()
    vendor.respondWith(() => running())
    join('status')
    await pass(HOUR)
    const before = vendor.reads.length
    for (let count = 0; count < 20; count++) join('status')
    await pass(POLL_MS)
    expect(urgencies(vendor.reads.slice(before)).filter((urgency) => urgency === 'scheduled').length).toBeLessThanOrEqual(
      1,
    )
  })

  it('leave without disturbing each other', async () => {
    const { vendor, join, onEmpty } = openJob()
    vendor.respondWith(() => running())
    const [first, second] = [join('status'), join('status')]
    await pass(POLL_MS)
    first.leave()
    first.leave()
    expect(onEmpty).not.toHaveBeenCalled()
    vendor.respondWith(() => jobThatIs('COMPLETED'))
    await pass(POLL_MS)
    expect(first.told).toEqual(['RUNNING'])
    expect(second.told).toEqual(['RUNNING', 'COMPLETED', 'end'])
    expect(onEmpty).toHaveBeenCalledTimes(1)
  })
})

describe('the last viewer who leaves', () => {
  it('leaves no timer', async () => {
    const { vendor, join, onEmpty } = openJob()
    vendor.respondWith(() => running())
    const { leave } = join('status')
    await pass(POLL_MS)
    expect(vi.getTimerCount()).toBe(1)
    leave()
    expect(vi.getTimerCount()).toBe(0)
    leave()
    expect(onEmpty).toHaveBeenCalledTimes(1)
    const { length } = vendor.reads
    await pass(HOUR)
    expect(vendor.reads).toHaveLength(length)
  })

  it.each([
    ['the first look', 0],
    ['a later look', 1],
  ])('in the middle of %s aborts it, and is told nothing of that', async (_which, at) => {
    const { vendor, join, onEmpty } = openJob()
    const { told, leave } = join('status')
    if (at === 1) vendor.reads[0]!.answer(running())
    await pass(POLL_MS)
    const { signal } = vendor.reads[at]!.request
    expect(signal.aborted).toBe(false)
    leave()
    expect(signal.aborted).toBe(true)
    await pass(HOUR)
    expect(told).toEqual(at === 1 ? ['RUNNING'] : [])
    expect(vendor.reads).toHaveLength(at + 1)
    expect(onEmpty).toHaveBeenCalledTimes(1)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('before the answer comes all the same is shown nothing', async () => {
    const { vendor, join, watched } = openJob()
    const { told, leave } = join('status')
    vendor.reads[0]!.answer(running())
    leave()
    watched.pollSoon()
    watched.onLeaderUpdate('print')
    watched.resync()
    watched.setLeader(false)
    watched.setLeader(true)
    await pass(HOUR)
    expect(told).toEqual([])
    expect(vendor.reads).toHaveLength(1)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('is not waited for by more and more listeners', async () => {
    const { vendor, join } = openJob()
    vendor.respondWith(() => running())
    join('status')
    await pass(100 * POLL_MS)
    const signals = new Set(vendor.reads.map(({ request }) => request.signal))
    expect(signals.size).toBe(1)
    // The vendor's own, one a look; nothing is added by watching.
    expect(getEventListeners([...signals][0]!, 'abort').length).toBe(vendor.reads.length)
  })
})

describe('a wake', () => {
  it('brings the next look forward to the next moment, and looks follow each other quickly again', async () => {
    const { vendor, join, watched } = openJob()
    vendor.respondWith(() => running())
    const { told } = join('status')
    await pass(HOUR)
    vendor.respondWith(() => jobThatIs('CANCELLING'))
    watched.pollSoon()
    await pass(POLL_MS)
    expect(told).toEqual(['RUNNING', 'CANCELLING'])
    vendor.respondWith(() => jobThatIs('CANCELLED'))
    await pass(2 * POLL_MS)
    expect(told).toEqual(['RUNNING', 'CANCELLING', 'CANCELLED', 'end'])
  })

  it('in the middle of a look is followed by another look at once, for the first may have come too early', async () => {
    const { vendor, join, watched } = openJob({ pollMs: HOUR })
    join('status')
    vendor.reads[0]!.answer(running())
    watched.pollSoon()
    await pass(POLL_MS)
    expect(vendor.reads).toHaveLength(2)
    watched.pollSoon()
    await pass(POLL_MS)
    expect(vendor.reads).toHaveLength(2)
    vendor.reads[1]!.answer(running())
    await pass(POLL_MS)
    expect(vendor.reads).toHaveLength(3)
    vendor.reads[2]!.answer(running())
    await pass(10 * POLL_MS)
    expect(vendor.reads).toHaveLength(3)
  })

  it('a hundred times over costs one look a moment', async () => {
    const { vendor, join, watched } = openJob()
    vendor.respondWith(() => running())
    join('status')
    await pass(HOUR)
    const before = vendor.reads.length
    for (let count = 0; count < 100; count++) {
      watched.pollSoon()
      await pass(30)
    }
    // 3000 ms are five moments.
    expect(vendor.reads.length - before).toBeGreaterThanOrEqual(4)
    expect(vendor.reads.length - before).toBeLessThanOrEqual(6)
  })

  it('of a job that nobody watches does nothing', async () => {
    const { vendor, watched } = openJob()
    watched.pollSoon()
    await pass(HOUR)
    expect(vendor.reads).toEqual([])
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('two looks at a time', () => {
  it('never let what is older overwrite what is newer', async () => {
    const { vendor, join, watched } = openJob()
    const first = join('status')
    vendor.reads[0]!.answer(jobThatIs('QUEUED'))
    await pass(POLL_MS / 2)
    const late = join('status')
    await pass(POLL_MS / 2)
    const [, welcome, poll] = vendor.reads
    poll!.answer(running(0.5))
    await pass()
    welcome!.answer(jobThatIs('QUEUED'))
    vendor.respondWith(() => running(0.5))
    watched.pollSoon()
    await pass(POLL_MS)
    expect(first.told).toEqual(['QUEUED', '0.5'])
    expect(late.told).toEqual(['0.5'])
  })

  it('that both end the job end it once', async () => {
    const { vendor, join, onEmpty } = openJob()
    join('status')
    vendor.reads[0]!.answer(running())
    await pass(POLL_MS / 2)
    const late = join('status')
    await pass(POLL_MS / 2)
    const [, welcome, poll] = vendor.reads
    welcome!.answer(jobThatIs('COMPLETED'))
    poll!.answer(jobThatIs('COMPLETED'))
    await pass(HOUR)
    expect(late.told).toEqual(['COMPLETED', 'end'])
    expect(onEmpty).toHaveBeenCalledTimes(1)
  })

  it('that both find no job say so once', async () => {
    const { vendor, join, onEmpty } = openJob()
    const first = join('status')
    vendor.reads[0]!.answer(running())
    await pass(POLL_MS / 2)
    const late = join('status')
    await pass(POLL_MS / 2)
    const [, welcome, poll] = vendor.reads
    welcome!.answer(null)
    poll!.answer(null)
    await pass(HOUR)
    expect(late.told).toEqual(['NOT_FOUND', 'end'])
    expect(first.told).toEqual(['RUNNING', 'NOT_FOUND', 'end'])
    expect(onEmpty).toHaveBeenCalledTimes(1)
  })

  it('tell nothing more to who has left meanwhile, not even that there is no job', async () => {
    const { vendor, join } = openJob()
    const [leaver, stayer] = [join('status'), join('status')]
    vendor.reads.forEach(({ answer }) => answer(running()))
    await pass(POLL_MS)
    leaver.leave()
    vendor.reads[2]!.answer(null)
    await pass()
    expect(leaver.told).toEqual(['RUNNING'])
    expect(stayer.told).toEqual(['RUNNING', 'NOT_FOUND', 'end'])
  })
})

describe('a job that cannot be read for good', () => {
  it.each<[what: string, reading: ReadResult, name: string]>([
    ['is unknown', null, 'NOT_FOUND'],
    ['cannot be one', new BadInputError('This is not an id.'), 'BAD_INPUT'],
    ...LASTING.map((code): [string, ReadResult, string] => [`has a vendor that says ${code}`, failure(code), code]),
    ['runs into a bug', new TypeError('undefined is not a function'), 'TypeError'],
  ])('fails for all of its viewers, and ends, when it %s', async (_what, reading, name) => {
    const { vendor, join, onEmpty } = openJob()
    vendor.respondWith(() => running())
    const viewers = [join('status'), join('name')]
    await pass()
    vendor.respondWith(() => reading)
    await pass(HOUR)
    expect(viewers.map(({ told }) => told)).toEqual(Array(2).fill(['RUNNING', name, 'end']))
    expect(vendor.reads).toHaveLength(3)
    expect(onEmpty).toHaveBeenCalledTimes(1)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('fails at once for who comes, and for nobody else', async () => {
    const { vendor, join } = openJob()
    vendor.respondWith(() => running())
    const first = join('status')
    await pass()
    vendor.respondWith(() => new TypeError('this selection alone'))
    const late = join('name')
    await pass()
    vendor.respondWith(() => jobThatIs('COMPLETED'))
    await pass(HOUR)
    expect(late.told).toEqual(['TypeError', 'end'])
    expect(first.told).toEqual(['RUNNING', 'COMPLETED', 'end'])
  })
})

describe('a vendor that is unwell', () => {
  it.each(PASSING)('is not spoken of while it may pass: %s', async (code) => {
    const { vendor, join } = openJob()
    vendor.respondWith(() => running())
    const { told } = join('status')
    await pass()
    vendor.respondWith(() => failure(code))
    await pass(OUTAGE_MS - POLL_MS)
    vendor.respondWith(() => jobThatIs('COMPLETED'))
    await pass(HOUR)
    expect(told).toEqual(['RUNNING', 'COMPLETED', 'end'])
  })

  it('is told once when it lasts, and then what the job is, even if that is what it was', async () => {
    const { vendor, join } = openJob()
    vendor.respondWith(() => running())
    const { told } = join('status')
    await pass()
    vendor.respondWith(() => failure())
    await pass(OUTAGE_MS + 2 * POLL_MS)
    expect(told).toEqual(['RUNNING', 'VENDOR_UNAVAILABLE'])
    await pass(HOUR)
    expect(told).toEqual(['RUNNING', 'VENDOR_UNAVAILABLE'])
    vendor.respondWith(() => running())
    await pass(10_600)
    expect(told).toEqual(['RUNNING', 'VENDOR_UNAVAILABLE', 'RUNNING'])
    vendor.respondWith(() => failure('VENDOR_TIMEOUT'))
    await pass(HOUR)
    expect(told).toEqual(['RUNNING', 'VENDOR_UNAVAILABLE', 'RUNNING', 'VENDOR_TIMEOUT'])
  })

  it('from the beginning is told to who has seen nothing yet as well', async () => {
    const { vendor, join } = openJob()
    vendor.respondWith(() => failure())
    const { told } = join('status')
    await pass(OUTAGE_MS - POLL_MS)
    expect(told).toEqual([])
    await pass(2 * POLL_MS)
    expect(told).toEqual(['VENDOR_UNAVAILABLE'])
    vendor.respondWith(() => jobThatIs('COMPLETED'))
    await pass(HOUR)
    expect(told).toEqual(['VENDOR_UNAVAILABLE', 'COMPLETED', 'end'])
  })

  it('and long since known to be is told at once to who comes', async () => {
    const { vendor, join } = openJob()
    vendor.respondWith(() => failure())
    const first = join('status')
    await pass(HOUR)
    const late = join('status')
    await pass()
    expect(late.told).toEqual(['VENDOR_UNAVAILABLE'])
    expect(first.told).toEqual(['VENDOR_UNAVAILABLE'])
  })

  it('is asked seldom, and as late as it wants', async () => {
    const { vendor, join } = openJob()
    vendor.respondWith(() => failure())
    join('status')
    await pass(60_000)
    expect(vendor.reads.length).toBeLessThanOrEqual(12)
    vendor.respondWith(() => failure('VENDOR_RATE_LIMITED', { retryAfterSeconds: 30 }))
    await pass(10_600)
    const { length } = vendor.reads
    await pass(19_000)
    expect(vendor.reads).toHaveLength(length)
    await pass(12_000)
    expect(vendor.reads).toHaveLength(length + 1)
  })

  it('is not asked more seldom because many saw the same failure', async () => {
    const { vendor, join } = openJob()
    vendor.respondWith(() => failure())
    const viewers = Array.from({ length: 50 }, () => join('status'))
    await pass(2 * POLL_MS)
    vendor.respondWith(() => running())
    await pass(4 * POLL_MS)
    expect(viewers.map(({ told }) => told)).toEqual(Array(50).fill(['RUNNING']))
  })
})

describe('a job that another instance looks at', () => {
  it('is looked at once for who comes, and not again', async () => {
    const { vendor, join } = openJob({ leads: false })
    vendor.respondWith(() => running())
    const { told } = join('status')
    await pass(HOUR)
    expect(told).toEqual(['RUNNING'])
    expect(vendor.reads).toHaveLength(1)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('is read again for news, and not for what is known', async () => {
    const { vendor, join, watched } = openJob({ leads: false })
    vendor.respondWith(() => running())
    const { told } = join('status')
    await pass()
    watched.onLeaderUpdate(fingerprintOf(running()))
    await pass()
    expect(vendor.reads).toHaveLength(1)
    vendor.respondWith(() => running(0.5))
    watched.onLeaderUpdate(fingerprintOf(running(0.5)))
    await pass()
    expect(told).toEqual(['RUNNING', '0.5'])
    // What the other instance has just read will do.
    expect(urgencies(vendor.reads)).toEqual(['subscribe', 'subscribe'])
    expect(vendor.reads[1]!.request.background).toBe(true)
  })

  it('is read from the vendor itself when what is kept is older than the news', async () => {
    const { vendor, join, watched } = openJob({ leads: false })
    vendor.respondWith(() => running())
    const { told } = join('status')
    await pass()
    vendor.respondWith(() => (vendor.reads.at(-1)!.request.maxAge === 'new' ? jobThatIs('COMPLETED') : running()))
    watched.onLeaderUpdate(fingerprintOf(jobThatIs('COMPLETED')))
    await pass()
    expect(told).toEqual(['RUNNING', 'COMPLETED', 'end'])
    expect(urgencies(vendor.reads)).toEqual(['subscribe', 'subscribe', 'scheduled'])
  })

  it('ends with the news of its end', async () => {
    const { vendor, join, watched, onEmpty } = openJob({ leads: false })
    vendor.respondWith(() => running())
    join('status')
    await pass()
    vendor.respondWith(() => jobThatIs('COMPLETED'))
    watched.onLeaderUpdate(fingerprintOf(jobThatIs('COMPLETED')))
    await pass(HOUR)
    expect(onEmpty).toHaveBeenCalledTimes(1)
    expect(vendor.reads).toHaveLength(2)
  })

  it('is read again when messages may have been missed', async () => {
    const { vendor, join, watched } = openJob({ leads: false })
    vendor.respondWith(() => running())
    const { told } = join('status')
    await pass(HOUR)
    vendor.respondWith(() => running(0.5))
    watched.resync()
    await pass()
    expect(told).toEqual(['RUNNING', '0.5'])
    await pass(HOUR)
    expect(vendor.reads).toHaveLength(2)
  })

  it('is looked at from here for who lacks something, until it is there', async () => {
    const { vendor, join } = openJob({ leads: false })
    vendor.respondWith(() => failure())
    const { told } = join('status')
    await pass(3 * POLL_MS)
    vendor.respondWith(() => running())
    await pass(HOUR)
    expect(told).toEqual(['RUNNING'])
    const { length } = vendor.reads
    await pass(HOUR)
    expect(vendor.reads).toHaveLength(length)
  })

  it('is said to be out of reach when the other one says so, and looked at from here until it is not', async () => {
    const { vendor, join, watched } = openJob({ leads: false })
    vendor.respondWith(() => running())
    const { told } = join('status')
    await pass()
    vendor.respondWith(() => failure())
    watched.onLeaderOutage(failure())
    watched.onLeaderOutage(failure())
    await pass()
    expect(told).toEqual(['RUNNING', 'VENDOR_UNAVAILABLE'])
    await pass(10_000)
    vendor.respondWith(() => running(0.5))
    await pass(HOUR)
    expect(told).toEqual(['RUNNING', 'VENDOR_UNAVAILABLE', '0.5'])
    const { length } = vendor.reads
    await pass(HOUR)
    expect(vendor.reads).toHaveLength(length)
  })

  it('is not said to be out of reach when it is so for the other one alone', async () => {
    const { vendor, join, watched } = openJob({ leads: false })
    vendor.respondWith(() => running())
    const { told } = join('status')
    await pass()
    watched.onLeaderOutage(failure())
    await pass(HOUR)
    expect(told).toEqual(['RUNNING'])
    expect(vendor.reads).toHaveLength(2)
  })

  it('is shown to all when one of them saw news that the other one has not told yet', async () => {
    const { vendor, join, watched, wakes } = openJob({ leads: false })
    vendor.respondWith(() => running())
    const first = join('status')
    await pass()
    vendor.respondWith(() => running(0.5))
    const second = join('status')
    await pass()
    expect([first.told, second.told]).toEqual([['RUNNING', '0.5'], ['0.5']])
    // And the other one is told to look.
    expect(wakes()).toBe(1)
    watched.onLeaderUpdate(fingerprintOf(running(0.5)))
    await pass(HOUR)
    expect(vendor.reads).toHaveLength(3)
  })

  it('is looked at once more by one that has just stopped looking, for it did not listen', async () => {
    const { vendor, join, watched } = openJob()
    vendor.respondWith(() => running())
    const { told } = join('status')
    await pass()
    vendor.respondWith(() => running(0.5))
    watched.onLeaderUpdate(fingerprintOf(running(0.5)))
    watched.setLeader(false)
    await pass(HOUR)
    expect(told).toEqual(['RUNNING', '0.5'])
    expect(vendor.reads).toHaveLength(2)
  })

  it('is told to the others by whoever begins to look at it, even if it has not changed', async () => {
    const { vendor, join, watched, news } = openJob({ leads: false })
    vendor.respondWith(() => running())
    join('status')
    await pass()
    expect(news).toEqual([])
    watched.setLeader(true)
    await pass(POLL_MS)
    expect(news).toEqual([fingerprintOf(running())])
  })

  it('is left to it by a wake', async () => {
    const { vendor, join, watched } = openJob({ leads: false })
    vendor.respondWith(() => running())
    join('status')
    await pass()
    watched.pollSoon()
    await pass(HOUR)
    expect(vendor.reads).toHaveLength(1)
  })

  it('tells the others nothing', async () => {
    const { vendor, join, watched, news, outages } = openJob({ leads: false })
    vendor.respondWith(() => running())
    join('status')
    await pass()
    vendor.respondWith(() => running(0.5))
    watched.onLeaderUpdate(fingerprintOf(running(0.5)))
    watched.onLeaderOutage(failure())
    vendor.respondWith(() => failure())
    await pass(HOUR)
    expect([news, outages]).toEqual([[], []])
  })
})

describe('an instance that looks for others', () => {
  it('tells them each change, whoever saw it, and again every few seconds', async () => {
    const { vendor, join, news } = openJob()
    vendor.respondWith(() => running())
    join('status')
    await pass(HOUR)
    vendor.respondWith(() => running(0.5))
    join('status')
    await pass(HOUR)
    vendor.respondWith(() => jobThatIs('COMPLETED'))
    await pass(HOUR)
    const changes = news.filter((print, index) => print !== news[index - 1])
    expect(changes).toEqual([running(), running(0.5), jobThatIs('COMPLETED')].map(fingerprintOf))
    expect(news.length).toBeLessThanOrEqual(3 + (2 * HOUR) / 5000)
  })

  it('tells them of an outage when it lasts, and not before', async () => {
    const { vendor, join, outages } = openJob()
    vendor.respondWith(() => running())
    join('status')
    await pass()
    vendor.respondWith(() => failure())
    await pass(OUTAGE_MS - POLL_MS)
    expect(outages).toEqual([])
    await pass(2 * POLL_MS)
    expect(outages).toEqual(['VENDOR_UNAVAILABLE'])
  })

  it('does not listen to who thinks it does the same', async () => {
    const { vendor, join, watched } = openJob()
    vendor.respondWith(() => running())
    const { told } = join('status')
    await pass()
    watched.onLeaderUpdate('another print')
    watched.onLeaderOutage(failure())
    watched.resync()
    await pass()
    expect(told).toEqual(['RUNNING'])
    expect(vendor.reads).toHaveLength(1)
  })

  it('looks at the next moment when it takes over, for something may have been missed', async () => {
    const { vendor, join, watched } = openJob({ leads: false })
    vendor.respondWith(() => running())
    const { told } = join('status')
    await pass(HOUR)
    vendor.respondWith(() => running(0.5))
    watched.setLeader(true)
    watched.setLeader(true)
    await pass(POLL_MS / 2)
    expect(told).toEqual(['RUNNING', '0.5'])
    expect(vendor.reads).toHaveLength(2)
  })

  it('stops when another one takes over', async () => {
    const { vendor, join, watched } = openJob()
    vendor.respondWith(() => running())
    join('status')
    await pass(POLL_MS)
    watched.setLeader(false)
    const { length } = vendor.reads
    await pass(HOUR)
    expect(vendor.reads).toHaveLength(length)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('in the middle of a look finishes it, and makes one more for what it did not hear, when another one takes over', async () => {
    const { vendor, join, watched } = openJob()
    const { told } = join('status')
    vendor.reads[0]!.answer(running())
    await pass(POLL_MS)
    watched.setLeader(false)
    vendor.reads[1]!.answer(running(0.5))
    vendor.reads[2]!.answer(running(0.5))
    await pass(HOUR)
    expect(told).toEqual(['RUNNING', '0.5'])
    expect(vendor.reads).toHaveLength(3)
  })
})
