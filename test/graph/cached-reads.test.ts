import { describe, expect, it } from 'vitest'
import { Secret } from '../../src/job/secret.js'
import { closeAfterTest } from '../support/close-after-test.js'
import { openGateway } from '../support/gateway.js'
import { idOf } from '../support/job-ids.js'
import { queryData } from '../support/query-data.js'
import { inSequence, json, kodexaAt, startScriptedVendor } from '../support/scripted-vendor.js'
import { LONG_TTL, openSharedGateway, openSharedState } from '../support/shared-gateway.js'
import {
  EXECUTION_QUERY,
  executionResponse,
  NODES_QUERY,
  numbered,
  recordsResponse,
} from '../support/shared-operations.js'
import { useSkippedTime } from '../support/skipped-time.js'

const advanceClock = useSkippedTime()

describe('a repeated query', () => {
  it.each([
    ['a job', EXECUTION_QUERY, executionResponse('RUNNING')],
    ['a list', '{ executions { nodes { vendorId } } }', json(200, { content: [], totalElements: 0 })],
    ['a job that does not exist', EXECUTION_QUERY, json(404, {})],
  ])('is served from the cache within the TTL of live jobs: %s', async (_what, source, script) => {
    const { gateway, kodexa } = await openSharedGateway({ kodexa: script, sharedState: {} })
    const variables = { id: 'exe_1' }
    const first = await queryData(gateway, source, variables)
    expect(await queryData(gateway, source, variables)).toEqual(first)
    expect(kodexa.requests).toHaveLength(1)
    await advanceClock(1001)
    await queryData(gateway, source, variables)
    expect(kodexa.requests).toHaveLength(2)
  })

  it('is served from the cache for a minute when the job has ended', async () => {
    const { gateway, kodexa } = await openSharedGateway({ kodexa: executionResponse('SUCCEEDED'), sharedState: {} })
    await queryData(gateway, EXECUTION_QUERY, { id: 'exe_1' })
    await advanceClock(50_000)
    await queryData(gateway, EXECUTION_QUERY, { id: 'exe_1' })
    expect(kodexa.requests).toHaveLength(1)
    await advanceClock(10_001)
    await queryData(gateway, EXECUTION_QUERY, { id: 'exe_1' })
    expect(kodexa.requests).toHaveLength(2)
  })

  it('bypasses the cache with no-cache, and fills it', async () => {
    const { gateway, kodexa } = await openSharedGateway({
      kodexa: inSequence(executionResponse('RUNNING'), executionResponse('SUCCEEDED')),
    })
    await queryData(gateway, EXECUTION_QUERY, { id: 'exe_1' })
    const headers = { 'cache-control': 'max-age=0, No-Cache' }
    const fresh = await queryData(gateway, EXECUTION_QUERY, { id: 'exe_1' }, { headers })
    expect(fresh).toMatchObject({ execution: { status: 'COMPLETED' } })
    expect(await queryData(gateway, EXECUTION_QUERY, { id: 'exe_1' })).toEqual(fresh)
    expect(kodexa.requests).toHaveLength(2)
  })

  it('bypasses the cache of lists with no-cache', async () => {
    const page = (id: string) => json(200, { content: [{ id, status: 'RUNNING' }], totalElements: 1 })
    const { gateway, kodexa } = await openSharedGateway({ kodexa: inSequence(page('exe_1'), page('exe_2')) })
    const source = '{ executions { nodes { vendorId } } }'
    await queryData(gateway, source)
    const fresh = await queryData(gateway, source, {}, { headers: { 'cache-control': 'no-cache' } })
    expect(fresh.executions.nodes).toEqual([{ vendorId: 'exe_2' }])
    expect(await queryData(gateway, source)).toEqual(fresh)
    expect(kodexa.requests).toHaveLength(2)
  })

  it('does not get a cached failure', async () => {
    const { gateway, kodexa } = await openSharedGateway({
      kodexa: inSequence(json(500, {}), executionResponse('RUNNING')),
    })
    const { errors } = await gateway.query(EXECUTION_QUERY, { id: 'exe_1' })
    expect(errors).toMatchObject([{ extensions: { code: 'VENDOR_UNAVAILABLE' } }])
    expect(await queryData(gateway, EXECUTION_QUERY, { id: 'exe_1' })).toMatchObject({
      execution: { status: 'RUNNING' },
    })
    expect(kodexa.requests).toHaveLength(2)
  })

  it('gets jobs that were read along with others', async () => {
    const { gateway, cortex } = await openSharedGateway({ cortex: recordsResponse })
    await queryData(gateway, NODES_QUERY, { ids: [idOf.record('col_1_1'), idOf.record('col_1_2')] })
    await queryData(gateway, NODES_QUERY, { ids: numbered(25, 'col_1_').map((id) => idOf.record(id)) })
    expect(cortex.requests).toHaveLength(1)
  })

  it('takes a new request when it selects more than was read', async () => {
    const { gateway, cortex } = await openSharedGateway({ cortex: recordsResponse })
    const record = (fields: string) => `{ record(by: { id: "${idOf.record('rec_1')}" }) { ${fields} } }`
    for (const fields of ['status', 'vendorId', 'name', 'createdAt', 'rules { run { id } }', 'name', 'status'])
      await queryData(gateway, record(fields))
    const path = 'GET /apps/c/collections/col_1/records/rec_1'
    expect(cortex.requests).toEqual([`${path}/status`, path, `${path}?verbose=all`])
  })

  it('takes a new request with another credential', async () => {
    const kodexa = await startScriptedVendor((request, response) =>
      executionResponse(request.headers['x-api-key'] === 'one' ? 'RUNNING' : 'SUCCEEDED')(request, response),
    )
    const sharedState = openSharedState(LONG_TTL)
    const gateways = ['one', 'other'].map((apiKey) =>
      openGateway([kodexaAt(kodexa.url, { apiKey: new Secret(apiKey) }, { sharedState })]),
    )
    closeAfterTest(...gateways.map(({ close }) => close), kodexa.close)
    const answers = async () =>
      Promise.all(gateways.map((gateway) => queryData(gateway, EXECUTION_QUERY, { id: 'exe_1' }) as Promise<object>))
    const each = [{ execution: { status: 'RUNNING' } }, { execution: { status: 'COMPLETED' } }]
    expect(await answers()).toMatchObject(each)
    expect(await answers()).toMatchObject(each)
    expect(kodexa.requests).toHaveLength(2)
  })
})
