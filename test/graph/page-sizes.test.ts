import { describe, expect, it } from 'vitest'
import { openSandboxedForTest } from '../support/close-after-test.js'
import { idsOf, readAllPages, readPage } from '../support/connections.js'
import { cortexList, kodexaList, openLists, rowsWith } from '../support/list-vendors.js'
import { json } from '../support/scripted-vendor.js'

describe('a vendor that reports no totals', () => {
  it.each([
    ['records(collectionId: "col_1")', cortexList],
    ['workflowRuns(workflowId: "work_1")', cortexList],
    ['executions', kodexaList],
  ] as const)('still lists every one of %s once', async (list, script) => {
    for (const count of [39, 40, 41]) {
      const { gateway } = await openLists(script(rowsWith(count), { totals: false }))
      const pages = await readAllPages(gateway, list, 20)
      expect(idsOf(pages)).toEqual(rowsWith(count).map(({ id }) => id))
      expect(pages.map(({ totalCount }) => totalCount)).toEqual(pages.map(() => null))
    }
  })

  it('may cause an empty last page, which ends the list', async () => {
    const { gateway } = await openLists(cortexList(rowsWith(40), { totals: false }))
    const pages = await readAllPages(gateway, 'records(collectionId: "col_1")', 20)
    expect(pages.map(({ edges }) => edges.length)).toEqual([20, 20, 0])
    expect(pages.at(-1)!.pageInfo).toEqual({
      hasNextPage: false,
      hasPreviousPage: true,
      startCursor: null,
      endCursor: null,
    })
  })

  it('is accepted when the total is not a number', async () => {
    const { gateway } = await openLists(json(200, rowsWith(3), { 'pagination-count': 'many', 'pagination-take': '' }))
    const page = await readPage(gateway, 'records(collectionId: "col_1")')
    expect(page).toMatchObject({ totalCount: null, pageInfo: { hasNextPage: false } })
    expect(idsOf([page])).toEqual(['job_1', 'job_2', 'job_3'])
  })
})

describe('a vendor that caps its pages', () => {
  it.each([
    ['records(collectionId: "col_1")', cortexList],
    ['workflowRuns(workflowId: "work_1")', cortexList],
    ['executions', kodexaList],
  ] as const)('still lists every one of %s once, in pages of the requested size', async (list, script) => {
    const { gateway } = await openLists(script(rowsWith(57), { cap: 10 }))
    const pages = await readAllPages(gateway, list, 20)
    expect(idsOf(pages)).toEqual(rowsWith(57).map(({ id }) => id))
    expect(pages.map(({ edges }) => edges.length)).toEqual([20, 20, 17])
  })

  it.each([
    ['records(collectionId: "col_1")', cortexList],
    ['executions', kodexaList],
  ] as const)('lists every one of %s once even when the cap shows late', async (list, script) => {
    const { gateway } = await openLists(script(rowsWith(97), { cap: 10 }))
    const pages = await readAllPages(gateway, list, [9, 9, 9, 9, 9, 20, 3, 50])
    expect(idsOf(pages)).toEqual(rowsWith(97).map(({ id }) => id))
  })

  it.each([
    ['records(collectionId: "col_1")', cortexList],
    ['executions', kodexaList],
  ] as const)('lists every one of %s once when it reports the page size alone', async (list, script) => {
    const { gateway } = await openLists(script(rowsWith(57), { cap: 10, totals: 'size' }))
    expect(idsOf(await readAllPages(gateway, list, 20))).toEqual(rowsWith(57).map(({ id }) => id))
  })

  it('gets at most five requests per page', async () => {
    const { gateway, cortex } = await openLists(cortexList(rowsWith(57), { cap: 3 }))
    const page = await readPage(gateway, 'records(collectionId: "col_1")', { first: 50 })
    expect(page.edges).toHaveLength(15)
    expect(page.pageInfo.hasNextPage).toBe(true)
    expect(cortex.requests).toHaveLength(5)
    expect(idsOf(await readAllPages(gateway, 'records(collectionId: "col_1")', 50))).toEqual(
      rowsWith(57).map(({ id }) => id),
    )
  })

  it('can be the Kodexa sandbox', async () => {
    const gateway = await openSandboxedForTest({ kodexaSandbox: { maxPageSize: 9 } })
    const ids = idsOf(await readAllPages(gateway, 'executions', 20))
    expect(ids).toHaveLength(120)
    expect(new Set(ids).size).toBe(120)
  })
})
