import { describe, expect, it } from 'vitest'
import { json, type Script } from '../../support/scripted-vendor.js'
import { executionIds, load, openExecutionLoaders } from '../../support/execution-loader.js'
import { batching, idsIn, instance, pageOf, rowsOf, useKodexaInstance } from '../../support/kodexa-instance.js'

const kodexa = useKodexaInstance()

describe('executions by their ids', () => {
  it('are read by two lists of 50 for 100 ids', async () => {
    const ids = executionIds(100)
    kodexa.respondWith(batching(ids))
    expect(await load(openExecutionLoaders(kodexa.url())(), ids)).toEqual(ids)
    const requested = kodexa.requests().map((request) => new URL(request.split(' ')[1]!, kodexa.url()))
    expect(requested.map(({ pathname }) => pathname)).toEqual(['/api/executions', '/api/executions'])
    expect(requested.map(({ searchParams }) => searchParams.get('pageSize'))).toEqual(['50', '50'])
    expect(requested.map(({ searchParams }) => idsIn(searchParams))).toEqual([ids.slice(0, 50), ids.slice(50)])
  })

  it('are read by their own path for one id', async () => {
    kodexa.respondWith(batching(executionIds(1)))
    expect(await load(openExecutionLoaders(kodexa.url())(), ['exe-1'])).toEqual(['exe-1'])
    expect(kodexa.requests()).toEqual(['GET /api/executions/exe-1'])
  })

  it('are read by one list and one single get for 51 ids', async () => {
    const ids = executionIds(51)
    kodexa.respondWith(batching(ids))
    expect(await load(openExecutionLoaders(kodexa.url())(), ids)).toEqual(ids)
    expect(kodexa.listRequests()).toHaveLength(1)
    expect(kodexa.singleGets()).toEqual(['GET /api/executions/exe-51'])
  })

  it('are requested with a page size equal to the number of ids', async () => {
    kodexa.respondWith(batching(executionIds(3)))
    await load(openExecutionLoaders(kodexa.url())(), executionIds(3))
    expect(Object.fromEntries(kodexa.queryOf(kodexa.requests()[0]!))).toEqual({
      page: '1',
      pageSize: '3',
      sort: 'createdOn,desc',
      filter: "id in ('exe-1','exe-2','exe-3')",
    })
  })

  it('are matched by id, not by position', async () => {
    kodexa.respondWith(instance([], (ids) => pageOf([...ids].reverse())))
    expect(await load(openExecutionLoaders(kodexa.url())(), executionIds(7))).toEqual(executionIds(7))
  })

  it('are null when the list does not contain them', async () => {
    kodexa.respondWith(batching(['exe-1', 'exe-3']))
    expect(await load(openExecutionLoaders(kodexa.url())(), executionIds(4))).toEqual(['exe-1', null, 'exe-3', null])
    expect(kodexa.singleGets()).toEqual([])
  })

  it('are matched without regard to case, and requested once', async () => {
    kodexa.respondWith(instance([], (ids) => pageOf(ids.map((id) => id.toUpperCase()))))
    const loader = openExecutionLoaders(kodexa.url())()
    const results = await Promise.all(['ab-1', 'AB-1', 'ab-2'].map((id) => loader.load(id, 'whole')))
    expect(results).toMatchObject([{ vendorId: 'AB-1' }, { vendorId: 'AB-1' }, { vendorId: 'AB-2' }])
    expect(kodexa.listRequests()).toHaveLength(1)
    expect(idsIn(kodexa.queryOf(kodexa.listRequests()[0]!))).toEqual(['ab-1', 'ab-2'])
  })

  it('are cached within one request only', async () => {
    kodexa.respondWith(batching(executionIds(2)))
    const request = openExecutionLoaders(kodexa.url())
    const loader = request()
    await load(loader, executionIds(2))
    await load(loader, executionIds(2))
    expect(kodexa.requests()).toHaveLength(1)
    await load(request(), executionIds(2))
    expect(kodexa.requests()).toHaveLength(2)
  })

  describe('of an instance that caps the page size', () => {
    const capped = (known: readonly string[], size: number): Script =>
      instance([], (ids, query) => {
        const found = known.filter((id) => ids.includes(id))
        const offset = (Number(query.get('page')) - 1) * size
        const content = rowsOf(found.slice(offset, offset + size))
        return json(200, { content, size, totalElements: found.length, last: offset + size >= found.length })
      })

    const requestedPages = () => kodexa.listRequests().map((request) => Number(kodexa.queryOf(request).get('page')))

    it('are read page by page', async () => {
      kodexa.respondWith(capped(executionIds(50), 20))
      expect(await load(openExecutionLoaders(kodexa.url())(), executionIds(50))).toEqual(executionIds(50))
      expect(requestedPages()).toEqual([1, 2, 3])
      expect(kodexa.singleGets()).toEqual([])
    })

    it('are null when no page contains them', async () => {
      kodexa.respondWith(capped(executionIds(25), 10))
      const results = await load(openExecutionLoaders(kodexa.url())(), executionIds(28))
      expect(results).toEqual([...executionIds(25), null, null, null])
      expect(requestedPages()).toEqual([1, 2, 3])
    })

    it('end after a few pages when every page is the same', async () => {
      const oneOf = (ids: readonly string[]) => json(200, { content: rowsOf(ids.slice(0, 1)), totalElements: 900 })
      kodexa.respondWith(instance([], oneOf))
      expect(await load(openExecutionLoaders(kodexa.url())(), executionIds(4))).toEqual(['exe-1', null, null, null])
      expect(kodexa.listRequests().length).toBeLessThanOrEqual(4)
    })
  })
})
