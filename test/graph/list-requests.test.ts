import { describe, expect, it } from 'vitest'
import { openSandboxedForTest } from '../support/close-after-test.js'
import { readAllPages, readPage } from '../support/connections.js'
import { parseRequest, queryParam } from '../support/upstream-requests.js'

describe('a list request to Cortex', () => {
  it('has the page alone by default', async () => {
    const gateway = await openSandboxedForTest()
    await readPage(gateway, 'records(collectionId: "col_loans")', { first: 7 })
    await readPage(gateway, 'workflowRuns(workflowId: "work_verify")', { first: 9 })
    expect(gateway.takeRequests().cortex.map(parseRequest)).toEqual([
      {
        path: 'GET /apps/c/collections/col_loans/records',
        query: [
          ['page', '1'],
          ['take', '7'],
        ],
      },
      {
        path: 'GET /apps/c/workflows/work_verify/runs',
        query: [
          ['page', '1'],
          ['take', '9'],
        ],
      },
    ])
  })

  it.each(['DRAFT', 'QUEUED', 'RUNNING', 'COMPLETED', 'FAILED', 'CANCELLED'])(
    "has a record's status %s as it is",
    async (status) => {
      const gateway = await openSandboxedForTest()
      const { edges } = await readPage(gateway, `records(collectionId: "col_invoices", status: [${status}])`, {
        first: 50,
      })
      expect(edges.length).toBeGreaterThan(0)
      expect(new Set(edges.map(({ node }) => node.status))).toEqual(new Set([status]))
      expect(gateway.takeRequests().cortex.map(parseRequest)).toEqual([
        {
          path: 'GET /apps/c/collections/col_invoices/records',
          query: [
            ['page', '1'],
            ['status', status],
            ['take', '50'],
          ],
        },
      ])
    },
  )

  it.each([
    ['QUEUED', 'PENDING'],
    ['RUNNING', 'RUNNING'],
    ['COMPLETED', 'COMPLETED'],
    ['FAILED', 'FAILED'],
    ['CANCELLED', 'CANCELLED'],
    ['SKIPPED', 'SKIPPED'],
  ])("has a run's status %s as %s", async (status, raw) => {
    const gateway = await openSandboxedForTest()
    const { edges } = await readPage(gateway, `workflowRuns(workflowId: "work_extract", status: [${status}])`, {
      first: 50,
    })
    expect(edges.length).toBeGreaterThan(0)
    expect(new Set(edges.map(({ node }) => node.status))).toEqual(new Set([status]))
    expect(gateway.takeRequests().cortex.map(parseRequest)).toEqual([
      {
        path: 'GET /apps/c/workflows/work_extract/runs',
        query: [
          ['page', '1'],
          ['status', raw],
          ['take', '50'],
        ],
      },
    ])
  })

  it('has the search, each tag and the named app', async () => {
    const gateway = await openSandboxedForTest()
    const { data, errors } = await gateway.query(`{
      records(
        appId: "app_4gTq9ZbYx0mKcW2LhRvD7e"
        collectionId: "col_invoices"
        search: "in & out = ü+"
        tagIds: ["tag_inv_urgent", "tag_inv_foreign"]
        first: 5
      ) { nodes { id } }
    }`)
    expect(errors).toEqual([])
    expect(data.records.nodes).toEqual([])
    expect(gateway.takeRequests().cortex.map(parseRequest)).toEqual([
      {
        path: 'GET /apps/app_4gTq9ZbYx0mKcW2LhRvD7e/collections/col_invoices/records',
        query: [
          ['page', '1'],
          ['search', 'in & out = ü+'],
          ['tag_ids', 'tag_inv_foreign'],
          ['tag_ids', 'tag_inv_urgent'],
          ['take', '5'],
        ],
      },
    ])
  })

  it('finds the records that have one of the tags', async () => {
    const gateway = await openSandboxedForTest()
    const { data, errors } = await gateway.query(`{
      records(collectionId: "col_invoices", tagIds: ["tag_inv_urgent"], first: 100) { nodes { tags { id } } }
    }`)
    expect(errors).toEqual([])
    const nodes: { tags: { id: string }[] }[] = data.records.nodes
    expect(nodes.length).toBeGreaterThan(0)
    expect(nodes.length).toBeLessThan(42)
    expect(nodes.every(({ tags }) => tags.some(({ id }) => id === 'tag_inv_urgent'))).toBe(true)
  })

  it('is not sent with an invalid tag id', async () => {
    const gateway = await openSandboxedForTest()
    const { errors } = await gateway.query('{ records(collectionId: "col_invoices", tagIds: ["a/b"]) { totalCount } }')
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_INPUT' } }])
    expect(gateway.takeRequests().cortex).toEqual([])
  })

  it('has the origin of a run, and verbose when requested', async () => {
    const gateway = await openSandboxedForTest()
    const { data, errors } = await gateway.query(`{
      workflowRuns(workflowId: "work_extract", origin: WEBHOOK, verbose: true, first: 5) {
        nodes { origin output { key } }
      }
    }`)
    expect(errors).toEqual([])
    const nodes: { origin: string; output: unknown[] }[] = data.workflowRuns.nodes
    expect(new Set(nodes.map(({ origin }) => origin))).toEqual(new Set(['WEBHOOK']))
    expect(nodes.some(({ output }) => output.length > 0)).toBe(true)
    expect(gateway.takeRequests().cortex.map(parseRequest)).toEqual([
      {
        path: 'GET /apps/c/workflows/work_extract/runs',
        query: [
          ['origin', 'WEBHOOK'],
          ['page', '1'],
          ['take', '5'],
          ['verbose', 'all'],
        ],
      },
    ])
  })

  it('differs from page to page by the page alone', async () => {
    const gateway = await openSandboxedForTest()
    await readAllPages(gateway, 'workflowRuns(workflowId: "work_extract", origin: RECORD, status: [COMPLETED])', 10)
    const requests = gateway.takeRequests().cortex.map(parseRequest)
    expect(requests.length).toBeGreaterThan(2)
    expect(requests).toEqual(
      requests.map((_, at) => ({
        path: 'GET /apps/c/workflows/work_extract/runs',
        query: [
          ['origin', 'RECORD'],
          ['page', String(at + 1)],
          ['status', 'COMPLETED'],
          ['take', '10'],
        ],
      })),
    )
  })

  it('is not sent with the origin UNKNOWN', async () => {
    const gateway = await openSandboxedForTest()
    const source = '{ workflowRuns(workflowId: "work_extract", origin: UNKNOWN) { totalCount } }'
    const { data, errors } = await gateway.query(source)
    expect(data).toEqual({ workflowRuns: null })
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_INPUT' } }])
    expect(gateway.takeRequests().cortex).toEqual([])
  })
})

describe('a list request to Kodexa', () => {
  it('has all conditions in one filter', async () => {
    const gateway = await openSandboxedForTest()
    await readPage(
      gateway,
      'executions(assistantId: "a-1", documentFamilyId: "f-1", status: [RUNNING], filter: "priority > 3")',
      { first: 5 },
    )
    expect(gateway.takeRequests().kodexa.map(parseRequest)).toEqual([
      {
        path: 'GET /api/executions',
        query: [
          ['filter', "assistantId:'a-1' and documentFamilyId:'f-1' and status:'RUNNING' and (priority > 3)"],
          ['page', '1'],
          ['pageSize', '5'],
          ['sort', 'createdOn,desc'],
        ],
      },
    ])
  })

  it('has the page and the order alone by default', async () => {
    const gateway = await openSandboxedForTest()
    await readPage(gateway, 'executions', { first: 5 })
    expect(gateway.takeRequests().kodexa.map(parseRequest)).toEqual([
      {
        path: 'GET /api/executions',
        query: [
          ['page', '1'],
          ['pageSize', '5'],
          ['sort', 'createdOn,desc'],
        ],
      },
    ])
  })

  it('has every raw status that maps to a status', async () => {
    const gateway = await openSandboxedForTest()
    const { edges, totalCount } = await readPage(gateway, 'executions(status: [QUEUED])', { first: 100 })
    expect(edges.length).toBeGreaterThan(0)
    expect(edges).toHaveLength(totalCount!)
    expect(new Set(edges.map(({ node }) => node.status))).toEqual(new Set(['QUEUED']))
    const [line] = gateway.takeRequests().kodexa
    expect(queryParam(line!, 'filter')).toBe(
      "(status:'PENDING' or status:'REQUESTED' or status:'PENDING_REPROCESSING')",
    )
  })

  it('has the name of a status although the instance returns its code', async () => {
    const gateway = await openSandboxedForTest({ kodexaSandbox: { statusAs: 'code' } })
    const { edges, totalCount } = await readPage(gateway, 'executions(status: [FAILED, SKIPPED])', { first: 100 })
    expect(edges).toHaveLength(totalCount!)
    expect(new Set(edges.map(({ node }) => node.status))).toEqual(new Set(['FAILED', 'SKIPPED']))
  })

  it('is not sent with an invalid id or an invalid filter', async () => {
    const gateway = await openSandboxedForTest()
    const filters = ['filter: "a\\nb"', `filter: "${'x'.repeat(2001)}"`]
    for (const args of [`assistantId: "a' or id:'b"`, 'documentFamilyId: "../x"', ...filters]) {
      const { errors } = await gateway.query(`{ executions(${args}) { totalCount } }`)
      expect(errors).toMatchObject([{ extensions: { code: 'BAD_INPUT' } }])
    }
    expect(gateway.takeRequests().kodexa).toEqual([])
  })
})

describe('a status that a vendor does not have', () => {
  it.each([
    'records(collectionId: "col_invoices", status: [SKIPPED])',
    'records(collectionId: "col_invoices", status: [CANCELLING, SKIPPED])',
    'workflowRuns(workflowId: "work_extract", status: [DRAFT])',
    'workflowRuns(workflowId: "work_extract", status: [CANCELLING, DRAFT])',
    'executions(status: [DRAFT])',
    'executions(status: [])',
  ])('gives an empty list without a request: %s', async (list) => {
    const gateway = await openSandboxedForTest()
    expect(await readPage(gateway, list)).toEqual({
      totalCount: 0,
      edges: [],
      nodes: [],
      pageInfo: { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null },
    })
    expect(gateway.takeRequests()).toEqual({ cortex: [], kodexa: [] })
  })

  it('is ignored beside one that the vendor has', async () => {
    const gateway = await openSandboxedForTest()
    const { edges } = await readPage(gateway, 'records(collectionId: "col_invoices", status: [SKIPPED, FAILED])', {
      first: 100,
    })
    expect(new Set(edges.map(({ node }) => node.status))).toEqual(new Set(['FAILED']))
    expect(queryParam(gateway.takeRequests().cortex[0]!, 'status')).toBe('FAILED')
  })
})
