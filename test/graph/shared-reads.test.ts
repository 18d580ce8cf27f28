import { describe, expect, it } from 'vitest'
import { openSandboxedForTest } from '../support/close-after-test.js'
import type { TestGateway } from '../support/gateway.js'
import { idOf } from '../support/job-ids.js'
import { queryData } from '../support/query-data.js'
import { byRoute, json } from '../support/scripted-vendor.js'
import { openSharedGateway, openSharedState } from '../support/shared-gateway.js'
import {
  EXECUTION_QUERY,
  executionResponse,
  NODES_QUERY,
  numbered,
  recordsResponse,
} from '../support/shared-operations.js'

describe('many jobs by their ids', () => {
  it('take at most three requests for a hundred executions', async () => {
    const gateway = await openSandboxedForTest({ sharing: openSharedState() })
    const list = await queryData(gateway, '{ executions(first: 100) { nodes { id } } }')
    const ids = (list.executions.nodes as { id: string }[]).map(({ id }) => id).reverse()
    gateway.takeRequests()
    const { nodes } = await queryData(gateway, NODES_QUERY, { ids })
    expect((nodes as { id: string }[]).map(({ id }) => id)).toEqual(ids)
    expect(gateway.takeRequests().kodexa.length).toBeLessThanOrEqual(3)
  })

  it('take at most two requests for sixty records of one collection', async () => {
    const rows = numbered(80, 'rec_').map((id) => ({ id, name: `name of ${id}`, status: 'COMPLETED' }))
    const { gateway, cortex } = await openSharedGateway({
      cortex: byRoute({ 'GET /apps/c/collections/col_1/records': json(200, [...rows].reverse()) }),
    })
    const ids = numbered(60, 'rec_').map((id) => idOf.record(id))
    const { nodes } = await queryData(gateway, NODES_QUERY, { ids })
    expect(nodes).toEqual(
      numbered(60, 'rec_').map((id) => ({ id: idOf.record(id), status: 'COMPLETED', name: `name of ${id}` })),
    )
    expect(cortex.requests.length).toBeLessThanOrEqual(2)
  })

  it('take at most six requests for sixty runs of three workflows', async () => {
    const { gateway, cortex } = await openSharedGateway({ cortex: recordsResponse })
    const ids = numbered(60, '').map((at) => {
      const workflow = `work_${(Number(at) % 3) + 1}`
      return idOf.run(`${workflow}_${Math.ceil(Number(at) / 3)}`, workflow)
    })
    expect(new Set(ids).size).toBe(60)
    const { nodes } = await queryData(gateway, NODES_QUERY, { ids })
    expect(nodes).toMatchObject(ids.map((id) => ({ id, status: 'COMPLETED' })))
    expect(cortex.requests.length).toBeLessThanOrEqual(6)
  })

  it('take one request for the same job under twenty aliases', async () => {
    const { gateway, kodexa } = await openSharedGateway({ kodexa: executionResponse('RUNNING') })
    const aliases = numbered(20, 'alias').map((alias) => `${alias}: execution(by: { executionId: "exe_1" }) { status }`)
    await queryData(gateway, `{ ${aliases.join(' ')} }`)
    expect(kodexa.requests).toEqual(['GET /api/executions/exe_1'])
  })

  it('take one request per record whose validation errors are selected, and no list', async () => {
    const { gateway, cortex } = await openSharedGateway({ cortex: json(200, { status: 'FAILED', errors: [] }) })
    const errors = 'query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Record { status errors { key } } } }'
    await queryData(gateway, errors, { ids: numbered(5, 'rec_').map((id) => idOf.record(id)) })
    expect([...cortex.requests].sort()).toEqual(
      numbered(5, 'rec_').map((id) => `GET /apps/c/collections/col_1/records/${id}/status`),
    )
  })

  it('take one request for concurrent selections of one job', async () => {
    const { gateway, cortex } = await openSharedGateway({ cortex: recordsResponse })
    const record = (fields: string) => `{ record(by: { id: "${idOf.record('rec_1')}" }) { ${fields} } }`
    await Promise.all([
      queryData(gateway, record('status')),
      queryData(gateway, record('name')),
      queryData(gateway, record('vendorId')),
    ])
    expect(cortex.requests).toEqual(['GET /apps/c/collections/col_1/records/rec_1'])
  })
})

describe('two hundred concurrent callers', () => {
  const crowd = (gateway: TestGateway, source: string, variables: object = {}) =>
    Promise.all(Array.from({ length: 200 }, () => queryData(gateway, source, variables)))
  const NO_CACHE = { liveMs: 0, terminalMs: 0 }

  it('of one job take at most two requests', async () => {
    const { gateway, kodexa } = await openSharedGateway({ kodexa: executionResponse('RUNNING'), sharedState: NO_CACHE })
    const answers = await crowd(gateway, EXECUTION_QUERY, { id: 'exe_1' })
    expect(answers).toEqual(
      Array(200).fill({ execution: { vendorId: 'exe_1', status: 'RUNNING', vendorStatus: 'RUNNING' } }),
    )
    expect(kodexa.requests.length).toBeLessThanOrEqual(2)
  })

  it('of a list take at most two requests', async () => {
    const { gateway, kodexa } = await openSharedGateway({
      kodexa: json(200, { content: [{ id: 'exe_1', status: 'RUNNING' }], totalElements: 1 }),
      sharedState: NO_CACHE,
    })
    const answers = await crowd(gateway, '{ executions(first: 50) { totalCount nodes { vendorId } } }')
    expect(answers).toEqual(Array(200).fill({ executions: { totalCount: 1, nodes: [{ vendorId: 'exe_1' }] } }))
    expect(kodexa.requests.length).toBeLessThanOrEqual(2)
  })

  it('of fifty jobs take at most two requests', async () => {
    const gateway = await openSandboxedForTest({ sharing: openSharedState(NO_CACHE) })
    const list = await queryData(gateway, '{ executions(first: 50) { nodes { id } } }')
    const ids = (list.executions.nodes as { id: string }[]).map(({ id }) => id)
    gateway.takeRequests()
    for (const { nodes } of await crowd(gateway, NODES_QUERY, { ids }))
      expect(nodes).toMatchObject(ids.map((id) => ({ id })))
    expect(gateway.takeRequests().kodexa.length).toBeLessThanOrEqual(2)
  })

  it('of the list of all jobs take no more than one caller does', async () => {
    const gateway = await openSandboxedForTest({ sharing: openSharedState(NO_CACHE) })
    await queryData(gateway, '{ jobs(first: 10) { nodes { id } } }')
    const { cortex, kodexa } = gateway.takeRequests()
    await crowd(gateway, '{ jobs(first: 10) { nodes { id } } }')
    const together = gateway.takeRequests()
    expect(together.cortex.length).toBeLessThanOrEqual(2 * cortex.length)
    expect(together.kodexa.length).toBeLessThanOrEqual(2 * kodexa.length)
  })
})
