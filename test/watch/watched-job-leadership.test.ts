import { describe, expect, it, vi } from 'vitest'
import { fingerprintOf } from '../../src/watch/subscriber.js'
import { advance, useFakeTimers } from '../support/fake-timers.js'
import { vendorError, jobWithStatus } from '../support/test-job.js'
import { HOUR, maxAgesOf, openWatchedJob, OUTAGE_GRACE_MS, POLL_MS, running } from '../support/watched-job.js'

useFakeTimers()

describe('a follower', () => {
  it('polls once for a new subscriber, and not again', async () => {
    const { vendor, subscribe } = openWatchedJob({ isLeader: false })
    vendor.respondWith(() => running())
    const { received } = subscribe('status')
    await advance(HOUR)
    expect(received).toEqual(['RUNNING'])
    expect(vendor.reads).toHaveLength(1)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('reads again for an update, but not for a known state', async () => {
    const { vendor, subscribe, watched } = openWatchedJob({ isLeader: false })
    vendor.respondWith(() => running())
    const { received } = subscribe('status')
    await advance()
    watched.onLeaderUpdate(fingerprintOf(running()))
    await advance()
    expect(vendor.reads).toHaveLength(1)
    vendor.respondWith(() => running(0.5))
    watched.onLeaderUpdate(fingerprintOf(running(0.5)))
    await advance()
    expect(received).toEqual(['RUNNING', '0.5'])
    // The cached read of the leader is enough.
    expect(maxAgesOf(vendor.reads)).toEqual(['live', 'live'])
    expect(vendor.reads[1]!.request.background).toBe(true)
  })

  it('bypasses the cache when the cached state is older than the update', async () => {
    const { vendor, subscribe, watched } = openWatchedJob({ isLeader: false })
    vendor.respondWith(() => running())
    const { received } = subscribe('status')
    await advance()
    vendor.respondWith(() => (vendor.reads.at(-1)!.request.maxAge === 'new' ? jobWithStatus('COMPLETED') : running()))
    watched.onLeaderUpdate(fingerprintOf(jobWithStatus('COMPLETED')))
    await advance()
    expect(received).toEqual(['RUNNING', 'COMPLETED', 'completed'])
    expect(maxAgesOf(vendor.reads)).toEqual(['live', 'live', 'new'])
  })

  it('completes when the leader publishes a terminal state', async () => {
    const { vendor, subscribe, watched, onEmpty } = openWatchedJob({ isLeader: false })
    vendor.respondWith(() => running())
    subscribe('status')
    await advance()
    vendor.respondWith(() => jobWithStatus('COMPLETED'))
    watched.onLeaderUpdate(fingerprintOf(jobWithStatus('COMPLETED')))
    await advance(HOUR)
    expect(onEmpty).toHaveBeenCalledTimes(1)
    expect(vendor.reads).toHaveLength(2)
  })

  it('reads again when messages may have been lost', async () => {
    const { vendor, subscribe, watched } = openWatchedJob({ isLeader: false })
    vendor.respondWith(() => running())
    const { received } = subscribe('status')
    await advance(HOUR)
    vendor.respondWith(() => running(0.5))
    watched.resync()
    await advance()
    expect(received).toEqual(['RUNNING', '0.5'])
    await advance(HOUR)
    expect(vendor.reads).toHaveLength(2)
  })

  it('polls for a subscriber without a state until it has one', async () => {
    const { vendor, subscribe } = openWatchedJob({ isLeader: false })
    vendor.respondWith(() => vendorError())
    const { received } = subscribe('status')
    await advance(3 * POLL_MS)
    vendor.respondWith(() => running())
    await advance(HOUR)
    expect(received).toEqual(['RUNNING'])
    const { length } = vendor.reads
    await advance(HOUR)
    expect(vendor.reads).toHaveLength(length)
  })

  it('reports the outage of the leader that it confirms, and polls until it is over', async () => {
    const { vendor, subscribe, watched } = openWatchedJob({ isLeader: false })
    vendor.respondWith(() => running())
    const { received } = subscribe('status')
    await advance()
    vendor.respondWith(() => vendorError())
    watched.onLeaderOutage(vendorError())
    watched.onLeaderOutage(vendorError())
    await advance()
    expect(received).toEqual(['RUNNING', 'VENDOR_UNAVAILABLE'])
    await advance(10_000)
    vendor.respondWith(() => running(0.5))
    await advance(HOUR)
    expect(received).toEqual(['RUNNING', 'VENDOR_UNAVAILABLE', '0.5'])
    const { length } = vendor.reads
    await advance(HOUR)
    expect(vendor.reads).toHaveLength(length)
  })

  it('reports no outage that affects the leader alone', async () => {
    const { vendor, subscribe, watched } = openWatchedJob({ isLeader: false })
    vendor.respondWith(() => running())
    const { received } = subscribe('status')
    await advance()
    watched.onLeaderOutage(vendorError())
    await advance(HOUR)
    expect(received).toEqual(['RUNNING'])
    expect(vendor.reads).toHaveLength(2)
  })

  it('sends a change that a new subscriber saw before the leader to all subscribers', async () => {
    const { vendor, subscribe, watched, onChangeSeen } = openWatchedJob({ isLeader: false })
    vendor.respondWith(() => running())
    const first = subscribe('status')
    await advance()
    vendor.respondWith(() => running(0.5))
    const second = subscribe('status')
    await advance()
    expect([first.received, second.received]).toEqual([['RUNNING', '0.5'], ['0.5']])
    // It tells the leader to poll.
    expect(onChangeSeen.mock.calls.length).toBe(1)
    watched.onLeaderUpdate(fingerprintOf(running(0.5)))
    await advance(HOUR)
    expect(vendor.reads).toHaveLength(3)
  })

  it('reads once more after losing leadership, because it ignored the messages of others', async () => {
    const { vendor, subscribe, watched } = openWatchedJob()
    vendor.respondWith(() => running())
    const { received } = subscribe('status')
    await advance()
    vendor.respondWith(() => running(0.5))
    watched.onLeaderUpdate(fingerprintOf(running(0.5)))
    watched.setLeader(false)
    await advance(HOUR)
    expect(received).toEqual(['RUNNING', '0.5'])
    expect(vendor.reads).toHaveLength(2)
  })

  it('publishes the state on becoming the leader, even if it is unchanged', async () => {
    const { vendor, subscribe, watched, updates } = openWatchedJob({ isLeader: false })
    vendor.respondWith(() => running())
    subscribe('status')
    await advance()
    expect(updates).toEqual([])
    watched.setLeader(true)
    await advance(POLL_MS)
    expect(updates).toEqual([fingerprintOf(running())])
  })

  it('leaves an early poll to the leader', async () => {
    const { vendor, subscribe, watched } = openWatchedJob({ isLeader: false })
    vendor.respondWith(() => running())
    subscribe('status')
    await advance()
    watched.pollSoon()
    await advance(HOUR)
    expect(vendor.reads).toHaveLength(1)
  })

  it('publishes nothing', async () => {
    const { vendor, subscribe, watched, updates, outages } = openWatchedJob({ isLeader: false })
    vendor.respondWith(() => running())
    subscribe('status')
    await advance()
    vendor.respondWith(() => running(0.5))
    watched.onLeaderUpdate(fingerprintOf(running(0.5)))
    watched.onLeaderOutage(vendorError())
    vendor.respondWith(() => vendorError())
    await advance(HOUR)
    expect([updates, outages]).toEqual([[], []])
  })
})

describe('a leader', () => {
  it('publishes each change, whichever poll saw it, and repeats it every few seconds', async () => {
    const { vendor, subscribe, updates } = openWatchedJob()
    vendor.respondWith(() => running())
    subscribe('status')
    await advance(HOUR)
    vendor.respondWith(() => running(0.5))
    subscribe('status')
    await advance(HOUR)
    vendor.respondWith(() => jobWithStatus('COMPLETED'))
    await advance(HOUR)
    const changes = updates.filter((fingerprint, index) => fingerprint !== updates[index - 1])
    expect(changes).toEqual([running(), running(0.5), jobWithStatus('COMPLETED')].map(fingerprintOf))
    expect(updates.length).toBeLessThanOrEqual(3 + (2 * HOUR) / 5000)
  })

  it('publishes an outage when it lasts, and not before', async () => {
    const { vendor, subscribe, outages } = openWatchedJob()
    vendor.respondWith(() => running())
    subscribe('status')
    await advance()
    vendor.respondWith(() => vendorError())
    await advance(OUTAGE_GRACE_MS - POLL_MS)
    expect(outages).toEqual([])
    await advance(2 * POLL_MS)
    expect(outages).toEqual(['VENDOR_UNAVAILABLE'])
  })

  it('ignores the messages of another instance that believes to lead', async () => {
    const { vendor, subscribe, watched } = openWatchedJob()
    vendor.respondWith(() => running())
    const { received } = subscribe('status')
    await advance()
    watched.onLeaderUpdate('another fingerprint')
    watched.onLeaderOutage(vendorError())
    watched.resync()
    await advance()
    expect(received).toEqual(['RUNNING'])
    expect(vendor.reads).toHaveLength(1)
  })

  it('polls on the next tick after it takes over, because a change may have been missed', async () => {
    const { vendor, subscribe, watched } = openWatchedJob({ isLeader: false })
    vendor.respondWith(() => running())
    const { received } = subscribe('status')
    await advance(HOUR)
    vendor.respondWith(() => running(0.5))
    watched.setLeader(true)
    watched.setLeader(true)
    await advance(POLL_MS / 2)
    expect(received).toEqual(['RUNNING', '0.5'])
    expect(vendor.reads).toHaveLength(2)
  })

  it('stops polling when another instance takes over', async () => {
    const { vendor, subscribe, watched } = openWatchedJob()
    vendor.respondWith(() => running())
    subscribe('status')
    await advance(POLL_MS)
    watched.setLeader(false)
    const { length } = vendor.reads
    await advance(HOUR)
    expect(vendor.reads).toHaveLength(length)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('finishes a poll in flight and reads once more when another instance takes over', async () => {
    const { vendor, subscribe, watched } = openWatchedJob()
    const { received } = subscribe('status')
    vendor.reads[0]!.respond(running())
    await advance(POLL_MS)
    watched.setLeader(false)
    vendor.reads[1]!.respond(running(0.5))
    vendor.reads[2]!.respond(running(0.5))
    await advance(HOUR)
    expect(received).toEqual(['RUNNING', '0.5'])
    expect(vendor.reads).toHaveLength(3)
  })
})
