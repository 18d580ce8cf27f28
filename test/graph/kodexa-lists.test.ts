import { describe, expect, it } from 'vitest'
import { openSandboxedForTest } from '../support/close-after-test.js'
import { CONNECTION, idsOf, readAllPages, readPage } from '../support/connections.js'
import { kodexaList, type ListedRow, openLists, rowsWith } from '../support/list-vendors.js'
import { json } from '../support/scripted-vendor.js'
import { queryParam } from '../support/upstream-requests.js'

describe('a Kodexa instance that counts pages from 0', () => {
  it('lists every execution once, and is detected by the first response', async () => {
    const gateway = await openSandboxedForTest({ kodexaSandbox: { pageBase: 0 } })
    const pages = await readAllPages(gateway, 'executions', 50)
    expect(pages.map(({ edges }) => edges.length)).toEqual([50, 50, 20])
    expect(new Set(idsOf(pages)).size).toBe(120)
    expect(gateway.takeRequests().kodexa.map((line) => queryParam(line, 'page'))).toEqual(['1', '0', '1', '2'])
  })

  it('lists the same as one that counts from 1', async () => {
    const [zero, one] = [await openSandboxedForTest({ kodexaSandbox: { pageBase: 0 } }), await openSandboxedForTest()]
    const list = 'executions(status: [COMPLETED])'
    expect(idsOf(await readAllPages(zero, list, 11))).toEqual(idsOf(await readAllPages(one, list, 11)))
  })

  it('gives every list of one request its first page', async () => {
    const gateway = await openSandboxedForTest({ kodexaSandbox: { pageBase: 0 } })
    const list = `executions(first: 5) ${CONNECTION}`
    const { data, errors } = await gateway.query(`{ a: ${list} b: ${list} }`)
    expect(errors).toEqual([])
    expect(idsOf([data.b])).toEqual(idsOf([data.a]))
    expect(idsOf([data.a])).toEqual(idsOf([await readPage(gateway, 'executions', { first: 5 })]))
  })
})

describe('a Kodexa instance that ignores filters', () => {
  const MATCH = { assistantId: 'a-1' }
  const others = (count: number, overrides: Readonly<Record<number, Partial<ListedRow>>>) =>
    rowsWith(count, overrides).map((row) => ({ assistantId: 'a-2', ...row }))

  it('has its rows filtered in the gateway, without a total', async () => {
    const { gateway } = await openLists(kodexaList(others(20, { 3: MATCH, 9: MATCH })))
    const page = await readPage(gateway, 'executions(assistantId: "a-1")')
    expect(idsOf([page])).toEqual(['job_3', 'job_9'])
    expect(page.totalCount).toBeNull()
  })

  it('has other statuses filtered out', async () => {
    const overrides = { 3: { status: 'FAILED' }, 41: { status: 'failed' }, 55: { status: 'CANCELLED' } }
    const { gateway } = await openLists(kodexaList(rowsWith(60, overrides)))
    expect(idsOf(await readAllPages(gateway, 'executions(status: [FAILED])', 20))).toEqual(['job_3', 'job_41'])
  })

  it('keeps executions that lack the filtered field, and drops those where it is null', async () => {
    const rows = rowsWith(4, { 1: MATCH, 2: { assistantId: 'a-2' }, 4: { assistantId: null } })
    const { gateway } = await openLists(kodexaList(rows))
    expect(idsOf([await readPage(gateway, 'executions(assistantId: "a-1")')])).toEqual(['job_1', 'job_3'])
  })

  it.each([1, 2, 20])('lists each match once, %d at a time', async (first) => {
    const { gateway } = await openLists(kodexaList(others(90, { 2: MATCH, 5: MATCH, 41: MATCH, 42: MATCH, 77: MATCH })))
    const ids = idsOf(await readAllPages(gateway, 'executions(assistantId: "a-1")', first))
    expect(ids).toEqual(['job_2', 'job_5', 'job_41', 'job_42', 'job_77'])
  })

  it('is read to its end, however far apart the matches are', async () => {
    const { gateway, kodexa } = await openLists(kodexaList(others(700, { 5: MATCH, 650: MATCH })))
    expect(idsOf(await readAllPages(gateway, 'executions(assistantId: "a-1")', 20))).toEqual(['job_5', 'job_650'])
    expect(kodexa.requests.length).toBeLessThanOrEqual(35 + 7)
  })

  it('gets at most five requests per page', async () => {
    const { gateway, kodexa } = await openLists(kodexaList(others(700, { 650: MATCH })))
    const page = await readPage(gateway, 'executions(assistantId: "a-1")', { first: 20 })
    expect(page).toMatchObject({ edges: [], pageInfo: { hasNextPage: true } })
    expect(kodexa.requests).toHaveLength(5)
  })
})

describe('a Kodexa instance that rejects filters by status', () => {
  it('is read without the filter, and other statuses are filtered out', async () => {
    const [rejecting, other] = [
      await openSandboxedForTest({ kodexaSandbox: { unfilterableFields: ['status'] } }),
      await openSandboxedForTest(),
    ]
    for (const list of ['executions(status: [FAILED])', 'executions(status: [QUEUED, CANCELLED])']) {
      const ids = idsOf(await readAllPages(rejecting, list, 20))
      expect(ids.length).toBeGreaterThan(0)
      expect(ids).toEqual(idsOf(await readAllPages(other, list, 20)))
    }
  })

  it('does not get the rejected filter again', async () => {
    const gateway = await openSandboxedForTest({ kodexaSandbox: { unfilterableFields: ['status'] } })
    await readPage(gateway, 'executions(status: [FAILED])', { first: 1 })
    expect(gateway.takeRequests().kodexa.some((line) => line.includes('filter'))).toBe(true)
    await readPage(gateway, 'executions(status: [FAILED])', { first: 1 })
    expect(gateway.takeRequests().kodexa.some((line) => line.includes('filter'))).toBe(false)
  })

  it('still gets the other filters', async () => {
    const gateway = await openSandboxedForTest({ kodexaSandbox: { unfilterableFields: ['status'] } })
    await readPage(gateway, 'executions(status: [FAILED], assistantId: "a-1")')
    const filters = gateway.takeRequests().kodexa.map((line) => queryParam(line, 'filter'))
    expect(filters.at(-1)).toBe("assistantId:'a-1'")
  })
})

describe('a Kodexa instance that returns a bare array', () => {
  it('lists every execution once', async () => {
    const { gateway } = await openLists(json(200, rowsWith(30)))
    expect(idsOf(await readAllPages(gateway, 'executions', 100))).toEqual(rowsWith(30).map(({ id }) => id))
    expect(idsOf(await readAllPages(gateway, 'executions', 20))).toEqual(rowsWith(30).map(({ id }) => id))
  })
})
