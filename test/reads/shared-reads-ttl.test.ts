import { setImmediate as tick, setTimeout as delay } from 'node:timers/promises'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { silentLog } from '../../src/job/log.js'
import { createSharedState } from '../../src/reads/shared-state.js'
import { jobWith, nameOf, openVendorReads } from '../support/vendor-reads.js'

describe('the TTL of a job', () => {
  let passedMs = 0

  beforeEach(() => {
    passedMs = 0
    const spies = [performance, Date].map((clock) => {
      const now = clock.now.bind(clock)
      return vi.spyOn(clock, 'now').mockImplementation(() => now() + passedMs)
    })
    return () => spies.forEach((spy) => spy.mockRestore())
  })

  /** Advances the clocks by this many ms, then waits: the cache reads its clock once a millisecond. */
  async function pass(ms: number): Promise<void> {
    passedMs += ms
    await delay(5)
  }

  const openWithLiveTtl = (liveMs: number) =>
    openVendorReads(createSharedState({ terminalMs: 60_000, liveMs, log: silentLog }))

  it('includes the duration of the read: a read that takes longer than the TTL is not cached', async () => {
    const { read, reads, hold } = openWithLiveTtl(1000)
    const release = hold()
    const slow = read('1')
    await tick()
    await pass(1001)
    release()
    expect(await slow).toEqual(jobWith('1'))
    await read('1')
    expect(reads).toEqual(['plain 1', 'plain 1'])
    await read('1')
    expect(reads).toHaveLength(2)
  })

  it('includes the duration of the list for its extra items', async () => {
    const { read, reads, hold, setExtraItems } = openWithLiveTtl(1000)
    const release = hold()
    setExtraItems({ item: jobWith('2', 'COMPLETED'), detail: 'verbose' })
    const slow = read('1')
    await tick()
    await pass(1001)
    release()
    await slow
    await read('2')
    expect(reads).toEqual(['plain 1', 'plain 2'])
  })

  it.each(['RUNNING', 'COMPLETED'] as const)(
    'does not bring back an earlier read when the replacement expires: %s',
    async (status) => {
      const { items, read, reads, respondWith, hold } = openWithLiveTtl(1000)
      const release = hold()
      respondWith(() => jobWith('1', status, 'old'))
      const early = read('1')
      await tick()
      await pass(500)
      items.replace({ address: '1', detail: 'plain' }, jobWith('1', 'CANCELLING', 'replaced'), true)
      await pass(1001)
      release()
      expect(nameOf(await early)).toBe('old')
      respondWith(() => jobWith('1', 'CANCELLED', 'new'))
      expect(nameOf(await read('1'))).toBe('new')
      expect(reads).toEqual(['plain 1', 'plain 1'])
    },
  )

  it('of 0 for live jobs drops a cached terminal job once it is read as running', async () => {
    const { read, reads, respondWith } = openWithLiveTtl(0)
    respondWith(() => jobWith('1', 'COMPLETED'))
    await read('1')
    await read('1')
    expect(reads).toHaveLength(1)
    await pass(10)
    respondWith(() => jobWith('1', 'RUNNING', 'run again'))
    expect(nameOf(await read('1', 'plain', { maxAge: 'new' }))).toBe('run again')
    expect(nameOf(await read('1'))).toBe('run again')
    expect(reads).toHaveLength(3)
  })

  it.each([
    ['a live job', 'CANCELLING', true],
    ['an incomplete response', 'CANCELLED', false],
  ] as const)(
    'of 0 for live jobs drops a cached terminal job once it is cancelled: %s',
    async (_what, status, isComplete) => {
      const { items, read, reads, respondWith } = openWithLiveTtl(0)
      respondWith(() => jobWith('1', 'COMPLETED'))
      await read('1')
      await pass(10)
      items.replace({ address: '1', detail: 'plain' }, jobWith('1', status), isComplete)
      respondWith(() => jobWith('1', 'CANCELLED', 'read again'))
      expect(nameOf(await read('1'))).toBe('read again')
      expect(reads).toHaveLength(2)
    },
  )

  it('is that of a live job for the incomplete response of a mutation, even when the job is terminal', async () => {
    const { items, read, reads } = openWithLiveTtl(1000)
    items.replace({ address: 'incomplete', detail: 'plain' }, jobWith('incomplete', 'CANCELLED', 'replaced'), false)
    items.replace({ address: 'complete', detail: 'plain' }, jobWith('complete', 'CANCELLED', 'replaced'), true)
    expect([nameOf(await read('incomplete')), nameOf(await read('complete'))]).toEqual(['replaced', 'replaced'])
    await pass(1001)
    expect([nameOf(await read('incomplete')), nameOf(await read('complete'))]).toEqual([null, 'replaced'])
    expect(reads).toEqual(['plain incomplete'])
  })

  it('is that of a live job for maxAge live: a terminal job that was cached longer ago is read again', async () => {
    const { read, reads, respondWith } = openWithLiveTtl(1000)
    respondWith(() => jobWith('1', 'COMPLETED'))
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
