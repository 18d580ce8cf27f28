import { describe, expect, it } from 'vitest'
import { encodeJobId } from '../../src/job/job-id.js'
import { DOCUMENTED_IDS } from '../../src/sandbox/kodexa/executions.js'
import { openSandboxedForTest } from '../support/close-after-test.js'
import type { TestGateway } from '../support/gateway.js'
import { idOf } from '../support/job-ids.js'
import { queryData } from '../support/query-data.js'
import { FULL_RECORD, RECORD_REF } from '../support/sandbox-record.js'
import { openScriptedGateway } from '../support/scripted-gateway.js'
import { byRoute, json } from '../support/scripted-vendor.js'

describe('one job that is read ten times in one request', () => {
  const aliases = (...selections: readonly string[]) =>
    Array.from({ length: 10 }, (_, at) => `alias${at}: ${selections[at % selections.length]}`).join('\n')

  it.each([
    [
      'an execution',
      [
        `execution(by: { executionId: "${DOCUMENTED_IDS.failed}" }) { vendorId }`,
        `execution(by: { id: "${idOf.execution(DOCUMENTED_IDS.failed)}" }) { vendorId }`,
        `job(id: "${idOf.execution(DOCUMENTED_IDS.failed)}") { vendorId }`,
        `node(id: "${idOf.execution(DOCUMENTED_IDS.failed)}") { ... on Job { vendorId } }`,
      ],
      DOCUMENTED_IDS.failed,
      { cortex: [], kodexa: [`GET /api/executions/${DOCUMENTED_IDS.failed}`] },
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
  ])('takes one request: %s', async (_what, selections, vendorId, requests) => {
    const gateway = await openSandboxedForTest()
    const data: Record<string, unknown> = await queryData(gateway, `{ ${aliases(...selections)} }`)
    expect(Object.values(data)).toMatchObject(Array.from({ length: 10 }, () => ({ vendorId })))
    expect(gateway.takeRequests()).toEqual(requests)
  })

  it('takes a new request later, but none for concurrent reads', async () => {
    const gateway = await openSandboxedForTest()
    const source = `{
      execution(by: { executionId: "${DOCUMENTED_IDS.failed}" }) { status }
      record(by: ${RECORD_REF}) { name }
    }`
    await queryData(gateway, source)
    await queryData(gateway, source)
    await Promise.all([queryData(gateway, source), queryData(gateway, source)])
    expect(gateway.takeRequests()).toEqual({
      cortex: Array.from({ length: 3 }, () => `GET ${FULL_RECORD}`),
      kodexa: Array.from({ length: 3 }, () => `GET /api/executions/${DOCUMENTED_IDS.failed}`),
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
  const NODES_WITH_DATES = 'query ($ids: [ID!]!) { nodes(ids: $ids) { id ... on Job { status createdAt } } }'

  it('are read by two requests for a hundred executions, in the order given', async () => {
    const gateway = await openSandboxedForTest()
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

  it('are batched with the jobs of other fields', async () => {
    const gateway = await openSandboxedForTest()
    const ids = await executionIds(gateway, 10)
    gateway.takeRequests()
    const source = `query ($ids: [ID!]!) {
      nodes(ids: $ids) { id }
      execution(by: { executionId: "${DOCUMENTED_IDS.failed}" }) { id }
      job(id: "${idOf.execution(DOCUMENTED_IDS.cancelled)}") { id }
    }`
    await queryData(gateway, source, { ids })
    expect(gateway.takeRequests().kodexa).toHaveLength(1)
  })

  it('are read with the cheapest request that has all selected fields', async () => {
    const gateway = await openSandboxedForTest()
    const ids = [idOf.record('rec_completed', 'col_invoices'), idOf.run('run_completed', 'work_extract')]
    const requestsFor = async (fields: string) => {
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
    expect(await requestsFor('... on Job { status }')).toEqual([`${record}/status`, run])
    expect(await requestsFor('... on Job { name }')).toEqual([record, run])
    expect(await requestsFor('... on Record { rules { run { id } } } ... on WorkflowRun { output { key } }')).toEqual([
      `${record}?verbose=all`,
      `${run}?verbose=all`,
    ])
  })

  it('take one request per collection and per workflow', async () => {
    const gateway = await openSandboxedForTest()
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

  it('fail individually', async () => {
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
    const { status, data, errors } = await gateway.query(NODES_WITH_DATES, { ids })
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

  it('are limited to a hundred', async () => {
    const gateway = await openSandboxedForTest()
    const { data, errors } = await gateway.query(NODES, {
      ids: Array.from({ length: 101 }, () => idOf.execution(DOCUMENTED_IDS.failed)),
    })
    expect(data).toBeNull()
    expect(errors).toMatchObject([{ path: ['nodes'], extensions: { code: 'BAD_INPUT' } }])
    expect(gateway.takeRequests()).toEqual({ cortex: [], kodexa: [] })
    expect(await queryData(gateway, NODES, { ids: [] })).toEqual({ nodes: [] })
  })
})
