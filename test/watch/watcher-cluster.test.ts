import { describe, expect, it } from 'vitest'
import { type JobAddress } from '../../src/job/job.js'
import { type ClusterMessage } from '../../src/watch/cluster-message.js'
import { fingerprintOf } from '../../src/watch/subscriber.js'
import { advance, useFakeTimers } from '../support/fake-timers.js'
import { createFakeVendor } from '../support/fake-vendor.js'
import { vendorError, jobWithStatus } from '../support/test-job.js'
import { execution, HOUR, keyOf, openClusterBus, openWatcher, POLL_MS, untilQuiet } from '../support/watcher.js'

useFakeTimers()

describe('notifyChanged', () => {
  it('polls that job only, and tells the other instances', async () => {
    const { clusterBus, published, leaderCallbacks } = openClusterBus()
    const { vendor, watcher, watch } = openWatcher({ clusterBus })
    void watch('1').read()
    void watch('2').read()
    leaderCallbacks.forEach((setLeader) => setLeader(true))
    await untilQuiet(vendor)
    const before = vendor.reads.length
    watcher.notifyChanged({ vendor, address: execution('1') })
    await advance(POLL_MS)
    expect(vendor.reads.slice(before).map(({ address }) => address.path[0])).toEqual(['1'])
    expect(published.filter(({ kind }) => kind === 'changed')).toEqual([{ kind: 'changed', job: keyOf('1') }])
  })

  it('tells the other instances of a job that is not watched here, and reads nothing', async () => {
    const { clusterBus, published } = openClusterBus()
    const { vendor, watcher } = openWatcher({ clusterBus })
    watcher.notifyChanged({ vendor, address: execution('1') })
    await advance(HOUR)
    expect(published).toEqual([{ kind: 'changed', job: keyOf('1') }])
    expect(vendor.reads).toEqual([])
  })
})

describe('notifyMentioned', () => {
  it('polls the mentioned jobs of that vendor, and no others', async () => {
    const { vendor, watcher, watch } = openWatcher()
    for (const id of ['1', '2', '3']) void watch(id).read()
    const cortex = createFakeVendor({ name: 'CORTEX' })
    cortex.respondWith((address) => jobWithStatus('RUNNING', {}, address))
    const record: JobAddress = { type: 'Record', path: ['1', 'col_1', 'rec_1'] }
    const reader = watcher.watch([{ vendor: cortex, address: record }], {
      selection: () => new Set(),
      signal: new AbortController().signal,
    })
    void reader.next()
    await untilQuiet(vendor, cortex)
    const before = [vendor.reads.length, cortex.reads.length]
    const polledIds = () =>
      [vendor, cortex].map(
        ({ reads }, at) => new Set(reads.slice(before[at]).map(({ address }) => address.path.at(-1))),
      )
    // Places are no ids of jobs, and nothing is polledIds at that nobody watches.
    watcher.notifyMentioned('CORTEX', ['1', 'col_1', 'rec_9', 'Record', ''])
    await advance(POLL_MS)
    expect(polledIds()).toEqual([new Set(), new Set()])
    watcher.notifyMentioned('KODEXA', ['1', '3', '3', '9', 'rec_1'])
    await advance(POLL_MS)
    expect(polledIds()).toEqual([new Set(['1', '3']), new Set()])
    watcher.notifyMentioned('CORTEX', ['rec_1'])
    await advance(POLL_MS)
    expect(polledIds()).toEqual([new Set(['1', '3']), new Set(['rec_1'])])
  })

  it('tells the other instances', () => {
    const { clusterBus, published } = openClusterBus()
    openWatcher({ clusterBus }).watcher.notifyMentioned('CORTEX', ['rec_1'])
    expect(published).toEqual([{ kind: 'mentioned', vendor: 'CORTEX', strings: ['rec_1'] }])
  })
})

describe('an instance in a cluster', () => {
  it('joins one election per job while the job has subscribers', async () => {
    const { clusterBus, leaderCallbacks, released } = openClusterBus()
    const { watch, jobs } = openWatcher({ clusterBus })
    const [first, second] = [watch('1'), watch('1', '2')]
    void first.read()
    void second.read()
    await advance()
    expect([...leaderCallbacks.keys()]).toEqual([keyOf('1'), keyOf('2')])
    await first.reader.return!()
    expect(released).toEqual([])
    await second.reader.return!()
    expect(released).toEqual([keyOf('1'), keyOf('2')])
    jobs['1'] = 'COMPLETED'
    void watch('1').read()
    await advance()
    expect(released).toEqual([keyOf('1'), keyOf('2'), keyOf('1')])
  })

  it('reads once as a follower, then after each message of the leader', async () => {
    const { clusterBus, leaderCallbacks, send } = openClusterBus()
    const { watch, jobs, vendor } = openWatcher({ clusterBus })
    const received = watch('1').read()
    leaderCallbacks.get(keyOf('1'))!(false)
    await advance(HOUR)
    expect(vendor.reads).toHaveLength(1)
    jobs['1'] = 'CANCELLING'
    send({ kind: 'update', job: keyOf('1'), fingerprint: fingerprintOf(jobWithStatus('CANCELLING')) })
    await advance()
    jobs['1'] = vendorError('VENDOR_TIMEOUT')
    send({ kind: 'outage', job: keyOf('1'), code: 'VENDOR_TIMEOUT', message: 'Slow.' })
    await advance()
    expect(received).toEqual(['1 RUNNING', '1 CANCELLING', 'VENDOR_TIMEOUT'])
  })

  it('publishes what it sees as the leader, and polls when it is received of a change', async () => {
    const { clusterBus, leaderCallbacks, published, send } = openClusterBus()
    const { watch, jobs, vendor } = openWatcher({ clusterBus })
    void watch('1').read()
    leaderCallbacks.get(keyOf('1'))!(true)
    await untilQuiet(vendor)
    jobs['1'] = 'CANCELLING'
    let before = vendor.reads.length
    send({ kind: 'changed', job: keyOf('1') })
    await advance(POLL_MS)
    expect(vendor.reads).toHaveLength(before + 1)
    await untilQuiet(vendor)
    before = vendor.reads.length
    send({ kind: 'mentioned', vendor: 'KODEXA', strings: ['1'] })
    await advance(POLL_MS)
    expect(vendor.reads).toHaveLength(before + 1)
    jobs['1'] = vendorError('VENDOR_TIMEOUT')
    await advance(HOUR)
    const statuses = ['RUNNING', 'CANCELLING'] as const
    const changes = published.filter(
      (message, index) => JSON.stringify(message) !== JSON.stringify(published[index - 1]),
    )
    expect(changes.slice(0, 2)).toEqual(
      statuses.map((status) => ({
        kind: 'update',
        job: keyOf('1'),
        fingerprint: fingerprintOf(jobWithStatus(status)),
      })),
    )
    expect(changes[2]).toEqual({
      kind: 'outage',
      job: keyOf('1'),
      code: 'VENDOR_TIMEOUT',
      message: 'Kodexa did VENDOR_TIMEOUT.',
    })
    // Messages are never forwarded, or they would circulate for ever.
    expect(published.filter(({ kind }) => kind === 'changed' || kind === 'mentioned')).toEqual([])
  })

  it.each<ClusterMessage>([
    { kind: 'update', job: 'unknown', fingerprint: 'x' },
    { kind: 'outage', job: 'unknown', code: 'VENDOR_TIMEOUT', message: 'x' },
    { kind: 'changed', job: 'unknown' },
    { kind: 'mentioned', vendor: 'unknown', strings: ['1'] },
  ])('ignores messages about jobs that are not watched here: $kind', async (message) => {
    const { clusterBus, leaderCallbacks, send } = openClusterBus()
    const { watch, vendor } = openWatcher({ clusterBus })
    void watch('1').read()
    leaderCallbacks.get(keyOf('1'))!(false)
    await advance()
    send(message)
    await advance(HOUR)
    expect(vendor.reads).toHaveLength(1)
  })

  it('reads again as a follower after messages were lost', async () => {
    const { clusterBus, leaderCallbacks, loseMessages } = openClusterBus()
    const { watch, jobs, vendor } = openWatcher({ clusterBus })
    const received = [watch('1').read(), watch('2').read()]
    leaderCallbacks.get(keyOf('1'))!(false)
    leaderCallbacks.get(keyOf('2'))!(false)
    await advance(HOUR)
    jobs['1'] = 'COMPLETED'
    loseMessages()
    await advance()
    expect(received).toEqual([['1 RUNNING', '1 COMPLETED', 'end'], ['2 RUNNING']])
    expect(vendor.reads).toHaveLength(4)
  })
})
