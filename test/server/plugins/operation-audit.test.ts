import { describe, expect, it } from 'vitest'
import { createApiKey } from '../../../src/auth/api-key.js'
import { createAuthenticate } from '../../../src/auth/authenticate.js'
import type { GatewayOptions } from '../../../src/gateway.js'
import { encodeJobId } from '../../../src/job/job-id.js'
import { silentLog } from '../../../src/job/log.js'
import { unconfiguredVendor } from '../../../src/job/unconfigured-vendor.js'
import { gatewaySchema } from '../../../src/schema.js'
import { closeAfterTest } from '../../support/close-after-test.js'
import { openGateway, type TestGateway } from '../../support/gateway.js'
import { sign, signingKey, tokenSettings } from '../../support/issuer.js'
import {
  byRoute,
  cortexAt,
  hang,
  resetConnection,
  inSequence,
  json,
  kodexaAt,
  startScriptedVendor,
  text,
  type Script,
} from '../../support/scripted-vendor.js'
import { openRawClient, serve, openUnacknowledgedClient } from '../../support/websocket.js'

const execution = (id: string) => encodeJobId({ type: 'Execution', path: [id] })
const RECORD = encodeJobId({ type: 'Record', path: ['c', 'col_1', 'rec_1'] })
const RUN = encodeJobId({ type: 'WorkflowRun', path: ['c', 'work_1', 'run_1'] })
const ID = execution('exe_1')
const BY_ID = 'mutation ($id: ID!) { cancelExecution(by: { id: $id }) { __typename } }'
const CANCEL_JOBS = 'mutation ($ids: [ID!]!) { cancelJobs(ids: $ids) { outcome } }'

const ops = createApiKey({ name: 'ops', role: 'cancel' })
const eye = createApiKey({ name: 'eye', role: 'read' })
const signer = signingKey('one')
const asOps = { authorization: `Bearer ${ops.key}` }
const authenticate = createAuthenticate(
  { keys: [ops.entry, eye.entry], tokens: tokenSettings({ keys: signer.publicKey }) },
  silentLog,
)

/** Every job is cancelled at once. */
const cancelled: Script = (request, response) =>
  json(202, { id: request.url!.split('/').at(-2), status: 'CANCELLED' })(request, response)

/** A gateway with both vendors behind it, that do the same. */
async function open(script: Script = cancelled, options: Partial<GatewayOptions> = {}) {
  const vendor = await startScriptedVendor(script)
  const settings = { timeoutMs: 300 }
  const opened = openGateway([cortexAt(vendor.url, settings), kodexaAt(vendor.url, settings)], {
    authenticate,
    ...options,
  })
  closeAfterTest(opened.close, vendor.close)
  return { ...opened, vendor }
}

/** The audit's lines, without what differs each time. */
function linesOf({ lines }: Pick<TestGateway, 'lines'>): object[] {
  return lines
    .map(({ fields }) => fields as { audit?: string; requestId?: string; durationMs?: number })
    .filter(({ audit }) => audit !== undefined)
    .map(({ requestId, durationMs, ...fields }) => {
      expect(requestId).toMatch(/^[\w-]+$/)
      if (fields.audit === 'cancel') expect(durationMs).toBeTypeOf('number')
      return fields
    })
}

function line(job: object | null, outcome: string, upstreamStatus: number | null, sent: boolean | null): object {
  return {
    audit: 'cancel',
    caller: { name: 'ops', via: 'key', role: 'cancel' },
    job,
    outcome,
    upstreamStatus,
    sent,
  }
}

const job = (id: string | null = ID) => ({ type: 'Execution', vendor: 'KODEXA', id })

describe('the audit of cancels', () => {
  it('knows of each field of Mutation which jobs it is asked to cancel', () => {
    for (const field of Object.values(gatewaySchema().getMutationType()!.getFields()))
      expect(field.extensions.jobsAskedToCancel, field.name).toBeTypeOf('function')
  })

  it('says who asked, for which job, with what outcome, upstream status, duration and request id', async () => {
    const opened = await open()
    await opened.query(BY_ID, { id: ID }, { headers: { ...asOps, 'x-request-id': 'req-1' } })
    expect(opened.lines).toEqual([
      {
        level: 'info',
        message: 'cancel',
        fields: {
          ...line(job(), 'CANCELLED', 202, true),
          durationMs: expect.any(Number) as number,
          requestId: 'req-1',
        },
      },
    ])
  })

  it('names whoever shows a token by its subject', async () => {
    const opened = await open()
    const token = await sign(signer, { sub: 'ada', roles: ['admin'] })
    await opened.query(BY_ID, { id: ID }, { headers: { authorization: `Bearer ${token}` } })
    expect(linesOf(opened)).toMatchObject([{ caller: { name: 'ada', via: 'jwt', role: 'admin' } }])
  })

  it('has one line for each kind of job, however it is addressed', async () => {
    const opened = await open()
    await opened.query(
      `mutation {
        cancelExecution(by: { executionId: "exe_1" }) { __typename }
        cancelRecord(by: { ref: { collectionId: "col_1", recordId: "rec_1" } }) { __typename }
        cancelWorkflowRun(by: { ref: { workflowId: "work_1", runId: "run_1" } }) { __typename }
      }`,
      {},
      { headers: asOps },
    )
    expect(linesOf(opened)).toEqual([
      line(job(), 'CANCELLED', 202, true),
      line({ type: 'Record', vendor: 'CORTEX', id: RECORD }, 'CANCELLED', 202, true),
      line({ type: 'WorkflowRun', vendor: 'CORTEX', id: RUN }, 'CANCELLED', 202, true),
    ])
  })

  it('has one line for a job that is asked for several times in one operation', async () => {
    const opened = await open()
    await opened.query(
      `mutation ($ids: [ID!]!) {
        a: cancelExecution(by: { executionId: "exe_1" }) { __typename }
        b: cancelExecution(by: { id: "${ID}" }) { __typename }
        cancelJobs(ids: $ids) { outcome }
      }`,
      { ids: [ID, ID, execution('exe_2')] },
      { headers: asOps },
    )
    expect(linesOf(opened)).toEqual([
      line(job(), 'CANCELLED', 202, true),
      line(job(execution('exe_2')), 'CANCELLED', 202, true),
    ])
  })

  const notThere = json(404, { status: 404, message: 'Not found' })
  it.each<[what: string, script: Script, outcome: string, upstreamStatus: number | null, sent: boolean]>([
    ['winds down', json(200, { id: 'exe_1', status: 'CANCELLING' }), 'CANCELLING', 200, true],
    ['is not known', notThere, 'NOT_FOUND', 404, true],
    [
      'was cancelled before',
      byRoute({ 'PUT .*': json(409, {}), 'GET .*': json(200, { id: 'exe_1', status: 'CANCELLED' }) }),
      'ALREADY_CANCELLED',
      409,
      true,
    ],
    [
      'had ended otherwise',
      byRoute({ 'PUT .*': json(400, {}), 'GET .*': json(200, { id: 'exe_1', status: 'SUCCEEDED' }) }),
      'NOT_CANCELLABLE',
      400,
      true,
    ],
    [
      'is unknown when it is looked for',
      byRoute({ 'PUT .*': json(422, {}), 'GET .*': notThere }),
      'NOT_FOUND',
      422,
      true,
    ],
    ['is refused without a reason', json(400, {}), 'VENDOR_REJECTED', 400, true],
    ['is answered with 401', json(401, {}), 'VENDOR_UNAUTHORIZED', 401, true],
    ['is answered with 429', json(429, {}), 'VENDOR_RATE_LIMITED', 429, true],
    ['is answered with 503', json(503, {}), 'VENDOR_UNAVAILABLE', 503, true],
    ['is answered with nothing readable', text(200, '<html>'), 'VENDOR_BAD_RESPONSE', 200, true],
    ['is answered with no job', json(200, []), 'VENDOR_BAD_RESPONSE', 200, true],
    ['is answered with another one', json(200, { id: 'exe_2', status: 'CANCELLED' }), 'VENDOR_BAD_RESPONSE', 200, true],
    [
      'is answered with another one, but winds down',
      byRoute({ 'PUT .*': json(202, { id: 'exe_2' }), 'GET .*': json(200, { id: 'exe_1', status: 'CANCELLING' }) }),
      'CANCELLING',
      202,
      true,
    ],
    ['is not answered', hang, 'VENDOR_TIMEOUT', null, true],
    ['is cut off', resetConnection, 'VENDOR_UNAVAILABLE', null, true],
  ])('tells what became of a job that %s', async (_what, script, outcome, upstreamStatus, sent) => {
    const opened = await open(script)
    await opened.query(BY_ID, { id: ID }, { headers: asOps })
    expect(linesOf(opened)).toEqual([line(job(), outcome, upstreamStatus, sent)])
    const several = await open(script)
    await several.query(CANCEL_JOBS, { ids: [ID] }, { headers: asOps })
    expect(linesOf(several)).toEqual([line(job(), outcome, upstreamStatus, sent)])
  })

  it('tells with what status records and runs were answered, although the answer is about another one', async () => {
    const opened = await open(json(200, { id: 'another', status: 'cancelled' }))
    await opened.query(CANCEL_JOBS, { ids: [RECORD, RUN] }, { headers: asOps })
    expect(linesOf(opened)).toEqual(
      expect.arrayContaining([
        line({ type: 'Record', vendor: 'CORTEX', id: RECORD }, 'VENDOR_BAD_RESPONSE', 200, true),
        line({ type: 'WorkflowRun', vendor: 'CORTEX', id: RUN }, 'VENDOR_BAD_RESPONSE', 200, true),
      ]),
    )
  })

  it('tells that nothing was sent to a vendor that cannot be reached, or is not configured', async () => {
    const gone = await startScriptedVendor()
    await gone.close()
    const opened = openGateway([unconfiguredVendor('CORTEX', ['Record', 'WorkflowRun']), kodexaAt(gone.url)], {
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
    expect(linesOf(opened)).toEqual([
      line(job(), 'VENDOR_UNAVAILABLE', null, false),
      line({ type: 'Record', vendor: 'CORTEX', id: RECORD }, 'VENDOR_NOT_CONFIGURED', null, false),
      // Which app it would have been, nobody knows.
      line({ type: 'Record', vendor: 'CORTEX', id: null }, 'VENDOR_NOT_CONFIGURED', null, false),
      line({ type: 'WorkflowRun', vendor: 'CORTEX', id: RUN }, 'VENDOR_NOT_CONFIGURED', null, false),
    ])
  })

  it('has one line for each job of however many', async () => {
    const opened = await open(cancelled, { limits: { cancels: 200 } })
    const ids = Array.from({ length: 120 }, (_, index) => execution(`exe_${index}`))
    await opened.query(
      'mutation ($a: [ID!]!, $b: [ID!]!) { a: cancelJobs(ids: $a) { id } b: cancelJobs(ids: $b) { id } }',
      { a: ids.slice(0, 60), b: ids.slice(60) },
      { headers: asOps },
    )
    expect(linesOf(opened)).toHaveLength(120)
    expect(linesOf(opened)).toEqual(expect.arrayContaining(ids.map((id) => line(job(id), 'CANCELLED', 202, true))))
  })

  it('is written although the caller has left', async () => {
    let answer = () => {}
    const opened = await open((request, response) => {
      answer = () => cancelled(request, response)
    })
    const leaving = new AbortController()
    const asking = opened.query(BY_ID, { id: ID }, { headers: asOps, signal: leaving.signal }).catch(() => null)
    await expect.poll(() => opened.vendor.requests.length).toBe(1)
    leaving.abort()
    await asking
    expect(linesOf(opened)).toEqual([])
    answer()
    await expect.poll(() => linesOf(opened)).toEqual([line(job(), 'CANCELLED', 202, true)])
  })

  it('is written of each job of a batch as soon as it is known', async () => {
    const opened = await open(inSequence(cancelled, hang))
    const asking = opened.query(CANCEL_JOBS, { ids: [ID, execution('exe_2')] }, { headers: asOps })
    await expect.poll(() => linesOf(opened)).toHaveLength(1)
    await asking
    expect(linesOf(opened)).toHaveLength(2)
  })
})

describe('a cancel that is refused', () => {
  it('has a line when an id is none, without what was sent', async () => {
    const opened = await open()
    await opened.query(CANCEL_JOBS, { ids: ['what-was-sent', ID] }, { headers: asOps })
    await opened.query(BY_ID, { id: 'what-was-sent' }, { headers: asOps })
    await opened.query(BY_ID, { id: RECORD }, { headers: asOps })
    expect(linesOf(opened)).toEqual([
      line(null, 'BAD_INPUT', null, false),
      line(job(), 'CANCELLED', 202, true),
      line(job(null), 'BAD_INPUT', null, false),
      line(job(null), 'BAD_INPUT', null, false),
    ])
    expect(JSON.stringify(opened.lines)).not.toContain('what-was-sent')
  })

  it('has a line for each job when the caller may not cancel', async () => {
    const opened = await open()
    const headers = { 'x-api-key': eye.key }
    await opened.query(BY_ID, { id: ID }, { headers })
    await opened.query(CANCEL_JOBS, { ids: [RECORD, RUN] }, { headers })
    const refused = (job: object) => ({
      ...line(job, 'FORBIDDEN', null, false),
      caller: { name: 'eye', via: 'key', role: 'read' },
    })
    expect(linesOf(opened)).toEqual([
      refused(job()),
      refused({ type: 'Record', vendor: 'CORTEX', id: RECORD }),
      refused({ type: 'WorkflowRun', vendor: 'CORTEX', id: RUN }),
    ])
    expect(opened.vendor.requests).toEqual([])
  })

  it('has a line when the time of the operation was over before it', async () => {
    const opened = await open(cancelled, { deadlineMs: 0 })
    await opened.query(CANCEL_JOBS, { ids: [ID] }, { headers: asOps })
    expect(linesOf(opened)).toEqual([line(job(), 'NOT_ATTEMPTED', null, false)])
  })

  it('has a line when a field before it failed, and none when it was skipped', async () => {
    const opened = await open()
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
    expect(linesOf(opened)).toEqual([
      line(job(null), 'BAD_INPUT', null, false),
      line(job(), 'NOT_ATTEMPTED', null, false),
    ])
  })

  it('has a line for each of the first hundred jobs of too many, and one for all others', async () => {
    const opened = await open()
    const ids = Array.from({ length: 103 }, (_, index) => execution(`exe_${index}`))
    await opened.query(CANCEL_JOBS, { ids }, { headers: asOps })
    expect(linesOf(opened)).toEqual([
      ...ids.slice(0, 100).map((id) => line(job(id), 'BAD_INPUT', null, false)),
      { ...line(null, 'BAD_INPUT', null, false), jobs: 3 },
    ])
  })

  it('has no more lines, and takes no longer to be written down, however many jobs it names and how often', async () => {
    const opened = await open()
    const ids = Array<string>(200_000).fill('a')
    const query = `mutation ($ids: [ID!]!) { ${Array.from({ length: 20 }, (_, at) => `a${at}: cancelJobs(ids: $ids) { id }`).join(' ')} }`
    const nodes = 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }'
    const timeOf = async (document: string) => {
      const begunAt = performance.now()
      expect((await opened.query(document, { ids }, { headers: asOps })).status).toBe(200)
      return performance.now() - begunAt
    }
    expect(await timeOf(query)).toBeLessThan((await timeOf(nodes)) + 1000)
    const lines = linesOf(opened) as { jobs?: number }[]
    expect(lines).toHaveLength(101)
    expect(lines.at(-1)).toEqual({ ...line(null, 'BAD_INPUT', null, false), jobs: 20 * 200_000 - 100 })
  })

  it.each<[why: string, query: string, variables?: object]>([
    ['it cannot be parsed', 'mutation { cancelExecution('],
    ['it is not valid', 'mutation { cancelExecution(by: { id: 1 }) { nothing } }'],
    ['it is too deep', `mutation { cancelExecution(by: { id: "1" }) { ${'a{'.repeat(20)}b${'}'.repeat(20)} } }`],
    ['its variables are wrong', CANCEL_JOBS, { ids: 1.5 }],
  ])('has a line that names no job when %s', async (_why, query, variables = {}) => {
    const opened = await open()
    await opened.query(query, variables, { headers: asOps })
    expect(linesOf(opened)).toEqual([line(null, 'BAD_INPUT', null, false)])
  })

  it('has a line when it comes by GET', async () => {
    const opened = await open()
    const url = `http://gateway.test/graphql?query=${encodeURIComponent(`mutation { cancelJobs(ids: ["${ID}"]) { id } }`)}`
    expect((await opened.gateway.fetch(new Request(url, { headers: asOps }))).status).toBe(405)
    expect(linesOf(opened)).toEqual([line(null, 'BAD_INPUT', null, false)])
  })

  it('has a line when it comes by GET, named by its hash', async () => {
    const mutation = `mutation { cancelJobs(ids: ["${ID}"]) { id } }`
    const documents = new Map([
      ['a', mutation],
      ['b', '{ __typename }'],
    ])
    const opened = await open(cancelled, { persistedOperations: { documents, only: true } })
    const get = async (sha256Hash: string) => {
      const extensions = encodeURIComponent(JSON.stringify({ persistedQuery: { sha256Hash } }))
      const url = `http://gateway.test/graphql?extensions=${extensions}`
      return (await opened.gateway.fetch(new Request(url, { headers: asOps }))).status
    }
    expect([await get('a'), await get('b')]).toEqual([405, 200])
    expect(linesOf(opened)).toEqual([line(null, 'BAD_INPUT', null, false)])
  })

  it('has a line when there is too much to do, over WebSocket', async () => {
    const opened = await open(hang, { loadShedding: { concurrentOperations: 1, eventLoopDelayMs: null } })
    const client = await openRawClient((await serve(opened.gateway)).url, { headers: asOps })
    client.subscribe('1', '{ executions { nodes { id } } }')
    await expect.poll(() => opened.vendor.requests.length).toBe(1)
    client.subscribe('2', '{ vendors { mode } }')
    await client.next('2')
    client.subscribe('3', BY_ID, { id: ID })
    expect((await client.next('3')).payload).toMatchObject([{ extensions: { code: 'OVERLOADED' } }])
    expect(linesOf(opened)).toEqual([line(null, 'OVERLOADED', null, false)])
  })

  it.each(['fetch', 'WebSocket'])('has a line when its caller sends too much, by %s', async (way) => {
    const opened = await open(cancelled, { limits: { operationsPerMinute: 1 } })
    if (way === 'fetch') for (const id of [ID, ID]) await opened.query(BY_ID, { id }, { headers: asOps })
    else {
      const client = await openRawClient((await serve(opened.gateway)).url, { headers: asOps })
      for (const id of ['1', '2']) {
        client.subscribe(id, BY_ID, { id: ID })
        await client.next(id)
      }
    }
    expect(linesOf(opened)).toEqual([line(job(), 'CANCELLED', 202, true), line(null, 'RATE_LIMITED', null, false)])
  })

  it('has no line when it is none', async () => {
    const opened = await open(cancelled, { limits: { operationsPerMinute: 2 } })
    for (let count = 0; count < 2; count++)
      await opened.query('{ executions { nodes { isCancellable nothing } } }', {}, { headers: asOps })
    await opened.query('{ vendors { mode } }', {}, { headers: asOps })
    expect(linesOf(opened)).toEqual([])
  })

  it('by a caller whom nobody knows is a request that was refused, over HTTP and over WebSocket', async () => {
    const opened = await open()
    await opened.query(BY_ID, { id: ID }, { headers: { 'x-request-id': 'req-1', 'x-api-key': 'nobodys-key' } })
    const client = await openUnacknowledgedClient((await serve(opened.gateway)).url, {
      headers: { 'x-request-id': 'req-2', 'x-api-key': 'nobodys-key' },
    })
    client.send({ type: 'connection_init' })
    expect((await client.closed)[0]).toBe(4403)
    const refused = { audit: 'request', caller: null, outcome: 'UNAUTHENTICATED' }
    expect(opened.lines).toEqual([
      { level: 'info', message: 'request refused', fields: { ...refused, requestId: 'req-1' } },
      { level: 'info', message: 'request refused', fields: { ...refused, requestId: 'req-2' } },
    ])
  })

  it('does not fill the log by requests of nobody: some are counted', async () => {
    const opened = await open()
    for (let count = 0; count < 200; count++) await opened.query(BY_ID, { id: ID })
    expect(linesOf(opened).length).toBeGreaterThanOrEqual(60)
    expect(linesOf(opened).length).toBeLessThan(70)
  })
})

describe('a cancel over WebSocket', () => {
  it('has the same lines', async () => {
    const opened = await open()
    const client = await openRawClient((await serve(opened.gateway)).url, { headers: asOps })
    client.subscribe('1', BY_ID, { id: ID })
    await client.next('1')
    client.subscribe('2', CANCEL_JOBS, { ids: [RECORD, 'none'] })
    await client.next('2')
    client.subscribe('3', 'mutation { cancelExecution(by: { id: 1 }) { nothing } }')
    await client.next('3')
    expect(linesOf(opened)).toEqual([
      line(job(), 'CANCELLED', 202, true),
      line(null, 'BAD_INPUT', null, false),
      line({ type: 'Record', vendor: 'CORTEX', id: RECORD }, 'CANCELLED', 202, true),
      line(null, 'BAD_INPUT', null, false),
    ])
  })
})
