import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { JsonObject } from '../../../src/upstream/lenient.js'
import { VendorError } from '../../../src/job/errors.js'
import { silentLog } from '../../../src/job/log.js'
import { createNormaliser, type Normaliser } from '../../../src/vendors/cortex/normalise/index.js'
import { readRecordErrors } from '../../../src/vendors/cortex/normalise/record-errors.js'

const RECORD = { appId: 'c', collectionId: 'col_1', recordId: 'rec_1' }
const RUN = { appId: 'c', workflowId: 'work_1', runId: 'run_1', discoverable: false }

let warnings: string[]
let normaliser: Normaliser

beforeEach(() => {
  warnings = []
  normaliser = createNormaliser({ ...silentLog, warn: (_fields, message) => void warnings.push(message) })
})

const record = (wire: JsonObject = {}) => normaliser.record({ id: 'rec_1', status: 'RUNNING', ...wire }, RECORD)
const run = (wire: JsonObject = {}) => normaliser.run({ id: 'run_1', status: 'RUNNING', ...wire }, RUN)
const steps = (output: unknown) => run({ output }).output
const step = (wire: JsonObject) => steps({ STEP: { status: 'COMPLETED', ...wire } })![0]!

describe("a run's output", () => {
  const first = {
    key: 'FIRST',
    type: 'model',
    status: 'COMPLETED',
    output: { message: 'yes' },
    start: 1_767_225_600_000,
    end: 1_767_225_601_000,
  }
  const second = { key: 'SECOND', type: 'code', status: 'FAILED', error: 'No such field', start: 1_767_225_601_000 }
  const list = [
    {
      key: 'FIRST',
      type: 'model',
      status: 'COMPLETED',
      vendorStatus: 'COMPLETED',
      output: { message: 'yes' },
      error: null,
      startedAt: new Date('2026-01-01T00:00:00.000Z'),
      endedAt: new Date('2026-01-01T00:00:01.000Z'),
    },
    {
      key: 'SECOND',
      type: 'code',
      status: 'FAILED',
      vendorStatus: 'FAILED',
      output: null,
      error: 'No such field',
      startedAt: new Date('2026-01-01T00:00:01.000Z'),
      endedAt: null,
    },
  ]

  it('is a list when it is an array on the wire', () => {
    expect(steps([first, second])).toEqual(list)
  })

  it('is the same list when it is a map on the wire', () => {
    expect(steps({ FIRST: first, SECOND: second })).toEqual(list)
  })

  it("takes the map's keys for those of the steps", () => {
    const { key: _, ...keyless } = first
    expect(steps({ FIRST: keyless })).toEqual([list[0]])
    expect(steps({ FIRST: { ...first, key: 'something else' } })).toEqual([list[0]])
  })

  it.each([null, undefined, 'gone', 7, true])('is null when the vendor sends %j', (output) => {
    expect(steps(output)).toBeNull()
  })

  it('is an empty list when the vendor sends an empty one, and when it sends an empty map', () => {
    expect(steps([])).toEqual([])
    expect(steps({})).toEqual([])
  })

  it('leaves out what is no step, and keeps the rest', () => {
    expect(steps([null, first, 'oops', { status: 'COMPLETED' }])).toEqual([list[0]])
    expect(steps({ A: null, FIRST: first, B: 'oops' })).toEqual([list[0]])
  })

  it('keeps what a looped step put out as the list it is', () => {
    expect(step({ output: [{ message: 'a' }, 'b', null, 3] }).output).toEqual([{ message: 'a' }, 'b', null, 3])
  })

  it.each([0, false, '', 'text', 12.5])('keeps an output that is no object: %j', (output) => {
    expect(step({ output }).output).toBe(output)
  })
})

describe('the times of a step', () => {
  const time = new Date('2026-01-01T00:00:00.000Z')

  it('are milliseconds since 1970', () => {
    expect(step({ start: 1_767_225_600_000, end: 1_767_225_600_123 })).toMatchObject({
      startedAt: time,
      endedAt: new Date('2026-01-01T00:00:00.123Z'),
    })
  })

  it('are seconds when they are too small to be milliseconds', () => {
    expect(step({ start: 1_767_225_600, end: 1_767_225_600.25 })).toMatchObject({
      startedAt: time,
      endedAt: new Date('2026-01-01T00:00:00.250Z'),
    })
  })

  it('may be text like the other dates', () => {
    expect(step({ start: '2026-01-01T00:00:00Z', end: '2026-01-01' })).toMatchObject({ startedAt: time, endedAt: time })
  })

  it.each([undefined, null, 'soon', 1e300, {}])('are null when they are none: %j', (value) => {
    expect(step({ start: value, end: value })).toMatchObject({ startedAt: null, endedAt: null })
  })
})

describe('a date', () => {
  it.each([
    ['2023-12-25', '2023-12-25T00:00:00.000Z'],
    ['2023-12-25T08:30:00Z', '2023-12-25T08:30:00.000Z'],
    ['2023-12-25T08:30:00.5Z', '2023-12-25T08:30:00.500Z'],
    ['2023-12-25T08:30:00.123456789Z', '2023-12-25T08:30:00.123Z'],
    ['2023-12-25T08:30:00+02:00', '2023-12-25T06:30:00.000Z'],
    ['2023-12-25T08:30:00-0500', '2023-12-25T13:30:00.000Z'],
    ['2023-12-25T08:30:00', '2023-12-25T08:30:00.000Z'],
    ['2023-12-25 08:30:00', '2023-12-25T08:30:00.000Z'],
    ['2023-12-25T08:30Z', '2023-12-25T08:30:00.000Z'],
  ])('%s is %s', (wire, iso) => {
    const dates = { created_at: wire, updated_at: wire }
    expect(record(dates)).toMatchObject({ createdAt: new Date(iso), updatedAt: new Date(iso) })
    expect(run({ ...dates, started_at: wire, ended_at: wire, retention_due_at: wire })).toMatchObject({
      createdAt: new Date(iso),
      updatedAt: new Date(iso),
      startedAt: new Date(iso),
      endedAt: new Date(iso),
      retentionDueAt: new Date(iso),
    })
  })

  it.each([null, undefined, '', 'yesterday', '25.12.2023', '2023-13-45', '2023-12-25T99:00:00Z', {}, true])(
    'is null when it is none: %j',
    (wire) => {
      expect(record({ created_at: wire, updated_at: wire })).toMatchObject({ createdAt: null, updatedAt: null })
      expect(run({ started_at: wire, ended_at: wire })).toMatchObject({ startedAt: null, endedAt: null })
    },
  )

  it('without an offset is in UTC, wherever the gateway runs', () => {
    vi.stubEnv('TZ', 'America/New_York')
    try {
      expect(new Date(2026, 0, 1).toISOString()).toBe('2026-01-01T05:00:00.000Z')
      expect(record({ created_at: '2023-12-25T08:30:00' }).createdAt).toEqual(new Date('2023-12-25T08:30:00.000Z'))
      expect(record({ created_at: '2023-12-25' }).createdAt).toEqual(new Date('2023-12-25T00:00:00.000Z'))
    } finally {
      vi.unstubAllEnvs()
    }
  })

  it('goes into the state that it belongs to', () => {
    const times = { created_at: '2026-01-01', started_at: '2026-01-02', ended_at: '2026-01-03' }
    expect(run({ ...times, status: 'PENDING' }).state).toEqual({ status: 'QUEUED', queuedAt: new Date('2026-01-01') })
    expect(run({ ...times, status: 'RUNNING' }).state).toEqual({
      status: 'RUNNING',
      startedAt: new Date('2026-01-02'),
      progress: null,
    })
    expect(run({ ...times, status: 'COMPLETED' }).state).toEqual({
      status: 'COMPLETED',
      startedAt: new Date('2026-01-02'),
      endedAt: new Date('2026-01-03'),
    })
    expect(record({ ...times, status: 'QUEUED' }).state).toEqual({ status: 'QUEUED', queuedAt: new Date('2026-01-01') })
  })
})

describe('what went wrong with a run', () => {
  it('is null, with the result, where the vendor leaves both out', () => {
    expect(run()).toMatchObject({ error: null, result: null })
  })

  it('is the reason of its failure', () => {
    const failed = run({ status: 'FAILED', error: 'Model refused' })
    expect(failed.error).toBe('Model refused')
    expect(failed.state).toMatchObject({ status: 'FAILED', failure: { message: 'Model refused', code: null } })
  })

  it.each([undefined, null, '', '  '])('is said to be unknown where the vendor gives no reason: %j', (error) => {
    expect(run({ status: 'FAILED', error })).toMatchObject({
      error: null,
      state: { failure: { message: 'The vendor gave no reason.' } },
    })
  })

  it.each([0, false, '', [], {}, 'text'])('does not touch a result of %j', (result) => {
    expect(run({ status: 'COMPLETED', result }).result).toEqual(result)
  })
})

describe('why a record failed', () => {
  const rules = { A: { key: 'A', status: 'PASSED' }, B: { key: 'B', status: 'FAILED', error: 'Not readable' } }

  it("is the first rule's error, under the name of the rule", () => {
    const config = { id: 'config_1', rules: [{ key: 'B', name: 'Totals can be read' }] }
    expect(record({ status: 'FAILED', rules, config }).state).toMatchObject({
      failure: { message: 'Totals can be read: Not readable', code: 'B' },
    })
  })

  it('has the key of the rule where its name is not known', () => {
    expect(record({ status: 'FAILED', rules }).state).toMatchObject({
      failure: { message: 'B: Not readable', code: 'B' },
    })
  })

  it('is said to be unknown where no rule has an error', () => {
    expect(record({ status: 'FAILED', rules: {} }).state).toMatchObject({
      failure: { message: 'The vendor gave no reason.', code: null },
    })
  })
})

describe('fields that the vendor calls required', () => {
  it('may all be missing from a record', () => {
    expect(normaliser.record({ id: 'rec_1' }, RECORD)).toEqual({
      address: { type: 'Record', path: ['c', 'col_1', 'rec_1'] },
      vendor: 'CORTEX',
      vendorId: 'rec_1',
      vendorStatus: null,
      state: { status: 'UNKNOWN', vendorStatus: null },
      name: null,
      appId: 'c',
      collectionId: 'col_1',
      collectionName: null,
      source: 'UNKNOWN',
      link: null,
      rulesCount: null,
      rulesPassCount: null,
      rulesFailCount: null,
      rulesWarnCount: null,
      rules: null,
      config: null,
      createdBy: null,
      entity: null,
      tags: null,
      usage: null,
      errors: null,
      createdAt: null,
      updatedAt: null,
      startedAt: null,
      endedAt: null,
    })
  })

  it('may all be missing from a run', () => {
    expect(normaliser.run({ id: 'run_1' }, RUN)).toEqual({
      address: { type: 'WorkflowRun', path: ['c', 'work_1', 'run_1'] },
      vendor: 'CORTEX',
      vendorId: 'run_1',
      vendorStatus: null,
      name: null,
      state: { status: 'UNKNOWN', vendorStatus: null },
      addressAppId: 'c',
      appId: 'c',
      workflowAppId: null,
      workflowId: 'work_1',
      discoverable: false,
      origin: 'UNKNOWN',
      version: null,
      input: null,
      result: null,
      error: null,
      output: null,
      workflowVersion: null,
      workflowVersionDraft: null,
      collectionId: null,
      recordId: null,
      usage: null,
      retention: null,
      retentionDueAt: null,
      createdAt: null,
      updatedAt: null,
      startedAt: null,
      endedAt: null,
    })
  })

  it('may be of another kind than documented, and cost only themselves', () => {
    const odd = {
      name: 7,
      source: null,
      rules: [],
      config: 'gone',
      tags: {},
      created_by: 'user_1',
      entity: [],
      link: {},
      rules_count: '3',
      rules_fail_count: 1.5,
    }
    expect(record({ ...odd, rules_pass_count: 2 })).toMatchObject({
      name: null,
      source: 'UNKNOWN',
      rules: null,
      config: null,
      tags: null,
      createdBy: null,
      entity: null,
      link: null,
      rulesCount: null,
      rulesFailCount: null,
      rulesPassCount: 2,
    })
  })

  it('may be missing inside tags, entities, users and retentions', () => {
    expect(
      record({
        tags: [{ id: 'tag_1', name: 'urgent' }, { id: 'tag_2' }, null],
        entity: { id: 'ent_1' },
        created_by: { id: 'user_1' },
      }),
    ).toMatchObject({
      tags: [{ id: 'tag_1', name: 'urgent', color: null, appId: null }],
      entity: {
        id: 'ent_1',
        entityId: null,
        status: null,
        type: null,
        triggerId: null,
        recordId: null,
        createdAt: null,
        updatedAt: null,
      },
      createdBy: { id: 'user_1', name: null },
    })
    expect(run({ retention: {} }).retention).toEqual({ maxAgeInSeconds: null, preserveOnFailure: null })
    expect(run({ retention: { max_age_in_seconds: -1, preserve_on_failure: true } }).retention).toEqual({
      maxAgeInSeconds: -1,
      preserveOnFailure: true,
    })
  })

  it('may be missing inside versions and drafts', () => {
    expect(run({ workflow_version: { id: 'workv_1' }, workflow_version_draft: {} })).toMatchObject({
      workflowVersion: {
        id: 'workv_1',
        version: null,
        description: null,
        notes: null,
        key: null,
        input: null,
        inputDefault: null,
        steps: null,
        createdBy: null,
        createdAt: null,
      },
      workflowVersionDraft: { key: null, input: null, inputDefault: null, steps: null },
    })
  })

  it('may come with others that nobody knows', () => {
    expect(record({ brand_new: { nested: true } })).toEqual(record())
    expect(run({ brand_new: [1] })).toEqual(run())
  })
})

describe('words that the vendor has added since', () => {
  it('make an origin, a source, a rule and its verdicts UNKNOWN', () => {
    expect(run({ origin: 'SCHEDULE' }).origin).toBe('UNKNOWN')
    expect(record({ source: 'EMAIL' }).source).toBe('UNKNOWN')
    const { rules } = record({
      rules: { A: { status: 'SKIPPED' } },
      config: { id: 'config_1', rules: [{ key: 'A', on_success: 'NOTIFY', on_fail: null }] },
    })
    expect(rules).toMatchObject([{ status: 'UNKNOWN', onSuccess: 'UNKNOWN', onFail: 'UNKNOWN' }])
  })

  it.each(['WORKFLOW', 'TRIGGER', 'RECORD', 'TEST', 'ENDPOINT', 'WEBHOOK'])(
    'are not those of a known origin, in either case: %s',
    (origin) => {
      expect(run({ origin }).origin).toBe(origin)
      expect(run({ origin: origin.toLowerCase() }).origin).toBe(origin)
    },
  )

  it.each(['APP', 'API', 'TRIGGER', 'WORKFLOW'])('are not those of a known source, in either case: %s', (source) => {
    expect(record({ source }).source).toBe(source)
    expect(record({ source: source.toLowerCase() }).source).toBe(source)
  })

  it.each(['DRAFT', 'RUNNING', 'PASSED', 'FAILED', 'WARN'])('are not those of a rule: %s', (status) => {
    expect(record({ rules: { A: { status } } }).rules).toMatchObject([{ status }])
  })

  it('leave a step of a new type as it is', () => {
    expect(step({ type: 'quantum' }).type).toBe('quantum')
    expect(
      run({
        workflow_version: { id: 'workv_1', steps: [{ key: 'A', type: 'quantum', qubits: 3 }, { key: 'B' }] },
      }).workflowVersion!.steps,
    ).toMatchObject([
      { key: 'A', type: 'quantum', definition: { qubits: 3 } },
      { key: 'B', type: 'unknown' },
    ])
  })
})

describe("a record's rules", () => {
  const config = {
    id: 'config_1',
    rules: [
      {
        key: 'INCOME',
        name: 'Income can be read',
        on_success: 'PASS',
        on_fail: 'WARN',
        workflow_id: 'work_income',
        execution_order: 'before-all',
        disabled: false,
      },
      {
        key: 'UNUSED',
        name: 'Not run for this record',
        on_success: 'PASS',
        on_fail: 'FAIL',
        workflow_id: 'work_unused',
      },
      { name: 'without a key' },
    ],
    mappings: [
      { source_path: 'INCOME:amount', destination_paths: ['UNUSED:amount'] },
      { source_path: 'INCOME:x', destination_Paths: ['UNUSED:x'] },
      {},
    ],
  }

  it('are a list, each joined by its key with how the collection defines it', () => {
    const rules = {
      INCOME: {
        key: 'INCOME',
        status: 'WARN',
        result: { amount: 3 },
        input: { a: 1 },
        run: null,
        created_at: '2026-01-01',
      },
    }
    expect(record({ rules, config }).rules).toEqual([
      {
        key: 'INCOME',
        name: 'Income can be read',
        status: 'WARN',
        result: { amount: 3 },
        error: null,
        input: { a: 1 },
        onSuccess: 'PASS',
        onFail: 'WARN',
        run: null,
        createdAt: new Date('2026-01-01'),
        updatedAt: null,
      },
    ])
  })

  it('stand without a name where the collection has the rule no more', () => {
    expect(record({ rules: { GONE: { status: 'PASSED' } }, config }).rules).toMatchObject([
      { key: 'GONE', name: null, status: 'PASSED', onSuccess: null, onFail: null },
    ])
    expect(record({ rules: { GONE: { status: 'PASSED' } } }).rules).toMatchObject([{ key: 'GONE', name: null }])
  })

  it('keep the order of the map, and leave out what is no rule', () => {
    const rules = { ZULU: { status: 'PASSED' }, NOTHING: null, ALPHA: { status: 'FAILED' } }
    expect(record({ rules }).rules!.map(({ key }) => key)).toEqual(['ZULU', 'ALPHA'])
  })

  it('are there beside the definitions, which keep what is only theirs', () => {
    const read = record({ rules: {}, config })
    expect(read.rules).toEqual([])
    expect(read.config).toMatchObject({
      id: 'config_1',
      rules: [
        {
          key: 'INCOME',
          executionOrder: 'before-all',
          disabled: false,
          workflowId: 'work_income',
          workflowUseLatest: null,
          workflowVersionId: null,
        },
        { key: 'UNUSED', executionOrder: null, disabled: null },
      ],
      mappings: [
        { sourcePath: 'INCOME:amount', destinationPaths: ['UNUSED:amount'] },
        { sourcePath: 'INCOME:x', destinationPaths: ['UNUSED:x'] },
      ],
    })
  })
})

describe('the run inside a rule', () => {
  const ruleRun = (wire: JsonObject | null, config: unknown = null) =>
    record({
      rules: { A: { status: 'RUNNING', run: wire } },
      config,
    }).rules![0]!.run

  it('is a run of its own, found through the app of the record', () => {
    const found = ruleRun({
      id: 'run_9',
      workflow_id: 'work_9',
      status: 'RUNNING',
      app_id: 'app_1',
      workflow_app_id: 'app_1',
    })
    expect(found).toMatchObject({
      address: { type: 'WorkflowRun', path: ['c', 'work_9', 'run_9'] },
      discoverable: false,
      state: { status: 'RUNNING' },
    })
  })

  it('is a discoverable one when another app owns its workflow', () => {
    const found = ruleRun({ id: 'run_9', workflow_id: 'work_9', app_id: 'app_1', workflow_app_id: 'app_2' })
    expect(found).toMatchObject({
      address: { path: ['c', 'work_9', 'run_9', 'discover'] },
      discoverable: true,
      appId: 'app_1',
      workflowAppId: 'app_2',
    })
  })

  it.each([{ app_id: 'app_1' }, { workflow_app_id: 'app_2' }, {}])(
    'is not taken for a discoverable one where an app is not known: %j',
    (apps) => {
      expect(ruleRun({ id: 'run_9', workflow_id: 'work_9', ...apps })).toMatchObject({ discoverable: false })
    },
  )

  it('is found through the workflow of the rule where it does not name its own', () => {
    const config = { id: 'config_1', rules: [{ key: 'A', workflow_id: 'work_rule' }] }
    expect(ruleRun({ id: 'run_9' }, config)).toMatchObject({ workflowId: 'work_rule' })
  })

  it.each([
    null,
    {},
    { id: 'run_9' },
    { workflow_id: 'work_9' },
    { id: '../9', workflow_id: 'work_9' },
    { id: 'run_9', workflow_id: 'a/b' },
  ])('is null when it could not be found again: %j', (wire) => {
    expect(ruleRun(wire)).toBeNull()
  })
})

describe('secrets', () => {
  const SECRET = 'Bearer of-bad-news'
  const shown = (value: unknown) => JSON.stringify(value)

  it.each([
    ['the headers of a request', { ok: true, headers: { authorization: SECRET } }, { ok: true }],
    ['headers as text', { status: 200, headers: SECRET, body: 'hi' }, { status: 200, body: 'hi' }],
    ["the raw traffic of a model's vendor", { message: 'hi', raw: { key: SECRET } }, { message: 'hi' }],
    ['logs', { message: 'hi', logs: [SECRET] }, { message: 'hi' }],
    ['logs by their older name', { message: 'hi', output_logs: [SECRET] }, { message: 'hi' }],
    [
      'the headers of the request that started another workflow',
      { run_id: 'run_2', request: { method: 'POST', url: '/x', headers: { cookie: SECRET }, query: { a: '1' } } },
      { run_id: 'run_2', request: { method: 'POST', url: '/x', query: { a: '1' } } },
    ],
    [
      'those of each turn of a loop',
      [{ headers: SECRET, ok: true }, { request: { headers: SECRET, method: 'GET' } }],
      [{ ok: true }, { request: { method: 'GET' } }],
    ],
    [
      'those of tools it called',
      {
        calls: [{ key: 'A', logs: [SECRET], output: { raw: SECRET, ok: true } }],
        tool_results: [{ output: { headers: SECRET } }],
      },
      { calls: [{ key: 'A', output: { ok: true } }], tool_results: [{ output: {} }] },
    ],
  ])('are left out of what a step put out: %s', (_what, output, rest) => {
    expect(step({ output }).output).toEqual(rest)
  })

  it('are left out of a step beside its output', () => {
    const made = step({
      logs: [SECRET],
      output_logs: [SECRET],
      calls: [{ key: 'TOOL', output: { headers: SECRET } }],
      output: 'fine',
    })
    expect(made.output).toBe('fine')
    expect(shown(made)).not.toContain(SECRET)
  })

  it("are left out of another workflow's steps, which a step of it hands on", () => {
    const inner = {
      FETCH: {
        key: 'FETCH',
        status: 'COMPLETED',
        output: { ok: true, headers: { authorization: SECRET } },
        logs: [SECRET],
      },
    }
    const made = step({ type: 'workflow', output: { run_id: 'run_2', status: 'COMPLETED', output: inner } })
    expect(made.output).toMatchObject({ run_id: 'run_2', status: 'COMPLETED' })
    expect(shown(made)).not.toContain(SECRET)
  })

  it('are left out of the definition of a step', () => {
    const steps = [
      {
        key: 'FETCH',
        type: 'http_request',
        url: 'https://example.com',
        method: 'GET',
        headers: { authorization: SECRET },
        conditional: 'a > 1',
        loop: 'items',
        destinations: ['NEXT', 7],
      },
      { key: 'NEXT', type: 'http_request', url: 'https://example.com', headers: SECRET },
    ]
    const version = run({ workflow_version: { id: 'workv_1', steps } }).workflowVersion!
    const draft = run({ workflow_version_draft: { key: 'draft', steps } }).workflowVersionDraft!
    for (const read of [version.steps, draft.steps]) {
      expect(shown(read)).not.toContain(SECRET)
      expect(read).toMatchObject([
        {
          key: 'FETCH',
          type: 'http_request',
          conditional: 'a > 1',
          loop: 'items',
          destinations: ['NEXT'],
          definition: { url: 'https://example.com', method: 'GET' },
        },
        { key: 'NEXT', conditional: null, loop: null, destinations: null },
      ])
    }
  })
})

describe('validation errors', () => {
  it('are a list by rule', () => {
    const errors = [
      {
        key: 'A',
        message: 'Invalid input',
        errors: [
          {
            code: 'invalid_type',
            expected: 'string',
            received: 'number',
            path: ['document'],
            message: 'Expected string',
          },
        ],
      },
    ]
    expect(readRecordErrors({ errors })).toEqual(errors)
  })

  it('may have numbers in their paths', () => {
    const errors = [{ key: 'A', message: 'm', errors: [{ code: 'c', path: ['items', 0, 'price', 12], message: 'm' }] }]
    expect(readRecordErrors({ errors })[0]!.errors[0]!.path).toEqual(['items', '0', 'price', '12'])
  })

  it('may lack what was expected and what was received', () => {
    const errors = [{ key: 'A', message: 'm', errors: [{ code: 'too_small', path: [], message: 'Too small' }] }]
    expect(readRecordErrors({ errors })[0]!.errors).toEqual([
      { code: 'too_small', expected: null, received: null, path: [], message: 'Too small' },
    ])
  })

  it('may lack nearly everything', () => {
    expect(
      readRecordErrors({
        errors: [{ key: 'A' }, { key: 'B', errors: [{}, null] }, { message: 'without a key' }, null],
      }),
    ).toEqual([
      { key: 'A', message: '', errors: [] },
      { key: 'B', message: '', errors: [{ code: null, expected: null, received: null, path: [], message: '' }] },
    ])
  })

  it.each([{}, { errors: null }, { errors: [] }, { errors: {} }])(
    'are an empty list where there are none: %j',
    (wire) => {
      expect(readRecordErrors(wire)).toEqual([])
    },
  )
})

describe('an answer about something else', () => {
  it.each([{}, { id: null }, { id: '' }, { id: 'other_1' }])(
    'is never shown as the job that was asked for: %j',
    (wire) => {
      const readRecord = () => normaliser.record({ status: 'RUNNING', ...wire }, RECORD)
      const readRun = () => normaliser.run({ status: 'RUNNING', ...wire }, RUN)
      for (const read of [readRecord, readRun]) {
        expect(read).toThrow(VendorError)
        expect(read).toThrow(expect.objectContaining({ code: 'VENDOR_BAD_RESPONSE', vendor: 'CORTEX' }))
      }
    },
  )

  it('is left out of a list, with one line in the log for all', () => {
    const rows = normaliser.rows(
      [{ id: 'rec_1' }, null, { id: '' }, { id: '../x' }, 'rec_2', { id: 3 }],
      (_row, id) => id,
    )
    expect(rows).toEqual(['rec_1', '3'])
    expect(warnings).toHaveLength(1)
  })

  it('cannot be told from the status alone, which repeats no id', () => {
    expect(normaliser.bareRecord({ status: 'COMPLETED' }, RECORD)).toMatchObject({
      vendorId: 'rec_1',
      collectionId: 'col_1',
      state: { status: 'COMPLETED' },
    })
  })
})
