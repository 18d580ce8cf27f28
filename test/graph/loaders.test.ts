import { describe, expect, it } from 'vitest'
import { encodeJobId } from '../../src/job/job-id.js'
import { closeAfterTest, sandboxed } from '../support/closing.js'
import { LANDMARKS } from '../../src/sandbox/kodexa/landmarks.js'
import { openGateway, type TestGateway } from '../support/gateway.js'
import {
  byRoute,
  cortexAt,
  inTurn,
  json,
  kodexaAt,
  startScriptedVendor,
  type Script,
  type ScriptedVendor,
} from '../support/scripted-vendor.js'

interface ScriptedGateway {
  readonly gateway: TestGateway
  readonly cortex: ScriptedVendor
  readonly kodexa: ScriptedVendor
}

async function openScriptedGateway(scripts: {
  readonly cortex?: Script
  readonly kodexa?: Script
}): Promise<ScriptedGateway> {
  const [cortex, kodexa] = [await startScriptedVendor(scripts.cortex), await startScriptedVendor(scripts.kodexa)]
  const gateway = openGateway([cortexAt(cortex.url), kodexaAt(kodexa.url)])
  closeAfterTest(gateway.close, cortex.close, kodexa.close)
  return { gateway, cortex, kodexa }
}

/** The data, where nothing went wrong. */
async function queryData(gateway: TestGateway, source: string, variables: object = {}) {
  const { data, errors } = await gateway.query(source, variables)
  expect(errors).toEqual([])
  // eslint-disable-next-line @typescript-eslint/no-unsafe-return -- its shape is the query's
  return data
}

const idOf = {
  execution: (id: string) => encodeJobId({ type: 'Execution', path: [id] }),
  record: (id: string, collection = 'col_1') => encodeJobId({ type: 'Record', path: ['c', collection, id] }),
  run: (id: string, workflow = 'work_1') => encodeJobId({ type: 'WorkflowRun', path: ['c', workflow, id] }),
}

const FULL_RECORD = '/apps/c/collections/col_invoices/records/rec_completed'
const RECORD_REF = '{ ref: { collectionId: "col_invoices", recordId: "rec_completed" } }'

describe('one job that is asked for ten times in one request', () => {
  const aliases = (...selections: readonly string[]) =>
    Array.from({ length: 10 }, (_, at) => `alias${at}: ${selections[at % selections.length]}`).join('\n')

  it.each([
    [
      'an execution',
      [
        `execution(by: { executionId: "${LANDMARKS.failed}" }) { vendorId }`,
        `execution(by: { id: "${idOf.execution(LANDMARKS.failed)}" }) { vendorId }`,
        `job(id: "${idOf.execution(LANDMARKS.failed)}") { vendorId }`,
        `node(id: "${idOf.execution(LANDMARKS.failed)}") { ... on Job { vendorId } }`,
      ],
      LANDMARKS.failed,
      { cortex: [], kodexa: [`GET /api/executions/${LANDMARKS.failed}`] },
    ],
    [
      'a record',
      [
        `record(by: ${RECORD_REF}) { vendorId createdAt }`,
        `record(by: { id: "${idOf.record('rec_completed', 'col_invoices')}" }) { vendorId name }`,
        `job(id: "${idOf.record('rec_completed', 'col_invoices')}") { vendorId updatedAt }`,
      ],
      'rec_completed',
      { cortex: [`GET ${FULL_RECORD}`], kodexa: [] },
    ],
    [
      'a run',
      [
        'workflowRun(by: { ref: { workflowId: "work_extract", runId: "run_completed" } }) { vendorId }',
        `job(id: "${idOf.run('run_completed', 'work_extract')}") { vendorId }`,
      ],
      'run_completed',
      { cortex: ['GET /apps/c/workflows/work_extract/runs/run_completed'], kodexa: [] },
    ],
    [
      'the status of a record',
      [
        `record(by: ${RECORD_REF}) { vendorId status errors { key } }`,
        `record(by: ${RECORD_REF}) { vendorId errors { key } }`,
      ],
      'rec_completed',
      { cortex: [`GET ${FULL_RECORD}/status`], kodexa: [] },
    ],
  ])('costs one call: %s', async (_what, selections, vendorId, requests) => {
    const gateway = await sandboxed()
    const data: Record<string, unknown> = await queryData(gateway, `{ ${aliases(...selections)} }`)
    expect(Object.values(data)).toMatchObject(Array.from({ length: 10 }, () => ({ vendorId })))
    expect(gateway.takeRequests()).toEqual(requests)
  })

  it('costs a call again in a later request, and none in one at the same time', async () => {
    const gateway = await sandboxed()
    const source = `{
      execution(by: { executionId: "${LANDMARKS.failed}" }) { status }
      record(by: ${RECORD_REF}) { name }
    }`
    await queryData(gateway, source)
    await queryData(gateway, source)
    await Promise.all([queryData(gateway, source), queryData(gateway, source)])
    expect(gateway.takeRequests()).toEqual({
      cortex: Array.from({ length: 3 }, () => `GET ${FULL_RECORD}`),
      kodexa: Array.from({ length: 3 }, () => `GET /api/executions/${LANDMARKS.failed}`),
    })
  })
})

describe('many jobs by their ids', () => {
  async function executionIds(gateway: TestGateway, first: number): Promise<string[]> {
    const data = await queryData(gateway, `{ executions(first: ${first}) { nodes { id } } }`)
    const nodes: { id: string }[] = data.executions.nodes
    return nodes.map(({ id }) => id)
  }

  const NODES = 'query ($ids: [ID!]!) { nodes(ids: $ids) { id ... on Job { status } } }'
  const WHOLE = 'query ($ids: [ID!]!) { nodes(ids: $ids) { id ... on Job { status createdAt } } }'

  it('are a hundred executions by two calls, in the order asked for', async () => {
    const gateway = await sandboxed()
    const ids = (await executionIds(gateway, 100)).reverse()
    gateway.takeRequests()
    const data = await queryData(gateway, NODES, { ids })
    const nodes: { id: string }[] = data.nodes
    expect(nodes.map(({ id }) => id)).toEqual(ids)
    const { cortex, kodexa } = gateway.takeRequests()
    expect(cortex).toEqual([])
    expect(kodexa).toHaveLength(2)
    for (const line of kodexa) expect(line).toMatch(/^GET \/api\/executions\?.*pageSize=50/)
  })

  it('are batched with those that other fields of the request ask for', async () => {
    const gateway = await sandboxed()
    const ids = await executionIds(gateway, 10)
    gateway.takeRequests()
    const source = `query ($ids: [ID!]!) {
      nodes(ids: $ids) { id }
      execution(by: { executionId: "${LANDMARKS.failed}" }) { id }
      job(id: "${idOf.execution(LANDMARKS.cancelled)}") { id }
    }`
    await queryData(gateway, source, { ids })
    expect(gateway.takeRequests().kodexa).toHaveLength(1)
  })

  it('are read in the cheapest way that has what is selected of them', async () => {
    const gateway = await sandboxed()
    const ids = [idOf.record('rec_completed', 'col_invoices'), idOf.run('run_completed', 'work_extract')]
    const asked = async (fields: string) => {
      await queryData(gateway, `query ($ids: [ID!]!) { nodes(ids: $ids) { ${fields} } }`, { ids })
      return gateway
        .takeRequests()
        .cortex.map((line) => line.replace('GET /apps/c/', ''))
        .sort()
    }
    const [record, run] = [
      'collections/col_invoices/records/rec_completed',
      'workflows/work_extract/runs/run_completed',
    ]
    expect(await asked('... on Job { status }')).toEqual([`${record}/status`, run])
    expect(await asked('... on Job { name }')).toEqual([record, run])
    expect(await asked('... on Record { rules { run { id } } } ... on WorkflowRun { output { key } }')).toEqual([
      `${record}?verbose=all`,
      `${run}?verbose=all`,
    ])
  })

  it('are one call for each collection and each workflow', async () => {
    const gateway = await sandboxed()
    const ids = [
      idOf.record('rec_completed', 'col_invoices'),
      idOf.record('rec_long_running', 'col_invoices'),
      idOf.run('run_completed', 'work_extract'),
    ]
    await queryData(gateway, NODES, { ids: [...ids, ...ids] })
    const { cortex, kodexa } = gateway.takeRequests()
    expect([...cortex].sort()).toEqual([
      'GET /apps/c/collections/col_invoices/records?page=1&take=100',
      'GET /apps/c/workflows/work_extract/runs/run_completed',
    ])
    expect(kodexa).toEqual([])
  })

  it('fail each alone', async () => {
    const { gateway } = await openScriptedGateway({
      cortex: byRoute({
        'GET .*/rec_1': json(200, { id: 'rec_1', status: 'RUNNING' }),
        'GET .*/rec_2': json(500, {}),
        'GET .*/rec_3': json(200, { id: 'rec_other', status: 'RUNNING' }),
      }),
      kodexa: byRoute({
        'GET /api/executions': json(200, { content: [{ id: 'exe-1', status: 'FAILED' }], totalElements: 1 }),
      }),
    })
    const ids = [
      idOf.record('rec_1'),
      idOf.record('rec_2'),
      idOf.record('rec_3'),
      idOf.record('rec_4'),
      idOf.execution('exe-1'),
      idOf.execution('exe-2'),
      'nonsense',
      encodeJobId({ type: 'Chicken', path: ['1'] }),
      encodeJobId({ type: 'Record', path: ['c', 'rec_1'] }),
      encodeJobId({ type: 'WorkflowRun', path: ['c', 'work_1', 'run_1', 'discover'] }),
    ]
    const { status, data, errors } = await gateway.query(WHOLE, { ids })
    expect(status).toBe(200)
    const running = { id: ids[0], status: 'RUNNING', createdAt: null }
    const failed = { id: ids[4], status: 'FAILED', createdAt: null }
    expect(data.nodes).toEqual([running, null, null, null, failed, null, null, null, null, null])
    expect(errors.map(({ path, extensions }) => [path, extensions!.code])).toEqual(
      expect.arrayContaining([
        [['nodes', 1], 'VENDOR_UNAVAILABLE'],
        [['nodes', 2], 'VENDOR_BAD_RESPONSE'],
        [['nodes', 6], 'BAD_INPUT'],
        [['nodes', 7], 'BAD_INPUT'],
        [['nodes', 8], 'BAD_INPUT'],
        [['nodes', 9], 'VENDOR_UNSUPPORTED'],
      ]),
    )
    expect(errors).toHaveLength(6)
  })

  it('are a hundred and no more', async () => {
    const gateway = await sandboxed()
    const { data, errors } = await gateway.query(NODES, {
      ids: Array.from({ length: 101 }, () => idOf.execution(LANDMARKS.failed)),
    })
    expect(data).toBeNull()
    expect(errors).toMatchObject([{ path: ['nodes'], extensions: { code: 'BAD_INPUT' } }])
    expect(gateway.takeRequests()).toEqual({ cortex: [], kodexa: [] })
    expect(await queryData(gateway, NODES, { ids: [] })).toEqual({ nodes: [] })
  })
})

describe('the parents of executions', () => {
  /** Twenty executions, each with a parent of its own, or all with the same one. */
  function family(parentOf: (at: number) => string | null): Script {
    return (request, response) => {
      const filter = new URL(request.url!, 'http://kodexa.test').searchParams.get('filter')
      const asked = [...(filter ?? '').matchAll(/'([^']+)'/g)].map(([, id]) => id!)
      const children = Array.from({ length: 20 }, (_, at) => ({ id: `child-${at}`, parentExecutionId: parentOf(at) }))
      const content = filter === null ? children : asked.map((id) => ({ id, status: 'SUCCEEDED' }))
      const one = /^\/api\/executions\/([^/?]+)$/.exec(request.url!)?.[1]
      const body = one === undefined ? { content, totalElements: content.length } : { id: one, status: 'SUCCEEDED' }
      json(200, body)(request, response)
    }
  }

  const PARENTS = '{ executions(first: 20) { nodes { vendorId parent { vendorId status } } } }'

  it('of twenty executions are one call', async () => {
    const { gateway, kodexa } = await openScriptedGateway({ kodexa: family((at) => `parent-${at}`) })
    const data = await queryData(gateway, PARENTS)
    expect(data.executions.nodes).toEqual(
      Array.from({ length: 20 }, (_, at) => ({
        vendorId: `child-${at}`,
        parent: { vendorId: `parent-${at}`, status: 'COMPLETED' },
      })),
    )
    expect(kodexa.requests).toHaveLength(2)
    expect(kodexa.requests[1]).toContain('pageSize=20')
  })

  it('are one call when they are one and the same', async () => {
    const { gateway, kodexa } = await openScriptedGateway({ kodexa: family(() => 'parent-1') })
    const data = await queryData(gateway, PARENTS)
    expect(data.executions.nodes).toHaveLength(20)
    expect(kodexa.requests.slice(1)).toEqual(['GET /api/executions/parent-1'])
  })

  it('are no call where there are none, or none that could be asked for', async () => {
    const { gateway, kodexa } = await openScriptedGateway({ kodexa: family((at) => (at % 2 ? null : '../secrets')) })
    const data = await queryData(gateway, PARENTS)
    expect(data.executions.nodes).toMatchObject(Array.from({ length: 20 }, () => ({ parent: null })))
    expect(kodexa.requests).toHaveLength(1)
  })

  it('are no call when nobody asks for them', async () => {
    const { gateway, kodexa } = await openScriptedGateway({ kodexa: family((at) => `parent-${at}`) })
    await queryData(gateway, '{ executions { nodes { vendorId } } }')
    expect(kodexa.requests).toHaveLength(1)
  })

  it('are null where they are gone, and null with an error each where they cannot be read', async () => {
    const list = json(200, {
      content: [
        { id: 'child-1', parentExecutionId: 'gone' },
        { id: 'child-2', parentExecutionId: 'broken' },
        { id: 'child-3', parentExecutionId: 'fine' },
      ],
      totalElements: 3,
    })
    const { gateway } = await openScriptedGateway({
      kodexa: byRoute({
        'GET /api/executions': inTurn(list, json(400, {}), json(400, {}), json(400, {})),
        'GET /api/executions/broken': json(500, {}),
        'GET /api/executions/fine': json(200, { id: 'fine', status: 'RUNNING' }),
      }),
    })
    const { data, errors } = await gateway.query('{ executions { nodes { vendorId parent { status } } } }')
    expect(data.executions.nodes).toEqual([
      { vendorId: 'child-1', parent: null },
      { vendorId: 'child-2', parent: null },
      { vendorId: 'child-3', parent: { status: 'RUNNING' } },
    ])
    expect(errors).toMatchObject([
      { path: ['executions', 'nodes', 1, 'parent'], extensions: { code: 'VENDOR_UNAVAILABLE', vendor: 'KODEXA' } },
    ])
  })
})

describe('what an execution has to say', () => {
  const messages = `execution(by: { executionId: "${LANDMARKS.failed}" }) { statusMessages { title } }`

  it('is one call for each execution, and none where nobody asks', async () => {
    const gateway = await sandboxed()
    await queryData(gateway, `{ a: ${messages} b: ${messages} }`)
    expect(gateway.takeRequests().kodexa).toEqual([
      `GET /api/executions/${LANDMARKS.failed}`,
      `GET /api/executions/${LANDMARKS.failed}/status-messages`,
    ])
    await queryData(gateway, '{ executions(first: 4) { nodes { statusMessages { title } } } }')
    expect(gateway.takeRequests().kodexa).toHaveLength(1 + 4)
    await queryData(gateway, '{ executions(first: 4) { nodes { id } } }')
    expect(gateway.takeRequests().kodexa).toHaveLength(1)
  })
})

describe("a record's validation errors", () => {
  it('are one call for each record, and none where nobody asks', async () => {
    const gateway = await sandboxed()
    const data = await queryData(
      gateway,
      '{ records(collectionId: "col_loans", first: 5) { nodes { vendorId errors { key } } } }',
    )
    const ids = (data.records.nodes as { vendorId: string }[]).map(({ vendorId }) => vendorId)
    const [list, ...statuses] = gateway.takeRequests().cortex
    expect(list).toMatch(/^GET \/apps\/c\/collections\/col_loans\/records\?/)
    expect([...statuses].sort()).toEqual(
      ids.map((id) => `GET /apps/c/collections/col_loans/records/${id}/status`).sort(),
    )
    await queryData(gateway, '{ records(collectionId: "col_loans", first: 5) { nodes { vendorId rules { error } } } }')
    expect(gateway.takeRequests().cortex).toHaveLength(1)
  })

  it('are one call beside that for the record itself', async () => {
    const gateway = await sandboxed()
    const source = `{
      record(by: { ref: { collectionId: "col_loans", recordId: "rec_failed" } }) {
        name
        errors { key }
        more: errors { message }
      }
    }`
    const data = await queryData(gateway, source)
    expect(data.record.errors).toEqual([{ key: 'EXTRACT_INCOME' }, { key: 'VERIFY_COLLATERAL' }])
    expect(gateway.takeRequests().cortex).toEqual([
      'GET /apps/c/collections/col_loans/records/rec_failed',
      'GET /apps/c/collections/col_loans/records/rec_failed/status',
    ])
  })

  it('fail each alone', async () => {
    const rows = ['rec_1', 'rec_2', 'rec_3'].map((id) => ({ id, status: 'FAILED' }))
    const { gateway } = await openScriptedGateway({
      cortex: byRoute({
        'GET .*/records': json(200, rows),
        'GET .*/rec_1/status': json(200, { status: 'FAILED', errors: [{ key: 'A' }] }),
        'GET .*/rec_2/status': json(500, {}),
      }),
    })
    const source = '{ records(collectionId: "col_1") { nodes { vendorId errors { key } } } }'
    const { data, errors } = await gateway.query(source)
    expect(data.records.nodes).toEqual([
      { vendorId: 'rec_1', errors: [{ key: 'A' }] },
      { vendorId: 'rec_2', errors: null },
      { vendorId: 'rec_3', errors: null },
    ])
    expect(errors).toMatchObject([
      { path: ['records', 'nodes', 1, 'errors'], extensions: { code: 'VENDOR_UNAVAILABLE' } },
    ])
  })
})

describe('what is read of a record', () => {
  const record = (selection: string) => `{ record(by: ${RECORD_REF}) { ${selection} } }`

  it.each([
    'status',
    '__typename id vendor vendorId status vendorStatus isTerminal isCancellable appId collectionId errors { key message }',
    '... on Job { status ... on Record { errors { key } } }',
    'mine: status',
  ])('is its status alone where nothing else is selected: %s', async (selection) => {
    const gateway = await sandboxed()
    await queryData(gateway, record(selection))
    expect(gateway.takeRequests().cortex).toEqual([`GET ${FULL_RECORD}/status`])
  })

  it('is the same in what the status alone can tell', async () => {
    const gateway = await sandboxed()
    const fields = '__typename id vendor vendorId status vendorStatus isTerminal isCancellable appId collectionId'
    const data = await queryData(gateway, `{ bare: record(by: ${RECORD_REF}) { ${fields} } }`)
    const whole = await queryData(gateway, `{ bare: record(by: ${RECORD_REF}) { ${fields} createdAt } }`)
    expect({ ...data.bare, createdAt: null }).toEqual({ ...whole.bare, createdAt: null })
    expect(whole.bare.createdAt).not.toBeNull()
  })

  it.each([
    'name',
    'status createdAt',
    'state { __typename }',
    'updatedAt',
    'rulesCount',
    'rules { key status }',
    'tags { id }',
    'usage',
    '...More',
  ])('is the whole of it where more is selected: %s', async (selection) => {
    const gateway = await sandboxed()
    await queryData(
      gateway,
      `${record(selection)} ${selection === '...More' ? 'fragment More on Record { status collectionName }' : ''}`,
    )
    expect(gateway.takeRequests().cortex).toEqual([`GET ${FULL_RECORD}`])
  })

  it.each([
    'rules { key run { status } }',
    'rules { ... on RecordRule { run { id } } }',
    'name rules { key } again: rules { run { id } }',
  ])('has its extra properties where the runs of its rules are selected: %s', async (selection) => {
    const gateway = await sandboxed()
    await queryData(gateway, record(selection))
    expect(gateway.takeRequests().cortex).toEqual([`GET ${FULL_RECORD}?verbose=all`])
  })

  it('is null, by whichever call, where there is none such', async () => {
    const gateway = await sandboxed()
    const none = '{ ref: { collectionId: "col_invoices", recordId: "rec_none" } }'
    expect(await queryData(gateway, `{ record(by: ${none}) { status } }`)).toEqual({ record: null })
    expect(await queryData(gateway, `{ record(by: ${none}) { name } }`)).toEqual({ record: null })
  })
})

describe('what is read of a run', () => {
  const REF = '{ ref: { workflowId: "work_extract", runId: "run_completed" } }'
  const run = (selection: string) => `{ workflowRun(by: ${REF}) { ${selection} } }`
  const PATH = '/apps/c/workflows/work_extract/runs/run_completed'

  it.each(['status', 'id createdAt error origin', 'state { __typename }', 'record { id }'])(
    'is what the vendor sends by itself where that is enough: %s',
    async (selection) => {
      const gateway = await sandboxed()
      await queryData(gateway, run(selection))
      expect(gateway.takeRequests().cortex[0]).toBe(`GET ${PATH}`)
    },
  )

  it.each([
    'input',
    'result',
    'output { key }',
    'workflowVersion { id }',
    'workflowVersionDraft { key }',
    'usage',
    '... on Job { ... on WorkflowRun { output { key } } }',
  ])('has its extra properties where one of them is selected: %s', async (selection) => {
    const gateway = await sandboxed()
    await queryData(gateway, run(selection))
    expect(gateway.takeRequests().cortex).toEqual([`GET ${PATH}?verbose=all`])
  })

  it('of a discoverable workflow is nothing, which is said without a call', async () => {
    const gateway = await sandboxed()
    const { data, errors } = await gateway.query(`{
      workflowRun(by: { ref: { workflowId: "work_shared_ocr", runId: "run_shared_ocr", discoverable: true } }) { status }
    }`)
    expect(data).toEqual({ workflowRun: null })
    expect(errors).toMatchObject([
      { path: ['workflowRun'], extensions: { code: 'VENDOR_UNSUPPORTED', vendor: 'CORTEX' } },
    ])
    expect(gateway.takeRequests().cortex).toEqual([])
  })
})

describe('the record of a run', () => {
  it('is read with the others of its collection, however many runs of a list it has', async () => {
    const gateway = await sandboxed()
    const data = await queryData(
      gateway,
      `{
      workflowRuns(workflowId: "work_verify", origin: RECORD, first: 100) {
        nodes { recordId collectionId record { vendorId name } }
      }
    }`,
    )
    const nodes: { recordId: string; collectionId: string; record: { vendorId: string } }[] = data.workflowRuns.nodes
    const collections = new Set(nodes.map(({ collectionId }) => collectionId))
    expect(new Set(nodes.map(({ recordId }) => recordId)).size).toBeGreaterThan(10)
    expect(nodes.every(({ recordId, record }) => record.vendorId === recordId)).toBe(true)
    const [, ...reads] = gateway.takeRequests().cortex
    expect([...reads].sort()).toEqual(
      [...collections].sort().map((id) => `GET /apps/c/collections/${id}/records?page=1&take=100`),
    )
  })

  it('is null without a call for a run that none has started', async () => {
    const gateway = await sandboxed()
    const data = await queryData(
      gateway,
      '{ workflowRun(by: { ref: { workflowId: "work_extract", runId: "run_completed" } }) { recordId record { id } } }',
    )
    expect(data.workflowRun).toEqual({ recordId: null, record: null })
    expect(gateway.takeRequests().cortex).toHaveLength(1)
  })

  it('is looked for in the app by which the run was found', async () => {
    const { gateway, cortex } = await openScriptedGateway({
      cortex: byRoute({
        'GET .*/runs/run_1': json(200, {
          id: 'run_1',
          status: 'RUNNING',
          app_id: 'app_real',
          collection_id: 'col_1',
          record_id: 'rec_1',
        }),
        'GET .*/records/rec_1': json(200, { id: 'rec_1', status: 'RUNNING' }),
      }),
    })
    const data = await queryData(
      gateway,
      `{
      workflowRun(by: { ref: { appId: "app_asked", workflowId: "work_1", runId: "run_1" } }) {
        appId
        record { status name }
      }
    }`,
    )
    expect(data.workflowRun).toEqual({ appId: 'app_real', record: { status: 'RUNNING', name: null } })
    expect(cortex.requests).toEqual([
      'GET /apps/app_asked/workflows/work_1/runs/run_1',
      'GET /apps/app_asked/collections/col_1/records/rec_1',
    ])
  })

  it.each([
    { record_id: 'rec_1' },
    { collection_id: 'col_1' },
    { collection_id: '../x', record_id: 'rec_1' },
    { collection_id: 'col_1', record_id: 'a/b' },
  ])('is null without a call where it could not be found: %j', async (place) => {
    const { gateway, cortex } = await openScriptedGateway({
      cortex: byRoute({ 'GET .*/runs/run_1': json(200, { id: 'run_1', status: 'RUNNING', ...place }) }),
    })
    const data = await queryData(
      gateway,
      '{ workflowRun(by: { ref: { workflowId: "work_1", runId: "run_1" } }) { record { id } } }',
    )
    expect(data.workflowRun.record).toBeNull()
    expect(cortex.requests).toHaveLength(1)
  })

  it('is null with an error, and leaves the run as it is, when it cannot be read', async () => {
    const { gateway } = await openScriptedGateway({
      cortex: byRoute({
        'GET .*/runs/run_1': json(200, { id: 'run_1', status: 'RUNNING', collection_id: 'col_1', record_id: 'rec_1' }),
        'GET .*/records/rec_1': json(500, {}),
      }),
    })
    const source = '{ workflowRun(by: { ref: { workflowId: "work_1", runId: "run_1" } }) { status record { name } } }'
    const { data, errors } = await gateway.query(source)
    expect(data.workflowRun).toEqual({ status: 'RUNNING', record: null })
    expect(errors).toMatchObject([{ path: ['workflowRun', 'record'], extensions: { code: 'VENDOR_UNAVAILABLE' } }])
  })
})

describe('a cancel earlier in the same mutation', () => {
  const REF = '{ ref: { collectionId: "col_1", recordId: "rec_1" } }'
  const CANCEL_RUN = `cancelWorkflowRun(by: { ref: { workflowId: "work_1", runId: "run_1" } }) {
    ... on CancelWorkflowRunSuccess { workflowRun { record { status name } } }
  }`
  const CANCEL_CHILD = `cancelExecution(by: { executionId: "child" }) {
    ... on CancelExecutionSuccess { execution { parent { status } } }
  }`

  it('is what later reads of a record see', async () => {
    const { gateway, cortex } = await openScriptedGateway({
      cortex: byRoute({
        'GET .*/records/rec_1': json(200, { id: 'rec_1', status: 'RUNNING' }),
        'POST .*/records/rec_1/cancel': json(200, { id: 'rec_1', status: 'CANCELLED' }),
        'POST .*/runs/run_1/cancel': json(200, {
          id: 'run_1',
          status: 'CANCELLED',
          collection_id: 'col_1',
          record_id: 'rec_1',
        }),
      }),
    })
    const data = await queryData(
      gateway,
      `mutation {
      before: ${CANCEL_RUN}
      cancelRecord(by: ${REF}) { ... on CancelRecordSuccess { outcome record { status } } }
      after: ${CANCEL_RUN}
    }`,
    )
    expect(data).toEqual({
      before: { workflowRun: { record: { status: 'RUNNING', name: null } } },
      cancelRecord: { outcome: 'CANCELLED', record: { status: 'CANCELLED' } },
      after: { workflowRun: { record: { status: 'CANCELLED', name: null } } },
    })
    expect(cortex.requests.map((line) => line.replace('/apps/c', ''))).toEqual([
      'POST /workflows/work_1/runs/run_1/cancel',
      'GET /collections/col_1/records/rec_1',
      'POST /collections/col_1/records/rec_1/cancel',
    ])
  })

  it('is what later reads of an execution see', async () => {
    const { gateway, kodexa } = await openScriptedGateway({
      kodexa: byRoute({
        'GET /api/executions/parent': json(200, { id: 'parent', status: 'RUNNING' }),
        'PUT /api/executions/parent/cancel': json(200, { id: 'parent', status: 'CANCELLING' }),
        'PUT /api/executions/child/cancel': json(200, {
          id: 'child',
          status: 'CANCELLING',
          parentExecutionId: 'parent',
        }),
      }),
    })
    const data = await queryData(
      gateway,
      `mutation {
      before: ${CANCEL_CHILD}
      cancelExecution(by: { executionId: "parent" }) { ... on CancelExecutionSuccess { execution { status } } }
      after: ${CANCEL_CHILD}
    }`,
    )
    expect(data).toEqual({
      before: { execution: { parent: { status: 'RUNNING' } } },
      cancelExecution: { execution: { status: 'CANCELLING' } },
      after: { execution: { parent: { status: 'CANCELLING' } } },
    })
    expect(kodexa.requests).toEqual([
      'PUT /api/executions/child/cancel',
      'GET /api/executions/parent',
      'PUT /api/executions/parent/cancel',
    ])
  })

  it('is what later reads see when it was one of several at once', async () => {
    const { gateway, kodexa } = await openScriptedGateway({
      kodexa: byRoute({
        'GET /api/executions/parent': json(200, { id: 'parent', status: 'RUNNING' }),
        'PUT /api/executions/parent/cancel': json(200, { id: 'parent', status: 'CANCELLED' }),
        'PUT /api/executions/child/cancel': json(200, {
          id: 'child',
          status: 'CANCELLED',
          parentExecutionId: 'parent',
        }),
      }),
    })
    const data = await queryData(
      gateway,
      `mutation ($ids: [ID!]!) {
        cancelJobs(ids: $ids) { outcome }
        ${CANCEL_CHILD}
      }`,
      { ids: [idOf.execution('parent')] },
    )
    expect(data).toEqual({
      cancelJobs: [{ outcome: 'CANCELLED' }],
      cancelExecution: { execution: { parent: { status: 'CANCELLED' } } },
    })
    expect(kodexa.requests.filter((line) => line.startsWith('GET'))).toEqual([])
  })

  it('is what later reads see also when it came too late and the job was found to have ended', async () => {
    const { gateway } = await openScriptedGateway({
      cortex: byRoute({
        'GET .*/records/rec_1': inTurn(
          json(200, { id: 'rec_1', status: 'RUNNING' }),
          json(200, { id: 'rec_1', status: 'COMPLETED' }),
        ),
        'POST .*/records/rec_1/cancel': json(400, {}),
        'POST .*/runs/run_1/cancel': json(200, {
          id: 'run_1',
          status: 'CANCELLED',
          collection_id: 'col_1',
          record_id: 'rec_1',
        }),
      }),
      kodexa: byRoute({
        'GET /api/executions/parent': inTurn(
          json(200, { id: 'parent', status: 'RUNNING' }),
          json(200, { id: 'parent', status: 'SUCCEEDED' }),
        ),
        'PUT /api/executions/parent/cancel': json(400, {}),
        'PUT /api/executions/child/cancel': json(200, {
          id: 'child',
          status: 'CANCELLING',
          parentExecutionId: 'parent',
        }),
      }),
    })
    const data = await queryData(
      gateway,
      `mutation {
      runBefore: ${CANCEL_RUN}
      cancelRecord(by: ${REF}) { ... on JobNotCancellableError { job { status } } }
      runAfter: ${CANCEL_RUN}
      childBefore: ${CANCEL_CHILD}
      cancelExecution(by: { executionId: "parent" }) { ... on JobNotCancellableError { job { status } } }
      childAfter: ${CANCEL_CHILD}
    }`,
    )
    expect(data).toEqual({
      runBefore: { workflowRun: { record: { status: 'RUNNING', name: null } } },
      cancelRecord: { job: { status: 'COMPLETED' } },
      runAfter: { workflowRun: { record: { status: 'COMPLETED', name: null } } },
      childBefore: { execution: { parent: { status: 'RUNNING' } } },
      cancelExecution: { job: { status: 'COMPLETED' } },
      childAfter: { execution: { parent: { status: 'COMPLETED' } } },
    })
  })

  it('has the status and the validation errors of its record read afresh', async () => {
    const { gateway } = await openScriptedGateway({
      cortex: byRoute({
        'POST .*/records/rec_1/cancel': json(200, { id: 'rec_1', status: 'CANCELLED' }),
        'POST .*/runs/run_1/cancel': json(200, {
          id: 'run_1',
          status: 'CANCELLED',
          collection_id: 'col_1',
          record_id: 'rec_1',
        }),
        'GET .*/records/rec_1/status': inTurn(
          json(200, { status: 'FAILED', errors: [{ key: 'A' }] }),
          json(200, { status: 'CANCELLED' }),
        ),
      }),
    })
    const cancelRun = CANCEL_RUN.replace('status name', 'status errors { key }')
    const data = await queryData(
      gateway,
      `mutation {
      before: ${cancelRun}
      cancelRecord(by: ${REF}) { ... on CancelRecordSuccess { outcome } }
      after: ${cancelRun}
    }`,
    )
    expect(data).toEqual({
      before: { workflowRun: { record: { status: 'FAILED', errors: [{ key: 'A' }] } } },
      cancelRecord: { outcome: 'CANCELLED' },
      after: { workflowRun: { record: { status: 'CANCELLED', errors: [] } } },
    })
  })
})
