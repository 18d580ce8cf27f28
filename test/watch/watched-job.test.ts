import { describe, expect, it, vi } from 'vitest'
import { JOB_STATUSES, isTerminalStatus } from '../../src/job/state.js'
import { advance, useFakeTimers } from '../support/fake-timers.js'
import { jobWithStatus } from '../support/test-job.js'
import { HOUR, maxAgesOf, openWatchedJob, POLL_MS, running } from '../support/watched-job.js'

useFakeTimers()

describe('a watched job', () => {
  it('sends the current status, then every change, and completes with the job', async () => {
    const { vendor, subscribe, onEmpty } = openWatchedJob()
    const statuses = ['QUEUED', 'RUNNING', 'RUNNING', 'CANCELLING', 'CANCELLED'] as const
    let index = 0
    vendor.respondWith(() => jobWithStatus(statuses[index++]!))
    const { received } = subscribe('status')
    await advance()
    expect(received).toEqual(['QUEUED'])
    await advance(HOUR)
    expect(received).toEqual(['QUEUED', 'RUNNING', 'CANCELLING', 'CANCELLED', 'completed'])
    expect(maxAgesOf(vendor.reads)).toEqual(['live', 'new', 'new', 'new', 'new'])
    expect(onEmpty).toHaveBeenCalledTimes(1)
    expect(vi.getTimerCount()).toBe(0)
  })

  it.each(JOB_STATUSES)('polls a job that is %s again unless it is terminal', async (status) => {
    const { vendor, subscribe } = openWatchedJob()
    vendor.respondWith(() => jobWithStatus(status))
    const { received } = subscribe('status')
    await advance(3 * POLL_MS)
    expect(received).toEqual(isTerminalStatus(status) ? [status, 'completed'] : [status])
    if (isTerminalStatus(status)) expect(vendor.reads).toHaveLength(1)
    else expect(vendor.reads.length).toBeGreaterThan(2)
  })

  it('sends a change of progress, but no change of other fields', async () => {
    const { vendor, subscribe } = openWatchedJob()
    const results = [running(0.1), { ...running(0.1), name: 'renamed', updatedAt: new Date(1) }, running(0.7)]
    let index = 0
    vendor.respondWith(() => results[index++] ?? jobWithStatus('COMPLETED'))
    const { received } = subscribe('status')
    await advance(HOUR)
    expect(received).toEqual(['0.1', '0.7', 'COMPLETED', 'completed'])
  })

  it('polls less and less often while nothing changes, and often again after a change', async () => {
    const { vendor, subscribe } = openWatchedJob()
    vendor.respondWith(() => running())
    subscribe('status')
    const pollsWithin = async (ms: number) => {
      const before = vendor.reads.length
      await advance(ms)
      return vendor.reads.length - before
    }
    expect(await pollsWithin(6000)).toBeGreaterThanOrEqual(9)
    await advance(HOUR)
    expect(await pollsWithin(60_000)).toBeLessThanOrEqual(7)
    vendor.respondWith(() => running(0.5))
    await advance(10_600)
    expect(await pollsWithin(6000)).toBeGreaterThanOrEqual(9)
  })

  it('never starts a scheduled poll while another one is in flight', async () => {
    const { vendor, subscribe } = openWatchedJob()
    const { received } = subscribe('status')
    vendor.reads[0]!.respond(running())
    await advance(POLL_MS)
    expect(vendor.reads).toHaveLength(2)
    await advance(HOUR)
    expect(vendor.reads).toHaveLength(2)
    vendor.reads[1]!.respond(running(0.5))
    await advance(POLL_MS)
    expect(vendor.reads).toHaveLength(3)
    expect(received).toEqual(['RUNNING', '0.5'])
  })
})

describe('pollSoon', () => {
  it('moves the next poll to the next tick and resets the poll interval', async () => {
    const { vendor, subscribe, watched } = openWatchedJob()
    vendor.respondWith(() => running())
    const { received } = subscribe('status')
    await advance(HOUR)
    vendor.respondWith(() => jobWithStatus('CANCELLING'))
    watched.pollSoon()
    await advance(POLL_MS)
    expect(received).toEqual(['RUNNING', 'CANCELLING'])
    vendor.respondWith(() => jobWithStatus('CANCELLED'))
    await advance(2 * POLL_MS)
    expect(received).toEqual(['RUNNING', 'CANCELLING', 'CANCELLED', 'completed'])
  })

  it('during a poll causes another poll at once, because the first may have been too early', async () => {
    const { vendor, subscribe, watched } = openWatchedJob({ pollMs: HOUR })
    subscribe('status')
    vendor.reads[0]!.respond(running())
    watched.pollSoon()
    await advance(POLL_MS)
    expect(vendor.reads).toHaveLength(2)
    watched.pollSoon()
    await advance(POLL_MS)
    expect(vendor.reads).toHaveLength(2)
    vendor.reads[1]!.respond(running())
    await advance(POLL_MS)
    expect(vendor.reads).toHaveLength(3)
    vendor.reads[2]!.respond(running())
    await advance(10 * POLL_MS)
    expect(vendor.reads).toHaveLength(3)
  })

  it('costs one poll per tick when it is repeated', async () => {
    const { vendor, subscribe, watched } = openWatchedJob()
    vendor.respondWith(() => running())
    subscribe('status')
    await advance(HOUR)
    const before = vendor.reads.length
    for (let count = 0; count < 100; count++) {
      watched.pollSoon()
      await advance(30)
    }
    // 3000 ms are five ticks.
    expect(vendor.reads.length - before).toBeGreaterThanOrEqual(4)
    expect(vendor.reads.length - before).toBeLessThanOrEqual(6)
  })

  it('does nothing for a job without subscribers', async () => {
    const { vendor, watched } = openWatchedJob()
    watched.pollSoon()
    await advance(HOUR)
    expect(vendor.reads).toEqual([])
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('two concurrent polls', () => {
  it('never let an older state overwrite a newer one', async () => {
    const { vendor, subscribe, watched } = openWatchedJob()
    const first = subscribe('status')
    vendor.reads[0]!.respond(jobWithStatus('QUEUED'))
    await advance(POLL_MS / 2)
    const late = subscribe('status')
    await advance(POLL_MS / 2)
    const [, subscribePoll, scheduledPoll] = vendor.reads
    scheduledPoll!.respond(running(0.5))
    await advance()
    subscribePoll!.respond(jobWithStatus('QUEUED'))
    vendor.respondWith(() => running(0.5))
    watched.pollSoon()
    await advance(POLL_MS)
    expect(first.received).toEqual(['QUEUED', '0.5'])
    expect(late.received).toEqual(['0.5'])
  })

  it('complete the subscriber once when both find the job terminal', async () => {
    const { vendor, subscribe, onEmpty } = openWatchedJob()
    subscribe('status')
    vendor.reads[0]!.respond(running())
    await advance(POLL_MS / 2)
    const late = subscribe('status')
    await advance(POLL_MS / 2)
    const [, subscribePoll, scheduledPoll] = vendor.reads
    subscribePoll!.respond(jobWithStatus('COMPLETED'))
    scheduledPoll!.respond(jobWithStatus('COMPLETED'))
    await advance(HOUR)
    expect(late.received).toEqual(['COMPLETED', 'completed'])
    expect(onEmpty).toHaveBeenCalledTimes(1)
  })

  it('report an unknown job once when both do not find it', async () => {
    const { vendor, subscribe, onEmpty } = openWatchedJob()
    const first = subscribe('status')
    vendor.reads[0]!.respond(running())
    await advance(POLL_MS / 2)
    const late = subscribe('status')
    await advance(POLL_MS / 2)
    const [, subscribePoll, scheduledPoll] = vendor.reads
    subscribePoll!.respond(null)
    scheduledPoll!.respond(null)
    await advance(HOUR)
    expect(late.received).toEqual(['NOT_FOUND', 'completed'])
    expect(first.received).toEqual(['RUNNING', 'NOT_FOUND', 'completed'])
    expect(onEmpty).toHaveBeenCalledTimes(1)
  })

  it('send nothing to a subscriber that has left, not even that the job is unknown', async () => {
    const { vendor, subscribe } = openWatchedJob()
    const [leaver, stayer] = [subscribe('status'), subscribe('status')]
    vendor.reads.forEach(({ respond }) => respond(running()))
    await advance(POLL_MS)
    leaver.unsubscribe()
    vendor.reads[2]!.respond(null)
    await advance()
    expect(leaver.received).toEqual(['RUNNING'])
    expect(stayer.received).toEqual(['RUNNING', 'NOT_FOUND', 'completed'])
  })
})
