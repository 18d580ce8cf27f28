import { describe, expect, it } from 'vitest'
import { closeAfterTest, sandboxed } from '../support/closing.js'
import { LANDMARKS } from '../../src/sandbox/kodexa/landmarks.js'
import { openGateway, type TestGateway } from '../support/gateway.js'
import {
  cortexAt,
  json,
  kodexaAt,
  startScriptedVendor,
  type Script,
  type ScriptedVendor,
} from '../support/scripted-vendor.js'

interface ListedJob {
  readonly vendorId: string
  readonly status: string
}

interface Connection {
  readonly totalCount: number | null
  readonly edges: readonly { readonly cursor: string; readonly node: ListedJob }[]
  readonly nodes: readonly Pick<ListedJob, 'vendorId'>[]
  readonly pageInfo: {
    readonly hasNextPage: boolean
    readonly hasPreviousPage: boolean
    readonly startCursor: string | null
    readonly endCursor: string | null
  }
}

const CONNECTION = `{
  totalCount
  edges { cursor node { vendorId status } }
  nodes { vendorId }
  pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
}`

interface Scripted {
  readonly gateway: TestGateway
  readonly cortex: ScriptedVendor
  readonly kodexa: ScriptedVendor
}

async function openLists(script: Script): Promise<Scripted> {
  const [cortex, kodexa] = [await startScriptedVendor(script), await startScriptedVendor(script)]
  const gateway = openGateway([cortexAt(cortex.url), kodexaAt(kodexa.url)])
  closeAfterTest(gateway.close, cortex.close, kodexa.close)
  return { gateway, cortex, kodexa }
}

interface PageArgs {
  readonly first?: number
  readonly after?: string | null
}

/** `records(collectionId: "col_1")` and where in it. */
function listField(list: string, page: PageArgs): string {
  const [, name, args] = /^(\w+)(?:\((.*)\))?$/s.exec(list)!
  const parts = [
    args,
    page.first === undefined ? null : `first: ${page.first}`,
    page.after == null ? null : `after: ${JSON.stringify(page.after)}`,
  ]
  const all = parts.filter((part) => part).join(', ')
  return all === '' ? name! : `${name}(${all})`
}

async function readPage(gateway: TestGateway, list: string, page: PageArgs = {}): Promise<Connection> {
  const { data, errors } = await gateway.query(`{ list: ${listField(list, page)} ${CONNECTION} }`)
  expect(errors).toEqual([])
  const connection: Connection = data.list
  return connection
}

/** Follows the list to its end as a client does: by `endCursor` for as long as there is a next page. */
async function readAllPages(
  gateway: TestGateway,
  list: string,
  sizes: number | readonly number[],
): Promise<Connection[]> {
  const pages: Connection[] = []
  let after: string | null = null
  for (let turn = 0; turn < 100; turn++) {
    const first = typeof sizes === 'number' ? sizes : sizes[turn % sizes.length]!
    const page = await readPage(gateway, list, { first, after })
    pages.push(page)
    expect(page.edges.length).toBeLessThanOrEqual(first)
    if (!page.pageInfo.hasNextPage) return pages
    expect(page.pageInfo.endCursor, 'a list that goes on says from where').not.toBeNull()
    expect(page.pageInfo.endCursor, 'a list that goes on gets on').not.toBe(after)
    after = page.pageInfo.endCursor
  }
  throw new Error('The list has no end.')
}

const idsOf = (pages: readonly Connection[]) => pages.flatMap(({ edges }) => edges.map(({ node }) => node.vendorId))

/** What was asked of an upstream, whatever the order of its parameters. */
function parseRequest(line: string): { readonly path: string; readonly query: readonly (readonly [string, string])[] } {
  const [method, target] = line.split(' ')
  const { pathname, searchParams } = new URL(target!, 'http://vendor.test')
  return {
    path: `${method} ${pathname}`,
    query: [...searchParams].sort(([a, x], [b, y]) => (`${a} ${x}` < `${b} ${y}` ? -1 : 1)),
  }
}

const queryParam = (line: string, name: string) =>
  new URL(line.split(' ')[1]!, 'http://vendor.test').searchParams.get(name)

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
  ])('%s read %d at a time gives each of its %d once, by one call a page', async (list, first, total) => {
    const gateway = await sandboxed()
    const pages = await readAllPages(gateway, list, first)
    const ids = idsOf(pages)
    expect(ids).toHaveLength(total)
    expect(new Set(ids).size).toBe(total)
    expect(pages.map(({ totalCount }) => totalCount)).toEqual(pages.map(() => total))
    expect(pages.map(({ edges }) => edges.length)).toEqual(pages.map((_, at) => Math.min(first, total - at * first)))
    const { cortex, kodexa } = gateway.takeRequests()
    expect(cortex.length + kodexa.length).toBe(Math.ceil(total / first))
  })

  it.each([RECORDS, RUNS, EXECUTIONS])('%s is the same whatever the size of its pages', async (list) => {
    const gateway = await sandboxed()
    const whole = idsOf(await readAllPages(gateway, list, 100))
    expect(idsOf(await readAllPages(gateway, list, [3, 50, 1, 100, 7]))).toEqual(whole)
    expect(idsOf(await readAllPages(gateway, list, [20, 3]))).toEqual(whole)
  })

  it.each([RECORDS, RUNS, EXECUTIONS])('%s goes on behind any of its cursors', async (list) => {
    const gateway = await sandboxed()
    const { edges } = await readPage(gateway, list, { first: 12 })
    for (const at of [0, 5, 10]) {
      const page = await readPage(gateway, list, { first: 2, after: edges[at]!.cursor })
      expect(page.edges[0]!.node.vendorId).toBe(edges[at + 1]!.node.vendorId)
    }
  })

  it('says where a page begins and ends', async () => {
    const gateway = await sandboxed()
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

  it('gives twenty when it is not told how many, and the nodes of its edges', async () => {
    const { edges, nodes } = await readPage(await sandboxed(), EXECUTIONS)
    expect(edges).toHaveLength(20)
    expect(nodes.map(({ vendorId }) => vendorId)).toEqual(edges.map(({ node }) => node.vendorId))
  })

  it('counts only what was asked for where the vendor filters', async () => {
    const gateway = await sandboxed()
    const count = async (list: string) => {
      const page = await readPage(gateway, list, { first: 100 })
      expect(page.totalCount).toBe(page.edges.length)
      return page.totalCount!
    }
    expect(await count('records(collectionId: "col_invoices", status: [RUNNING])')).toBeGreaterThan(0)
    expect(await count('workflowRuns(workflowId: "work_extract", status: [SKIPPED])')).toBeGreaterThan(0)
    expect(await count('executions(status: [CANCELLING, CANCELLED])')).toBeGreaterThan(0)
  })

  it('has the children of an execution as a list of their own', async () => {
    const gateway = await sandboxed()
    const ask = async (page: string) => {
      const { data, errors } = await gateway.query(`{
        execution(by: { executionId: "${LANDMARKS.succeeded}" }) { children(${page}) ${CONNECTION} }
      }`)
      expect(errors).toEqual([])
      return data.execution.children as Connection
    }
    const first = await ask('first: 1')
    const second = await ask(`first: 1, after: ${JSON.stringify(first.pageInfo.endCursor)}`)
    expect(first).toMatchObject({ totalCount: 2, pageInfo: { hasNextPage: true } })
    expect(second).toMatchObject({ totalCount: 2, pageInfo: { hasNextPage: false } })
    expect(new Set(idsOf([first, second])).size).toBe(2)
    const lists = gateway.takeRequests().kodexa.filter((line) => line.includes('?'))
    const filter = `parentExecutionId:'${LANDMARKS.succeeded}'`
    expect(lists.map((line) => queryParam(line, 'filter'))).toEqual([filter, filter])
  })

  it.each([
    [RECORDS, 0],
    [RECORDS, -1],
    [RUNS, 101],
    [EXECUTIONS, 101],
  ])('%s refuses a page of %d before anything is sent', async (list, first) => {
    const gateway = await sandboxed()
    const { data, errors } = await gateway.query(`{ list: ${listField(list, { first })} ${CONNECTION} }`)
    expect(data).toEqual({ list: null })
    expect(errors).toMatchObject([{ path: ['list'], extensions: { code: 'BAD_INPUT' } }])
    expect(gateway.takeRequests()).toEqual({ cortex: [], kodexa: [] })
  })

  it('refuses a cursor of another list, and one that is none, before anything is sent', async () => {
    const gateway = await sandboxed()
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
  ])('refuses the cursor of %s for %s, which is another list', async (list, other) => {
    const gateway = await sandboxed()
    const after = (await readPage(gateway, list, { first: 1 })).pageInfo.endCursor
    gateway.takeRequests()
    const { errors } = await gateway.query(`{ list: ${listField(other, { after })} ${CONNECTION} }`)
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_INPUT' } }])
    expect(gateway.takeRequests()).toEqual({ cortex: [], kodexa: [] })
  })

  it.each(['records(collectionId: "col_none")', 'workflowRuns(workflowId: "work_none")'])(
    '%s is null, without an error, when the vendor knows no such place',
    async (list) => {
      const { data, errors } = await (await sandboxed()).query(`{ list: ${list} ${CONNECTION} }`)
      expect(data).toEqual({ list: null })
      expect(errors).toEqual([])
    },
  )
})

describe('what is asked of Cortex', () => {
  it('is the page alone when nothing else is wanted', async () => {
    const gateway = await sandboxed()
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
    "is a record's status %s by its own word",
    async (status) => {
      const gateway = await sandboxed()
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
  ])("is a run's status %s by the word %s", async (status, word) => {
    const gateway = await sandboxed()
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
          ['status', word],
          ['take', '50'],
        ],
      },
    ])
  })

  it('is a search and each tag, with the app that was named', async () => {
    const gateway = await sandboxed()
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
    const gateway = await sandboxed()
    const { data, errors } = await gateway.query(`{
      records(collectionId: "col_invoices", tagIds: ["tag_inv_urgent"], first: 100) { nodes { tags { id } } }
    }`)
    expect(errors).toEqual([])
    const nodes: { tags: { id: string }[] }[] = data.records.nodes
    expect(nodes.length).toBeGreaterThan(0)
    expect(nodes.length).toBeLessThan(42)
    expect(nodes.every(({ tags }) => tags.some(({ id }) => id === 'tag_inv_urgent'))).toBe(true)
  })

  it('is no tag that cannot be one', async () => {
    const gateway = await sandboxed()
    const { errors } = await gateway.query('{ records(collectionId: "col_invoices", tagIds: ["a/b"]) { totalCount } }')
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_INPUT' } }])
    expect(gateway.takeRequests().cortex).toEqual([])
  })

  it('is the origin of a run, and its extra properties where they are wanted', async () => {
    const gateway = await sandboxed()
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

  it('stays the same from page to page but for the page', async () => {
    const gateway = await sandboxed()
    await readAllPages(gateway, 'workflowRuns(workflowId: "work_extract", origin: RECORD, status: [COMPLETED])', 10)
    const asked = gateway.takeRequests().cortex.map(parseRequest)
    expect(asked.length).toBeGreaterThan(2)
    expect(asked).toEqual(
      asked.map((_, at) => ({
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

  it('is never an origin that nobody knows', async () => {
    const gateway = await sandboxed()
    const source = '{ workflowRuns(workflowId: "work_extract", origin: UNKNOWN) { totalCount } }'
    const { data, errors } = await gateway.query(source)
    expect(data).toEqual({ workflowRuns: null })
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_INPUT' } }])
    expect(gateway.takeRequests().cortex).toEqual([])
  })
})

describe('what is asked of Kodexa', () => {
  it('is everything at once, in one filter', async () => {
    const gateway = await sandboxed()
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

  it('is nothing but the page and the order when nothing else is wanted', async () => {
    const gateway = await sandboxed()
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

  it('is every word that stands for a status', async () => {
    const gateway = await sandboxed()
    const { edges, totalCount } = await readPage(gateway, 'executions(status: [QUEUED])', { first: 100 })
    expect(edges.length).toBeGreaterThan(0)
    expect(edges).toHaveLength(totalCount!)
    expect(new Set(edges.map(({ node }) => node.status))).toEqual(new Set(['QUEUED']))
    const [line] = gateway.takeRequests().kodexa
    expect(queryParam(line!, 'filter')).toBe(
      "(status:'PENDING' or status:'REQUESTED' or status:'PENDING_REPROCESSING')",
    )
  })

  it('is the name of a status although the instance answers with its code', async () => {
    const gateway = await sandboxed({ kodexaSandbox: { statusAs: 'code' } })
    const { edges, totalCount } = await readPage(gateway, 'executions(status: [FAILED, SKIPPED])', { first: 100 })
    expect(edges).toHaveLength(totalCount!)
    expect(new Set(edges.map(({ node }) => node.status))).toEqual(new Set(['FAILED', 'SKIPPED']))
  })

  it('is never an id that cannot be one, nor a filter of two lines', async () => {
    const gateway = await sandboxed()
    const filters = ['filter: "a\\nb"', `filter: "${'x'.repeat(2001)}"`]
    for (const args of [`assistantId: "a' or id:'b"`, 'documentFamilyId: "../x"', ...filters]) {
      const { errors } = await gateway.query(`{ executions(${args}) { totalCount } }`)
      expect(errors).toMatchObject([{ extensions: { code: 'BAD_INPUT' } }])
    }
    expect(gateway.takeRequests().kodexa).toEqual([])
  })
})

describe('a status that a vendor has no word for', () => {
  it.each([
    'records(collectionId: "col_invoices", status: [SKIPPED])',
    'records(collectionId: "col_invoices", status: [CANCELLING, SKIPPED])',
    'workflowRuns(workflowId: "work_extract", status: [DRAFT])',
    'workflowRuns(workflowId: "work_extract", status: [CANCELLING, DRAFT])',
    'executions(status: [DRAFT])',
    'executions(status: [])',
  ])('gives an empty list without a call: %s', async (list) => {
    const gateway = await sandboxed()
    expect(await readPage(gateway, list)).toEqual({
      totalCount: 0,
      edges: [],
      nodes: [],
      pageInfo: { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null },
    })
    expect(gateway.takeRequests()).toEqual({ cortex: [], kodexa: [] })
  })

  it('does not stand in the way of another that it has one for', async () => {
    const gateway = await sandboxed()
    const { edges } = await readPage(gateway, 'records(collectionId: "col_invoices", status: [SKIPPED, FAILED])', {
      first: 100,
    })
    expect(new Set(edges.map(({ node }) => node.status))).toEqual(new Set(['FAILED']))
    expect(queryParam(gateway.takeRequests().cortex[0]!, 'status')).toBe('FAILED')
  })
})

interface ListedRow {
  readonly id: string
  readonly status: string
  readonly assistantId?: string | null
}

interface PagingBehaviour {
  /** The most on a page. */
  readonly cap?: number
  /** Whether the totals are told; or the size of the page alone. */
  readonly totals?: boolean | 'size'
}

/** Cortex with these rows in every list, whatever else is asked for. */
function cortexList(rows: readonly ListedRow[], { cap = 1000, totals = true }: PagingBehaviour = {}): Script {
  return (request, response) => {
    const query = new URL(request.url!, 'http://cortex.test').searchParams
    const [page, take] = [Number(query.get('page')), Math.min(Number(query.get('take')), cap)]
    const headers = {
      'pagination-page': String(page),
      'pagination-take': String(take),
      'pagination-count': String(rows.length),
    }
    const told: Record<string, string> = totals === 'size' ? { 'pagination-take': String(take) } : totals ? headers : {}
    json(200, rows.slice((page - 1) * take, page * take), told)(request, response)
  }
}

/** Kodexa with these rows in every list: an instance that pays no heed to any filter. */
function kodexaList(rows: readonly ListedRow[], { cap = 1000, totals = true }: PagingBehaviour = {}): Script {
  return (request, response) => {
    const query = new URL(request.url!, 'http://kodexa.test').searchParams
    const size = Math.min(Number(query.get('pageSize')), cap)
    const number = Number(query.get('page')) - 1
    const content = rows.slice(number * size, (number + 1) * size)
    const told = { totalElements: rows.length, last: (number + 1) * size >= rows.length }
    json(200, { content, number, size, pageable: { offset: number * size }, ...(totals === true ? told : {}) })(
      request,
      response,
    )
  }
}

/** `count` rows, all RUNNING but those given. */
function rowsWith(count: number, odd: Readonly<Record<number, Partial<ListedRow>>> = {}): ListedRow[] {
  return Array.from({ length: count }, (_, at) => ({ id: `job_${at + 1}`, status: 'RUNNING', ...odd[at + 1] }))
}

describe('several statuses of a list that Cortex filters by one', () => {
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

  const askedPages = (vendor: ScriptedVendor) => vendor.requests.map((line) => Number(queryParam(line, 'page')))

  it('are sorted out here, by pages of a hundred without a status', async () => {
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

  it('are found the same way for runs', async () => {
    const rows = rowsWith(250, { 3: { status: 'PENDING' }, 120: { status: 'SKIPPED' }, 249: { status: 'PENDING' } })
    const { gateway } = await openLists(cortexList(rows))
    const list = 'workflowRuns(workflowId: "work_1", status: [QUEUED, SKIPPED])'
    expect(idsOf(await readAllPages(gateway, list, 2))).toEqual(['job_3', 'job_120', 'job_249'])
  })

  it('are looked for on at most five pages of the vendor at a time, and the list goes on from there', async () => {
    const { gateway, cortex } = await openLists(cortexList(ROWS))
    const first = await readPage(gateway, LIST, { first: 20 })
    expect(idsOf([first])).toEqual(FOUND.slice(0, 4))
    expect(first.pageInfo.hasNextPage).toBe(true)
    expect(askedPages(cortex)).toEqual([1, 2, 3, 4, 5])
    const second = await readPage(gateway, LIST, { first: 20, after: first.pageInfo.endCursor })
    expect(idsOf([second])).toEqual(FOUND.slice(4))
    expect(second.pageInfo.hasNextPage).toBe(false)
    expect(askedPages(cortex)).toEqual([1, 2, 3, 4, 5, 6, 7])
  })

  it('leave an empty page that knows how to go on, where none was found on the first five', async () => {
    const { gateway, cortex } = await openLists(cortexList(rowsWith(1050, { 1040: QUEUED })))
    const pages = await readAllPages(gateway, LIST, 20)
    expect(pages.map(({ edges }) => edges.length)).toEqual([0, 0, 1])
    expect(askedPages(cortex)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11])
  })

  it('have no total, which the vendor counts without them', async () => {
    const { gateway } = await openLists(cortexList(ROWS))
    expect((await readPage(gateway, LIST)).totalCount).toBeNull()
  })

  it('are found in the sandbox too', async () => {
    const gateway = await sandboxed()
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
  ])('is not asked of Cortex but looked for in what it answers: %s', async (list) => {
    const { gateway, cortex } = await openLists(cortexList(rowsWith(650, { 5: PAUSED, 640: PAUSED })))
    expect(idsOf(await readAllPages(gateway, list, 20))).toEqual(['job_5', 'job_640'])
    expect(cortex.requests.some((line) => line.includes('status'))).toBe(false)
  })

  it('is not asked of Kodexa but looked for in what it answers', async () => {
    const { gateway, kodexa } = await openLists(kodexaList(rowsWith(250, { 5: PAUSED, 240: PAUSED })))
    expect(idsOf(await readAllPages(gateway, 'executions(status: [UNKNOWN])', 20))).toEqual(['job_5', 'job_240'])
    expect(kodexa.requests.some((line) => line.includes('filter'))).toBe(false)
  })

  it('is looked for through as many pages of Kodexa as there are', async () => {
    const { gateway } = await openLists(kodexaList(rowsWith(1250, { 5: PAUSED, 1240: PAUSED })))
    expect(idsOf(await readAllPages(gateway, 'executions(status: [UNKNOWN])', 20))).toEqual(['job_5', 'job_1240'])
  })

  it('may be wanted beside others', async () => {
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

  it('is a list like any other when nothing is in it', async () => {
    const gateway = await sandboxed()
    for (const list of ['records(collectionId: "col_invoices", status: [UNKNOWN])', 'executions(status: [UNKNOWN])']) {
      const page = await readPage(gateway, list)
      expect(page.edges).toEqual([])
      expect(page.pageInfo.hasNextPage).toBe(false)
    }
  })
})

describe('a vendor that does not tell its totals', () => {
  it.each([
    ['records(collectionId: "col_1")', cortexList],
    ['workflowRuns(workflowId: "work_1")', cortexList],
    ['executions', kodexaList],
  ] as const)('still gives every one of %s once', async (list, script) => {
    for (const count of [39, 40, 41]) {
      const { gateway } = await openLists(script(rowsWith(count), { totals: false }))
      const pages = await readAllPages(gateway, list, 20)
      expect(idsOf(pages)).toEqual(rowsWith(count).map(({ id }) => id))
      expect(pages.map(({ totalCount }) => totalCount)).toEqual(pages.map(() => null))
    }
  })

  it('may leave an empty page at the end, which ends the list', async () => {
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

  it('is understood when the total is no number', async () => {
    const { gateway } = await openLists(json(200, rowsWith(3), { 'pagination-count': 'many', 'pagination-take': '' }))
    const page = await readPage(gateway, 'records(collectionId: "col_1")')
    expect(page).toMatchObject({ totalCount: null, pageInfo: { hasNextPage: false } })
    expect(idsOf([page])).toEqual(['job_1', 'job_2', 'job_3'])
  })
})

describe('a vendor that gives less on a page than it is asked for', () => {
  it.each([
    ['records(collectionId: "col_1")', cortexList],
    ['workflowRuns(workflowId: "work_1")', cortexList],
    ['executions', kodexaList],
  ] as const)('still gives every one of %s once, as many at a time as are wanted', async (list, script) => {
    const { gateway } = await openLists(script(rowsWith(57), { cap: 10 }))
    const pages = await readAllPages(gateway, list, 20)
    expect(idsOf(pages)).toEqual(rowsWith(57).map(({ id }) => id))
    expect(pages.map(({ edges }) => edges.length)).toEqual([20, 20, 17])
  })

  it.each([
    ['records(collectionId: "col_1")', cortexList],
    ['executions', kodexaList],
  ] as const)('gives every one of %s once also where that shows late only', async (list, script) => {
    const { gateway } = await openLists(script(rowsWith(97), { cap: 10 }))
    const pages = await readAllPages(gateway, list, [9, 9, 9, 9, 9, 20, 3, 50])
    expect(idsOf(pages)).toEqual(rowsWith(97).map(({ id }) => id))
  })

  it.each([
    ['records(collectionId: "col_1")', cortexList],
    ['executions', kodexaList],
  ] as const)('gives every one of %s once also where it tells the size alone', async (list, script) => {
    const { gateway } = await openLists(script(rowsWith(57), { cap: 10, totals: 'size' }))
    expect(idsOf(await readAllPages(gateway, list, 20))).toEqual(rowsWith(57).map(({ id }) => id))
  })

  it('is asked for no more than five pages at a time', async () => {
    const { gateway, cortex } = await openLists(cortexList(rowsWith(57), { cap: 3 }))
    const page = await readPage(gateway, 'records(collectionId: "col_1")', { first: 50 })
    expect(page.edges).toHaveLength(15)
    expect(page.pageInfo.hasNextPage).toBe(true)
    expect(cortex.requests).toHaveLength(5)
    expect(idsOf(await readAllPages(gateway, 'records(collectionId: "col_1")', 50))).toEqual(
      rowsWith(57).map(({ id }) => id),
    )
  })

  it('is the sandbox of Kodexa when it is told to', async () => {
    const gateway = await sandboxed({ kodexaSandbox: { maxPageSize: 9 } })
    const ids = idsOf(await readAllPages(gateway, 'executions', 20))
    expect(ids).toHaveLength(120)
    expect(new Set(ids).size).toBe(120)
  })
})

describe('a list that changes while it is read', () => {
  it('gives nothing twice on one page although new jobs push others onto the next of the vendor', async () => {
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

describe('a list with rows that are no jobs', () => {
  it('has them left out', async () => {
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

describe('an instance of Kodexa that counts its pages from 0', () => {
  it('gives every execution once, and is found out by the first answer', async () => {
    const gateway = await sandboxed({ kodexaSandbox: { pageBase: 0 } })
    const pages = await readAllPages(gateway, 'executions', 50)
    expect(pages.map(({ edges }) => edges.length)).toEqual([50, 50, 20])
    expect(new Set(idsOf(pages)).size).toBe(120)
    expect(gateway.takeRequests().kodexa.map((line) => queryParam(line, 'page'))).toEqual(['1', '0', '1', '2'])
  })

  it('gives the same as one that counts from 1', async () => {
    const [zero, one] = [await sandboxed({ kodexaSandbox: { pageBase: 0 } }), await sandboxed()]
    const list = 'executions(status: [COMPLETED])'
    expect(idsOf(await readAllPages(zero, list, 11))).toEqual(idsOf(await readAllPages(one, list, 11)))
  })

  it('gives every list of one request its own first page', async () => {
    const gateway = await sandboxed({ kodexaSandbox: { pageBase: 0 } })
    const list = `executions(first: 5) ${CONNECTION}`
    const { data, errors } = await gateway.query(`{ a: ${list} b: ${list} }`)
    expect(errors).toEqual([])
    expect(idsOf([data.b])).toEqual(idsOf([data.a]))
    expect(idsOf([data.a])).toEqual(idsOf([await readPage(gateway, 'executions', { first: 5 })]))
  })
})

describe('an instance of Kodexa that pays no heed to filters', () => {
  const MINE = { assistantId: 'a-1' }
  const others = (count: number, odd: Readonly<Record<number, Partial<ListedRow>>>) =>
    rowsWith(count, odd).map((row) => ({ assistantId: 'a-2', ...row }))

  it('has what was not asked for left out, and its total with it', async () => {
    const { gateway } = await openLists(kodexaList(others(20, { 3: MINE, 9: MINE })))
    const page = await readPage(gateway, 'executions(assistantId: "a-1")')
    expect(idsOf([page])).toEqual(['job_3', 'job_9'])
    expect(page.totalCount).toBeNull()
  })

  it('has other statuses left out', async () => {
    const odd = { 3: { status: 'FAILED' }, 41: { status: 'failed' }, 55: { status: 'CANCELLED' } }
    const { gateway } = await openLists(kodexaList(rowsWith(60, odd)))
    expect(idsOf(await readAllPages(gateway, 'executions(status: [FAILED])', 20))).toEqual(['job_3', 'job_41'])
  })

  it('has executions kept that do not say what they are of, and those left out that say they are of none', async () => {
    const rows = rowsWith(4, { 1: MINE, 2: { assistantId: 'a-2' }, 4: { assistantId: null } })
    const { gateway } = await openLists(kodexaList(rows))
    expect(idsOf([await readPage(gateway, 'executions(assistantId: "a-1")')])).toEqual(['job_1', 'job_3'])
  })

  it.each([1, 2, 20])('gives each one once all the same, %d at a time', async (first) => {
    const { gateway } = await openLists(kodexaList(others(90, { 2: MINE, 5: MINE, 41: MINE, 42: MINE, 77: MINE })))
    const ids = idsOf(await readAllPages(gateway, 'executions(assistantId: "a-1")', first))
    expect(ids).toEqual(['job_2', 'job_5', 'job_41', 'job_42', 'job_77'])
  })

  it('is looked through to its end, however far apart the wanted ones are', async () => {
    const { gateway, kodexa } = await openLists(kodexaList(others(700, { 5: MINE, 650: MINE })))
    expect(idsOf(await readAllPages(gateway, 'executions(assistantId: "a-1")', 20))).toEqual(['job_5', 'job_650'])
    expect(kodexa.requests.length).toBeLessThanOrEqual(35 + 7)
  })

  it('is asked for no more than five pages at a time', async () => {
    const { gateway, kodexa } = await openLists(kodexaList(others(700, { 650: MINE })))
    const page = await readPage(gateway, 'executions(assistantId: "a-1")', { first: 20 })
    expect(page).toMatchObject({ edges: [], pageInfo: { hasNextPage: true } })
    expect(kodexa.requests).toHaveLength(5)
  })
})

describe('an instance of Kodexa that refuses to filter by status', () => {
  it('is asked for all, and what was not asked for is left out', async () => {
    const [refusing, other] = [await sandboxed({ kodexaSandbox: { refuses: ['status'] } }), await sandboxed()]
    for (const list of ['executions(status: [FAILED])', 'executions(status: [QUEUED, CANCELLED])']) {
      const ids = idsOf(await readAllPages(refusing, list, 20))
      expect(ids.length).toBeGreaterThan(0)
      expect(ids).toEqual(idsOf(await readAllPages(other, list, 20)))
    }
  })

  it('is not asked again for the words it refused', async () => {
    const gateway = await sandboxed({ kodexaSandbox: { refuses: ['status'] } })
    await readPage(gateway, 'executions(status: [FAILED])', { first: 1 })
    expect(gateway.takeRequests().kodexa.some((line) => line.includes('filter'))).toBe(true)
    await readPage(gateway, 'executions(status: [FAILED])', { first: 1 })
    expect(gateway.takeRequests().kodexa.some((line) => line.includes('filter'))).toBe(false)
  })

  it('is still asked for everything else', async () => {
    const gateway = await sandboxed({ kodexaSandbox: { refuses: ['status'] } })
    await readPage(gateway, 'executions(status: [FAILED], assistantId: "a-1")')
    const filters = gateway.takeRequests().kodexa.map((line) => queryParam(line, 'filter'))
    expect(filters.at(-1)).toBe("assistantId:'a-1'")
  })
})

describe('an instance of Kodexa that answers a bare array', () => {
  it('gives every execution once', async () => {
    const { gateway } = await openLists(json(200, rowsWith(30)))
    expect(idsOf(await readAllPages(gateway, 'executions', 100))).toEqual(rowsWith(30).map(({ id }) => id))
    expect(idsOf(await readAllPages(gateway, 'executions', 20))).toEqual(rowsWith(30).map(({ id }) => id))
  })
})

describe('a list that cannot be read', () => {
  it.each(['records(collectionId: "col_1")', 'workflowRuns(workflowId: "work_1")', 'executions'])(
    'is null with an error, and costs nothing else: %s',
    async (list) => {
      const { gateway } = await openLists(json(500, {}))
      const { status, data, errors } = await gateway.query(`{ list: ${list} { totalCount } vendors { vendor } }`)
      expect(status).toBe(200)
      expect(data).toEqual({ list: null, vendors: [{ vendor: 'CORTEX' }, { vendor: 'KODEXA' }] })
      expect(errors).toMatchObject([{ path: ['list'], extensions: { code: 'VENDOR_UNAVAILABLE' } }])
    },
  )

  it('is told of as such when it is no list', async () => {
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
