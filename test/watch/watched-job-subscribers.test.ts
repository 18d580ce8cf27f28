import { getEventListeners } from 'node:events'
import { describe, expect, it, vi } from 'vitest'
import { advance, useFakeTimers } from '../support/fake-timers.js'
import { jobWithStatus } from '../support/test-job.js'
import { HOUR, maxAgesOf, openWatchedJob, POLL_MS, running } from '../support/watched-job.js'

useFakeTimers()

describe('many subscribers of a job', () => {
  it('cost one poll each when they subscribe, and one for all of them from then on', async () => {
    const { vendor, subscribe } = openWatchedJob()
    vendor.respondWith(() => running())
    const subscribers = Array.from({ length: 50 }, () => subscribe('status'))
    await advance()
    expect(maxAgesOf(vendor.reads)).toEqual(Array(50).fill('live'))
    await advance(10 * POLL_MS)
    expect(vendor.reads.length).toBeLessThanOrEqual(60)
    vendor.respondWith(() => jobWithStatus('COMPLETED'))
    await advance(HOUR)
    expect(subscribers.map(({ received }) => received)).toEqual(Array(50).fill(['RUNNING', 'COMPLETED', 'completed']))
  })

  it('are first polled for their own fields, then for the union of all fields', async () => {
    const { vendor, subscribe } = openWatchedJob()
    vendor.respondWith(() => running())
    subscribe('status', 'rules')
    const other = subscribe('status', 'name')
    await advance(POLL_MS)
    expect(vendor.reads.map(({ selection }) => [...selection()].sort())).toEqual([
      ['rules', 'status'],
      ['name', 'status'],
      ['name', 'rules', 'status'],
    ])
    expect([...vendor.reads[2]!.selection('rules')]).toEqual(['run'])
    other.unsubscribe()
    await advance(2 * POLL_MS)
    expect([...vendor.reads.at(-1)!.selection()].sort()).toEqual(['rules', 'status'])
  })

  it('receive nothing from a poll that started before they subscribed', async () => {
    const { vendor, subscribe } = openWatchedJob()
    const first = subscribe('status')
    vendor.reads[0]!.respond(running())
    await advance(POLL_MS)
    const late = subscribe('name')
    const [, scheduledPoll, subscribePoll] = vendor.reads
    expect([...scheduledPoll!.selection()]).toEqual(['status'])
    expect([...subscribePoll!.selection()]).toEqual(['name'])
    scheduledPoll!.respond(running(0.5))
    await advance()
    expect(first.received).toEqual(['RUNNING', '0.5'])
    expect(late.received).toEqual([])
    subscribePoll!.respond(running(0.5))
    await advance(POLL_MS)
    expect(late.received).toEqual(['0.5'])
    expect([...vendor.reads[3]!.selection()].sort()).toEqual(['name', 'status'])
  })

  it('soon receive a change that a new subscriber saw first', async () => {
    const { vendor, subscribe } = openWatchedJob()
    vendor.respondWith(() => running())
    const first = subscribe('status')
    // The poll interval has grown to ten seconds.
    await advance(HOUR)
    vendor.respondWith(() => running(0.5))
    const late = subscribe('status')
    await advance(POLL_MS)
    expect(first.received).toEqual(['RUNNING', '0.5'])
    expect(late.received).toEqual(['0.5'])
  })

  it('cause no extra polls when a new subscriber sees no change', async () => {
    const { vendor, subscribe } = openWatchedJob()
    vendor.respondWith(() => running())
    subscribe('status')
    await advance(HOUR)
    const before = vendor.reads.length
    for (let count = 0; count < 20; count++) subscribe('status')
    await advance(POLL_MS)
    expect(maxAgesOf(vendor.reads.slice(before)).filter((maxAge) => maxAge === 'new').length).toBeLessThanOrEqual(1)
  })

  it('unsubscribe without affecting each other', async () => {
    const { vendor, subscribe, onEmpty } = openWatchedJob()
    vendor.respondWith(() => running())
    const [first, second] = [subscribe('status'), subscribe('status')]
    await advance(POLL_MS)
    first.unsubscribe()
    first.unsubscribe()
    expect(onEmpty).not.toHaveBeenCalled()
    vendor.respondWith(() => jobWithStatus('COMPLETED'))
    await advance(POLL_MS)
    expect(first.received).toEqual(['RUNNING'])
    expect(second.received).toEqual(['RUNNING', 'COMPLETED', 'completed'])
    expect(onEmpty).toHaveBeenCalledTimes(1)
  })
})

describe('the last subscriber that leaves', () => {
  it('leaves no timer behind', async () => {
    const { vendor, subscribe, onEmpty } = openWatchedJob()
    vendor.respondWith(() => running())
    const { unsubscribe } = subscribe('status')
    await advance(POLL_MS)
    expect(vi.getTimerCount()).toBe(1)
    unsubscribe()
    expect(vi.getTimerCount()).toBe(0)
    unsubscribe()
    expect(onEmpty).toHaveBeenCalledTimes(1)
    const { length } = vendor.reads
    await advance(HOUR)
    expect(vendor.reads).toHaveLength(length)
  })

  it.each([
    ['the first poll', 0],
    ['a later poll', 1],
  ])('aborts %s that is in flight, and receives no error', async (_which, at) => {
    const { vendor, subscribe, onEmpty } = openWatchedJob()
    const { received, unsubscribe } = subscribe('status')
    if (at === 1) vendor.reads[0]!.respond(running())
    await advance(POLL_MS)
    const { signal } = vendor.reads[at]!.request
    expect(signal.aborted).toBe(false)
    unsubscribe()
    expect(signal.aborted).toBe(true)
    await advance(HOUR)
    expect(received).toEqual(at === 1 ? ['RUNNING'] : [])
    expect(vendor.reads).toHaveLength(at + 1)
    expect(onEmpty).toHaveBeenCalledTimes(1)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('receives nothing from a response that still arrives', async () => {
    const { vendor, subscribe, watched } = openWatchedJob()
    const { received, unsubscribe } = subscribe('status')
    vendor.reads[0]!.respond(running())
    unsubscribe()
    watched.pollSoon()
    watched.onLeaderUpdate('fingerprint')
    watched.resync()
    watched.setLeader(false)
    watched.setLeader(true)
    await advance(HOUR)
    expect(received).toEqual([])
    expect(vendor.reads).toHaveLength(1)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('does not accumulate abort listeners', async () => {
    const { vendor, subscribe } = openWatchedJob()
    vendor.respondWith(() => running())
    subscribe('status')
    await advance(100 * POLL_MS)
    const signals = new Set(vendor.reads.map(({ request }) => request.signal))
    expect(signals.size).toBe(1)
    // One listener per read, added by the vendor; watching adds none.
    expect(getEventListeners([...signals][0]!, 'abort').length).toBe(vendor.reads.length)
  })
})
