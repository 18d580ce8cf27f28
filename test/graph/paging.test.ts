import { describe, expect, it } from 'vitest'
import { DOCUMENTED_IDS } from '../../src/sandbox/kodexa/executions.js'
import { openSandboxedForTest } from '../support/close-after-test.js'
import { type Connection, CONNECTION, idsOf, listField, readAllPages, readPage } from '../support/connections.js'
import { cortexList, openLists, rowsWith } from '../support/list-vendors.js'
import { json } from '../support/scripted-vendor.js'
import { queryParam } from '../support/upstream-requests.js'

describe('a list of the sandboxes', () => {
  const RECORDS = 'records(collectionId: "col_invoices")'
  const RUNS = 'workflowRuns(workflowId: "work_extract")'
  const EXECUTIONS = 'executions'

  it.each([
    [RECORDS, 7, 42],
    [RECORDS, 42, 42],
    [RECORDS, 41, 42],
    [RUNS, 25, 86],
    [RUNS, 100, 86],
    [EXECUTIONS, 13, 120],
    [EXECUTIONS, 60, 120],
    [EXECUTIONS, 100, 120],
  ])('%s, %d at a time, has each of its %d jobs once, with one request per page', async (list, first, total) => {
    const gateway = await openSandboxedForTest()
    const pages = await readAllPages(gateway, list, first)
    const ids = idsOf(pages)
    expect(ids).toHaveLength(total)
    expect(new Set(ids).size).toBe(total)
    expect(pages.map(({ totalCount }) => totalCount)).toEqual(pages.map(() => total))
    expect(pages.map(({ edges }) => edges.length)).toEqual(pages.map((_, at) => Math.min(first, total - at * first)))
    const { cortex, kodexa } = gateway.takeRequests()
    expect(cortex.length + kodexa.length).toBe(Math.ceil(total / first))
  })

  it.each([RECORDS, RUNS, EXECUTIONS])('%s is the same for every page size', async (list) => {
    const gateway = await openSandboxedForTest()
    const whole = idsOf(await readAllPages(gateway, list, 100))
    expect(idsOf(await readAllPages(gateway, list, [3, 50, 1, 100, 7]))).toEqual(whole)
    expect(idsOf(await readAllPages(gateway, list, [20, 3]))).toEqual(whole)
  })

  it.each([RECORDS, RUNS, EXECUTIONS])('%s continues after any of its cursors', async (list) => {
    const gateway = await openSandboxedForTest()
    const { edges } = await readPage(gateway, list, { first: 12 })
    for (const at of [0, 5, 10]) {
      const page = await readPage(gateway, list, { first: 2, after: edges[at]!.cursor })
      expect(page.edges[0]!.node.vendorId).toBe(edges[at + 1]!.node.vendorId)
    }
  })

  it('has the cursors of the first and last edge in pageInfo', async () => {
    const gateway = await openSandboxedForTest()
    const [first, ...others] = await readAllPages(gateway, RECORDS, 20)
    expect(first!.pageInfo).toEqual({
      hasNextPage: true,
      hasPreviousPage: false,
      startCursor: first!.edges[0]!.cursor,
      endCursor: first!.edges.at(-1)!.cursor,
    })
    for (const { pageInfo, edges } of others) {
      expect(pageInfo).toMatchObject({
        hasPreviousPage: true,
        startCursor: edges[0]!.cursor,
        endCursor: edges.at(-1)!.cursor,
      })
    }
    expect(others.at(-1)!.pageInfo.hasNextPage).toBe(false)
  })

  it('has twenty edges by default, and their nodes', async () => {
    const { edges, nodes } = await readPage(await openSandboxedForTest(), EXECUTIONS)
    expect(edges).toHaveLength(20)
    expect(nodes.map(({ vendorId }) => vendorId)).toEqual(edges.map(({ node }) => node.vendorId))
  })

  it('counts the filtered jobs when the vendor filters', async () => {
    const gateway = await openSandboxedForTest()
    const count = async (list: string) => {
      const page = await readPage(gateway, list, { first: 100 })
      expect(page.totalCount).toBe(page.edges.length)
      return page.totalCount!
    }
    expect(await count('records(collectionId: "col_invoices", status: [RUNNING])')).toBeGreaterThan(0)
    expect(await count('workflowRuns(workflowId: "work_extract", status: [SKIPPED])')).toBeGreaterThan(0)
    expect(await count('executions(status: [CANCELLING, CANCELLED])')).toBeGreaterThan(0)
  })

  it('pages through the children of an execution', async () => {
    const gateway = await openSandboxedForTest()
    const readChildren = async (page: string) => {
      const { data, errors } = await gateway.query(`{
        execution(by: { executionId: "${DOCUMENTED_IDS.succeeded}" }) { children(${page}) ${CONNECTION} }
      }`)
      expect(errors).toEqual([])
      return data.execution.children as Connection
    }
    const first = await readChildren('first: 1')
    const second = await readChildren(`first: 1, after: ${JSON.stringify(first.pageInfo.endCursor)}`)
    expect(first).toMatchObject({ totalCount: 2, pageInfo: { hasNextPage: true } })
    expect(second).toMatchObject({ totalCount: 2, pageInfo: { hasNextPage: false } })
    expect(new Set(idsOf([first, second])).size).toBe(2)
    const lists = gateway.takeRequests().kodexa.filter((line) => line.includes('?'))
    const filter = `parentExecutionId:'${DOCUMENTED_IDS.succeeded}'`
    expect(lists.map((line) => queryParam(line, 'filter'))).toEqual([filter, filter])
  })

  it.each([
    [RECORDS, 0],
    [RECORDS, -1],
    [RUNS, 101],
    [EXECUTIONS, 101],
  ])('%s rejects a page of %d before anything is sent', async (list, first) => {
    const gateway = await openSandboxedForTest()
    const { data, errors } = await gateway.query(`{ list: ${listField(list, { first })} ${CONNECTION} }`)
    expect(data).toEqual({ list: null })
    expect(errors).toMatchObject([{ path: ['list'], extensions: { code: 'BAD_INPUT' } }])
    expect(gateway.takeRequests()).toEqual({ cortex: [], kodexa: [] })
  })

  it('rejects a cursor of another list, and an invalid one, before anything is sent', async () => {
    const gateway = await openSandboxedForTest()
    const cursor = (await readPage(gateway, RECORDS, { first: 1 })).pageInfo.endCursor!
    gateway.takeRequests()
    const attempts: [string, string][] = [
      [RUNS, cursor],
      [EXECUTIONS, cursor],
      [RECORDS, 'nonsense'],
      [RECORDS, ''],
    ]
    for (const [list, after] of [...attempts, [RECORDS, `${cursor}=`]] as const) {
      const { data, errors } = await gateway.query(`{ list: ${listField(list, { after })} ${CONNECTION} }`)
      expect(data).toEqual({ list: null })
      expect(errors).toMatchObject([{ extensions: { code: 'BAD_INPUT' } }])
    }
    expect(gateway.takeRequests()).toEqual({ cortex: [], kodexa: [] })
  })

  it.each([
    [RECORDS, 'records(collectionId: "col_loans")'],
    [RECORDS, 'records(collectionId: "col_invoices", status: [COMPLETED])'],
    [RUNS, 'workflowRuns(workflowId: "work_verify")'],
    [RUNS, 'workflowRuns(workflowId: "work_extract", origin: RECORD)'],
    [EXECUTIONS, 'executions(status: [COMPLETED])'],
  ])('rejects the cursor of %s for %s', async (list, other) => {
    const gateway = await openSandboxedForTest()
    const after = (await readPage(gateway, list, { first: 1 })).pageInfo.endCursor
    gateway.takeRequests()
    const { errors } = await gateway.query(`{ list: ${listField(other, { after })} ${CONNECTION} }`)
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_INPUT' } }])
    expect(gateway.takeRequests()).toEqual({ cortex: [], kodexa: [] })
  })

  it.each(['records(collectionId: "col_none")', 'workflowRuns(workflowId: "work_none")'])(
    '%s is null without an error when there is no such container',
    async (list) => {
      const { data, errors } = await (await openSandboxedForTest()).query(`{ list: ${list} ${CONNECTION} }`)
      expect(data).toEqual({ list: null })
      expect(errors).toEqual([])
    },
  )
})

describe('a list that changes while it is read', () => {
  it('repeats nothing on one page although new jobs shift the pages of the vendor', async () => {
    let rows = rowsWith(20)
    const { gateway } = await openLists((request, response) => {
      cortexList(rows, { cap: 5 })(request, response)
      rows = [{ id: `new_${rows.length}`, status: 'RUNNING' }, ...rows]
    })
    const ids = idsOf([await readPage(gateway, 'records(collectionId: "col_1")', { first: 12 })])
    expect(ids).toHaveLength(12)
    expect(new Set(ids).size).toBe(12)
  })
})

describe('a list with rows that are not jobs', () => {
  it('leaves them out', async () => {
    const rows: unknown[] = [
      { id: 'job_1', status: 'RUNNING' },
      null,
      { status: 'RUNNING' },
      'job_2',
      { id: 'job_3', status: 'FAILED' },
    ]
    const { gateway } = await openLists(json(200, rows))
    expect(idsOf([await readPage(gateway, 'records(collectionId: "col_1")')])).toEqual(['job_1', 'job_3'])
  })
})

describe('a list that cannot be read', () => {
  it.each(['records(collectionId: "col_1")', 'workflowRuns(workflowId: "work_1")', 'executions'])(
    'is null with an error, and other fields are kept: %s',
    async (list) => {
      const { gateway } = await openLists(json(500, {}))
      const { status, data, errors } = await gateway.query(`{ list: ${list} { totalCount } vendors { vendor } }`)
      expect(status).toBe(200)
      expect(data).toEqual({ list: null, vendors: [{ vendor: 'CORTEX' }, { vendor: 'KODEXA' }] })
      expect(errors).toMatchObject([{ path: ['list'], extensions: { code: 'VENDOR_UNAVAILABLE' } }])
    },
  )

  it('is a bad response when it is not a list', async () => {
    const { gateway } = await openLists(json(200, { rows: [] }))
    const source = '{ records(collectionId: "col_1") { totalCount } executions { totalCount } }'
    const { data, errors } = await gateway.query(source)
    expect(data).toEqual({ records: null, executions: null })
    expect(errors.map(({ extensions }) => extensions)).toEqual([
      { code: 'VENDOR_BAD_RESPONSE', vendor: 'CORTEX' },
      { code: 'VENDOR_BAD_RESPONSE', vendor: 'KODEXA' },
    ])
  })
})
