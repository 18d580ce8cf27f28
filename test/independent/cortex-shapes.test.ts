import { afterEach, describe, expect, it } from 'vitest'
import { encodeJobId } from '../../src/job/job-id.js'
import { requestLines, openFixture, type Fixture } from './fixture.js'
import type { CortexJobs, CortexOptions } from './cortex-server.js'
import { wireRecord, wireRun, timestamp, type Wire } from './wire-jobs.js'

let fixture: Fixture
afterEach(() => fixture.close())

async function open(jobs: CortexJobs, options: Partial<CortexOptions> = {}) {
  fixture = await openFixture({ cortex: jobs, cortexOptions: options })
}

const RECORD = `{
  __typename vendorId name status vendorStatus isTerminal isCancellable createdAt updatedAt
  source link rulesCount rulesWarnCount collectionName
  createdBy { id name } entity { id entityId status type } tags { id name color } usage
  config { id rules { key name onFail } mappings { sourcePath destinationPaths } }
  rules { key name status result error onFail run { vendorId status workflowId recordId } }
  state { __typename ... on JobUnknown { vendorStatus } ... on JobFailed { failure { message code } } }
}`

async function record(wire: Wire, options: Partial<CortexOptions> = {}, selection = RECORD) {
  await open({ collections: { col_1: [wire] } }, options)
  const { data, errors } = await fixture.ask(
    `{ record(by: { ref: { collectionId: "col_1", recordId: "${String(wire.id)}" } }) ${selection} }`,
  )
  expect(errors).toEqual([])
  return data.record as Readonly<Record<string, unknown>>
}

describe('a record', () => {
  it('is shown with everything that the vendor documents, by one call', async () => {
    expect(await record(wireRecord('rec_1'))).toMatchObject({
      name: 'Important Record',
      status: 'COMPLETED',
      source: 'API',
      createdAt: timestamp(0),
      updatedAt: timestamp(1),
      link: 'https://app.example/records/rec_1',
      createdBy: { id: 'user_1', name: 'John Doe' },
      entity: { id: 'ent_1', entityId: 'loan-7', status: 'SYNCED', type: 'ENCOMPASS' },
      tags: [{ id: 'tag_1', name: 'urgent', color: '#f00' }],
      usage: { total: 12.5, rules: {} },
      config: { mappings: [{ sourcePath: 'LOAN_APPLICATION:income', destinationPaths: ['MONTHLY_INCOME:amount'] }] },
      rules: [
        {
          key: 'CHECK_BUSINESS_NAME',
          name: 'Check Business Name',
          status: 'WARN',
          onFail: 'WARN',
          run: { vendorId: 'run_of_rule', recordId: 'rec_1' },
        },
      ],
    })
    expect(requestLines(fixture.sent().cortex)).toEqual(['GET apps/c/collections/col_1/records/rec_1'])
  })

  it('is returned when the vendor omits or empties required fields', async () => {
    const holes = {
      created_by: null,
      entity: undefined,
      link: undefined,
      tags: undefined,
      usage: undefined,
      config: undefined,
      source: undefined,
      name: null,
      created_at: null,
    }
    expect(await record(wireRecord('rec_1', holes))).toMatchObject({
      name: null,
      createdBy: null,
      entity: null,
      link: null,
      tags: null,
      usage: null,
      config: null,
      source: 'UNKNOWN',
      createdAt: null,
      rules: [{ key: 'CHECK_BUSINESS_NAME', name: null, status: 'WARN', onFail: null }],
    })
  })

  it('is shown where it has nothing but an id', async () => {
    expect(await record({ id: 'rec_1' })).toMatchObject({
      vendorId: 'rec_1',
      status: 'UNKNOWN',
      vendorStatus: null,
      rules: null,
      rulesCount: null,
    })
  })

  it('keeps values that are newer than the documentation', async () => {
    const wire = wireRecord('rec_1', {
      status: 'ON_HOLD',
      source: 'EMAIL',
      rules: { A: { key: 'A', status: 'SKIPPED', run: null } },
    })
    expect(await record(wire)).toMatchObject({
      status: 'UNKNOWN',
      vendorStatus: 'ON_HOLD',
      state: {
        __typename: 'JobUnknown',
        vendorStatus: 'ON_HOLD',
      },
      source: 'UNKNOWN',
      rules: [{ key: 'A', status: 'UNKNOWN' }],
    })
  })

  it('survives counts that are no whole numbers', async () => {
    expect(await record(wireRecord('rec_1', { rules_count: 3.0, rules_warn_count: 2.5 }))).toMatchObject({
      vendorId: 'rec_1',
      status: 'COMPLETED',
      rulesCount: 3,
    })
  })

  it('returns the failure message of the rule', async () => {
    const rules = {
      CHECK_BUSINESS_NAME: {
        key: 'CHECK_BUSINESS_NAME',
        status: 'FAILED',
        error: 'no such business',
        run: null,
      },
    }
    expect(await record(wireRecord('rec_1', { status: 'FAILED', rules }))).toMatchObject({
      state: {
        __typename: 'JobFailed',
        failure: { message: 'Check Business Name: no such business', code: 'CHECK_BUSINESS_NAME' },
      },
    })
  })

  it('costs only the status call when only its status is selected', async () => {
    expect(await record(wireRecord('rec_1', { status: 'RUNNING' }), {}, '{ id status isCancellable }')).toMatchObject({
      status: 'RUNNING',
      isCancellable: true,
    })
    expect(requestLines(fixture.sent().cortex)).toEqual(['GET apps/c/collections/col_1/records/rec_1/status'])
  })

  it('has its validation errors, with numbers in paths and without what was expected', async () => {
    const issue = { code: 'too_small', path: ['documents', 0, 'pages'], message: 'Too few' }
    await open({
      collections: { col_1: [wireRecord('rec_1', { status: 'FAILED' })] },
      errors: { rec_1: [{ key: 'INCOME', message: 'Invalid input', errors: [issue] }] },
    })
    const { data } = await fixture.ask(
      `{ record(by: { ref: { collectionId: "col_1", recordId: "rec_1" } }) {
         status errors { key message errors { code expected received path message } } } }`,
    )
    expect(data.record).toEqual({
      status: 'FAILED',
      errors: [
        {
          key: 'INCOME',
          message: 'Invalid input',
          errors: [
            {
              code: 'too_small',
              expected: null,
              received: null,
              path: ['documents', '0', 'pages'],
              message: 'Too few',
            },
          ],
        },
      ],
    })
    expect(fixture.sent().cortex).toHaveLength(1)
  })

  it('is null without an error where the vendor knows none such', async () => {
    await open({ collections: { col_1: [] } }, { errorBody: 'html' })
    const { data, errors } = await fixture.ask(
      `{ a: record(by: { ref: { collectionId: "col_1", recordId: "no" } }) { name }
         b: record(by: { ref: { collectionId: "col_1", recordId: "no" } }) { status } }`,
    )
    expect({ data, errors }).toEqual({ data: { a: null, b: null }, errors: [] })
  })

  it('has the runs of its rules by every way that leads to one record', async () => {
    await open(
      {
        collections: { col_1: [wireRecord('rec_1')] },
        workflows: { work_1: [wireRun('run_1', { collection_id: 'col_1', record_id: 'rec_1' })] },
      },
      { verboseMatters: true },
    )
    const rules = '{ rules { run { vendorId } } }'
    const id = encodeJobId({ type: 'Record', path: ['c', 'col_1', 'rec_1'] })
    const { data, errors } = await fixture.ask(
      `{ byRef: record(by: { ref: { collectionId: "col_1", recordId: "rec_1" } }) ${rules} byId: record(by: { id: "${id}" }) ${rules}
         node(id: "${id}") { ... on Record ${rules} } job(id: "${id}") { ... on Record ${rules} }
         workflowRun(by: { ref: { workflowId: "work_1", runId: "run_1" } }) { record ${rules} } }`,
    )
    expect(errors).toEqual([])
    const whole = { rules: [{ run: { vendorId: 'run_of_rule' } }] }
    expect(data).toEqual({ byRef: whole, byId: whole, node: whole, job: whole, workflowRun: { record: whole } })
  })
})

describe('a run', () => {
  const OUTPUT = '{ output { key type status vendorStatus output error startedAt endedAt } }'
  const step = {
    status: 'COMPLETED',
    type: 'code',
    output: 1,
    start: Date.parse(timestamp(1)) + 0.25,
    end: Date.parse(timestamp(2)) / 1000,
  }
  const shown = {
    key: 'fetch',
    type: 'code',
    status: 'COMPLETED',
    vendorStatus: 'COMPLETED',
    output: 1,
    error: null,
    startedAt: timestamp(1),
    endedAt: timestamp(2),
  }

  it.each([
    ['an array', [{ key: 'fetch', ...step }], [shown]],
    ['a map', { fetch: { key: 'fetch', ...step } }, [shown]],
    ['a map without keys inside', { fetch: step }, [shown]],
    ['an empty map', {}, []],
    ['null', null, null],
    ['nothing at all', undefined, null],
  ])('has its output as a list where the vendor sends %s', async (_, output, expected) => {
    await open({ workflows: { work_1: [wireRun('run_1', { output })] } })
    const { data, errors } = await fixture.ask(
      `{ workflowRun(by: { ref: { workflowId: "work_1", runId: "run_1" } }) ${OUTPUT} }`,
    )
    expect({ data, errors }).toEqual({ data: { workflowRun: { output: expected } }, errors: [] })
  })

  it('is shown where everything but its id is missing, in the oldest shape of the vendor', async () => {
    await open({ workflows: { work_1: [{ id: 'run_1', status: 'RUNNING' }] } })
    const selection = `{ status isCancellable origin appId workflowId workflowAppId discoverable version input result error
      workflowVersion { id } record { id } retention { maxAgeInSeconds } }`
    const { data, errors } = await fixture.ask(
      `{ workflowRun(by: { ref: { workflowId: "work_1", runId: "run_1" } }) ${selection} }`,
    )
    expect(errors).toEqual([])
    expect(data.workflowRun).toEqual({
      status: 'RUNNING',
      isCancellable: true,
      origin: 'UNKNOWN',
      appId: 'c',
      workflowId: 'work_1',
      workflowAppId: null,
      discoverable: false,
      version: null,
      input: null,
      result: null,
      error: null,
      workflowVersion: null,
      record: null,
      retention: null,
    })
  })

  it('has its data by every way that leads to one run', async () => {
    await open({ workflows: { work_1: [wireRun('run_1')] } }, { verboseMatters: true })
    const data = '{ result input workflowVersion { id } output { key } }'
    const id = encodeJobId({ type: 'WorkflowRun', path: ['c', 'work_1', 'run_1'] })
    const answer = await fixture.ask(
      `{ byRef: workflowRun(by: { ref: { workflowId: "work_1", runId: "run_1" } }) ${data} byId: workflowRun(by: { id: "${id}" }) ${data}
         node(id: "${id}") { ... on WorkflowRun ${data} } nodes(ids: ["${id}"]) { ... on WorkflowRun ${data} }
         job(id: "${id}") { ... on WorkflowRun ${data} } }`,
    )
    const whole = {
      result: { score: 0.7 },
      input: { name: 'x' },
      workflowVersion: { id: 'workv_1' },
      output: [{ key: 'fetch' }],
    }
    expect(answer.data).toEqual({ byRef: whole, byId: whole, node: whole, nodes: [whole], job: whole })
  })

  it('leads to the record that started it', async () => {
    await open({
      collections: { col_1: [wireRecord('rec_1')] },
      workflows: { work_1: [wireRun('run_1', { collection_id: 'col_1', record_id: 'rec_1' })] },
    })
    const { data } = await fixture.ask(
      '{ workflowRun(by: { ref: { workflowId: "work_1", runId: "run_1" } }) { status record { name collectionName } } }',
    )
    expect(data.workflowRun).toEqual({
      status: 'COMPLETED',
      record: { name: 'Important Record', collectionName: 'Loans' },
    })
    expect(fixture.sent().cortex).toHaveLength(2)
  })

  it('of a discoverable workflow is said to be unreadable, without a call', async () => {
    await open({ discoverable: { work_x: [wireRun('run_1')] } })
    const { data, errors } = await fixture.ask(
      '{ workflowRun(by: { ref: { workflowId: "work_x", runId: "run_1", discoverable: true } }) { status } }',
    )
    expect(data).toEqual({ workflowRun: null })
    expect(errors).toMatchObject([{ extensions: { code: 'VENDOR_UNSUPPORTED' } }])
    expect(fixture.sent().cortex).toEqual([])
  })
})

describe('an id, which the vendor calls opaque,', () => {
  async function roundTrip(id: string): Promise<void> {
    await open({ collections: { [`col${id}`]: [wireRecord(id, { status: 'RUNNING' })] } })
    const listed = await fixture.ask('query ($c: ID!) { records(collectionId: $c) { nodes { id vendorId } } }', {
      c: `col${id}`,
    })
    expect(listed.data).toMatchObject({ records: { nodes: [{ vendorId: id }] } })
    const globalId: unknown = listed.data.records.nodes[0].id
    const read = await fixture.ask(
      'query ($id: ID!) { node(id: $id) { ... on Record { vendorId name } } record(by: { id: $id }) { name } }',
      { id: globalId },
    )
    expect(read.data).toEqual({
      node: { vendorId: id, name: 'Important Record' },
      record: { name: 'Important Record' },
    })
    const cancelled = await fixture.ask(
      'mutation ($id: ID!) { cancelRecord(by: { id: $id }) { ... on CancelRecordSuccess { outcome } } }',
      { id: globalId },
    )
    expect(cancelled.data).toEqual({ cancelRecord: { outcome: 'CANCELLED' } })
  }

  it.each(['rec.1', 'rec:1', 'rec~1', 'rec@1', 'rec+1', 'rec=1', '-rec', '_rec', '~rec', '7'])('may be %s', roundTrip)

  /** Those that do not make the round trip. */
  async function unfit(ids: readonly string[]): Promise<string[]> {
    const found: string[] = []
    for (const id of ids) {
      await roundTrip(id).catch(() => found.push(id))
      await fixture.close()
    }
    return found
  }

  it('may hold the characters that a URL allows in a segment as they are', async () => {
    expect(
      await unfit([
        'rec!1',
        'rec$1',
        "rec'1",
        'rec(1)',
        'rec*1',
        'rec,1',
        'rec;1',
        'rec&1',
        '.rec',
        '+rec',
        ':rec',
        '@rec',
        '=rec',
      ]),
    ).toEqual([])
  })

  it('may be a number in the JSON', async () => {
    await open({ collections: { col_1: [wireRecord('x', { id: 42 })] } })
    const { data } = await fixture.ask(
      `{ records(collectionId: "col_1") { nodes { vendorId } }
         record(by: { ref: { collectionId: "col_1", recordId: "42" } }) { vendorId name } }`,
    )
    expect(data).toMatchObject({
      records: { nodes: [{ vendorId: '42' }] },
      record: { vendorId: '42', name: 'Important Record' },
    })
  })

  it.each(['..', '.', 'a/../b', 'a/b', 'a?b'])(
    'that would change the address is refused or sent encoded: %s',
    async (id) => {
      await open({ collections: { col_1: [wireRecord(id)] } })
      await fixture.ask('query ($r: ID!) { record(by: { ref: { collectionId: "col_1", recordId: $r } }) { name } }', {
        r: id,
      })
      for (const { path } of fixture.sent().cortex)
        expect(path).toEqual(['apps', 'c', 'collections', 'col_1', 'records', id])
    },
  )
})
