import { describe, expect, it } from 'vitest'
import { openSandboxedForTest } from '../support/close-after-test.js'
import { idsOf, readAllPages, readPage } from '../support/connections.js'
import { cortexList, kodexaList, openLists, rowsWith } from '../support/list-vendors.js'
import type { ScriptedVendor } from '../support/scripted-vendor.js'
import { parseRequest, queryParam } from '../support/upstream-requests.js'

describe('several statuses of a list that Cortex filters by one only', () => {
  const QUEUED = { status: 'QUEUED' }
  const FAILED = { status: 'FAILED' }
  const LIST = 'records(collectionId: "col_1", status: [QUEUED, FAILED])'
  const ROWS = rowsWith(700, {
    20: QUEUED,
    130: FAILED,
    480: QUEUED,
    500: FAILED,
    501: QUEUED,
    520: QUEUED,
    690: FAILED,
  })
  const FOUND = ['job_20', 'job_130', 'job_480', 'job_500', 'job_501', 'job_520', 'job_690']

  const requestedPages = (vendor: ScriptedVendor) => vendor.requests.map((line) => Number(queryParam(line, 'page')))

  it('are filtered in the gateway, from pages of a hundred without a status', async () => {
    const { gateway, cortex } = await openLists(cortexList(ROWS))
    await readPage(gateway, LIST, { first: 1 })
    expect(cortex.requests.map(parseRequest)).toEqual([
      {
        path: 'GET /apps/c/collections/col_1/records',
        query: [
          ['page', '1'],
          ['take', '100'],
        ],
      },
    ])
  })

  it.each([1, 2, 3, 4, 7, 100])('are each found once, %d at a time', async (first) => {
    const { gateway } = await openLists(cortexList(ROWS))
    expect(idsOf(await readAllPages(gateway, LIST, first))).toEqual(FOUND)
  })

  it('are found for runs as well', async () => {
    const rows = rowsWith(250, { 3: { status: 'PENDING' }, 120: { status: 'SKIPPED' }, 249: { status: 'PENDING' } })
    const { gateway } = await openLists(cortexList(rows))
    const list = 'workflowRuns(workflowId: "work_1", status: [QUEUED, SKIPPED])'
    expect(idsOf(await readAllPages(gateway, list, 2))).toEqual(['job_3', 'job_120', 'job_249'])
  })

  it('are searched on at most five vendor pages per request, and the next page continues there', async () => {
    const { gateway, cortex } = await openLists(cortexList(ROWS))
    const first = await readPage(gateway, LIST, { first: 20 })
    expect(idsOf([first])).toEqual(FOUND.slice(0, 4))
    expect(first.pageInfo.hasNextPage).toBe(true)
    expect(requestedPages(cortex)).toEqual([1, 2, 3, 4, 5])
    const second = await readPage(gateway, LIST, { first: 20, after: first.pageInfo.endCursor })
    expect(idsOf([second])).toEqual(FOUND.slice(4))
    expect(second.pageInfo.hasNextPage).toBe(false)
    expect(requestedPages(cortex)).toEqual([1, 2, 3, 4, 5, 6, 7])
  })

  it('give an empty page with an endCursor when the first five vendor pages have none', async () => {
    const { gateway, cortex } = await openLists(cortexList(rowsWith(1050, { 1040: QUEUED })))
    const pages = await readAllPages(gateway, LIST, 20)
    expect(pages.map(({ edges }) => edges.length)).toEqual([0, 0, 1])
    expect(requestedPages(cortex)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11])
  })

  it('have no total, because the vendor counts all statuses', async () => {
    const { gateway } = await openLists(cortexList(ROWS))
    expect((await readPage(gateway, LIST)).totalCount).toBeNull()
  })

  it('are found in the sandbox', async () => {
    const gateway = await openSandboxedForTest()
    const pages = await readAllPages(gateway, 'records(collectionId: "col_invoices", status: [QUEUED, RUNNING])', 5)
    expect(idsOf(pages)).toHaveLength(12)
    expect(new Set(idsOf(pages)).size).toBe(12)
    const statuses = pages.flatMap(({ edges }) => edges.map(({ node }) => node.status))
    expect(new Set(statuses)).toEqual(new Set(['QUEUED', 'RUNNING']))
  })
})

describe('the status UNKNOWN', () => {
  const PAUSED = { status: 'PAUSED' }

  it.each([
    'records(collectionId: "col_1", status: [UNKNOWN])',
    'workflowRuns(workflowId: "work_1", status: [UNKNOWN])',
  ])('is not sent to Cortex but filtered in the gateway: %s', async (list) => {
    const { gateway, cortex } = await openLists(cortexList(rowsWith(650, { 5: PAUSED, 640: PAUSED })))
    expect(idsOf(await readAllPages(gateway, list, 20))).toEqual(['job_5', 'job_640'])
    expect(cortex.requests.some((line) => line.includes('status'))).toBe(false)
  })

  it('is not sent to Kodexa but filtered in the gateway', async () => {
    const { gateway, kodexa } = await openLists(kodexaList(rowsWith(250, { 5: PAUSED, 240: PAUSED })))
    expect(idsOf(await readAllPages(gateway, 'executions(status: [UNKNOWN])', 20))).toEqual(['job_5', 'job_240'])
    expect(kodexa.requests.some((line) => line.includes('filter'))).toBe(false)
  })

  it('is searched on all pages of Kodexa', async () => {
    const { gateway } = await openLists(kodexaList(rowsWith(1250, { 5: PAUSED, 1240: PAUSED })))
    expect(idsOf(await readAllPages(gateway, 'executions(status: [UNKNOWN])', 20))).toEqual(['job_5', 'job_1240'])
  })

  it('can be combined with others', async () => {
    const rows = rowsWith(50, { 5: PAUSED, 7: { status: 'FAILED' } })
    const { gateway, cortex, kodexa } = await openLists(cortexList(rows))
    const list = 'records(collectionId: "col_1", status: [UNKNOWN, FAILED])'
    expect(idsOf(await readAllPages(gateway, list, 20))).toEqual(['job_5', 'job_7'])
    kodexa.answer(kodexaList(rows))
    const page = await readPage(gateway, 'executions(assistantId: "a-1", status: [UNKNOWN, FAILED])')
    expect(idsOf([page])).toEqual(['job_5', 'job_7'])
    expect(page.totalCount).toBeNull()
    expect(queryParam(kodexa.requests[0]!, 'filter')).toBe("assistantId:'a-1'")
    expect(cortex.requests).toHaveLength(1)
  })

  it('gives an empty list when no job has it', async () => {
    const gateway = await openSandboxedForTest()
    for (const list of ['records(collectionId: "col_invoices", status: [UNKNOWN])', 'executions(status: [UNKNOWN])']) {
      const page = await readPage(gateway, list)
      expect(page.edges).toEqual([])
      expect(page.pageInfo.hasNextPage).toBe(false)
    }
  })
})
