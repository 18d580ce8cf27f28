import { describe, expect, it } from 'vitest'
import {
  BY_ID,
  CANCEL_JOBS,
  ID,
  RECORD,
  RUN,
  asOps,
  auditLinesOf,
  cancelLine,
  cancelled,
  execution,
  executionId,
  eye,
  openAuditedGateway,
} from '../../support/audited-gateway.js'
import { hang } from '../../support/scripted-vendor.js'
import { openRawClient, serve, openUnacknowledgedClient } from '../../support/websocket.js'

describe('a rejected cancel', () => {
  it('has a line without the id when the id is invalid', async () => {
    const opened = await openAuditedGateway()
    await opened.query(CANCEL_JOBS, { ids: ['sent-id', ID] }, { headers: asOps })
    await opened.query(BY_ID, { id: 'sent-id' }, { headers: asOps })
    await opened.query(BY_ID, { id: RECORD }, { headers: asOps })
    expect(auditLinesOf(opened)).toEqual([
      cancelLine(null, 'BAD_INPUT', null, false),
      cancelLine(execution(), 'CANCELLED', 202, true),
      cancelLine(execution(null), 'BAD_INPUT', null, false),
      cancelLine(execution(null), 'BAD_INPUT', null, false),
    ])
    expect(JSON.stringify(opened.lines)).not.toContain('sent-id')
  })

  it('has a line for each job when the caller may not cancel', async () => {
    const opened = await openAuditedGateway()
    const headers = { 'x-api-key': eye.key }
    await opened.query(BY_ID, { id: ID }, { headers })
    await opened.query(CANCEL_JOBS, { ids: [RECORD, RUN] }, { headers })
    const rejected = (job: object) => ({
      ...cancelLine(job, 'FORBIDDEN', null, false),
      caller: { name: 'eye', via: 'key', role: 'read' },
    })
    expect(auditLinesOf(opened)).toEqual([
      rejected(execution()),
      rejected({ type: 'Record', vendor: 'CORTEX', id: RECORD }),
      rejected({ type: 'WorkflowRun', vendor: 'CORTEX', id: RUN }),
    ])
    expect(opened.vendor.requests).toEqual([])
  })

  it('has a line when the deadline of the operation has passed', async () => {
    const opened = await openAuditedGateway(cancelled, { deadlineMs: 0 })
    await opened.query(CANCEL_JOBS, { ids: [ID] }, { headers: asOps })
    expect(auditLinesOf(opened)).toEqual([cancelLine(execution(), 'NOT_ATTEMPTED', null, false)])
  })

  it('has a line when an earlier field failed, and none when it is skipped', async () => {
    const opened = await openAuditedGateway()
    await opened.query(
      `mutation {
        a: cancelExecution(by: { id: "none" }) { __typename }
        b: cancelExecution(by: { executionId: "exe_1" }) { __typename }
        ... @skip(if: true) { c: cancelExecution(by: { executionId: "exe_2" }) { __typename } }
        d: cancelExecution(by: { executionId: "exe_3" }) @include(if: false) { __typename }
      }`,
      {},
      { headers: asOps },
    )
    expect(auditLinesOf(opened)).toEqual([
      cancelLine(execution(null), 'BAD_INPUT', null, false),
      cancelLine(execution(), 'NOT_ATTEMPTED', null, false),
    ])
  })

  it('has a line for each of the first hundred jobs, and one for all others', async () => {
    const opened = await openAuditedGateway()
    const ids = Array.from({ length: 103 }, (_, index) => executionId(`exe_${index}`))
    await opened.query(CANCEL_JOBS, { ids }, { headers: asOps })
    expect(auditLinesOf(opened)).toEqual([
      ...ids.slice(0, 100).map((id) => cancelLine(execution(id), 'BAD_INPUT', null, false)),
      { ...cancelLine(null, 'BAD_INPUT', null, false), jobs: 3 },
    ])
  })

  it('has a bounded number of lines and a bounded duration, whatever the number of jobs', async () => {
    const opened = await openAuditedGateway()
    const ids = Array<string>(200_000).fill('a')
    const query = `mutation ($ids: [ID!]!) { ${Array.from({ length: 20 }, (_, at) => `a${at}: cancelJobs(ids: $ids) { id }`).join(' ')} }`
    const nodes = 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }'
    const timeOf = async (document: string) => {
      const startedAt = performance.now()
      expect((await opened.query(document, { ids }, { headers: asOps })).status).toBe(200)
      return performance.now() - startedAt
    }
    expect(await timeOf(query)).toBeLessThan((await timeOf(nodes)) + 1000)
    const lines = auditLinesOf(opened) as { jobs?: number }[]
    expect(lines).toHaveLength(101)
    expect(lines.at(-1)).toEqual({ ...cancelLine(null, 'BAD_INPUT', null, false), jobs: 20 * 200_000 - 100 })
  })

  it.each<[why: string, query: string, variables?: object]>([
    ['it cannot be parsed', 'mutation { cancelExecution('],
    ['it is not valid', 'mutation { cancelExecution(by: { id: 1 }) { nothing } }'],
    ['it is too deep', `mutation { cancelExecution(by: { id: "1" }) { ${'a{'.repeat(20)}b${'}'.repeat(20)} } }`],
    ['its variables are wrong', CANCEL_JOBS, { ids: 1.5 }],
  ])('has a line that names no job when %s', async (_why, query, variables = {}) => {
    const opened = await openAuditedGateway()
    await opened.query(query, variables, { headers: asOps })
    expect(auditLinesOf(opened)).toEqual([cancelLine(null, 'BAD_INPUT', null, false)])
  })

  it('has a line when it comes by GET', async () => {
    const opened = await openAuditedGateway()
    const url = `http://gateway.test/graphql?query=${encodeURIComponent(`mutation { cancelJobs(ids: ["${ID}"]) { id } }`)}`
    expect((await opened.gateway.fetch(new Request(url, { headers: asOps }))).status).toBe(405)
    expect(auditLinesOf(opened)).toEqual([cancelLine(null, 'BAD_INPUT', null, false)])
  })

  it('has a line when it comes by GET with a hash', async () => {
    const mutation = `mutation { cancelJobs(ids: ["${ID}"]) { id } }`
    const documents = new Map([
      ['a', mutation],
      ['b', '{ __typename }'],
    ])
    const opened = await openAuditedGateway(cancelled, { persistedOperations: { documents, only: true } })
    const get = async (sha256Hash: string) => {
      const extensions = encodeURIComponent(JSON.stringify({ persistedQuery: { sha256Hash } }))
      const url = `http://gateway.test/graphql?extensions=${extensions}`
      return (await opened.gateway.fetch(new Request(url, { headers: asOps }))).status
    }
    expect([await get('a'), await get('b')]).toEqual([405, 200])
    expect(auditLinesOf(opened)).toEqual([cancelLine(null, 'BAD_INPUT', null, false)])
  })

  it('has a line when the gateway is overloaded, over WebSocket', async () => {
    const opened = await openAuditedGateway(hang, { loadShedding: { concurrentOperations: 1, eventLoopDelayMs: null } })
    const client = await openRawClient((await serve(opened.gateway)).url, { headers: asOps })
    client.subscribe('1', '{ executions { nodes { id } } }')
    await expect.poll(() => opened.vendor.requests.length).toBe(1)
    client.subscribe('2', '{ vendors { mode } }')
    await client.next('2')
    client.subscribe('3', BY_ID, { id: ID })
    expect((await client.next('3')).payload).toMatchObject([{ extensions: { code: 'OVERLOADED' } }])
    expect(auditLinesOf(opened)).toEqual([cancelLine(null, 'OVERLOADED', null, false)])
  })

  it.each(['fetch', 'WebSocket'])('has a line when the caller exceeds the rate limit, by %s', async (way) => {
    const opened = await openAuditedGateway(cancelled, { limits: { operationsPerMinute: 1 } })
    if (way === 'fetch') for (const id of [ID, ID]) await opened.query(BY_ID, { id }, { headers: asOps })
    else {
      const client = await openRawClient((await serve(opened.gateway)).url, { headers: asOps })
      for (const id of ['1', '2']) {
        client.subscribe(id, BY_ID, { id: ID })
        await client.next(id)
      }
    }
    expect(auditLinesOf(opened)).toEqual([
      cancelLine(execution(), 'CANCELLED', 202, true),
      cancelLine(null, 'RATE_LIMITED', null, false),
    ])
  })

  it('has no line when the operation is not a cancel', async () => {
    const opened = await openAuditedGateway(cancelled, { limits: { operationsPerMinute: 2 } })
    for (let count = 0; count < 2; count++)
      await opened.query('{ executions { nodes { isCancellable nothing } } }', {}, { headers: asOps })
    await opened.query('{ vendors { mode } }', {}, { headers: asOps })
    expect(auditLinesOf(opened)).toEqual([])
  })

  it('by an unauthenticated caller has a line without a job, over HTTP and over WebSocket', async () => {
    const opened = await openAuditedGateway()
    await opened.query(BY_ID, { id: ID }, { headers: { 'x-request-id': 'req-1', 'x-api-key': 'unknown-key' } })
    const client = await openUnacknowledgedClient((await serve(opened.gateway)).url, {
      headers: { 'x-request-id': 'req-2', 'x-api-key': 'unknown-key' },
    })
    client.send({ type: 'connection_init' })
    expect((await client.closed)[0]).toBe(4403)
    const rejection = { audit: 'request', caller: null, outcome: 'UNAUTHENTICATED' }
    expect(opened.lines).toEqual([
      { level: 'info', message: 'request refused', fields: { ...rejection, requestId: 'req-1' } },
      { level: 'info', message: 'request refused', fields: { ...rejection, requestId: 'req-2' } },
    ])
  })

  it('has a limited number of lines from unauthenticated callers', async () => {
    const opened = await openAuditedGateway()
    for (let count = 0; count < 200; count++) await opened.query(BY_ID, { id: ID })
    expect(auditLinesOf(opened).length).toBeGreaterThanOrEqual(60)
    expect(auditLinesOf(opened).length).toBeLessThan(70)
  })
})
