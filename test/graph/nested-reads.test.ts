import { describe, expect, it } from 'vitest'
import { DOCUMENTED_IDS } from '../../src/sandbox/kodexa/executions.js'
import { openSandboxedForTest } from '../support/close-after-test.js'
import { queryData } from '../support/query-data.js'
import { openScriptedGateway } from '../support/scripted-gateway.js'
import { byRoute, inSequence, json, type Script } from '../support/scripted-vendor.js'

describe('the parents of executions', () => {
  /** Twenty executions with these parents. */
  function family(parentOf: (at: number) => string | null): Script {
    return (request, response) => {
      const filter = new URL(request.url!, 'http://kodexa.test').searchParams.get('filter')
      const ids = [...(filter ?? '').matchAll(/'([^']+)'/g)].map(([, id]) => id!)
      const children = Array.from({ length: 20 }, (_, at) => ({ id: `child-${at}`, parentExecutionId: parentOf(at) }))
      const content = filter === null ? children : ids.map((id) => ({ id, status: 'SUCCEEDED' }))
      const one = /^\/api\/executions\/([^/?]+)$/.exec(request.url!)?.[1]
      const body = one === undefined ? { content, totalElements: content.length } : { id: one, status: 'SUCCEEDED' }
      json(200, body)(request, response)
    }
  }

  const PARENTS = '{ executions(first: 20) { nodes { vendorId parent { vendorId status } } } }'

  it('of twenty executions take one request', async () => {
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

  it('take one request when they are the same', async () => {
    const { gateway, kodexa } = await openScriptedGateway({ kodexa: family(() => 'parent-1') })
    const data = await queryData(gateway, PARENTS)
    expect(data.executions.nodes).toHaveLength(20)
    expect(kodexa.requests.slice(1)).toEqual(['GET /api/executions/parent-1'])
  })

  it('take no request when there are none, or their ids are invalid', async () => {
    const { gateway, kodexa } = await openScriptedGateway({ kodexa: family((at) => (at % 2 ? null : '../secrets')) })
    const data = await queryData(gateway, PARENTS)
    expect(data.executions.nodes).toMatchObject(Array.from({ length: 20 }, () => ({ parent: null })))
    expect(kodexa.requests).toHaveLength(1)
  })

  it('take no request when not selected', async () => {
    const { gateway, kodexa } = await openScriptedGateway({ kodexa: family((at) => `parent-${at}`) })
    await queryData(gateway, '{ executions { nodes { vendorId } } }')
    expect(kodexa.requests).toHaveLength(1)
  })

  it('are null when missing, and null with an error each when unreadable', async () => {
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
        'GET /api/executions': inSequence(list, json(400, {}), json(400, {}), json(400, {})),
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

describe('the status messages of an execution', () => {
  const messages = `execution(by: { executionId: "${DOCUMENTED_IDS.failed}" }) { statusMessages { title } }`

  it('take one request per execution, and none when not selected', async () => {
    const gateway = await openSandboxedForTest()
    await queryData(gateway, `{ a: ${messages} b: ${messages} }`)
    expect(gateway.takeRequests().kodexa).toEqual([
      `GET /api/executions/${DOCUMENTED_IDS.failed}`,
      `GET /api/executions/${DOCUMENTED_IDS.failed}/status-messages`,
    ])
    await queryData(gateway, '{ executions(first: 4) { nodes { statusMessages { title } } } }')
    expect(gateway.takeRequests().kodexa).toHaveLength(1 + 4)
    await queryData(gateway, '{ executions(first: 4) { nodes { id } } }')
    expect(gateway.takeRequests().kodexa).toHaveLength(1)
  })
})

describe("a record's validation errors", () => {
  it('take one request per record, and none when not selected', async () => {
    const gateway = await openSandboxedForTest()
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

  it('take one request beside that for the record', async () => {
    const gateway = await openSandboxedForTest()
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

  it('fail individually', async () => {
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

describe('the record of a run', () => {
  it('is read together with the others of its collection', async () => {
    const gateway = await openSandboxedForTest()
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

  it('is null without a request for a run that no record started', async () => {
    const gateway = await openSandboxedForTest()
    const data = await queryData(
      gateway,
      '{ workflowRun(by: { ref: { workflowId: "work_extract", runId: "run_completed" } }) { recordId record { id } } }',
    )
    expect(data.workflowRun).toEqual({ recordId: null, record: null })
    expect(gateway.takeRequests().cortex).toHaveLength(1)
  })

  it('is read in the app of the run', async () => {
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
  ])('is null without a request when its address is incomplete or invalid: %j', async (address) => {
    const { gateway, cortex } = await openScriptedGateway({
      cortex: byRoute({ 'GET .*/runs/run_1': json(200, { id: 'run_1', status: 'RUNNING', ...address }) }),
    })
    const data = await queryData(
      gateway,
      '{ workflowRun(by: { ref: { workflowId: "work_1", runId: "run_1" } }) { record { id } } }',
    )
    expect(data.workflowRun.record).toBeNull()
    expect(cortex.requests).toHaveLength(1)
  })

  it('is null with an error when it cannot be read, and the run is kept', async () => {
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
