import { describe, expect, it } from 'vitest'
import { cachingState, jobWith, nameOf, openVendorReads } from '../support/vendor-reads.js'

describe('two credentials', () => {
  it("never see each other's cached jobs, although they use the same shared state", async () => {
    const sharedState = cachingState()
    const [ours, theirs] = [openVendorReads(sharedState, 'ours'), openVendorReads(sharedState, 'theirs')]
    ours.respondWith(() => jobWith('1', 'COMPLETED', 'ours'))
    theirs.respondWith(() => null)
    expect(nameOf(await ours.read('1'))).toBe('ours')
    expect(await theirs.read('1')).toBeNull()
    expect(nameOf(await ours.read('1'))).toBe('ours')
    expect([ours.reads, theirs.reads]).toEqual([['plain 1'], ['plain 1']])
  })

  it('do not share reads in flight', async () => {
    const sharedState = cachingState()
    const [ours, theirs] = [openVendorReads(sharedState, 'ours'), openVendorReads(sharedState, 'theirs')]
    ours.respondWith(() => jobWith('1', 'RUNNING', 'ours'))
    theirs.respondWith(() => jobWith('1', 'RUNNING', 'theirs'))
    const results = await Promise.all([ours.read('1'), theirs.read('1'), ours.read('1'), theirs.read('1')])
    expect(results.map(nameOf)).toEqual(['ours', 'theirs', 'ours', 'theirs'])
  })

  it("do not replace each other's cached jobs", async () => {
    const sharedState = cachingState()
    const [ours, theirs] = [openVendorReads(sharedState, 'ours'), openVendorReads(sharedState, 'theirs')]
    await theirs.read('1')
    ours.items.replace({ address: '1', detail: 'plain' }, jobWith('1', 'CANCELLED', 'replaced'), true)
    expect(nameOf(await theirs.read('1'))).toBeNull()
    expect(nameOf(await ours.read('1'))).toBe('replaced')
  })
})
