import { describe, expect, it } from 'vitest'
import { encodeJobId } from '../../src/job/job-id.js'
import { queryData } from '../support/query-data.js'
import { byRoute, inSequence, json, type Script } from '../support/scripted-vendor.js'
import { openSharedGateway } from '../support/shared-gateway.js'
import { CANCEL_MUTATION, EXECUTION_QUERY, executionResponse, holdResponses } from '../support/shared-operations.js'
import { useSkippedTime } from '../support/skipped-time.js'

const advanceClock = useSkippedTime()

describe('after a cancel', () => {
  const cancellable = (get: Script, rest: Record<string, Script> = {}) =>
    byRoute({
      'PUT /api/executions/exe_1/cancel': executionResponse('CANCELLING'),
      'GET /api/executions/exe_1': get,
      ...rest,
    })

  it('a query returns the job of the cancel response, without a request', async () => {
    const { gateway, kodexa } = await openSharedGateway({ kodexa: cancellable(executionResponse('RUNNING')) })
    await queryData(gateway, EXECUTION_QUERY, { id: 'exe_1' })
    const { cancelExecution } = await queryData(gateway, CANCEL_MUTATION, { id: 'exe_1' })
    expect(cancelExecution).toEqual({ outcome: 'CANCELLING', execution: { status: 'CANCELLING' } })
    expect(await queryData(gateway, EXECUTION_QUERY, { id: 'exe_1' })).toMatchObject({
      execution: { status: 'CANCELLING' },
    })
    expect(kodexa.requests).toEqual(['GET /api/executions/exe_1', 'PUT /api/executions/exe_1/cancel'])
  })

  it('a query returns the job that was read to explain a rejection', async () => {
    const { gateway, kodexa } = await openSharedGateway({
      kodexa: byRoute({
        'PUT .*': json(409, {}),
        'GET .*': inSequence(executionResponse('RUNNING'), executionResponse('SUCCEEDED')),
      }),
    })
    await queryData(gateway, EXECUTION_QUERY, { id: 'exe_1' })
    expect((await queryData(gateway, CANCEL_MUTATION, { id: 'exe_1' })).cancelExecution).toEqual({
      code: 'NOT_CANCELLABLE',
    })
    expect(await queryData(gateway, EXECUTION_QUERY, { id: 'exe_1' })).toMatchObject({
      execution: { status: 'COMPLETED' },
    })
    expect(kodexa.requests).toHaveLength(3)
  })

  it('lists are read again', async () => {
    const page = (status: string) => json(200, { content: [{ id: 'exe_1', status }], totalElements: 1 })
    const { gateway, kodexa } = await openSharedGateway({
      kodexa: cancellable(executionResponse('RUNNING'), {
        'GET /api/executions': inSequence(page('RUNNING'), page('CANCELLED')),
      }),
    })
    const source = '{ executions { nodes { status } } }'
    await queryData(gateway, source)
    await queryData(gateway, CANCEL_MUTATION, { id: 'exe_1' })
    expect((await queryData(gateway, source)).executions.nodes).toEqual([{ status: 'CANCELLED' }])
    expect((await queryData(gateway, source)).executions.nodes).toEqual([{ status: 'CANCELLED' }])
    expect(kodexa.requests.filter((line) => line.includes('?'))).toHaveLength(2)
  })

  it.each([
    [
      'records',
      'record(by: { ref: { collectionId: "col_1", recordId: "job_1" } })',
      'records(collectionId: "col_1")',
      'cancelRecord(by: { ref: { collectionId: "col_1", recordId: "job_1" } })',
    ],
    [
      'runs',
      'workflowRun(by: { ref: { workflowId: "work_1", runId: "job_1" } })',
      'workflowRuns(workflowId: "work_1")',
      'cancelWorkflowRun(by: { ref: { workflowId: "work_1", runId: "job_1" } })',
    ],
  ])('the same is true of %s', async (_what, one, list, cancel) => {
    const job = {
      id: 'job_1',
      status: 'RUNNING',
      origin: 'ENDPOINT',
      created_at: '2026-03-01T12:00:00Z',
      collection_name: 'Invoices',
    }
    const { gateway, cortex } = await openSharedGateway({
      cortex: byRoute({
        'POST .*': json(200, { ...job, status: 'CANCELLED' }),
        'GET .*/job_1': json(200, job),
        'GET .*': inSequence(json(200, [job]), json(200, [{ ...job, status: 'CANCELLED' }])),
      }),
    })
    const source = `{ one: ${one} { status createdAt } list: ${list} { nodes { status } } }`
    const createdAt = '2026-03-01T12:00:00.000Z'
    const readBoth = async () => queryData(gateway, source) as Promise<object>
    expect(await readBoth()).toEqual({
      one: { status: 'RUNNING', createdAt },
      list: { nodes: [{ status: 'RUNNING' }] },
    })
    await queryData(gateway, `mutation { ${cancel} { __typename } }`)
    const cancelled = { one: { status: 'CANCELLED', createdAt }, list: { nodes: [{ status: 'CANCELLED' }] } }
    expect(await readBoth()).toEqual(cancelled)
    expect(await readBoth()).toEqual(cancelled)
    expect(cortex.requests).toHaveLength(2 + 1 + 1)
  })

  it("a record's validation errors are read again", async () => {
    const errors = (key: string) => json(200, { id: 'rec_1', status: 'FAILED', errors: [{ key, message: 'no' }] })
    const { gateway, cortex } = await openSharedGateway({
      cortex: byRoute({
        'GET .*/status': inSequence(errors('before'), errors('after')),
        '.*': json(200, { id: 'rec_1', status: 'RUNNING' }),
      }),
    })
    const by = '(by: { ref: { collectionId: "col_1", recordId: "rec_1" } })'
    const source = `{ record${by} { name errors { key } } }`
    await queryData(gateway, source)
    await queryData(gateway, `mutation { cancelRecord${by} { __typename } }`)
    await queryData(gateway, source)
    expect(cortex.requests.filter((line) => line.endsWith('/status'))).toHaveLength(2)
  })

  it('a read that started earlier does not restore the old state', async () => {
    const old = holdResponses(executionResponse('RUNNING'))
    const { gateway, kodexa } = await openSharedGateway({ kodexa: cancellable(old.script) })
    const earlier = queryData(gateway, EXECUTION_QUERY, { id: 'exe_1' })
    await expect.poll(old.count).toBe(1)
    await queryData(gateway, CANCEL_MUTATION, { id: 'exe_1' })
    old.release()
    expect(await earlier).toMatchObject({ execution: { status: 'RUNNING' } })
    expect(await queryData(gateway, EXECUTION_QUERY, { id: 'exe_1' })).toMatchObject({
      execution: { status: 'CANCELLING' },
    })
    expect(kodexa.requests).toHaveLength(2)
  })

  it('a list read that started earlier does not restore the old state', async () => {
    const page = (status: string) => json(200, { content: [{ id: 'exe_1', status }], totalElements: 1 })
    const old = holdResponses(page('RUNNING'))
    const { gateway } = await openSharedGateway({
      kodexa: cancellable(executionResponse('RUNNING'), {
        'GET /api/executions': inSequence(old.script, page('CANCELLED')),
      }),
    })
    const source = '{ executions { nodes { status } } }'
    const earlier = queryData(gateway, source)
    await expect.poll(old.count).toBe(1)
    await queryData(gateway, CANCEL_MUTATION, { id: 'exe_1' })
    const later = await queryData(gateway, source)
    old.release()
    expect((await earlier).executions.nodes).toEqual([{ status: 'RUNNING' }])
    expect(later.executions.nodes).toEqual([{ status: 'CANCELLED' }])
    expect(await queryData(gateway, source)).toEqual(later)
  })

  it('a discoverable run can be read from the cancel response until that expires', async () => {
    const { gateway, cortex } = await openSharedGateway({
      cortex: byRoute({ 'POST .*': json(200, { id: 'run_1', status: 'CANCELLED', origin: 'ENDPOINT' }) }),
      sharedState: {},
    })
    const id = encodeJobId({ type: 'WorkflowRun', path: ['c', 'work_1', 'run_1', 'discover'] })
    const read = async () => {
      const { data, errors } = await gateway.query('query ($id: ID!) { job(id: $id) { status } }', { id })
      return (errors[0]?.extensions?.['code'] ?? data.job.status) as string
    }
    expect(await read()).toBe('VENDOR_UNSUPPORTED')
    await queryData(gateway, 'mutation ($id: ID!) { cancelJobs(ids: [$id]) { outcome } }', { id })
    expect(await read()).toBe('CANCELLED')
    await advanceClock(60_001)
    expect(await read()).toBe('VENDOR_UNSUPPORTED')
    expect(cortex.requests).toEqual(['POST /apps/c/workflows/discover/work_1/runs/run_1/cancel'])
  })

  it('with a minimal response, the other fields are null until the next read', async () => {
    const { gateway, kodexa } = await openSharedGateway({
      kodexa: byRoute({
        'PUT .*': json(200, { id: 'exe_1', status: 'CANCELLED' }),
        'GET .*': inSequence(executionResponse('RUNNING'), executionResponse('CANCELLED')),
      }),
      sharedState: {},
    })
    const source = '{ execution(by: { executionId: "exe_1" }) { status createdAt } }'
    await queryData(gateway, source)
    await queryData(gateway, CANCEL_MUTATION, { id: 'exe_1' })
    expect(await queryData(gateway, source)).toMatchObject({ execution: { status: 'CANCELLED' } })
    await advanceClock(1001)
    expect(await queryData(gateway, source)).toEqual({
      execution: { status: 'CANCELLED', createdAt: '2026-03-01T12:00:00.000Z' },
    })
    expect(kodexa.requests).toHaveLength(3)
  })

  it('that failed, the cached job is still returned', async () => {
    const { gateway, kodexa } = await openSharedGateway({
      kodexa: byRoute({ 'PUT .*': json(401, {}), 'GET .*': executionResponse('RUNNING') }),
    })
    await queryData(gateway, EXECUTION_QUERY, { id: 'exe_1' })
    expect((await queryData(gateway, CANCEL_MUTATION, { id: 'exe_1' })).cancelExecution).toEqual({
      code: 'VENDOR_UNAUTHORIZED',
    })
    await queryData(gateway, EXECUTION_QUERY, { id: 'exe_1' })
    expect(kodexa.requests).toHaveLength(2)
  })

  it('a second cancel is sent as well', async () => {
    const { gateway, kodexa } = await openSharedGateway({ kodexa: cancellable(executionResponse('CANCELLED')) })
    await queryData(gateway, CANCEL_MUTATION, { id: 'exe_1' })
    await queryData(gateway, CANCEL_MUTATION, { id: 'exe_1' })
    await Promise.all([
      queryData(gateway, CANCEL_MUTATION, { id: 'exe_1' }),
      queryData(gateway, CANCEL_MUTATION, { id: 'exe_1' }),
    ])
    expect(kodexa.requests).toEqual(Array(4).fill('PUT /api/executions/exe_1/cancel'))
  })
})
