import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { createMeter } from '../../src/job/meter.js'
import { jobWith, nameOf, openVendorReads, type DetailLevel } from '../support/vendor-reads.js'

describe('a cached job', () => {
  it('serves requests for a lower detail level without a read', async () => {
    const { read, reads } = openVendorReads()
    await read('1', 'verbose')
    await read('1', 'plain')
    await read('1', 'bare')
    expect(reads).toEqual(['verbose 1'])
  })

  it('does not serve requests for a higher detail level', async () => {
    const { read, reads, respondWith } = openVendorReads()
    respondWith(({ detail }) => jobWith('1', 'RUNNING', detail))
    expect(nameOf(await read('1', 'bare'))).toBe('bare')
    expect(nameOf(await read('1', 'plain'))).toBe('plain')
    expect(nameOf(await read('1', 'verbose'))).toBe('verbose')
    expect(nameOf(await read('1', 'bare'))).toBe('verbose')
    expect(reads).toEqual(['bare 1', 'plain 1', 'verbose 1'])
  })

  it('serves requests up to the detail level at which it was really read', async () => {
    const { read, reads, setMinDetail } = openVendorReads()
    setMinDetail('plain')
    await read('1', 'bare')
    expect(await read('1', 'plain')).toEqual(jobWith('1'))
    expect(reads).toEqual(['bare 1'])
    await read('1', 'verbose')
    expect(reads).toEqual(['bare 1', 'verbose 1'])
  })

  it('that does not exist serves requests for every lower detail level', async () => {
    const { read, reads, respondWith } = openVendorReads()
    respondWith(() => null)
    expect([await read('1', 'verbose'), await read('1', 'bare')]).toEqual([null, null])
    expect(reads).toEqual(['verbose 1'])
  })
})

describe('an extra item of a read', () => {
  const listed = (detail: DetailLevel) => ({ item: jobWith('1', 'RUNNING', 'listed'), detail })

  it('serves requests up to its detail level', async () => {
    const { read, reads, setExtraItems } = openVendorReads()
    setExtraItems(listed('plain'))
    await read('2')
    setExtraItems()
    const meter = createMeter()
    expect(nameOf(await read('1', 'plain', { meter }))).toBe('listed')
    expect(nameOf(await read('1', 'bare', { meter }))).toBe('listed')
    expect(meter.usage()).toMatchObject({ KODEXA: { cached: 2 } })
    expect(nameOf(await read('1', 'verbose'))).toBeNull()
    expect(reads).toEqual(['plain 2', 'verbose 1'])
  })

  it('does not replace a more detailed cached job', async () => {
    const { read, reads, respondWith, setExtraItems } = openVendorReads()
    respondWith(({ address }) => jobWith(address, 'RUNNING', 'requested'))
    await read('1', 'verbose')
    await delay(2)
    setExtraItems(listed('plain'))
    await read('2')
    expect(nameOf(await read('1', 'verbose'))).toBe('requested')
    expect(nameOf(await read('1', 'plain'))).toBe('requested')
    expect(reads).toEqual(['verbose 1', 'plain 2'])
  })

  it('serves requests that need more detail than the cached job has', async () => {
    const { read, reads, respondWith, setExtraItems } = openVendorReads()
    respondWith(({ address }) => jobWith(address, 'RUNNING', 'requested'))
    await read('1', 'bare')
    await delay(2)
    setExtraItems(listed('plain'))
    await read('2')
    expect(nameOf(await read('1', 'plain'))).toBe('listed')
    expect(nameOf(await read('1', 'bare'))).toBe('requested')
    expect(reads).toEqual(['bare 1', 'plain 2'])
  })
})
