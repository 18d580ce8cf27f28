import { getNamedType, isAbstractType, isLeafType, isObjectType, type GraphQLNamedType } from 'graphql'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { gatewaySchema } from '../../src/schema.js'
import type { WireRecord, WireRun } from '../../src/vendors/cortex/wire.js'
import type { WireExecution } from '../../src/vendors/kodexa/wire.js'
import { openGateway, type GraphQLAnswer, type TestGateway } from '../support/gateway.js'
import {
  API_KEY,
  byRoute,
  cortexAt,
  hang,
  hangUp,
  json,
  kodexaAt,
  startScriptedVendor,
  text,
  type Script,
  type ScriptedVendor,
} from '../support/scripted-vendor.js'

const RAW = 'raw-body-that-must-not-show'

let vendor: ScriptedVendor
let elsewhere: ScriptedVendor
let gateway: TestGateway
beforeEach(async () => {
  vendor = await startScriptedVendor()
  elsewhere = await startScriptedVendor(json(200, { id: 'stolen' }))
  gateway = open(5000)
})
afterEach(async () => {
  await gateway.close()
  await Promise.all([vendor.close(), elsewhere.close()])
})

function open(timeoutMs: number): TestGateway {
  return openGateway(
    (log) => [cortexAt(vendor.url, { timeoutMs }, { log }), kodexaAt(vendor.url, { timeoutMs }, { log })],
    // Every field there is, at once, could cost a lot.
    { limits: { cost: Infinity } },
  )
}

/** Little of it where waiting is the point; plenty elsewhere, so that a busy machine is no timeout. */
async function bePatientFor({ code }: BadAnswer): Promise<void> {
  if (code !== 'VENDOR_TIMEOUT') return
  await gateway.close()
  gateway = open(150)
}

/** What holds of every answer, whatever the vendor did. */
function expectDiscreet({ status, text }: GraphQLAnswer<unknown>): void {
  expect(status).toBe(200)
  for (const secret of [API_KEY, RAW, 'com.vendor', 'node_modules', 'INTERNAL', elsewhere.url.host, vendor.url.host])
    expect(text).not.toContain(secret)
  expect(text).not.toMatch(/^\s*at \S+ \(|stack/im)
  expect(gateway.lines.filter(({ level }) => level === 'error')).toEqual([])
  expect(elsewhere.requests).toEqual([])
}

type VendorName = 'CORTEX' | 'KODEXA'

interface Read {
  readonly vendor: VendorName
  readonly query: string
  /** Which field is to be null. */
  readonly field: string
  readonly kind: 'one' | 'status' | 'list'
}

const READS: Record<string, Read> = {
  'a record': {
    vendor: 'CORTEX',
    query: '{ record(by: { ref: { collectionId: "col_1", recordId: "rec_1" } }) { id name } }',
    field: 'record',
    kind: 'one',
  },
  'the status alone of a record': {
    vendor: 'CORTEX',
    query: '{ record(by: { ref: { collectionId: "col_1", recordId: "rec_1" } }) { id status } }',
    field: 'record',
    kind: 'status',
  },
  'a list of records': {
    vendor: 'CORTEX',
    query: '{ records(collectionId: "col_1") { nodes { id } totalCount } }',
    field: 'records',
    kind: 'list',
  },
  'a run': {
    vendor: 'CORTEX',
    query: '{ workflowRun(by: { ref: { workflowId: "work_1", runId: "run_1" } }) { id output { key } } }',
    field: 'workflowRun',
    kind: 'one',
  },
  'a list of runs': {
    vendor: 'CORTEX',
    query: '{ workflowRuns(workflowId: "work_1") { nodes { id } totalCount } }',
    field: 'workflowRuns',
    kind: 'list',
  },
  'an execution': {
    vendor: 'KODEXA',
    query: '{ execution(by: { executionId: "exec_1" }) { id status } }',
    field: 'execution',
    kind: 'one',
  },
  'a list of executions': {
    vendor: 'KODEXA',
    query: '{ executions { nodes { id } totalCount } }',
    field: 'executions',
    kind: 'list',
  },
  'a filtered list of executions': {
    vendor: 'KODEXA',
    query: '{ executions(assistantId: "a", status: [RUNNING]) { nodes { id } } }',
    field: 'executions',
    kind: 'list',
  },
}

interface BadAnswer {
  readonly script: Script
  readonly code: string
  readonly retryAfterSeconds?: number
  /** For which kinds of read this is a bad answer; all of them when it is left out. */
  readonly kinds?: readonly Read['kind'][]
}

const html = `<!doctype html><html><body>${RAW} ${API_KEY}</body></html>`
const stack = {
  message: `${RAW} ${API_KEY}`,
  stackTrace: ['com.vendor.Jobs.find(Jobs.java:12)'],
  trace: '    at find (com.vendor.js:1)',
}
const redirect =
  (status: number): Script =>
  (request, response) =>
    text(status, html, { location: new URL(request.url ?? '/', elsewhere.url).href })(request, response)

const BAD_ANSWERS: Record<string, BadAnswer> = {
  'HTML with 200': { script: text(200, html, { 'content-type': 'text/html' }), code: 'VENDOR_BAD_RESPONSE' },
  'nothing with 200': { script: text(200, ''), code: 'VENDOR_BAD_RESPONSE' },
  'JSON that breaks off': { script: text(200, `{"id":"rec_1","name":"${RAW}`), code: 'VENDOR_BAD_RESPONSE' },
  null: { script: json(200, null), code: 'VENDOR_BAD_RESPONSE' },
  'an empty list for one thing': { script: json(200, []), code: 'VENDOR_BAD_RESPONSE', kinds: ['one', 'status'] },
  'a list of one for one thing': {
    script: json(200, [{ id: 'rec_1' }, { id: 'run_1' }, { id: 'exec_1' }]),
    code: 'VENDOR_BAD_RESPONSE',
    kinds: ['one', 'status'],
  },
  'an empty object': { script: json(200, {}), code: 'VENDOR_BAD_RESPONSE', kinds: ['one', 'list'] },
  'one thing for a list': {
    script: json(200, { id: 'a', status: 'RUNNING' }),
    code: 'VENDOR_BAD_RESPONSE',
    kinds: ['list'],
  },
  'a page without rows of the right kind': {
    script: json(200, { content: { a: 1 }, totalElements: 1 }),
    code: 'VENDOR_BAD_RESPONSE',
    kinds: ['list'],
  },
  'a string': { script: json(200, RAW), code: 'VENDOR_BAD_RESPONSE' },
  'a number': { script: json(200, 42), code: 'VENDOR_BAD_RESPONSE' },
  true: { script: json(200, true), code: 'VENDOR_BAD_RESPONSE' },
  'a thing without an id': {
    script: json(200, { status: 'RUNNING', name: RAW }),
    code: 'VENDOR_BAD_RESPONSE',
    kinds: ['one'],
  },
  'a thing whose id is null': {
    script: json(200, { id: null, status: 'RUNNING' }),
    code: 'VENDOR_BAD_RESPONSE',
    kinds: ['one'],
  },
  'a thing whose id is an object': {
    script: json(200, { id: { value: 'rec_1' } }),
    code: 'VENDOR_BAD_RESPONSE',
    kinds: ['one'],
  },
  "another job's answer": {
    script: json(200, { id: 'other_1', status: 'RUNNING', name: RAW }),
    code: 'VENDOR_BAD_RESPONSE',
    kinds: ['one'],
  },
  'nothing with 204': { script: text(204, ''), code: 'VENDOR_BAD_RESPONSE' },
  'a redirect with 301': { script: redirect(301), code: 'VENDOR_BAD_RESPONSE' },
  'a redirect with 302': { script: redirect(302), code: 'VENDOR_BAD_RESPONSE' },
  'a redirect with 307': { script: redirect(307), code: 'VENDOR_BAD_RESPONSE' },
  'a refused credential with 401': { script: json(401, stack), code: 'VENDOR_UNAUTHORIZED' },
  'a refused credential with 403': { script: text(403, html), code: 'VENDOR_UNAUTHORIZED' },
  'a conflict with 409': { script: json(409, stack), code: 'VENDOR_REJECTED' },
  'a refusal in plain text': {
    script: text(422, `${RAW} ${API_KEY}\n\tat com.vendor.Jobs.find`, { 'content-type': 'text/plain' }),
    code: 'VENDOR_REJECTED',
  },
  'too many requests, for seconds': {
    script: json(429, stack, { 'retry-after': '7' }),
    code: 'VENDOR_RATE_LIMITED',
    retryAfterSeconds: 7,
  },
  'too many requests, until long ago': {
    script: json(429, stack, { 'retry-after': 'Thu, 01 Jan 1970 00:00:00 GMT' }),
    code: 'VENDOR_RATE_LIMITED',
    retryAfterSeconds: 0,
  },
  'too many requests, until far away': {
    script: json(429, stack, { 'retry-after': 'Fri, 01 Jan 2199 00:00:00 GMT' }),
    code: 'VENDOR_RATE_LIMITED',
    retryAfterSeconds: 3600,
  },
  'too many requests, until whenever': {
    script: json(429, stack, { 'retry-after': 'whenever' }),
    code: 'VENDOR_RATE_LIMITED',
  },
  'too many requests': { script: text(429, html), code: 'VENDOR_RATE_LIMITED' },
  'a failure with a stack trace': { script: json(500, stack), code: 'VENDOR_UNAVAILABLE' },
  'a failure in HTML': { script: text(502, html, { 'content-type': 'text/html' }), code: 'VENDOR_UNAVAILABLE' },
  'a rest for seconds': {
    script: text(503, html, { 'retry-after': '30' }),
    code: 'VENDOR_UNAVAILABLE',
    retryAfterSeconds: 30,
  },
  'no answer at all': { script: hang, code: 'VENDOR_TIMEOUT' },
  'half an answer and then nothing': {
    script: (_request, response) => void response.writeHead(200).write(`{"id":"${RAW}`),
    code: 'VENDOR_TIMEOUT',
  },
  'a lost connection': { script: hangUp, code: 'VENDOR_UNAVAILABLE' },
  'a reset connection': { script: (request) => void request.socket.resetAndDestroy(), code: 'VENDOR_UNAVAILABLE' },
  'a connection lost half-way': {
    script: (request, response) => {
      response.writeHead(200, { 'content-length': '1000' }).write(`{"id":"${RAW}`)
      setImmediate(() => request.socket.destroy())
    },
    code: 'VENDOR_UNAVAILABLE',
  },
}

function extensionsOf({ code, retryAfterSeconds }: BadAnswer, vendorName: VendorName): object {
  return { code, vendor: vendorName, ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }) }
}

describe.each(Object.entries(READS))('%s is null with an error', (_what, { vendor: name, query, field, kind }) => {
  const cases = Object.entries(BAD_ANSWERS).filter(([, { kinds }]) => !kinds || kinds.includes(kind))
  it.each(cases)('when the vendor answers %s', async (_how, bad) => {
    await bePatientFor(bad)
    vendor.answer(bad.script)
    const answer = await gateway.query(query)
    expectDiscreet(answer)
    expect(answer.data).toEqual({ [field]: null })
    expect(answer.errors.map(({ path, extensions }) => ({ path, extensions }))).toEqual([
      { path: [field], extensions: extensionsOf(bad, name) },
    ])
    expect(vendor.requests).toHaveLength(1)
  })
})

describe('a 404', () => {
  const unknown = Object.entries(READS).filter(([, { vendor: name, kind }]) => name === 'CORTEX' || kind === 'one')
  it.each(unknown)('is no error: %s is null', async (_what, { query, field }) => {
    vendor.answer(json(404, stack))
    const answer = await gateway.query(query)
    expectDiscreet(answer)
    expect([answer.data, answer.errors]).toEqual([{ [field]: null }, []])
  })

  it('of the list of executions, which every instance has, is a refusal', async () => {
    vendor.answer(json(404, stack))
    const answer = await gateway.query(READS['a list of executions']!.query)
    expectDiscreet(answer)
    expect(answer.errors).toMatchObject([
      { path: ['executions'], extensions: { code: 'VENDOR_REJECTED', vendor: 'KODEXA' } },
    ])
  })
})

describe('a Retry-After in a minute', () => {
  it.each(Object.entries(READS))('is told as seconds for %s', async (_what, { query }) => {
    vendor.answer(json(429, stack, { 'retry-after': new Date(Date.now() + 60_000).toUTCString() }))
    const answer = await gateway.query(query)
    expectDiscreet(answer)
    const seconds = answer.errors[0]?.extensions?.retryAfterSeconds
    expect(seconds).toBeGreaterThan(0)
    expect(seconds).toBeLessThanOrEqual(60)
  })
})

interface NestedRead {
  readonly vendor: VendorName
  readonly query: string
  readonly path: readonly (string | number)[]
  /** Which request gets the bad answer, and what the others get. */
  readonly badRoute: string
  readonly others: Readonly<Record<string, Script>>
  readonly kind: Read['kind']
}

const NESTED: Record<string, NestedRead> = {
  'the errors of a record': {
    vendor: 'CORTEX',
    query: '{ record(by: { ref: { collectionId: "col_1", recordId: "rec_1" } }) { name errors { key } } }',
    path: ['record', 'errors'],
    badRoute: 'GET .*/status',
    others: { 'GET .*/rec_1': json(200, { id: 'rec_1', name: 'good' }) },
    kind: 'status',
  },
  'the record of a run': {
    vendor: 'CORTEX',
    query: '{ workflowRun(by: { ref: { workflowId: "work_1", runId: "run_1" } }) { vendorId record { name } } }',
    path: ['workflowRun', 'record'],
    badRoute: 'GET .*/records/rec_1',
    others: { 'GET .*/run_1': json(200, { id: 'run_1', collection_id: 'col_1', record_id: 'rec_1' }) },
    kind: 'one',
  },
  'the parent of an execution': {
    vendor: 'KODEXA',
    query: '{ execution(by: { executionId: "child" }) { vendorId parent { status } } }',
    path: ['execution', 'parent'],
    badRoute: 'GET .*/exec_1',
    others: { 'GET .*/child': json(200, { id: 'child', parentExecutionId: 'exec_1' }) },
    kind: 'one',
  },
  'the children of an execution': {
    vendor: 'KODEXA',
    query: '{ execution(by: { executionId: "exec_1" }) { vendorId children { nodes { id } } } }',
    path: ['execution', 'children'],
    badRoute: 'GET /api/executions',
    others: { 'GET .*/exec_1': json(200, { id: 'exec_1' }) },
    kind: 'list',
  },
  'the status messages of an execution': {
    vendor: 'KODEXA',
    query: '{ execution(by: { executionId: "exec_1" }) { vendorId statusMessages { title } } }',
    path: ['execution', 'statusMessages'],
    badRoute: 'GET .*/status-messages',
    others: { 'GET .*/exec_1': json(200, { id: 'exec_1' }) },
    kind: 'list',
  },
}

describe.each(Object.entries(NESTED))(
  '%s alone is null',
  (_what, { vendor: name, query, path, badRoute, others: rest, kind }) => {
    const cases = Object.entries(BAD_ANSWERS).filter(([, { kinds }]) => !kinds || kinds.includes(kind))
    it.each(cases)('when the vendor answers %s', async (_how, bad) => {
      await bePatientFor(bad)
      vendor.answer(byRoute({ [badRoute]: bad.script, ...rest }))
      const answer = await gateway.query(query)
      expectDiscreet(answer)
      const [root, field] = path as [string, string]
      const others: Readonly<Record<string, unknown>> = answer.data[root]
      expect(Object.keys(others)).toHaveLength(2)
      expect(Object.keys(others).filter((name) => others[name] === null)).toEqual([field])
      expect(answer.errors.map((error) => ({ path: error.path, extensions: error.extensions }))).toEqual([
        { path, extensions: extensionsOf(bad, name) },
      ])
    })
  },
)

describe('the list of all jobs', () => {
  const good: Record<VendorName, Record<string, Script>> = {
    CORTEX: {
      'GET /apps/.*/records': json(200, [{ id: 'rec_1', status: 'RUNNING' }]),
      'GET /apps/.*/runs': json(200, [{ id: 'run_1', status: 'RUNNING' }]),
    },
    KODEXA: { 'GET /api/executions': json(200, { content: [{ id: 'exec_1', status: 'RUNNING' }], last: true }) },
  }
  const query = '{ jobs { nodes { vendorId } outages { vendor source code retryAfterSeconds } } }'
  const cases = Object.entries(BAD_ANSWERS).filter(([, { kinds }]) => !kinds || kinds.includes('list'))

  it.each(cases)('shows the jobs of Cortex and an outage of Kodexa when it answers %s', async (_how, bad) => {
    const { script, code, retryAfterSeconds = null } = bad
    await bePatientFor(bad)
    vendor.answer(byRoute({ 'GET /api/.*': script, ...good.CORTEX }))
    const answer = await gateway.query(query)
    expectDiscreet(answer)
    expect(answer.errors).toEqual([])
    expect(answer.data.jobs).toEqual({
      nodes: [{ vendorId: 'rec_1' }, { vendorId: 'run_1' }],
      outages: [{ vendor: 'KODEXA', source: 'executions', code, retryAfterSeconds }],
    })
  })

  it.each(cases)(
    'shows the jobs of Kodexa and an outage for each place of Cortex when it answers %s',
    async (_how, bad) => {
      const { script, code, retryAfterSeconds = null } = bad
      await bePatientFor(bad)
      vendor.answer(byRoute({ 'GET /apps/.*': script, ...good.KODEXA }))
      const answer = await gateway.query(query)
      expectDiscreet(answer)
      expect(answer.errors).toEqual([])
      expect(answer.data.jobs.nodes).toEqual([{ vendorId: 'exec_1' }])
      const outages = ['collection col_1', 'workflow work_1'].map((source) => ({
        vendor: 'CORTEX',
        source,
        code,
        retryAfterSeconds,
      }))
      expect(answer.data.jobs.outages).toHaveLength(2)
      expect(answer.data.jobs.outages).toEqual(expect.arrayContaining(outages))
    },
  )
})

describe('what is not even a job', () => {
  // Any JSON proves that the vendor answers.
  const cases = Object.entries(BAD_ANSWERS).filter(
    ([how, { kinds }]) => !kinds && !['null', 'true', 'a string', 'a number'].includes(how),
  )
  it.each(cases)('is told by `vendors` when a vendor answers its ping by %s', async (_how, bad) => {
    await bePatientFor(bad)
    vendor.answer(bad.script)
    const answer = await gateway.query('{ vendors { vendor outage { code message } } }')
    expectDiscreet(answer)
    expect(answer.data.vendors).toMatchObject([
      { vendor: 'CORTEX', outage: { code: bad.code } },
      { vendor: 'KODEXA', outage: { code: bad.code } },
    ])
  })
})

const USER = { id: 'user_1', name: 'Somebody' }
const DATE = '2026-03-01T12:00:00.000Z'

const RUN: WireRun = {
  id: 'run_1',
  result: { ok: true },
  input: { file: 'a' },
  output: {
    read: {
      key: 'read',
      type: 'model',
      status: 'COMPLETED',
      output: { text: 'a' },
      error: 'none',
      start: 1772366400000,
      end: 1772366401000,
    },
  },
  status: 'FAILED',
  origin: 'RECORD',
  error: 'too large',
  started_at: DATE,
  ended_at: DATE,
  app_id: 'app_1',
  workflow_app_id: 'app_1',
  workflow_id: 'work_1',
  workflow_version_draft: {
    key: 'draft',
    input: { a: 1 },
    input_default: { a: 1 },
    steps: [{ type: 'code', key: 'read', conditional: 'x', loop: 'y', destinations: ['end'] }],
  },
  workflow_version: {
    id: 'version_1',
    app_id: 'app_1',
    workflow_id: 'work_1',
    description: 'First',
    version: 1,
    notes: 'None',
    created_by: USER,
    created_at: DATE,
    key: 'v1',
    input: { a: 1 },
    input_default: { a: 1 },
    steps: [{ type: 'code', key: 'read', conditional: 'x', loop: 'y', destinations: ['end'] }],
  },
  collection_id: 'col_1',
  record_id: 'rec_1',
  version: 1,
  usage: { credits: 1 },
  retention: { max_age_in_seconds: 60, preserve_on_failure: true },
  retention_due_at: DATE,
  created_at: DATE,
  updated_at: DATE,
}

/** What is more of a run is tried on a run by itself. */
const BARE_RUN: WireRun = {
  ...RUN,
  input: null,
  output: null,
  workflow_version: null,
  workflow_version_draft: null,
  retention: null,
}

const RECORD: WireRecord = {
  id: 'rec_1',
  name: 'Loan',
  status: 'FAILED',
  source: 'API',
  usage: { credits: 1 },
  rules_count: 1,
  rules_pass_count: 0,
  rules_fail_count: 1,
  rules_warn_count: 0,
  rules: {
    income: {
      key: 'income',
      status: 'FAILED',
      result: { ok: false },
      error: 'too low',
      input: { income: 1 },
      run: BARE_RUN,
      created_at: DATE,
      updated_at: DATE,
    },
  },
  config: {
    id: 'config_1',
    rules: [
      {
        name: 'Income',
        key: 'income',
        execution_order: 'before-all',
        on_success: 'PASS',
        on_fail: 'FAIL',
        workflow_id: 'work_1',
        workflow_version_id: 'version_1',
        workflow_use_latest: true,
        workflow_input_default: { a: 1 },
        disabled: false,
      },
    ],
    mappings: [{ source_path: 'a', destination_paths: ['b', 'c'] }],
    created_at: DATE,
    updated_at: DATE,
  },
  collection_name: 'Loans',
  collection_id: 'col_1',
  created_by: USER,
  entity: {
    id: 'entity_1',
    entity_id: 'e1',
    status: 'SYNCED',
    type: 'PERSONA',
    trigger_id: 't1',
    record_id: 'rec_1',
    created_at: DATE,
    updated_at: DATE,
  },
  tags: [{ id: 'tag_1', name: 'Urgent', color: 'red', app_id: 'app_1', created_at: DATE, updated_at: DATE }],
  created_at: DATE,
  updated_at: DATE,
  link: 'https://app.vendor.test/rec_1',
}

const EXCEPTION = {
  message: 'Failed',
  errorMessage: 'It failed',
  errorType: 'IO',
  description: 'More',
  advice: 'Retry',
  help: 'Ask',
  documentationUrl: 'https://docs.vendor.test',
  executedVersion: '1.0',
  statusCode: 500,
  validationErrors: [{ option: 'a', message: 'b', description: 'c' }],
}

const EXECUTION: WireExecution = {
  id: 'exec_1',
  uuid: '0123456789abcdef0123456789abcdef',
  changeSequence: 3,
  createdOn: DATE,
  updatedOn: DATE,
  startDate: DATE,
  endDate: DATE,
  processingTime: 12,
  status: 'FAILED',
  description: 'Reads a document',
  priority: 1,
  assistantId: 'assistant_1',
  documentFamilyId: 'family_1',
  organizationId: 'org_1',
  parentExecutionId: 'parent_1',
  sessionId: 'session_1',
  loggingEnabled: true,
  deleteLoggingOnSuccess: false,
  context: { eventType: 'content' },
  pipeline: {
    id: 'pipeline_1',
    ref: 'org/pipeline',
    valid: true,
    exceptions: [EXCEPTION],
    steps: [
      {
        id: 'step_1',
        name: 'Read',
        ref: 'module://org/read',
        stepType: 'MODEL',
        status: 'FAILED',
        statusMessage: 'Reading',
        progress: 1,
        progressMax: 2,
        start: DATE,
        end: DATE,
        processingTime: 5,
        conditional: 'x',
        inputId: 'in',
        outputIds: ['out'],
        exceptionDetails: EXCEPTION,
      },
    ],
  },
  statusDetails: { message: 'Working', detail: 'Hard', stepStatus: 'READING', progress: 1, progressMax: 2 },
  exceptionDetails: EXCEPTION,
  targets: {
    instances: [
      {
        type: 'STORE',
        ref: 'org/store',
        documentFamilyId: 'family_1',
        contentObjectId: 'object_1',
        labelsToApply: ['a'],
        taxonomyRefs: ['b'],
      },
    ],
  },
}

interface Whole {
  readonly wire: Readonly<Record<string, unknown>>
  readonly type: string
  readonly field: string
  readonly query: (selection: string) => string
  readonly listField: string
  readonly listQuery: (selection: string) => string
  readonly page: (rows: readonly unknown[]) => unknown
  /** Fields of the answer that a field of the wire decides, where that is not its namesake alone. */
  readonly decides: Readonly<Record<string, readonly string[]>>
  /** Fields that need a further call. */
  readonly without: readonly string[]
  /** Fields of which the vendor never says anything. */
  readonly silent: readonly string[]
}

const STATUS = ['status', 'vendorStatus', 'state', 'isTerminal', 'isCancellable']

const WHOLES: Record<string, Whole> = {
  record: {
    wire: RECORD as unknown as Record<string, unknown>,
    type: 'Record',
    field: 'record',
    query: (selection) => `{ record(by: { ref: { collectionId: "col_1", recordId: "rec_1" } }) ${selection} }`,
    listField: 'records',
    listQuery: (selection) => `{ records(collectionId: "col_1", first: 100) { nodes ${selection} } }`,
    page: (rows) => rows,
    decides: { status: STATUS, rules: ['rules', 'state'], config: ['config', 'rules', 'state'], collection_id: [] },
    without: ['errors', 'record'],
    silent: ['startedAt', 'endedAt'],
  },
  run: {
    wire: RUN as unknown as Record<string, unknown>,
    type: 'WorkflowRun',
    field: 'workflowRun',
    query: (selection) => `{ workflowRun(by: { ref: { workflowId: "work_1", runId: "run_1" } }) ${selection} }`,
    listField: 'workflowRuns',
    listQuery: (selection) => `{ workflowRuns(workflowId: "work_1", first: 100) { nodes ${selection} } }`,
    page: (rows) => rows,
    decides: {
      status: STATUS,
      error: ['error', 'state'],
      started_at: ['startedAt', 'state'],
      ended_at: ['endedAt', 'state'],
      workflow_id: [],
    },
    without: ['record', 'errors'],
    silent: ['name'],
  },
  execution: {
    wire: EXECUTION as unknown as Record<string, unknown>,
    type: 'Execution',
    field: 'execution',
    query: (selection) => `{ execution(by: { executionId: "exec_1" }) ${selection} }`,
    listField: 'executions',
    listQuery: (selection) => `{ executions(first: 100) { nodes ${selection} } }`,
    page: (rows) => ({ content: rows, totalElements: rows.length, last: true }),
    decides: {
      status: STATUS,
      createdOn: ['createdAt'],
      updatedOn: ['updatedAt'],
      startDate: ['startedAt', 'state', 'processingTimeMs'],
      endDate: ['endedAt', 'state', 'processingTimeMs'],
      processingTime: ['processingTimeMs'],
      description: ['description', 'name'],
      pipeline: ['pipeline', 'name', 'state'],
      exceptionDetails: ['exception', 'state'],
      statusDetails: ['statusDetails', 'state'],
      parentExecutionId: [],
    },
    without: ['parent', 'children', 'statusMessages'],
    silent: [],
  },
}

const JUNK: readonly unknown[] = [
  undefined,
  null,
  true,
  0,
  -1.5,
  1e300,
  4_294_967_296,
  '',
  ' ',
  'junk',
  '2026-02-31T99:99:99Z',
  '../..',
  '\ud800',
  'x'.repeat(10_000),
  [],
  [null],
  [[]],
  [[[1]]],
  ['a', null, 2, {}],
  {},
  { a: null },
  { id: {} },
  { id: [], key: {}, status: [] },
  { toString: 1, constructor: 2, length: -1 },
  JSON.parse('{"__proto__":{"id":"x"}}'),
]

describe.each(Object.entries(WHOLES))('%s with one field of another type', (_kind, whole) => {
  const { wire, type, field, query, decides, without, silent } = whole
  const selection = everyField(type, without)

  it('keeps all other fields, whichever it is and whatever it holds', { timeout: 120_000 }, async () => {
    vendor.answer(json(200, wire))
    const intact = await gateway.query(query(selection))
    expect(intact.errors).toEqual([])
    const expected: Readonly<Record<string, unknown>> = intact.data[field]
    expect(
      Object.keys(expected)
        .filter((name) => expected[name] === null)
        .sort(),
    ).toEqual([...silent].sort())
    let tried = 0
    for (const path of pathsOf(wire)) {
      const [top] = path as [string]
      if (top === 'id') continue
      for (const junk of JUNK) {
        vendor.answer(json(200, replaced(wire, path, junk)))
        const answer = await gateway.query(query(selection))
        const what = `${path.join('.')} = ${JSON.stringify(junk)?.slice(0, 60)}`
        expect([answer.status, answer.errors], what).toEqual([200, []])
        const open = new Set(decides[top] ?? [camelCase(top)])
        for (const name of Object.keys(expected))
          if (!open.has(name)) expect(answer.data[field][name], `${name} with ${what}`).toEqual(expected[name])
        tried++
      }
    }
    expect(tried).toBeGreaterThan(500)
    expect(gateway.lines.filter(({ level }) => level === 'error')).toEqual([])
  })

  it('and another field than id may be missing altogether', async () => {
    vendor.answer(json(200, { id: wire.id }))
    const { status, data, errors } = await gateway.query(query(selection))
    expect([status, errors]).toEqual([200, []])
    expect(data[field]).toMatchObject({
      vendorId: wire.id,
      status: 'UNKNOWN',
      vendorStatus: null,
      state: { __typename: 'JobUnknown' },
      createdAt: null,
    })
  })
})

describe.each(Object.entries(WHOLES))(
  'a list with one rotten %s',
  (_kind, { wire, type, page, listField, listQuery, without }) => {
    const rotten: [string, unknown][] = [
      ['null', null],
      ['a number', 5],
      ['a string', 'junk'],
      ['a list', [{ id: 'x' }]],
      ['an empty object', {}],
      ['an id that is null', { ...wire, id: null }],
      ['an empty id', { ...wire, id: '' }],
      ['an id that is an object', { ...wire, id: { id: 'x' } }],
      ['an id that no URL can hold', { ...wire, id: '../x' }],
      ['an id of ten kilobytes', { ...wire, id: 'x'.repeat(10_240) }],
    ]

    it.each(rotten)('keeps the others when it is %s', async (_what, row) => {
      vendor.answer(json(200, page([{ ...wire, id: 'first' }, row, { ...wire, id: 'last' }])))
      const answer = await gateway.query(listQuery(everyField(type, without)))
      expect([answer.status, answer.errors]).toEqual([200, []])
      expect(answer.data[listField].nodes).toMatchObject([{ vendorId: 'first' }, { vendorId: 'last' }])
      expect(gateway.lines).toMatchObject([
        { level: 'warn', fields: { leftOut: 1 }, message: 'list rows without a valid id dropped' },
      ])
    })

    it('is read as far as ten thousand rows, with one line in the log for each page', async () => {
      vendor.answer(json(200, page([wire, ...Array.from({ length: 9_999 }, () => 5), { ...wire, id: 'beyond' }])))
      const { data, errors } = await gateway.query(listQuery('{ vendorId }'))
      expect(errors).toEqual([])
      expect(data[listField].nodes).toEqual([{ vendorId: wire.id }])
      expect(gateway.lines[0]).toMatchObject({ level: 'warn', fields: { leftOut: 9_999 } })
      expect(gateway.lines.length).toBe(vendor.requests.length)
    })

    it('keeps it as well when only its other fields are rotten', async () => {
      const bad = JUNK.map((junk, at) => ({
        ...Object.fromEntries(Object.keys(wire).map((name) => [name, junk])),
        id: `bad_${at}`,
      }))
      vendor.answer(json(200, page([{ ...wire, id: 'first' }, ...bad, { ...wire, id: 'last' }])))
      const answer = await gateway.query(listQuery(everyField(type, without)))
      expect([answer.status, answer.errors]).toEqual([200, []])
      const nodes: readonly { vendorId: string }[] = answer.data[listField].nodes
      expect(nodes.map(({ vendorId }) => vendorId)).toEqual(['first', ...bad.map(({ id }) => id), 'last'])
    })
  },
)

describe('further lists with rotten items', () => {
  it('keeps the readable errors of a record', async () => {
    const errors = [
      null,
      5,
      {},
      { key: 7 },
      { key: 'a' },
      { key: 'b', message: 5, errors: 'x' },
      { key: 'c', message: 'm', errors: [null, 'x', {}, { path: [1, 'a', null, {}], code: 3, message: [] }] },
    ]
    vendor.answer(json(200, { status: 'FAILED', errors }))
    const answer = await gateway.query(
      '{ record(by: { ref: { collectionId: "col_1", recordId: "rec_1" } }) { status errors { key message errors { code expected received path message } } } }',
    )
    const empty = { code: null, expected: null, received: null, path: [], message: '' }
    expect(answer.errors).toEqual([])
    expect(answer.data.record).toEqual({
      status: 'FAILED',
      errors: [
        { key: 'a', message: '', errors: [] },
        { key: 'b', message: '', errors: [] },
        { key: 'c', message: 'm', errors: [empty, { ...empty, path: ['1', 'a'] }] },
      ],
    })
  })

  it('keeps the readable status messages of an execution', async () => {
    const messages = [
      null,
      5,
      'x',
      [],
      {},
      { id: 1, title: 2, subtitle: [], type: {}, datetime: 'never' },
      { id: 'm', title: 'Reading', datetime: DATE },
    ]
    vendor.answer(
      byRoute({ 'GET .*/status-messages': json(200, messages), 'GET .*/exec_1': json(200, { id: 'exec_1' }) }),
    )
    const answer = await gateway.query(
      '{ execution(by: { executionId: "exec_1" }) { statusMessages { id title subtitle type createdAt } } }',
    )
    const empty = { id: null, title: null, subtitle: null, type: null, createdAt: null }
    expect(answer.errors).toEqual([])
    expect(answer.data.execution.statusMessages).toEqual([
      empty,
      { ...empty, id: '1' },
      { ...empty, id: 'm', title: 'Reading', createdAt: DATE },
    ])
  })

  it.each(['junk', 5, {}, true])('reads no errors of a record where they are %j', async (errors) => {
    vendor.answer(json(200, { status: 'RUNNING', errors }))
    const answer = await gateway.query(
      '{ record(by: { ref: { collectionId: "col_1", recordId: "rec_1" } }) { errors { key } } }',
    )
    expect([answer.errors, answer.data.record]).toEqual([[], { errors: [] }])
  })
})

describe('an answer that is nested absurdly deep', () => {
  const deep = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`
  const ABYSS = deep(50_000)
  const cases: [string, Whole, string, string, string, unknown][] = [
    ['the usage of a record', WHOLES.record!, 'usage', ABYSS, 'usage', null],
    ['the rules of a record', WHOLES.record!, 'rules', ABYSS, 'rules { key }', null],
    [
      'the result of a rule',
      WHOLES.record!,
      'rules',
      `{"a":{"result":${ABYSS}}}`,
      'rules { key result }',
      [{ key: 'a', result: null }],
    ],
    ['the input of a run', WHOLES.run!, 'input', `{"a":${ABYSS}}`, 'input', null],
    [
      'the output of a step',
      WHOLES.run!,
      'output',
      `{"a":{"output":${ABYSS}}}`,
      'output { key output }',
      [{ key: 'a', output: null }],
    ],
    [
      'the output of a looped step',
      WHOLES.run!,
      'output',
      `{"a":{"output":[{"request":${ABYSS}}]}}`,
      'output { key }',
      [{ key: 'a' }],
    ],
    ['the context of an execution', WHOLES.execution!, 'context', ABYSS, 'context', null],
    [
      'the steps of a pipeline',
      WHOLES.execution!,
      'pipeline',
      `{"steps":${ABYSS}}`,
      'pipeline { steps { name } }',
      { steps: [] },
    ],
  ]

  it.each(cases)(
    'costs no more than the field that it is in: %s',
    async (_what, { wire, field, query }, name, value, selection, expected) => {
      vendor.answer(text(200, `{"id":"${wire.id as string}","status":"RUNNING","${name}":${value}}`))
      const answer = await gateway.query(query(`{ vendorId status ${selection} }`))
      expectDiscreet(answer)
      expect([answer.errors, answer.data]).toEqual([
        [],
        { [field]: { vendorId: wire.id, status: 'RUNNING', [name]: expected } },
      ])
    },
  )

  it('costs no more than the definition of a step, and what stands beside it is kept', async () => {
    const version = `{"id":"version_1","steps":[{"key":"deep","type":"code","body":${ABYSS}},{"key":"flat","type":"code"}]}`
    vendor.answer(text(200, `{"id":"run_1","status":"RUNNING","workflow_version":${version}}`))
    const answer = await gateway.query(
      WHOLES.run!.query('{ vendorId workflowVersion { id steps { key definition } } }'),
    )
    expectDiscreet(answer)
    expect(answer.errors).toEqual([])
    expect(answer.data.workflowRun).toMatchObject({ vendorId: 'run_1', workflowVersion: { id: 'version_1' } })
    expect(answer.data.workflowRun.workflowVersion.steps).toContainEqual({
      key: 'flat',
      definition: { key: 'flat', type: 'code' },
    })
  })

  it('does not cost what the other vendor answered', async () => {
    vendor.answer(
      byRoute({
        'GET /api/executions/exec_1': json(200, { id: 'exec_1', status: 'RUNNING' }),
        'GET /apps/.*': text(200, `{"id":"rec_1","usage":${ABYSS}}`),
      }),
    )
    const answer = await gateway.query(
      '{ execution(by: { executionId: "exec_1" }) { status } record(by: { ref: { collectionId: "col_1", recordId: "rec_1" } }) { usage } }',
    )
    expectDiscreet(answer)
    expect(answer.data?.execution).toEqual({ status: 'RUNNING' })
  })

  it('is not taken for absurd while somebody could mean it', async () => {
    vendor.answer(text(200, `{"id":"exec_1","context":${deep(50)}}`))
    const answer = await gateway.query(WHOLES.execution!.query('{ context }'))
    expect(JSON.stringify(answer.data.execution.context)).toBe(deep(50))
  })
})

/** A selection of every field of a type that needs no further call. */
function everyField(typeName: string, without: readonly string[], depth = 6): string {
  const type = gatewaySchema().getType(typeName)
  if (!isObjectType(type)) throw new Error(`${typeName} is no object type`)
  const fields = Object.values(type.getFields())
    .filter(({ name }) => !without.includes(name))
    .flatMap(({ name, type: outer }) => {
      const inner = selectionOf(getNamedType(outer), without, depth - 1)
      return inner === null ? [] : [`${name} ${inner}`]
    })
  return `{ __typename ${fields.join(' ')} }`
}

function selectionOf(type: GraphQLNamedType, without: readonly string[], depth: number): string | null {
  if (isLeafType(type)) return ''
  if (depth === 0) return null
  if (isAbstractType(type))
    return `{ ${gatewaySchema()
      .getPossibleTypes(type)
      .map(({ name }) => `... on ${name} ${everyField(name, without, depth)}`)
      .join(' ')} }`
  return everyField(type.name, without, depth)
}

type Path = readonly (string | number)[]

/** Every place in some JSON, outermost first. */
function pathsOf(value: unknown, path: Path = []): Path[] {
  const here = path.length === 0 ? [] : [path]
  if (typeof value !== 'object' || value === null) return here
  const entries: [string | number, unknown][] = Array.isArray(value)
    ? value.map((item: unknown, at) => [at, item])
    : Object.entries(value)
  return [...here, ...entries.flatMap(([key, item]) => pathsOf(item, [...path, key]))]
}

function replaced(value: unknown, [key, ...rest]: Path, by: unknown): unknown {
  if (key === undefined) return by
  if (Array.isArray(value)) return value.map((item: unknown, at) => (at === key ? replaced(item, rest, by) : item))
  const map = value as Readonly<Record<string, unknown>>
  return { ...map, [key]: replaced(map[key], rest, by) }
}

function camelCase(name: string): string {
  return name.replace(/_([a-z])/g, (_match, letter: string) => letter.toUpperCase())
}
