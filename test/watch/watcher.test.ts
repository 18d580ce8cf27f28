import { describe, expect, it, vi } from 'vitest'
import { advance, useFakeTimers } from '../support/fake-timers.js'
import { createFakeVendor } from '../support/fake-vendor.js'
import { jobWithStatus } from '../support/test-job.js'
import { execution, HOUR, openWatcher, POLL_MS, watchWith } from '../support/watcher.js'

useFakeTimers()

const IDLE = { jobs: 0, subscribers: 0 }

describe('a watcher', () => {
  it('reads nothing before the first event is requested', async () => {
    const { vendor, watcher, watch } = openWatcher()
    const { read } = watch('1')
    await advance(HOUR)
    expect(vendor.reads).toEqual([])
    expect(watcher.watching()).toEqual(IDLE)
    const received = read()
    await advance()
    expect(received).toEqual(['1 RUNNING'])
    expect(watcher.watching()).toEqual({ jobs: 1, subscribers: 1 })
  })

  it('yields each change of each job and ends with the last job', async () => {
    const { jobs, watcher, watch } = openWatcher()
    const received = watch('1', '2').read()
    await advance()
    jobs['1'] = 'COMPLETED'
    await advance(2 * POLL_MS)
    expect(watcher.watching()).toEqual({ jobs: 1, subscribers: 1 })
    jobs['2'] = 'CANCELLING'
    await advance(2 * POLL_MS)
    jobs['2'] = 'CANCELLED'
    await advance(2 * POLL_MS)
    expect(received).toEqual(['1 RUNNING', '2 RUNNING', '1 COMPLETED', '2 CANCELLING', '2 CANCELLED', 'end'])
    expect(watcher.watching()).toEqual(IDLE)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('runs one poller per job for all subscribers', async () => {
    const { vendor, watcher, watch } = openWatcher()
    const readers = [watch('1'), watch('1', '2'), watch('2', '1')]
    readers.forEach(({ read }) => void read())
    await advance()
    expect(watcher.watching()).toEqual({ jobs: 2, subscribers: 3 })
    const before = vendor.reads.length
    await advance(POLL_MS)
    expect(vendor.reads.slice(before).map(({ address }) => address.path[0])).toEqual(['1', '2'])
  })

  it('polls all jobs on the same ticks', async () => {
    const { vendor, watch } = openWatcher()
    const readsByTime = new Map<number, number>()
    for (let id = 0; id < 20; id++) {
      void watch(`${id}`).read()
      await advance(7)
    }
    vendor.respondWith(({ path }) => {
      readsByTime.set(performance.now(), (readsByTime.get(performance.now()) ?? 0) + 1)
      return jobWithStatus('RUNNING', {}, execution(path[0]!))
    })
    await advance(10 * POLL_MS)
    expect(readsByTime.size).toBeLessThanOrEqual(11)
    expect(Math.max(...readsByTime.values())).toBe(20)
  })

  it('polls a job separately for each credential', async () => {
    const { watcher, watch } = openWatcher()
    void watch('1').read()
    const other = createFakeVendor({ credentialKey: 'other' })
    other.respondWith(() => jobWithStatus('QUEUED'))
    const received = watchWith(watcher, other, ['1']).read()
    await advance()
    expect(watcher.watching()).toEqual({ jobs: 2, subscribers: 2 })
    expect(received).toEqual(['1 QUEUED'])
  })

  it('continues with the other jobs when one fails permanently, even if two polls find it', async () => {
    const { vendor, jobs, watcher, watch } = openWatcher()
    void watch('1').read()
    await advance(POLL_MS / 2)
    vendor.respondWith(null)
    const received = watch('1', '2').read()
    await advance(POLL_MS / 2)
    const [, subscribePoll, other, scheduledPoll] = vendor.reads
    expect([subscribePoll, other, scheduledPoll].map((read) => read!.address.path[0])).toEqual(['1', '2', '1'])
    other!.respond(jobWithStatus('RUNNING', {}, execution('2')))
    subscribePoll!.respond(null)
    scheduledPoll!.respond(null)
    jobs['2'] = 'COMPLETED'
    await advance()
    expect(received.sort()).toEqual(['2 RUNNING', 'NOT_FOUND'])
    expect(watcher.watching()).toEqual({ jobs: 1, subscribers: 1 })
  })

  it('can watch a job again after a permanent failure', async () => {
    const { jobs, watch } = openWatcher()
    jobs['1'] = null
    const first = watch('1').read()
    await advance(HOUR)
    jobs['1'] = 'COMPLETED'
    const second = watch('1').read()
    await advance(HOUR)
    expect([first, second]).toEqual([
      ['NOT_FOUND', 'end'],
      ['1 COMPLETED', 'end'],
    ])
  })
})

describe('a slow reader', () => {
  it('gets only the latest event of each job', async () => {
    const { vendor, watch } = openWatcher()
    const { reader, read } = watch('1', '2', '3')
    await reader.next()
    let change = 0
    vendor.respondWith((address) => jobWithStatus('RUNNING', { progress: ++change / 10_000 }, address))
    await advance(500 * POLL_MS)
    expect(change).toBeGreaterThan(1000)
    vendor.respondWith((address) => jobWithStatus('COMPLETED', {}, address))
    await advance(2 * POLL_MS)
    const received = read()
    await advance()
    expect(received).toEqual(['1 COMPLETED', '2 COMPLETED', '3 COMPLETED', 'end'])
  })

  it('does not delay other readers', async () => {
    const { jobs, watch } = openWatcher()
    const { reader } = watch('1')
    await reader.next()
    const received = watch('1').read()
    for (const status of ['QUEUED', 'RUNNING', 'CANCELLING', 'CANCELLED'] as const) {
      jobs['1'] = status
      await advance(2 * POLL_MS)
    }
    expect(received).toEqual(['1 RUNNING', '1 QUEUED', '1 RUNNING', '1 CANCELLING', '1 CANCELLED', 'end'])
  })

  it('keeps no poller running after all jobs have ended', async () => {
    const { jobs, watcher, watch, vendor } = openWatcher()
    const { reader } = watch('1')
    await reader.next()
    jobs['1'] = 'COMPLETED'
    await advance(HOUR)
    expect(watcher.watching().jobs).toBe(0)
    expect(vi.getTimerCount()).toBe(0)
    expect(vendor.reads).toHaveLength(2)
  })
})

describe('a reader that leaves', () => {
  it.each([
    ['by returning', (reader: AsyncIterator<unknown>) => void reader.return!()],
    ['by aborting', (_reader: AsyncIterator<unknown>, controller: AbortController) => controller.abort()],
  ])('%s stops the pollers that only it needed', async (_how, leave) => {
    const { vendor, watcher, watch } = openWatcher()
    const controller = new AbortController()
    const { reader, read } = watchWith(watcher, vendor, ['1', '2', '3'], controller.signal)
    const received = read()
    void watch('3').read()
    await advance()
    expect(watcher.watching()).toEqual({ jobs: 3, subscribers: 2 })
    leave(reader, controller)
    await advance()
    expect(watcher.watching()).toEqual({ jobs: 1, subscribers: 1 })
    expect(received.at(-1)).toBe('end')
    const before = vendor.reads.length
    await advance(3 * POLL_MS)
    expect(new Set(vendor.reads.slice(before).map(({ address }) => address.path[0]))).toEqual(new Set(['3']))
  })

  it('last leaves no timer and no poll in flight', async () => {
    const { vendor, watcher, watch } = openWatcher()
    const { reader } = watch('1')
    await reader.next()
    vendor.respondWith(null)
    await advance(POLL_MS)
    await reader.return!()
    expect(vendor.reads[1]!.request.signal.aborted).toBe(true)
    expect(watcher.watching()).toEqual(IDLE)
    expect(vi.getTimerCount()).toBe(0)
  })

  it.each([
    ['had aborted before', true],
    ['returned', false],
  ])('before the first event causes no poll: one that %s', async (_how, isAborted) => {
    const { vendor, watcher } = openWatcher()
    const { reader } = watchWith(watcher, vendor, ['1'], isAborted ? AbortSignal.abort() : undefined)
    if (!isAborted) await reader.return!()
    expect(await reader.next()).toEqual({ done: true, value: undefined })
    expect(vendor.reads).toEqual([])
    expect(watcher.watching()).toEqual(IDLE)
  })

  it('can subscribe again and gets the current state', async () => {
    const { jobs, watch } = openWatcher()
    const first = watch('1')
    await first.reader.next()
    await first.reader.return!()
    jobs['1'] = 'CANCELLING'
    const received = watch('1').read()
    await advance()
    expect(received).toEqual(['1 CANCELLING'])
  })
})

describe('close', () => {
  it('ends all subscriptions', async () => {
    const { watcher, watch } = openWatcher()
    const readers = [watch('1').read(), watch('1', '2').read()]
    await advance()
    watcher.close()
    await advance()
    expect(readers.map((received) => received.at(-1))).toEqual(['end', 'end'])
    expect(watcher.watching()).toEqual(IDLE)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('also stops polling for slow readers, which still get what is queued', async () => {
    const { vendor, watcher, watch } = openWatcher()
    const { reader, read } = watch('1', '2')
    await reader.next()
    await advance()
    watcher.close()
    expect(watcher.watching().jobs).toBe(0)
    expect(vi.getTimerCount()).toBe(0)
    const { length } = vendor.reads
    await advance(HOUR)
    expect(vendor.reads).toHaveLength(length)
    const received = read()
    await advance()
    expect(received).toEqual(['2 RUNNING', 'end'])
    expect(watcher.watching()).toEqual(IDLE)
  })
})
