import { setImmediate as tick, setTimeout as delay } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { createMeter } from '../../src/job/meter.js'
import { jobWith, nameOf, openVendorReads, type VendorReads } from '../support/vendor-reads.js'

describe('a job that a mutation returned or invalidated', () => {
  it('replaces the cached job and is not read again', async () => {
    const { items, read, reads } = openVendorReads()
    await read('1')
    items.replace({ address: '1', detail: 'plain' }, jobWith('1', 'CANCELLED', 'replaced'), true)
    expect(nameOf(await read('1'))).toBe('replaced')
    expect(reads).toEqual(['plain 1'])
  })

  it('replaces a more detailed cached job', async () => {
    const { items, read, reads } = openVendorReads()
    await read('1', 'verbose')
    items.replace({ address: '1', detail: 'plain' }, jobWith('1', 'CANCELLED', 'replaced'), true)
    expect(nameOf(await read('1', 'bare'))).toBe('replaced')
    await read('1', 'verbose')
    expect(reads).toEqual(['verbose 1', 'verbose 1'])
  })

  it('is not replaced by a read that started before it and ended after it', async () => {
    const { items, read, respondWith, hold } = openVendorReads()
    const release = hold()
    respondWith(() => jobWith('1', 'RUNNING', 'old'))
    const early = read('1')
    await new Promise((resolve) => setTimeout(resolve, 5))
    items.replace({ address: '1', detail: 'plain' }, jobWith('1', 'CANCELLING', 'new'), true)
    release()
    expect(nameOf(await early)).toBe('old')
    expect(nameOf(await read('1'))).toBe('new')
  })

  it.each([
    ['replaced', (items: VendorReads['items']) => items.replace({ address: '1', detail: 'bare' }, jobWith('1'), true)],
    ['invalidated', (items: VendorReads['items']) => items.invalidate('1')],
  ])('and is %s prevents joining earlier reads of the same job, but not those of other jobs', async (_how, change) => {
    const { items, read, reads, respondWith, hold } = openVendorReads()
    const release = hold()
    const meter = createMeter()
    const early = ['1', '2', '10'].map((address) => read(address))
    await tick()
    change(items)
    respondWith(({ address }) => jobWith(address, 'RUNNING', 'new'))
    const late = ['1', '2', '10'].map((address) => read(address, 'plain', { meter }))
    await tick()
    release()
    expect((await Promise.all([...early, ...late])).map(nameOf)).toEqual([null, null, null, 'new', null, null])
    expect(reads).toEqual(['plain 1', 'plain 2', 'plain 10', 'plain 1'])
    expect(meter.usage()).toMatchObject({ KODEXA: { shared: 2 } })
  })

  it('that was invalidated is not cached from a read that started before', async () => {
    const { items, read, reads, respondWith, hold } = openVendorReads()
    const release = hold()
    respondWith(() => jobWith('1', 'COMPLETED', 'old'))
    const early = read('1', 'verbose')
    await delay(5)
    items.invalidate('1')
    respondWith(() => jobWith('1', 'RUNNING', 'new'))
    release()
    expect(nameOf(await early)).toBe('old')
    expect(nameOf(await read('1'))).toBe('new')
    expect(reads).toEqual(['verbose 1', 'plain 1'])
  })

  it('is not overwritten by a list that was requested before it', async () => {
    const { items, read, reads, setExtraItems, hold } = openVendorReads()
    const release = hold()
    setExtraItems({ item: jobWith('1', 'RUNNING', 'old'), detail: 'verbose' })
    const list = read('2')
    await delay(5)
    items.replace({ address: '1', detail: 'plain' }, jobWith('1', 'CANCELLING', 'new'), true)
    release()
    await list
    setExtraItems()
    expect(nameOf(await read('1'))).toBe('new')
    expect(nameOf(await read('1', 'verbose'))).toBeNull()
    expect(reads).toEqual(['plain 2', 'verbose 1'])
  })

  it('replaces the job that an earlier list returned', async () => {
    const { items, read, reads, setExtraItems } = openVendorReads()
    setExtraItems({ item: jobWith('1', 'RUNNING', 'old'), detail: 'verbose' })
    await read('2')
    setExtraItems()
    await delay(5)
    items.replace({ address: '1', detail: 'plain' }, jobWith('1', 'CANCELLING', 'new'), true)
    expect(nameOf(await read('1'))).toBe('new')
    expect(nameOf(await read('1', 'verbose'))).toBeNull()
    expect(reads).toEqual(['plain 2', 'verbose 1'])
  })

  it('is read again when it was invalidated', async () => {
    const { items, read, reads } = openVendorReads()
    await read('1', 'verbose')
    items.invalidate('1')
    await read('1', 'bare')
    expect(reads).toEqual(['verbose 1', 'bare 1'])
  })
})
