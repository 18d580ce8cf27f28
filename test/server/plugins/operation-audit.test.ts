import { describe, expect, it } from 'vitest'
import { unconfiguredVendor } from '../../../src/job/unconfigured-vendor.js'
import { gatewaySchema } from '../../../src/schema.js'
import {
  BY_ID,
  CANCEL_JOBS,
  ID,
  RECORD,
  RUN,
  asOps,
  authenticate,
  auditLinesOf,
  cancelLine,
  cancelled,
  execution,
  executionId,
  openAuditedGateway,
  signer,
} from '../../support/audited-gateway.js'
import { closeAfterTest } from '../../support/close-after-test.js'
import { openGateway } from '../../support/gateway.js'
import { sign } from '../../support/issuer.js'
import {
  byRoute,
  hang,
  resetConnection,
  inSequence,
  json,
  kodexaAt,
  startScriptedVendor,
  text,
  type Script,
} from '../../support/scripted-vendor.js'
import { openRawClient, serve } from '../../support/websocket.js'

describe('the cancel audit', () => {
  it('has a function for each Mutation field that returns the jobs to cancel', () => {
    for (const field of Object.values(gatewaySchema().getMutationType()!.getFields()))
      expect(field.extensions.requestedJobsOf, field.name).toBeTypeOf('function')
  })

  it('has caller, job, outcome, upstream status, duration and request id', async () => {
    const opened = await openAuditedGateway()
    await opened.query(BY_ID, { id: ID }, { headers: { ...asOps, 'x-request-id': 'req-1' } })
    expect(opened.lines).toEqual([
      {
        level: 'info',
        message: 'cancel',
        fields: {
          ...cancelLine(execution(), 'CANCELLED', 202, true),
          durationMs: expect.any(Number) as number,
          requestId: 'req-1',
        },
      },
    ])
  })

  it('names the caller of a token by its subject', async () => {
    const opened = await openAuditedGateway()
    const token = await sign(signer, { sub: 'ada', roles: ['admin'] })
    await opened.query(BY_ID, { id: ID }, { headers: { authorization: `Bearer ${token}` } })
    expect(auditLinesOf(opened)).toMatchObject([{ caller: { name: 'ada', via: 'jwt', role: 'admin' } }])
  })

  it('has one line for each type of job, however it is addressed', async () => {
    const opened = await openAuditedGateway()
    await opened.query(
      `mutation {
        cancelExecution(by: { executionId: "exe_1" }) { __typename }
        cancelRecord(by: { ref: { collectionId: "col_1", recordId: "rec_1" } }) { __typename }
        cancelWorkflowRun(by: { ref: { workflowId: "work_1", runId: "run_1" } }) { __typename }
      }`,
      {},
      { headers: asOps },
    )
    expect(auditLinesOf(opened)).toEqual([
      cancelLine(execution(), 'CANCELLED', 202, true),
      cancelLine({ type: 'Record', vendor: 'CORTEX', id: RECORD }, 'CANCELLED', 202, true),
      cancelLine({ type: 'WorkflowRun', vendor: 'CORTEX', id: RUN }, 'CANCELLED', 202, true),
    ])
  })

  it('has one line for a job that one operation cancels several times', async () => {
    const opened = await openAuditedGateway()
    await opened.query(
      `mutation ($ids: [ID!]!) {
        a: cancelExecution(by: { executionId: "exe_1" }) { __typename }
        b: cancelExecution(by: { id: "${ID}" }) { __typename }
        cancelJobs(ids: $ids) { outcome }
      }`,
      { ids: [ID, ID, executionId('exe_2')] },
      { headers: asOps },
    )
    expect(auditLinesOf(opened)).toEqual([
      cancelLine(execution(), 'CANCELLED', 202, true),
      cancelLine(execution(executionId('exe_2')), 'CANCELLED', 202, true),
    ])
  })

  const notFound = json(404, { status: 404, message: 'Not found' })
  it.each<[what: string, script: Script, outcome: string, upstreamStatus: number | null, sent: boolean]>([
    ['is cancelling', json(200, { id: 'exe_1', status: 'CANCELLING' }), 'CANCELLING', 200, true],
    ['is unknown', notFound, 'NOT_FOUND', 404, true],
    [
      'was cancelled before',
      byRoute({ 'PUT .*': json(409, {}), 'GET .*': json(200, { id: 'exe_1', status: 'CANCELLED' }) }),
      'ALREADY_CANCELLED',
      409,
      true,
    ],
    [
      'has ended otherwise',
      byRoute({ 'PUT .*': json(400, {}), 'GET .*': json(200, { id: 'exe_1', status: 'SUCCEEDED' }) }),
      'NOT_CANCELLABLE',
      400,
      true,
    ],
    ['is unknown when it is read', byRoute({ 'PUT .*': json(422, {}), 'GET .*': notFound }), 'NOT_FOUND', 422, true],
    ['is rejected without a reason', json(400, {}), 'VENDOR_REJECTED', 400, true],
    ['is answered with 401', json(401, {}), 'VENDOR_UNAUTHORIZED', 401, true],
    ['is answered with 429', json(429, {}), 'VENDOR_RATE_LIMITED', 429, true],
    ['is answered with 503', json(503, {}), 'VENDOR_UNAVAILABLE', 503, true],
    ['is answered with HTML', text(200, '<html>'), 'VENDOR_BAD_RESPONSE', 200, true],
    ['is answered with an array', json(200, []), 'VENDOR_BAD_RESPONSE', 200, true],
    ['is answered with another job', json(200, { id: 'exe_2', status: 'CANCELLED' }), 'VENDOR_BAD_RESPONSE', 200, true],
    [
      'is answered with another job, but is cancelling',
      byRoute({ 'PUT .*': json(202, { id: 'exe_2' }), 'GET .*': json(200, { id: 'exe_1', status: 'CANCELLING' }) }),
      'CANCELLING',
      202,
      true,
    ],
    ['is not answered', hang, 'VENDOR_TIMEOUT', null, true],
    ['is cut off', resetConnection, 'VENDOR_UNAVAILABLE', null, true],
  ])('has the outcome of a job that %s', async (_what, script, outcome, upstreamStatus, sent) => {
    const opened = await openAuditedGateway(script)
    await opened.query(BY_ID, { id: ID }, { headers: asOps })
    expect(auditLinesOf(opened)).toEqual([cancelLine(execution(), outcome, upstreamStatus, sent)])
    const several = await openAuditedGateway(script)
    await several.query(CANCEL_JOBS, { ids: [ID] }, { headers: asOps })
    expect(auditLinesOf(several)).toEqual([cancelLine(execution(), outcome, upstreamStatus, sent)])
  })

  it('has the upstream status when the vendor answers with another record or run', async () => {
    const opened = await openAuditedGateway(json(200, { id: 'another', status: 'cancelled' }))
    await opened.query(CANCEL_JOBS, { ids: [RECORD, RUN] }, { headers: asOps })
    expect(auditLinesOf(opened)).toEqual(
      expect.arrayContaining([
        cancelLine({ type: 'Record', vendor: 'CORTEX', id: RECORD }, 'VENDOR_BAD_RESPONSE', 200, true),
        cancelLine({ type: 'WorkflowRun', vendor: 'CORTEX', id: RUN }, 'VENDOR_BAD_RESPONSE', 200, true),
      ]),
    )
  })

  it('says that nothing was sent to a vendor that is unreachable or not configured', async () => {
    const closedVendor = await startScriptedVendor()
    await closedVendor.close()
    const opened = openGateway([unconfiguredVendor('CORTEX', ['Record', 'WorkflowRun']), kodexaAt(closedVendor.url)], {
      authenticate,
    })
    closeAfterTest(opened.close)
    await opened.query(
      `mutation {
        a: cancelExecution(by: { executionId: "exe_1" }) { __typename }
        b: cancelRecord(by: { id: "${RECORD}" }) { __typename }
        c: cancelRecord(by: { ref: { collectionId: "col_1", recordId: "rec_1" } }) { __typename }
        d: cancelJobs(ids: ["${RUN}"]) { outcome }
      }`,
      {},
      { headers: asOps },
    )
    expect(auditLinesOf(opened)).toEqual([
      cancelLine(execution(), 'VENDOR_UNAVAILABLE', null, false),
      cancelLine({ type: 'Record', vendor: 'CORTEX', id: RECORD }, 'VENDOR_NOT_CONFIGURED', null, false),
      // The app of the record is unknown.
      cancelLine({ type: 'Record', vendor: 'CORTEX', id: null }, 'VENDOR_NOT_CONFIGURED', null, false),
      cancelLine({ type: 'WorkflowRun', vendor: 'CORTEX', id: RUN }, 'VENDOR_NOT_CONFIGURED', null, false),
    ])
  })

  it('has one line for each job above a hundred as well', async () => {
    const opened = await openAuditedGateway(cancelled, { limits: { cancels: 200 } })
    const ids = Array.from({ length: 120 }, (_, index) => executionId(`exe_${index}`))
    await opened.query(
      'mutation ($a: [ID!]!, $b: [ID!]!) { a: cancelJobs(ids: $a) { id } b: cancelJobs(ids: $b) { id } }',
      { a: ids.slice(0, 60), b: ids.slice(60) },
      { headers: asOps },
    )
    expect(auditLinesOf(opened)).toHaveLength(120)
    expect(auditLinesOf(opened)).toEqual(
      expect.arrayContaining(ids.map((id) => cancelLine(execution(id), 'CANCELLED', 202, true))),
    )
  })

  it('is written after the client has disconnected', async () => {
    let respond = () => {}
    const opened = await openAuditedGateway((request, response) => {
      respond = () => cancelled(request, response)
    })
    const controller = new AbortController()
    const querying = opened.query(BY_ID, { id: ID }, { headers: asOps, signal: controller.signal }).catch(() => null)
    await expect.poll(() => opened.vendor.requests.length).toBe(1)
    controller.abort()
    await querying
    expect(auditLinesOf(opened)).toEqual([])
    respond()
    await expect.poll(() => auditLinesOf(opened)).toEqual([cancelLine(execution(), 'CANCELLED', 202, true)])
  })

  it('is written for each job of a batch as soon as its outcome is known', async () => {
    const opened = await openAuditedGateway(inSequence(cancelled, hang))
    const querying = opened.query(CANCEL_JOBS, { ids: [ID, executionId('exe_2')] }, { headers: asOps })
    await expect.poll(() => auditLinesOf(opened)).toHaveLength(1)
    await querying
    expect(auditLinesOf(opened)).toHaveLength(2)
  })
})

describe('a cancel over WebSocket', () => {
  it('has the same lines', async () => {
    const opened = await openAuditedGateway()
    const client = await openRawClient((await serve(opened.gateway)).url, { headers: asOps })
    client.subscribe('1', BY_ID, { id: ID })
    await client.next('1')
    client.subscribe('2', CANCEL_JOBS, { ids: [RECORD, 'none'] })
    await client.next('2')
    client.subscribe('3', 'mutation { cancelExecution(by: { id: 1 }) { nothing } }')
    await client.next('3')
    expect(auditLinesOf(opened)).toEqual([
      cancelLine(execution(), 'CANCELLED', 202, true),
      cancelLine(null, 'BAD_INPUT', null, false),
      cancelLine({ type: 'Record', vendor: 'CORTEX', id: RECORD }, 'CANCELLED', 202, true),
      cancelLine(null, 'BAD_INPUT', null, false),
    ])
  })
})
