import type { IncomingMessage } from 'node:http'
import { afterEach, describe, expect, it } from 'vitest'
import { encodeJobId } from '../../src/job/job-id.js'
import type { Log } from '../../src/job/log.js'
import type { JobStatus } from '../../src/job/state.js'
import type { Vendor } from '../../src/job/vendor.js'
import { openGateway, type GraphQLResponse, type TestGateway } from '../support/gateway.js'
import {
  API_KEY,
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
  type ScriptedVendor,
} from '../support/scripted-vendor.js'

interface Timeout {
  readonly timeoutMs?: number
}

/** A kind of job, and all in which it differs from the others. A further vendor adds its kinds here and inherits every test. */
interface JobKind {
  readonly type: string
  readonly vendor: 'CORTEX' | 'KODEXA'
  readonly vendorId: string
  readonly path: readonly string[]
  readonly connect: (url: URL, settings: Timeout, options: { readonly log?: Log }) => Vendor
  readonly credential: Readonly<Record<string, string>>
  readonly cancelCall: string
  readonly readCall: string
  /** The mutation's name, its input type, its success type, and the field of it that has the job. */
  readonly graph: { readonly field: string; readonly input: string; readonly success: string; readonly job: string }
  /** The job's address in the vendor's own terms. */
  readonly by: object
  /** An address that would lead elsewhere. */
  readonly badBy: object
  readonly words: {
    readonly live: Readonly<Record<string, JobStatus>>
    readonly over: Readonly<Record<string, JobStatus>>
    readonly running: string
    readonly completed: string
    readonly cancelled: string
    /** None where the vendor has no such word. */
    readonly cancelling: readonly string[]
  }
}

const RECORD: JobKind = {
  type: 'Record',
  vendor: 'CORTEX',
  vendorId: 'rec_1',
  path: ['c', 'col_1', 'rec_1'],
  connect: cortexAt,
  credential: { authorization: `Bearer ${API_KEY}` },
  cancelCall: 'POST /apps/c/collections/col_1/records/rec_1/cancel',
  readCall: 'GET /apps/c/collections/col_1/records/rec_1',
  graph: { field: 'cancelRecord', input: 'RecordBy', success: 'CancelRecordSuccess', job: 'record' },
  by: { ref: { collectionId: 'col_1', recordId: 'rec_1' } },
  badBy: { ref: { collectionId: '..', recordId: 'rec_1' } },
  words: {
    live: { QUEUED: 'QUEUED', RUNNING: 'RUNNING' },
    over: { DRAFT: 'DRAFT', COMPLETED: 'COMPLETED', FAILED: 'FAILED' },
    running: 'RUNNING',
    completed: 'COMPLETED',
    cancelled: 'CANCELLED',
    cancelling: [],
  },
}

const WORKFLOW_RUN: JobKind = {
  type: 'WorkflowRun',
  vendor: 'CORTEX',
  vendorId: 'run_1',
  path: ['c', 'work_1', 'run_1'],
  connect: cortexAt,
  credential: { authorization: `Bearer ${API_KEY}` },
  cancelCall: 'POST /apps/c/workflows/work_1/runs/run_1/cancel',
  readCall: 'GET /apps/c/workflows/work_1/runs/run_1',
  graph: {
    field: 'cancelWorkflowRun',
    input: 'WorkflowRunBy',
    success: 'CancelWorkflowRunSuccess',
    job: 'workflowRun',
  },
  by: { ref: { workflowId: 'work_1', runId: 'run_1' } },
  badBy: { ref: { workflowId: 'work_1', runId: 'run_1/cancel?' } },
  words: {
    live: { PENDING: 'QUEUED', RUNNING: 'RUNNING' },
    over: { COMPLETED: 'COMPLETED', FAILED: 'FAILED', SKIPPED: 'SKIPPED' },
    running: 'RUNNING',
    completed: 'COMPLETED',
    cancelled: 'CANCELLED',
    cancelling: [],
  },
}

const EXECUTION_ID = '00000000-0000-4000-8000-0000000000aa'

const EXECUTION: JobKind = {
  type: 'Execution',
  vendor: 'KODEXA',
  vendorId: EXECUTION_ID,
  path: [EXECUTION_ID],
  connect: kodexaAt,
  credential: { 'x-api-key': API_KEY },
  cancelCall: `PUT /api/executions/${EXECUTION_ID}/cancel`,
  readCall: `GET /api/executions/${EXECUTION_ID}`,
  graph: { field: 'cancelExecution', input: 'ExecutionBy', success: 'CancelExecutionSuccess', job: 'execution' },
  by: { executionId: EXECUTION_ID },
  badBy: { executionId: '../account/me' },
  words: {
    live: {
      PENDING: 'QUEUED',
      REQUESTED: 'QUEUED',
      PENDING_REPROCESSING: 'QUEUED',
      RUNNING: 'RUNNING',
      CANCELLING: 'CANCELLING',
    },
    over: { SUCCEEDED: 'COMPLETED', REPROCESSED: 'COMPLETED', FAILED: 'FAILED', SKIPPED: 'SKIPPED' },
    running: 'RUNNING',
    completed: 'SUCCEEDED',
    cancelled: 'CANCELLED',
    cancelling: ['CANCELLING'],
  },
}

const KINDS = [RECORD, WORKFLOW_RUN, EXECUTION]

const NOT_FOUND = { __typename: 'JobNotFoundError', code: 'NOT_FOUND' }

/** Short enough to wait for, long enough for an answer from loopback. */
const SHORT = { timeoutMs: 200 }

describe.each(KINDS)('cancelling a job of the type $type', (kind) => {
  const { words } = kind
  const jobThatIs = (word: string) => json(200, { id: kind.vendorId, status: word })
  const job = (status: JobStatus, vendorStatus: string) => ({
    id: encodeJobId({ type: kind.type, path: kind.path }),
    vendor: kind.vendor,
    vendorId: kind.vendorId,
    status,
    vendorStatus,
  })
  const success = (outcome: string, job: object) => ({ __typename: kind.graph.success, outcome, job })
  const notCancellable = (refused: object) => ({
    __typename: 'JobNotCancellableError',
    code: 'NOT_CANCELLABLE',
    refused,
  })
  const vendorError = (code: string, more: object = {}) => ({
    __typename: 'VendorError',
    code,
    vendor: kind.vendor,
    ...more,
  })
  const unexplained = [...Object.keys(words.live).filter((word) => !words.cancelling.includes(word)), 'Hibernating']
  const notRead = json(500, { message: 'Nobody should have asked.' })

  describe('sends', () => {
    it("the cancel and nothing else, by the job's address at the vendor", async () => {
      const { requests } = await cancel(kind, { cancel: jobThatIs(words.cancelled), read: notRead })
      expect(requests).toEqual([kind.cancelCall])
    })

    it('the same by the global id', async () => {
      const by = { id: encodeJobId({ type: kind.type, path: kind.path }) }
      const { result, requests } = await cancel(kind, { cancel: jobThatIs(words.cancelled), read: notRead, by })
      expect(result).toMatchObject({ outcome: 'CANCELLED' })
      expect(requests).toEqual([kind.cancelCall])
    })

    it('the credential and no body', async () => {
      const bodies: Promise<string>[] = []
      const { headers } = await cancel(kind, {
        cancel(request, response) {
          bodies.push(bodyOf(request))
          jobThatIs(words.cancelled)(request, response)
        },
        read: notRead,
      })
      expect(headers).toHaveLength(1)
      expect(headers[0]).toMatchObject({ ...kind.credential, accept: 'application/json' })
      expect(headers[0]).not.toHaveProperty('content-type')
      expect(headers[0]).not.toHaveProperty('transfer-encoding')
      expect(headers[0]?.['content-length'] ?? '0').toBe('0')
      expect(await Promise.all(bodies)).toEqual([''])
    })

    it.each([
      ['is none', { id: 'not-an-id' }],
      ['is of another type', { id: encodeJobId({ type: 'Invoice', path: kind.path }) }],
      ['has a part too many', { id: encodeJobId({ type: kind.type, path: [...kind.path, 'more', 'and-more'] }) }],
      ['would lead elsewhere', kind.badBy],
    ])('nothing for an id that %s', async (_what, by) => {
      const { answer, requests } = await cancel(kind, { cancel: jobThatIs(words.cancelled), read: notRead, by })
      expect(answer.errors).toMatchObject([{ extensions: { code: 'BAD_INPUT' } }])
      expect(requests).toEqual([])
    })

    it('the cancel even when the vendor has failed so often that reads are held back', async () => {
      const { vendor, gateway } = await open(kind)
      vendor.answer(json(500, {}))
      const read = () => readJob(gateway, kind)
      for (let failures = 0; failures < 10; failures++) await read()
      await read()
      expect(vendor.requests).toHaveLength(10)
      vendor.answer(jobThatIs(words.cancelled))
      const { result } = await send(gateway, kind)
      expect(result).toMatchObject({ outcome: 'CANCELLED' })
      expect(vendor.requests.slice(10)).toEqual([kind.cancelCall])
    })

    it('the cancel to its end although the caller has gone', async () => {
      const caller = new AbortController()
      const seen = { answered: false, brokenOff: false }
      let letGo = () => {}
      const { vendor, gateway } = await open(kind)
      vendor.answer((request, response) => {
        response.on('finish', () => (seen.answered = true))
        response.on('close', () => (seen.brokenOff = !response.writableFinished))
        letGo = () => jobThatIs(words.cancelled)(request, response)
      })
      const leaving = gateway.gateway.fetch(cancelRequest(kind, caller.signal)).catch(() => undefined)
      await expect.poll(() => vendor.requests).toEqual([kind.cancelCall])
      caller.abort()
      await new Promise((resolve) => setTimeout(resolve, 50))
      letGo()
      await expect.poll(() => seen).toEqual({ answered: true, brokenOff: false })
      await leaving
      expect(vendor.requests).toEqual([kind.cancelCall])
    })
  })

  describe('answered with the job', () => {
    it('that is cancelled says so', async () => {
      const { result, requests } = await cancel(kind, { cancel: jobThatIs(words.cancelled), read: notRead })
      expect(result).toMatchObject(success('CANCELLED', job('CANCELLED', words.cancelled)))
      expect(requests).toEqual([kind.cancelCall])
    })

    it.each(Object.entries(words.live))('that is still %s promises no more than CANCELLING', async (word, status) => {
      const { result, requests } = await cancel(kind, { cancel: jobThatIs(word), read: notRead })
      expect(result).toMatchObject(success('CANCELLING', job(status, word)))
      expect(requests).toEqual([kind.cancelCall])
    })

    it.each(Object.entries(words.over))('that is %s says that there was nothing to cancel', async (word, status) => {
      const { result, requests } = await cancel(kind, { cancel: jobThatIs(word), read: notRead })
      expect(result).toMatchObject(notCancellable(job(status, word)))
      expect(requests).toEqual([kind.cancelCall])
    })

    it('in a word that nobody knows keeps the word', async () => {
      const { result, requests } = await cancel(kind, { cancel: jobThatIs('Hibernating'), read: notRead })
      expect(result).toMatchObject(success('CANCELLING', job('UNKNOWN', 'Hibernating')))
      expect(requests).toEqual([kind.cancelCall])
    })
  })

  describe('that the vendor does not know', () => {
    it.each([
      ['JSON', json(404, { status: 404, message: 'Not found' })],
      ['HTML', text(404, '<html>raw-body-marker</html>', { 'content-type': 'text/html' })],
      ['nothing', text(404, '')],
    ])('says so without reading it, whatever the 404 carries: %s', async (_what, script) => {
      const { answer, result, requests } = await cancel(kind, { cancel: script, read: notRead })
      expect(result).toMatchObject(NOT_FOUND)
      expect(answer.text).not.toContain('raw-body-marker')
      expect(requests).toEqual([kind.cancelCall])
    })
  })

  describe.each([400, 409, 422])('refused with %i', (status) => {
    const refusal = json(status, { status, message: 'Not in this state.' })

    it('is no failure when the job had been cancelled before', async () => {
      const { result, requests } = await cancel(kind, { cancel: refusal, read: jobThatIs(words.cancelled) })
      expect(result).toMatchObject(success('ALREADY_CANCELLED', job('CANCELLED', words.cancelled)))
      expect(requests).toEqual([kind.cancelCall, kind.readCall])
    })

    it.each(Object.entries(words.over))('shows the job when it is %s', async (word, ours) => {
      const { result, requests } = await cancel(kind, { cancel: refusal, read: jobThatIs(word) })
      expect(result).toMatchObject(notCancellable(job(ours, word)))
      expect(requests).toEqual([kind.cancelCall, kind.readCall])
    })

    it.each(words.cancelling)('is no failure when the job is %s already', async (word) => {
      const { result, requests } = await cancel(kind, { cancel: refusal, read: jobThatIs(word) })
      expect(result).toMatchObject(success('CANCELLING', job('CANCELLING', word)))
      expect(requests).toEqual([kind.cancelCall, kind.readCall])
    })

    it.each(unexplained)("is the vendor's refusal, in its words, when the job is %s", async (word) => {
      const { result, requests } = await cancel(kind, { cancel: refusal, read: jobThatIs(word) })
      expect(result).toMatchObject(vendorError('VENDOR_REJECTED', { vendorMessage: 'Not in this state.' }))
      expect(requests).toEqual([kind.cancelCall, kind.readCall])
    })

    it('is of an unknown job when the reading finds none', async () => {
      const { result, requests } = await cancel(kind, { cancel: refusal, read: json(404, {}) })
      expect(result).toMatchObject(NOT_FOUND)
      expect(requests).toEqual([kind.cancelCall, kind.readCall])
    })

    it.each([
      ['fails', json(500, { message: 'out of order' })],
      ['is not allowed', json(403, { message: 'out of order' })],
      ['is refused', json(400, { message: 'out of order' })],
      ['gets no answer', resetConnection],
      ['is answered with HTML', text(200, '<html>out of order</html>')],
      ['is answered with another job', json(200, { id: 'another', status: words.cancelled })],
    ])("is the vendor's refusal when the reading %s", async (_how, read) => {
      const { result, requests } = await cancel(kind, { cancel: refusal, read })
      expect(result).toMatchObject(vendorError('VENDOR_REJECTED', { vendorMessage: 'Not in this state.' }))
      expect(requests).toEqual([kind.cancelCall, kind.readCall])
    })

    it("is the vendor's refusal when the reading takes too long", async () => {
      const { result, requests } = await cancel(kind, { cancel: refusal, read: hang, settings: SHORT })
      expect(result).toMatchObject(vendorError('VENDOR_REJECTED', { vendorMessage: 'Not in this state.' }))
      expect(requests).toEqual([kind.cancelCall, kind.readCall])
    })
  })

  describe('without a say of the job itself', () => {
    it.each([401, 403])('is a matter of the credential with %i', async (status) => {
      const { result, requests } = await cancel(kind, {
        cancel: json(status, { status, message: 'No.' }),
        read: notRead,
      })
      expect(result).toMatchObject(vendorError('VENDOR_UNAUTHORIZED', { vendorMessage: 'No.' }))
      expect(requests).toEqual([kind.cancelCall])
    })

    it('says when to try again with 429 and Retry-After', async () => {
      const { result, requests } = await cancel(kind, { cancel: json(429, {}, { 'retry-after': '17' }), read: notRead })
      expect(result).toMatchObject(vendorError('VENDOR_RATE_LIMITED', { retryAfterSeconds: 17 }))
      expect(requests).toEqual([kind.cancelCall])
    })

    it('does not make up when to try again with 429 alone', async () => {
      const { result, requests } = await cancel(kind, { cancel: text(429, ''), read: notRead })
      expect(result).toMatchObject(vendorError('VENDOR_RATE_LIMITED', { retryAfterSeconds: null, vendorMessage: null }))
      expect(requests).toEqual([kind.cancelCall])
    })

    it('was not even sent when nobody listens', async () => {
      const gateway = opened(openGateway([kind.connect(NOBODY, {}, {})]))
      const { result } = await send(gateway, kind)
      expect(result).toMatchObject(vendorError('VENDOR_UNAVAILABLE'))
      expect(result.message).toMatch(/nothing was sent/)
      expect(result.message).not.toMatch(/unknown/)
    })
  })

  const emptyYes = text(200, '')
  const silentYes = text(204, '')
  const lost: readonly [string, Script, string, Timeout?][] = [
    ['does not come in time', hang, 'VENDOR_TIMEOUT', SHORT],
    ['stops in the middle', stall, 'VENDOR_TIMEOUT', SHORT],
    ['never comes because the connection closes', resetConnection, 'VENDOR_UNAVAILABLE'],
    ['breaks off with the connection', breakOff, 'VENDOR_UNAVAILABLE'],
    ['is a 500', json(500, { message: 'out of order' }), 'VENDOR_UNAVAILABLE'],
    [
      'is a 502 of a proxy',
      text(502, '<html>raw-body-marker</html>', { 'content-type': 'text/html' }),
      'VENDOR_UNAVAILABLE',
    ],
    ['is a 503', text(503, ''), 'VENDOR_UNAVAILABLE'],
    ['is a redirect', text(302, '', { location: '/login' }), 'VENDOR_BAD_RESPONSE'],
    ['is HTML', text(200, '<html>raw-body-marker</html>', { 'content-type': 'text/html' }), 'VENDOR_BAD_RESPONSE'],
    ['is half a JSON text', text(200, `{"id":"${kind.vendorId}","status":"raw-body-marker`), 'VENDOR_BAD_RESPONSE'],
    ['is empty', emptyYes, 'VENDOR_BAD_RESPONSE'],
    ['is a 204', silentYes, 'VENDOR_BAD_RESPONSE'],
    ['is no object', json(200, ['raw-body-marker']), 'VENDOR_BAD_RESPONSE'],
    ['has no id', json(200, { status: words.cancelled }), 'VENDOR_BAD_RESPONSE'],
    ['is about another job', json(200, { id: 'raw-body-marker', status: words.cancelled }), 'VENDOR_BAD_RESPONSE'],
    ['is not HTTP', notHttp, 'VENDOR_BAD_RESPONSE'],
  ]

  describe.each(lost)('whose answer %s', (_what, script, code, settings = {}) => {
    it('is sent once, and the job says that it is cancelled', async () => {
      const { result, requests } = await cancel(kind, { cancel: script, read: jobThatIs(words.cancelled), settings })
      expect(result).toMatchObject(success('CANCELLED', job('CANCELLED', words.cancelled)))
      expect(requests).toEqual([kind.cancelCall, kind.readCall])
    })

    it('is sent once, and the job says that it ended otherwise', async () => {
      const { result, requests } = await cancel(kind, { cancel: script, read: jobThatIs(words.completed), settings })
      expect(result).toMatchObject(notCancellable(job('COMPLETED', words.completed)))
      expect(requests).toEqual([kind.cancelCall, kind.readCall])
    })

    it.each(words.cancelling)('is sent once, and the job says that it is %s', async (word) => {
      const { result, requests } = await cancel(kind, { cancel: script, read: jobThatIs(word), settings })
      expect(result).toMatchObject(success('CANCELLING', job('CANCELLING', word)))
      expect(requests).toEqual([kind.cancelCall, kind.readCall])
    })

    const isSilentYes = script === silentYes || script === emptyYes

    it(`is sent once, and ${isSilentYes ? 'is taken as a yes' : 'has an unknown outcome'} while the job is still running`, async () => {
      const { answer, result, requests } = await cancel(kind, {
        cancel: script,
        read: jobThatIs(words.running),
        settings,
      })
      if (isSilentYes) {
        expect(result).toMatchObject(success('CANCELLING', job('RUNNING', words.running)))
      } else {
        expect(result).toMatchObject(vendorError(code))
        expect(result.message).toMatch(/outcome of the cancel is unknown/)
      }
      expect(answer.text).not.toContain('raw-body-marker')
      expect(requests).toEqual([kind.cancelCall, kind.readCall])
    })

    it('is sent once, and has an unknown outcome when the reading fails as well', async () => {
      const { answer, result, requests } = await cancel(kind, { cancel: script, read: script, settings })
      expect(result).toMatchObject(vendorError(code))
      expect(result.message).toMatch(/outcome of the cancel is unknown/)
      expect(answer.text).not.toContain('raw-body-marker')
      expect(requests).toEqual([kind.cancelCall, kind.readCall])
    })
  })

  it('whose connection closes when it has been used before is sent once', async () => {
    const { vendor, gateway } = await open(kind)
    vendor.answer(
      byRoute({
        [kind.cancelCall]: inSequence(jobThatIs(words.running), resetConnection),
        [kind.readCall]: jobThatIs(words.running),
      }),
    )
    await send(gateway, kind)
    const { result } = await send(gateway, kind)
    expect(result.message).toMatch(/outcome of the cancel is unknown/)
    expect(vendor.requests).toEqual([kind.cancelCall, kind.cancelCall, kind.readCall])
  })

  it('says when to try again with 503 and Retry-After, its outcome being unknown', async () => {
    const { result } = await cancel(kind, {
      cancel: text(503, '', { 'retry-after': '9' }),
      read: jobThatIs(words.running),
    })
    expect(result).toMatchObject(vendorError('VENDOR_UNAVAILABLE', { retryAfterSeconds: 9 }))
  })

  describe('keeps to itself', () => {
    const leaky = {
      message: `The key ${API_KEY} is odd.\n\tat com.vendor.Secret.look(Secret.java:1)`,
      detail: `raw-body-marker ${API_KEY}`,
      incidentId: `INC-${API_KEY}`,
      stackTrace: 'at com.vendor.Secret.look(Secret.java:1)',
      rootCauseStackTrace: ['at com.vendor.Secret.look(Secret.java:1)'],
      headers: kind.credential,
    }
    const statuses = [200, 302, 400, 401, 403, 404, 409, 422, 429, 500, 502, 503]

    it.each(statuses)('the credential and what else a vendor lets slip as JSON with %i', async (status) => {
      await expectDiscretion(kind, json(status, leaky, { location: `/login?key=${API_KEY}` }))
    })

    it.each(statuses)('the credential and what else a vendor lets slip as HTML with %i', async (status) => {
      await expectDiscretion(
        kind,
        text(status, `<html>raw-body-marker ${API_KEY}<pre>at com.vendor.Secret.look</pre></html>`),
      )
    })

    it('nothing of what the vendor has to say about it but the credential', async () => {
      const { result } = await cancel(kind, { cancel: json(403, leaky), read: notRead })
      expect(result.vendorMessage).toBe('The key [secret] is odd.')
    })

    it('a long story', async () => {
      const { result } = await cancel(kind, { cancel: json(403, { message: 'x'.repeat(100_000) }), read: notRead })
      expect(result.vendorMessage?.length).toBeLessThan(1000)
      expect(result.vendorMessage).toMatch(/^x+…$/)
    })
  })
})

describe('a run of a discoverable workflow', () => {
  const address = { type: 'WorkflowRun', path: ['c', 'work_1', 'run_1', 'discover'] }
  const by = { ref: { workflowId: 'work_1', runId: 'run_1', discoverable: true } }
  const cancelCall = 'POST /apps/c/workflows/discover/work_1/runs/run_1/cancel'
  const readCall = 'GET /apps/c/workflows/discover/work_1/runs/run_1'
  const kind: JobKind = { ...WORKFLOW_RUN, by, path: address.path, cancelCall, readCall }
  const jobThatIs = (status: string) => json(200, { id: 'run_1', status })
  const notRead = jobThatIs('CANCELLED')

  it.each([
    ['by its address', by],
    ['by its global id', { id: encodeJobId(address) }],
  ])('is cancelled by a path of its own %s', async (_how, by) => {
    const { result, requests } = await cancel(kind, { cancel: jobThatIs('CANCELLED'), read: notRead, by })
    expect(result).toMatchObject({ outcome: 'CANCELLED', job: { id: encodeJobId(address), status: 'CANCELLED' } })
    expect(requests).toEqual([cancelCall])
  })

  it('is addressed in the app that is asked for', async () => {
    const elsewhere = { ref: { ...by.ref, appId: 'app_2' } }
    const { requests } = await cancel(kind, { cancel: jobThatIs('CANCELLED'), read: notRead, by: elsewhere })
    expect(requests).toEqual([cancelCall.replace('/c/', '/app_2/')])
  })

  it('is still CANCELLING, and not read, when it is answered RUNNING', async () => {
    const { result, requests } = await cancel(kind, { cancel: jobThatIs('RUNNING'), read: notRead })
    expect(result).toMatchObject({ outcome: 'CANCELLING', job: { status: 'RUNNING' } })
    expect(requests).toEqual([cancelCall])
  })

  it.each([400, 409, 422])('stays refused with %i, because it cannot be read', async (status) => {
    const { result, requests } = await cancel(kind, {
      cancel: json(status, { message: 'Not in this state.' }),
      read: notRead,
    })
    expect(result).toMatchObject({
      __typename: 'VendorError',
      code: 'VENDOR_REJECTED',
      vendorMessage: 'Not in this state.',
    })
    expect(requests).toEqual([cancelCall])
  })

  it.each([
    ['is a 502', text(502, '<html></html>'), 'VENDOR_UNAVAILABLE'],
    ['never comes', resetConnection, 'VENDOR_UNAVAILABLE'],
    ['is empty', text(200, ''), 'VENDOR_BAD_RESPONSE'],
  ])('has an unknown outcome when the answer %s, because it cannot be read', async (_what, script, code) => {
    const { result, requests } = await cancel(kind, { cancel: script, read: notRead })
    expect(result).toMatchObject({ __typename: 'VendorError', code })
    expect(result.message).toMatch(/outcome of the cancel is unknown/)
    expect(requests).toEqual([cancelCall])
  })

  it.each([
    ['workflowRun', 'query Read($by: WorkflowRunBy!) { found: workflowRun(by: $by) { status } }', { by }],
    ['job', 'query Read($id: ID!) { found: job(id: $id) { status } }', { id: encodeJobId(address) }],
    ['node', 'query Read($id: ID!) { found: node(id: $id) { id } }', { id: encodeJobId(address) }],
  ])('cannot be read by `%s`, and nothing is sent', async (_field, document, variables) => {
    const { vendor, gateway } = await open(kind)
    vendor.answer(jobThatIs('RUNNING'))
    const { data, errors } = await gateway.query(document, variables)
    expect(data).toEqual({ found: null })
    expect(errors).toMatchObject([{ path: ['found'], extensions: { code: 'VENDOR_UNSUPPORTED', vendor: 'CORTEX' } }])
    expect(vendor.requests).toEqual([])
  })
})

/** Nothing listens on the port of a service that nobody has run for decades. */
const NOBODY = new URL('http://127.0.0.1:1')

/** Begins an answer and leaves it at that. */
function stall(_request: IncomingMessage, response: Parameters<Script>[1]): void {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' }).write('{"id":')
}

/** Begins an answer and closes the connection. */
function breakOff(request: IncomingMessage, response: Parameters<Script>[1]): void {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' })
  response.write('{"id":', () => request.socket.destroy())
}

function notHttp(request: IncomingMessage): void {
  request.socket.end('raw-body-marker\r\n\r\n')
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = ''
  for await (const chunk of request) body += String(chunk)
  return body
}

const toClose: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const each of toClose.splice(0).reverse()) await each.close()
})

function opened<T extends { close(): Promise<void> }>(thing: T): T {
  toClose.push(thing)
  return thing
}

/** A gateway in front of a vendor that has this kind of job. */
async function open(kind: JobKind, settings: Timeout = {}): Promise<{ vendor: ScriptedVendor; gateway: TestGateway }> {
  const vendor = opened(await startScriptedVendor())
  const gateway = opened(openGateway((log) => [kind.connect(vendor.url, settings, { log })]))
  return { vendor, gateway }
}

/** Everything that any of the result's members may have. */
interface CancelResult {
  readonly __typename: string
  readonly outcome?: string
  readonly job?: object
  /** The job that could not be cancelled. */
  readonly refused?: object
  readonly code?: string
  readonly message?: string
  readonly vendor?: string
  readonly retryAfterSeconds?: number | null
  readonly vendorMessage?: string | null
  readonly incidentId?: string | null
}

function cancelDocument({ field, input, success, job }: JobKind['graph']): string {
  return `
    mutation Cancel($by: ${input}!) {
      result: ${field}(by: $by) {
        __typename
        ... on ${success} { outcome job: ${job} { ...Shared } }
        ... on JobNotCancellableError { refused: job { ...Shared } }
        ... on VendorError { vendor retryAfterSeconds vendorMessage incidentId }
        ... on Error { code message }
      }
    }
    fragment Shared on Job { id vendor vendorId status vendorStatus }
  `
}

async function send(gateway: TestGateway, kind: JobKind, by = kind.by) {
  const answer: GraphQLResponse<{ result: CancelResult } | null> = await gateway.query(cancelDocument(kind.graph), {
    by,
  })
  return { answer, result: answer.data?.result ?? { __typename: 'none' } }
}

function readJob(gateway: TestGateway, kind: JobKind) {
  const id = encodeJobId({ type: kind.type, path: kind.path })
  return gateway.query('query Job($id: ID!) { job(id: $id) { status } }', { id })
}

/** For a caller who may leave before the answer. */
function cancelRequest(kind: JobKind, signal: AbortSignal): Request {
  const body = JSON.stringify({ query: cancelDocument(kind.graph), variables: { by: kind.by } })
  const headers = { 'content-type': 'application/json' }
  return new Request('http://gateway.test/graphql', { method: 'POST', headers, body, signal })
}

interface Scene {
  readonly cancel: Script
  readonly read: Script
  readonly by?: object
  readonly settings?: Timeout
}

/** One cancel against a vendor that answers the cancel and a reading of the job so. */
async function cancel(kind: JobKind, { cancel, read, by = kind.by, settings = {} }: Scene) {
  const { vendor, gateway } = await open(kind, settings)
  vendor.answer(byRoute({ [pattern(kind.cancelCall)]: cancel, [pattern(kind.readCall)]: read }))
  const { answer, result } = await send(gateway, kind, by)
  return { answer, result, requests: vendor.requests, headers: vendor.headers, lines: gateway.lines }
}

/** The same call in whatever app. */
function pattern(call: string): string {
  return call.replace('/apps/c/', '/apps/[^/]+/')
}

/** Answers a cancel, and a reading, with what must not get out. */
async function expectDiscretion(kind: JobKind, script: Script): Promise<void> {
  const { vendor, gateway } = await open(kind)
  vendor.answer(script)
  const { answer } = await send(gateway, kind)
  const read = await readJob(gateway, kind)
  expect(vendor.requests.length).toBeGreaterThanOrEqual(2)
  for (const told of [answer.text, read.text, JSON.stringify(gateway.lines)]) {
    expect(told).not.toContain(API_KEY)
    expect(told).not.toContain('com.vendor')
    expect(told).not.toContain('raw-body-marker')
  }
}
