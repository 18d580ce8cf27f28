import type { ServerResponse } from 'node:http'
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { createCancelAudit } from '../../src/job/cancel-audit.js'
import { CANCEL_CONCURRENCY, cancelAll, MAX_CANCELS } from '../../src/job/cancel-all.js'
import { BadInputError, JobNotCancellableError, JobNotFoundError, VendorError } from '../../src/job/errors.js'
import { encodeJobId } from '../../src/job/job-id.js'
import type { Job, JobAddress } from '../../src/job/job.js'
import { silentLog, type Log } from '../../src/job/log.js'
import { loggedError } from '../../src/job/logged-error.js'
import type { RequestSessions } from '../../src/job/request-sessions.js'
import { jobState } from '../../src/job/state.js'
import { unconfiguredVendor } from '../../src/job/unconfigured-vendor.js'
import type { VendorSession } from '../../src/job/vendor.js'
import { openGateway, type TestGateway } from '../support/gateway.js'
import {
  API_KEY,
  cortexAt,
  json,
  kodexaAt,
  startScriptedVendor,
  type Script,
  type ScriptedVendor,
} from '../support/scripted-vendor.js'

const CANCEL_JOBS = `
  mutation CancelJobs($ids: [ID!]!) {
    cancelJobs(ids: $ids) {
      id
      outcome
      job { id status vendorStatus }
      error { __typename code message ... on VendorError { vendor retryAfterSeconds } }
    }
  }
`

describe('cancelJobs', () => {
  it('gives one outcome each, in the order given, while every fifth fails', async () => {
    const { cortex, kodexa, cancelJobs } = await open(failEveryFifth)
    const ids = Array.from({ length: 45 }, (_, index) => idOfAnyKind(index + 1))
    const { outcomes, answer } = await cancelJobs(ids)
    expect(outcomes.map(({ id }) => id)).toEqual(ids)
    outcomes.forEach((outcome, index) => {
      const id = ids[index]!
      if ((index + 1) % 5 === 0) {
        const error = { __typename: 'VendorError', code: 'VENDOR_UNAVAILABLE' }
        expect(outcome).toMatchObject({ outcome: null, job: null, error })
      } else {
        const job = { id, status: 'CANCELLED', vendorStatus: 'CANCELLED' }
        expect(outcome).toEqual({ id, outcome: 'CANCELLED', job, error: null })
      }
    })
    expect(answer.errors).toEqual([])
    expect(answer.text).not.toContain(API_KEY)
    // Two kinds of fifteen jobs each at one vendor, one kind at the other; a failed cancel is followed by one read.
    expect(countOf(cortex.requests, /^POST .*\/cancel$/)).toBe(30)
    expect(countOf(cortex.requests, /^GET /)).toBe(6)
    expect(countOf(kodexa.requests, /^PUT .*\/cancel$/)).toBe(15)
    expect(countOf(kodexa.requests, /^GET /)).toBe(3)
    expect(new Set([...cortex.requests, ...kodexa.requests]).size).toBe(cortex.requests.length + kodexa.requests.length)
  })

  it('reports for each job why it was not cancelled', async () => {
    const answers: Record<string, Script> = {
      gone: json(404, {}),
      over: json(200, { id: 'over', status: 'FAILED' }),
      busy: json(429, {}, { 'retry-after': '3' }),
      odd: json(200, { id: 'odd', status: 'Hibernating' }),
    }
    const { cancelJobs } = await open((request, response) => answers[jobOf(request.url)]!(request, response))
    const ids = Object.keys(answers).map((id) => encodeJobId({ type: 'Execution', path: [id] }))
    const { outcomes } = await cancelJobs(ids)
    expect(outcomes).toMatchObject([
      { id: ids[0], outcome: null, job: null, error: { __typename: 'JobNotFoundError', code: 'NOT_FOUND' } },
      { id: ids[1], outcome: null, job: { id: ids[1], status: 'FAILED' }, error: { code: 'NOT_CANCELLABLE' } },
      { id: ids[2], outcome: null, job: null, error: { __typename: 'VendorError', code: 'VENDOR_RATE_LIMITED' } },
      {
        id: ids[3],
        outcome: 'CANCELLING',
        job: { id: ids[3], status: 'UNKNOWN', vendorStatus: 'Hibernating' },
        error: null,
      },
    ])
    expect(outcomes[2]?.error).toMatchObject({ vendor: 'KODEXA', retryAfterSeconds: 3 })
  })

  it('sends one cancel for an id that is given several times, and reports each', async () => {
    const { cortex, kodexa, cancelJobs } = await open(succeed)
    const [execution, record] = [executionId(1), recordId(2)]
    const ids = [execution, record, execution, execution, record]
    const { outcomes } = await cancelJobs(ids)
    expect(outcomes.map(({ id, outcome }) => [id, outcome])).toEqual(ids.map((id) => [id, 'CANCELLED']))
    expect(kodexa.requests).toEqual(['PUT /api/executions/1/cancel'])
    expect(cortex.requests).toEqual(['POST /apps/c/collections/col_1/records/2/cancel'])
  })

  it.each([
    ['that is invalid', 'not-an-id'],
    ['that is empty', ''],
    ['with a parent path', base64url('Execution:../../account/me')],
    ['with a query inside', base64url('Execution:1/cancel?force=true')],
    ['of a type that no vendor has', encodeJobId({ type: 'Invoice', path: ['1'] })],
    ['with too few parts', encodeJobId({ type: 'Record', path: ['c', 'col_1'] })],
    ['with too many parts', encodeJobId({ type: 'Execution', path: ['1', '2'] })],
    ['with an unknown marker', encodeJobId({ type: 'WorkflowRun', path: ['c', 'work_1', '1', 'discovered'] })],
    ['in another spelling', `${executionId(1)}=`],
  ])('reports an id %s on its own, and sends nothing for it', async (_what, forged) => {
    const { cortex, kodexa, cancelJobs } = await open(succeed)
    const ids = [executionId(1), forged, recordId(2)]
    const { outcomes } = await cancelJobs(ids)
    expect(outcomes).toMatchObject([
      { id: ids[0], outcome: 'CANCELLED', error: null },
      { id: forged, outcome: null, job: null, error: { __typename: 'BadInputError', code: 'BAD_INPUT' } },
      { id: ids[2], outcome: 'CANCELLED', error: null },
    ])
    expect(kodexa.requests).toEqual(['PUT /api/executions/1/cancel'])
    expect(cortex.requests).toEqual(['POST /apps/c/collections/col_1/records/2/cancel'])
  })

  it('reports the jobs of a vendor that is not configured on their own', async () => {
    const kodexa = opened(await startScriptedVendor(succeed))
    const gateway = opened(openGateway([unconfiguredVendor('CORTEX', ['Record', 'WorkflowRun']), kodexaAt(kodexa.url)]))
    const { outcomes } = await sendCancels(gateway, [recordId(1), executionId(2)])
    expect(outcomes).toMatchObject([
      { outcome: null, error: { __typename: 'VendorError', code: 'VENDOR_NOT_CONFIGURED', vendor: 'CORTEX' } },
      { outcome: 'CANCELLED', error: null },
    ])
  })

  it.each([
    ['no id', []],
    ['101 ids', Array.from({ length: 101 }, (_, index) => executionId(index))],
    ['101 times the same id', Array.from({ length: 101 }, () => executionId(1))],
  ])('is rejected as a whole, and nothing is sent, with %s', async (_what, ids) => {
    const { cortex, kodexa, cancelJobs } = await open(succeed)
    const { answer } = await cancelJobs(ids)
    expect(answer.data ?? null).toBeNull()
    expect(answer.errors).toMatchObject([{ extensions: { code: 'BAD_INPUT' } }])
    expect([...cortex.requests, ...kodexa.requests]).toEqual([])
  })

  it('accepts 100 ids', async () => {
    const { cortex, kodexa, cancelJobs } = await open(succeed)
    const ids = Array.from({ length: 100 }, (_, index) => idOfAnyKind(index + 1))
    const { outcomes } = await cancelJobs(ids)
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(Array(100).fill('CANCELLED'))
    expect(cortex.requests.length + kodexa.requests.length).toBe(100)
  })

  it('has eight cancels in flight at a time, over all vendors, and starts the next when one ends', async () => {
    const waiting: { url: string; response: ServerResponse }[] = []
    const { cortex, kodexa, cancelJobs } = await open(
      (request, response) => void waiting.push({ url: request.url!, response }),
    )
    const sent = () => cortex.requests.length + kodexa.requests.length
    const answerOne = () => {
      const { url, response } = waiting.shift()!
      json(200, { id: jobOf(url), status: 'CANCELLED' })(response.req, response)
    }
    const answering = cancelJobs(Array.from({ length: 20 }, (_, index) => idOfAnyKind(index + 1)))

    for (let expected = 8; expected <= 20; expected++) {
      await expect.poll(() => waiting.length, { interval: 5 }).toBe(8)
      await roomForOneTooMany()
      expect(sent()).toBe(expected)
      expect(waiting).toHaveLength(8)
      answerOne()
    }
    while (waiting.length > 0) answerOne()
    expect((await answering).outcomes.map(({ outcome }) => outcome)).toEqual(Array(20).fill('CANCELLED'))
    expect(sent()).toBe(20)
  })

  it('is not blocked by one that hangs', async () => {
    const { cancelJobs, kodexa } = await open((request, response) => {
      if (jobOf(request.url) !== '1') succeed(request, response)
    }, 200)
    const { outcomes } = await cancelJobs(Array.from({ length: 30 }, (_, index) => executionId(index + 1)))
    expect(outcomes[0]).toMatchObject({ outcome: null, error: { code: 'VENDOR_TIMEOUT' } })
    expect(outcomes.slice(1).map(({ outcome }) => outcome)).toEqual(Array(29).fill('CANCELLED'))
    expect(kodexa.requests.at(-1)).toBe('GET /api/executions/1')
    expect(countOf(kodexa.requests, /\/1\/cancel$/)).toBe(1)
  })
})

const OPTIONS = { deadline: Infinity, log: silentLog, audit: createCancelAudit(silentLog, null) }

describe('cancelAll', () => {
  it('passes each address to the session of its type, once', async () => {
    const asked: JobAddress[] = []
    const ids = [1, 2, 3].map(idOfAnyKind)
    const sessions = sessionsThat((address) => {
      asked.push(address)
      return Promise.resolve({ job: jobAt(address), outcome: 'CANCELLED', httpStatus: 200 })
    })
    const reports = await cancelAll(sessions, [...ids, ids[0]!], OPTIONS)
    expect(asked.map(encodeJobId)).toEqual(ids)
    expect(reports.map(({ id }) => id)).toEqual([...ids, ids[0]])
    expect(reports.map(({ job }) => job && encodeJobId(job.address))).toEqual([...ids, ids[0]])
  })

  it.each([
    ['unknown', new JobNotFoundError('The vendor has no such job.')],
    ['invalid', new BadInputError('Invalid id.')],
    ['of a vendor that failed', new VendorError('KODEXA', 'VENDOR_TIMEOUT', 'Kodexa did not answer.')],
  ])('reports an error without a job when it is %s', async (_what, error) => {
    const [report] = await cancelAll(
      sessionsThat(() => Promise.reject(error)),
      [executionId(1)],
      OPTIONS,
    )
    expect(report).toEqual({ id: executionId(1), job: null, outcome: null, error })
  })

  it('starts none after the deadline, and finishes those in flight', async () => {
    let now = 1000
    vi.spyOn(performance, 'now').mockImplementation(() => now)
    onTestFinished(() => void vi.restoreAllMocks())
    const asked: string[] = []
    const sessions = sessionsThat((address) => {
      // Each cancel takes 10 ms, so the tenth is too late.
      now += 10
      asked.push(address.path.at(-1)!)
      return Promise.resolve({ job: jobAt(address), outcome: 'CANCELLED', httpStatus: 200 })
    })
    const ids = Array.from({ length: 20 }, (_, index) => executionId(index))
    const reports = await cancelAll(sessions, ids, { ...OPTIONS, deadline: 1090 })
    expect(reports.map(({ id }) => id)).toEqual(ids)
    expect(reports.map(({ outcome, error }) => outcome ?? error?.code)).toEqual([
      ...Array<string>(9).fill('CANCELLED'),
      ...Array<string>(11).fill('NOT_ATTEMPTED'),
    ])
    expect(asked).toEqual(Array.from({ length: 9 }, (_, index) => `${index}`))
  })

  it('reports the job that could not be cancelled', async () => {
    const job = jobAt({ type: 'Execution', path: ['1'] })
    const error = new JobNotCancellableError(job)
    const [report] = await cancelAll(
      sessionsThat(() => Promise.reject(error)),
      [executionId(1)],
      OPTIONS,
    )
    expect(report).toEqual({ id: executionId(1), job, outcome: null, error })
  })

  it('logs an unexpected error, hides it from the caller, and continues', async () => {
    const bug = new TypeError('cannot read properties of undefined')
    const errors: object[] = []
    const log: Log = { ...silentLog, error: (fields) => void errors.push(fields) }
    const sessions = sessionsThat((address) =>
      address.path[0] === '1'
        ? Promise.reject(bug)
        : Promise.resolve({ job: jobAt(address), outcome: 'CANCELLING', httpStatus: 200 }),
    )
    const reports = await cancelAll(sessions, [executionId(1), executionId(2)], { ...OPTIONS, log })
    expect(reports).toMatchObject([
      { job: null, outcome: null, error: { code: 'INTERNAL' } },
      { outcome: 'CANCELLING', error: null },
    ])
    expect(reports[0]?.error?.message).not.toContain('undefined')
    expect(errors).toEqual([{ err: loggedError(bug) }])
  })

  it('never exceeds its concurrency limit', async () => {
    let now = 0
    let most = 0
    const sessions = sessionsThat(async (address) => {
      most = Math.max(most, ++now)
      await new Promise((resolve) => setImmediate(resolve))
      now--
      return { job: jobAt(address), outcome: 'CANCELLED', httpStatus: 200 }
    })
    await cancelAll(
      sessions,
      Array.from({ length: MAX_CANCELS }, (_, index) => executionId(index)),
      OPTIONS,
    )
    expect(most).toBe(CANCEL_CONCURRENCY)
  })

  it.each([0, MAX_CANCELS + 1])('rejects %i ids', async (count) => {
    const sessions = sessionsThat(() => Promise.reject(new Error('Nothing should have been cancelled.')))
    const ids = Array.from({ length: count }, (_, index) => executionId(index))
    await expect(cancelAll(sessions, ids, OPTIONS)).rejects.toBeInstanceOf(BadInputError)
  })
})

function executionId(number: number): string {
  return encodeJobId({ type: 'Execution', path: [String(number)] })
}

function recordId(number: number): string {
  return encodeJobId({ type: 'Record', path: ['c', 'col_1', String(number)] })
}

function runId(number: number): string {
  return encodeJobId({ type: 'WorkflowRun', path: ['c', 'work_1', String(number)] })
}

/** The three kinds of job in turn. */
function idOfAnyKind(number: number): string {
  return [executionId, recordId, runId][number % 3]!(number)
}

function base64url(text: string): string {
  return Buffer.from(text).toString('base64url')
}

/** The job's own id in a call about it, of either vendor. */
function jobOf(url = ''): string {
  return /\/(?:records|runs|executions)\/([^/]+)(?:\/cancel)?$/.exec(url)?.[1] ?? 'none'
}

const succeed: Script = (request, response) =>
  json(200, { id: jobOf(request.url), status: 'CANCELLED' })(request, response)

/** Fails cancels and reads alike. */
const failEveryFifth: Script = (request, response) =>
  (Number(jobOf(request.url)) % 5 === 0 ? json(503, { message: `out of order, ${API_KEY}` }) : succeed)(
    request,
    response,
  )

function countOf(requests: readonly string[], pattern: RegExp): number {
  return requests.filter((line) => pattern.test(line)).length
}

/** Long enough for a request that should not be there to arrive. */
function roomForOneTooMany(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 20))
}

function sessionsThat(cancel: VendorSession['cancel']): RequestSessions {
  const unexpected = () => {
    throw new Error('Cancelling cancels and does nothing else.')
  }
  const session: VendorSession = {
    cancel,
    job: unexpected,
    sources: unexpected,
    maxSources: unexpected,
    ping: unexpected,
  }
  return { vendors: [], get: unexpected, forType: () => session, vendorFor: unexpected, refresh: unexpected }
}

function jobAt(address: JobAddress): Job {
  const facts = { createdAt: null, updatedAt: null, startedAt: null, endedAt: null, vendorStatus: 'CANCELLED' }
  return {
    address,
    vendor: 'KODEXA',
    vendorId: address.path.at(-1)!,
    name: null,
    state: jobState('CANCELLED', facts),
    ...facts,
  }
}

const toClose: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const each of toClose.splice(0).reverse()) await each.close()
})

function opened<T extends { close(): Promise<void> }>(thing: T): T {
  toClose.push(thing)
  return thing
}

interface Outcome {
  readonly id: string
  readonly outcome: string | null
  readonly job: object | null
  readonly error: object | null
}

interface Scene {
  readonly cortex: ScriptedVendor
  readonly kodexa: ScriptedVendor
  cancelJobs(ids: readonly string[]): ReturnType<typeof sendCancels>
}

/** A gateway in front of two vendors that both answer so. */
async function open(script: Script, timeoutMs = 2000): Promise<Scene> {
  const cortex = opened(await startScriptedVendor(script))
  const kodexa = opened(await startScriptedVendor(script))
  const gateway = opened(openGateway([cortexAt(cortex.url, { timeoutMs }), kodexaAt(kodexa.url, { timeoutMs })]))
  return { cortex, kodexa, cancelJobs: (ids) => sendCancels(gateway, ids) }
}

async function sendCancels(gateway: TestGateway, ids: readonly string[]) {
  const answer = await gateway.query(CANCEL_JOBS, { ids })
  const outcomes = (answer.data as { cancelJobs: readonly Outcome[] } | null)?.cancelJobs ?? []
  return { answer, outcomes }
}
