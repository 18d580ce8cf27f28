import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { encodeJobId } from '../../src/job/job-id.js'
import { openGateway, type GraphQLAnswer, type TestGateway } from '../support/gateway.js'
import { cortexAt, json, kodexaAt, startScriptedVendor, type ScriptedVendor } from '../support/scripted-vendor.js'

let cortex: ScriptedVendor
let kodexa: ScriptedVendor
let gateway: TestGateway
beforeAll(async () => {
  // Every id that gets through is one that the vendor does not know.
  cortex = await startScriptedVendor(json(404, { status: 404, message: 'Not found' }))
  kodexa = await startScriptedVendor(json(404, { message: 'Not found' }))
  gateway = openGateway((log) => [cortexAt(cortex.url, {}, { log }), kodexaAt(kodexa.url, {}, { log })])
})
afterAll(async () => {
  await gateway.close()
  await Promise.all([cortex.close(), kodexa.close()])
})

let before = 0
const sent = () => cortex.requests.length + kodexa.requests.length - before
afterEach(() => {
  before += sent()
  expect(gateway.lines.filter(({ level }) => level === 'error')).toEqual([])
})

/** What every refusal has in common; `what` names it where several are tried in one test. */
function expectRejected({ status, errors, text }: GraphQLAnswer<unknown>, what?: string): void {
  expect([status, errors.map(({ extensions }) => extensions)], what).toEqual([200, [{ code: 'BAD_INPUT' }]])
  expect(text, what).not.toMatch(/node_modules|\/src\/|"stack/)
  expect(sent(), what).toBe(0)
}

function expectInvalid({ status, errors, data }: GraphQLAnswer<unknown>): void {
  expect(status).toBe(200)
  expect(errors.length).toBeGreaterThan(0)
  expect(data ?? null).toBeNull()
  for (const { extensions } of errors) expect(extensions?.code).not.toBe('INTERNAL')
  expect(sent()).toBe(0)
}

/** Every place where a caller writes a vendor's own id. */
const VENDOR_ID_ARGUMENTS: Record<string, string> = {
  'record by appId':
    'query ($id: ID!) { record(by: { ref: { appId: $id, collectionId: "a", recordId: "a" } }) { id name } }',
  'record by collectionId':
    'query ($id: ID!) { record(by: { ref: { collectionId: $id, recordId: "a" } }) { id name } }',
  'record by recordId': 'query ($id: ID!) { record(by: { ref: { collectionId: "a", recordId: $id } }) { id name } }',
  'the status alone of a record':
    'query ($id: ID!) { record(by: { ref: { collectionId: "a", recordId: $id } }) { status errors { key } } }',
  'records of appId': 'query ($id: ID!) { records(appId: $id, collectionId: "a") { nodes { id } } }',
  'records of collectionId': 'query ($id: ID!) { records(collectionId: $id) { nodes { id } } }',
  'records with tagIds': 'query ($id: ID!) { records(collectionId: "a", tagIds: ["a", $id]) { nodes { id } } }',
  'workflowRun by appId':
    'query ($id: ID!) { workflowRun(by: { ref: { appId: $id, workflowId: "a", runId: "a" } }) { id } }',
  'workflowRun by workflowId': 'query ($id: ID!) { workflowRun(by: { ref: { workflowId: $id, runId: "a" } }) { id } }',
  'workflowRun by runId': 'query ($id: ID!) { workflowRun(by: { ref: { workflowId: "a", runId: $id } }) { id } }',
  'workflowRuns of appId': 'query ($id: ID!) { workflowRuns(appId: $id, workflowId: "a") { nodes { id } } }',
  'workflowRuns of workflowId': 'query ($id: ID!) { workflowRuns(workflowId: $id) { nodes { id } } }',
  'execution by executionId': 'query ($id: ID!) { execution(by: { executionId: $id }) { id } }',
  'executions of assistantId': 'query ($id: ID!) { executions(assistantId: $id) { nodes { id } } }',
  'executions of documentFamilyId': 'query ($id: ID!) { executions(documentFamilyId: $id) { nodes { id } } }',
  'jobs of cortexCollectionIds':
    'query ($id: ID!) { jobs(filter: { cortexCollectionIds: ["a", $id] }) { nodes { id } } }',
  'jobs of cortexWorkflowIds': 'query ($id: ID!) { jobs(filter: { cortexWorkflowIds: ["a", $id] }) { nodes { id } } }',
  'cancelRecord by appId':
    'mutation ($id: ID!) { cancelRecord(by: { ref: { appId: $id, collectionId: "a", recordId: "a" } }) { __typename } }',
  'cancelRecord by collectionId':
    'mutation ($id: ID!) { cancelRecord(by: { ref: { collectionId: $id, recordId: "a" } }) { __typename } }',
  'cancelRecord by recordId':
    'mutation ($id: ID!) { cancelRecord(by: { ref: { collectionId: "a", recordId: $id } }) { __typename } }',
  'cancelWorkflowRun by appId':
    'mutation ($id: ID!) { cancelWorkflowRun(by: { ref: { appId: $id, workflowId: "a", runId: "a" } }) { __typename } }',
  'cancelWorkflowRun by workflowId':
    'mutation ($id: ID!) { cancelWorkflowRun(by: { ref: { workflowId: $id, runId: "a" } }) { __typename } }',
  'cancelWorkflowRun by runId':
    'mutation ($id: ID!) { cancelWorkflowRun(by: { ref: { workflowId: "a", runId: $id } }) { __typename } }',
  'cancelWorkflowRun of a discoverable one':
    'mutation ($id: ID!) { cancelWorkflowRun(by: { ref: { workflowId: $id, runId: "a", discoverable: true } }) { __typename } }',
  'cancelExecution by executionId': 'mutation ($id: ID!) { cancelExecution(by: { executionId: $id }) { __typename } }',
}

/** Every place where a caller writes an id that the gateway gave out. */
const GLOBAL_ID_ARGUMENTS: Record<string, string> = {
  record: 'query ($id: ID!) { record(by: { id: $id }) { id name } }',
  workflowRun: 'query ($id: ID!) { workflowRun(by: { id: $id }) { id } }',
  execution: 'query ($id: ID!) { execution(by: { id: $id }) { id } }',
  node: 'query ($id: ID!) { node(id: $id) { id } }',
  nodes: 'query ($id: ID!) { nodes(ids: [$id]) { id } }',
  job: 'query ($id: ID!) { job(id: $id) { id } }',
  cancelRecord: 'mutation ($id: ID!) { cancelRecord(by: { id: $id }) { __typename } }',
  cancelWorkflowRun: 'mutation ($id: ID!) { cancelWorkflowRun(by: { id: $id }) { __typename } }',
  cancelExecution: 'mutation ($id: ID!) { cancelExecution(by: { id: $id }) { __typename } }',
}

const UNSAFE_IDS: Record<string, string> = {
  'two dots': '..',
  'a dot': '.',
  nothing: '',
  'a space': ' ',
  'a slash': 'a/b',
  'a way up': '../../admin',
  'encoded dots': '%2e%2e',
  'an encoded slash': 'a%2fb',
  'a query': 'x?y',
  'a fragment': 'x#y',
  'a backslash': 'a\\b',
  'a line break': 'a\r\nx-header: 1',
  'a NUL': 'a\0',
  'a quote and spaces': "a' or '1'='1",
  'another host': '//evil.test',
  'ten kilobytes': 'x'.repeat(10_240),
}

const EXECUTION_ID = encodeJobId({ type: 'Execution', path: ['exec_1'] })
const RECORD_ID = encodeJobId({ type: 'Record', path: ['c', 'col_1', 'rec_1'] })
const RUN_ID = encodeJobId({ type: 'WorkflowRun', path: ['c', 'work_1', 'run_1'] })
const base64url = (text: string) => Buffer.from(text).toString('base64url')

const FORGED_IDS: Record<string, string> = {
  'an address with two dots': base64url('Execution:..'),
  'an address with a query': base64url('Execution:a?b'),
  'an execution of two parts': base64url('Execution:a/b'),
  'an execution of no part': base64url('Execution:'),
  'a record of two parts': base64url('Record:c/rec_1'),
  'a record of four parts': base64url('Record:c/col_1/rec_1/x'),
  'a record with a way up': base64url('Record:c/../rec_1'),
  'a run of two parts': base64url('WorkflowRun:work_1/run_1'),
  'a run with a strange mark': base64url('WorkflowRun:c/work_1/run_1/public'),
  'a run of five parts': base64url('WorkflowRun:c/work_1/run_1/discover/x'),
  'a type that nobody has': base64url('Invoice:a'),
  'a type of the schema that is no job': base64url('Query:a'),
  'a type in lower case': base64url('execution:a'),
  'a padded id': `${EXECUTION_ID}=`,
  'an id with white space': `${EXECUTION_ID} `,
  "a vendor's own id": 'rec_1',
}

describe("a vendor's own id", () => {
  it.each(Object.entries(VENDOR_ID_ARGUMENTS))('is checked in %s', async (_where, query) => {
    for (const [what, id] of Object.entries(UNSAFE_IDS)) expectRejected(await gateway.query(query, { id }), what)
    await gateway.query(query, { id: 'id_1' })
    expect(sent()).toBeGreaterThan(0)
  })
})

describe('an id that this gateway gave out', () => {
  it.each(Object.entries(GLOBAL_ID_ARGUMENTS))('is checked in %s', async (_where, query) => {
    for (const [what, id] of Object.entries({ ...UNSAFE_IDS, ...FORGED_IDS }))
      expectRejected(await gateway.query(query, { id }), what)
  })
})

describe("another type's id", () => {
  const foreign: [string, string, string][] = [
    ['record', 'an execution', EXECUTION_ID],
    ['record', 'a run', RUN_ID],
    ['workflowRun', 'an execution', EXECUTION_ID],
    ['workflowRun', 'a record', RECORD_ID],
    ['execution', 'a record', RECORD_ID],
    ['execution', 'a run', RUN_ID],
    ['cancelRecord', 'an execution', EXECUTION_ID],
    ['cancelRecord', 'a run', RUN_ID],
    ['cancelWorkflowRun', 'an execution', EXECUTION_ID],
    ['cancelWorkflowRun', 'a record', RECORD_ID],
    ['cancelExecution', 'a record', RECORD_ID],
    ['cancelExecution', 'a run', RUN_ID],
  ]
  it.each(foreign)('given to %s is refused: the id of %s', async (where, _what, id) => {
    const answer = await gateway.query(GLOBAL_ID_ARGUMENTS[where]!, { id })
    expectRejected(answer)
    expect(answer.errors[0]?.message).toMatch(/^This is the id of a \w+, not of a \w+\.$/)
  })
})

describe('several ids at once', () => {
  it('nodes refuses 101 of them as a whole', async () => {
    const answer = await gateway.query('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', {
      ids: Array.from({ length: 101 }, () => EXECUTION_ID),
    })
    expectRejected(answer)
    expect(answer.data).toBeNull()
  })

  it('nodes takes 100 of them', async () => {
    const { data, errors } = await gateway.query('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', {
      ids: Array.from({ length: 100 }, () => EXECUTION_ID),
    })
    expect(errors).toEqual([])
    expect(data.nodes).toHaveLength(100)
  })

  it('nodes takes none of them', async () => {
    expect((await gateway.query('{ nodes(ids: []) { id } }')).data).toEqual({ nodes: [] })
    expect(sent()).toBe(0)
  })

  it('nodes refuses each bad one for itself, in its place', async () => {
    const { status, data, errors } = await gateway.query('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', {
      ids: ['..', base64url('Execution:..'), base64url('Invoice:a')],
    })
    expect(status).toBe(200)
    expect(data).toEqual({ nodes: [null, null, null] })
    expect(errors.map(({ path, extensions }) => [path, extensions])).toEqual(
      [0, 1, 2].map((at) => [['nodes', at], { code: 'BAD_INPUT' }]),
    )
    expect(sent()).toBe(0)
  })

  it.each([0, 101])('cancelJobs refuses %i of them as a whole', async (count) => {
    expectRejected(
      await gateway.query('mutation ($ids: [ID!]!) { cancelJobs(ids: $ids) { id } }', {
        ids: Array.from({ length: count }, () => EXECUTION_ID),
      }),
    )
  })

  it('cancelJobs says of each bad one what is wrong with it', async () => {
    const ids = [...Object.values(UNSAFE_IDS), ...Object.values(FORGED_IDS)]
    const query =
      'mutation ($ids: [ID!]!) { cancelJobs(ids: $ids) { id job { id } outcome error { __typename code } } }'
    const { status, data, errors } = await gateway.query(query, { ids })
    expect([status, errors]).toEqual([200, []])
    expect(data.cancelJobs).toEqual(
      ids.map((id) => ({ id, job: null, outcome: null, error: { __typename: 'BadInputError', code: 'BAD_INPUT' } })),
    )
    expect(sent()).toBe(0)
  })
})

const LISTS: Record<string, string> = {
  records:
    'query ($first: Int, $after: String) { records(collectionId: "a", first: $first, after: $after) { pageInfo { endCursor } } }',
  workflowRuns:
    'query ($first: Int, $after: String) { workflowRuns(workflowId: "a", first: $first, after: $after) { pageInfo { endCursor } } }',
  executions:
    'query ($first: Int, $after: String) { executions(first: $first, after: $after) { pageInfo { endCursor } } }',
  jobs: 'query ($first: Int, $after: String) { jobs(first: $first, after: $after) { pageInfo { endCursor } } }',
}

/** The same lists of something else. */
const OTHER_LISTS: Record<string, string> = {
  'records of another collection':
    'query ($first: Int, $after: String) { records(collectionId: "b", first: $first, after: $after) { pageInfo { endCursor } } }',
  'records in another state':
    'query ($first: Int, $after: String) { records(collectionId: "a", status: [RUNNING], first: $first, after: $after) { pageInfo { endCursor } } }',
  'runs of another workflow':
    'query ($first: Int, $after: String) { workflowRuns(workflowId: "b", first: $first, after: $after) { pageInfo { endCursor } } }',
  'executions of an assistant':
    'query ($first: Int, $after: String) { executions(assistantId: "a", first: $first, after: $after) { pageInfo { endCursor } } }',
  'executions by a filter':
    'query ($first: Int, $after: String) { executions(filter: "priority > 5", first: $first, after: $after) { pageInfo { endCursor } } }',
}

/** The cursor behind the first item of each list, as the gateway gives it out. */
async function collectCursors(): Promise<Record<string, string>> {
  const item = { id: 'id_1', status: 'RUNNING', assistantId: 'a', createdOn: '2026-03-01T12:00:00Z' }
  cortex.answer(json(200, [item], { 'pagination-count': '9', 'pagination-take': '1' }))
  kodexa.answer(json(200, { content: [item], totalElements: 9, size: 1, last: false }))
  const cursors: Record<string, string> = {}
  for (const [name, query] of Object.entries({ ...LISTS, ...OTHER_LISTS })) {
    const { data, errors } = await gateway.query(query, { first: 1 })
    expect(errors).toEqual([])
    const lists: Readonly<Record<string, { pageInfo: { endCursor: string } }>> = data
    cursors[name] = Object.values(lists)[0]!.pageInfo.endCursor
    expect(cursors[name]).toMatch(/^[\w-]+$/)
  }
  cortex.answer(json(404, { status: 404, message: 'Not found' }))
  kodexa.answer(json(404, { message: 'Not found' }))
  before += sent()
  return cursors
}

describe.each(Object.entries(LISTS))('the list of %s', (list, query) => {
  it.each([0, -1, 101, 2_147_483_647, -2_147_483_648])('refuses first: %i', async (first) => {
    expectRejected(await gateway.query(query, { first }))
  })

  it.each([2_147_483_648, 1.5, '10', true, [101]])('does not take for a number: %j', async (first) => {
    expectInvalid(await gateway.query(query, { first }))
  })

  it('refuses every cursor but its own', async () => {
    const { [list]: own, ...others } = await collectCursors()
    const junk = {
      nothing: '',
      garbage: 'garbage',
      'no base64': '§§§',
      'a number': '2',
      "a job's id": EXECUTION_ID,
      'ten kilobytes': 'A'.repeat(10_240),
    }
    for (const [what, after] of Object.entries({ ...others, ...junk }))
      expectRejected(await gateway.query(query, { after }), what)
    await gateway.query(query, { after: own })
    expect(sent()).toBeGreaterThan(0)
  })
})

describe('a forged cursor', () => {
  it.each([101, 999])('does not make a vendor send pages of %i, larger than anybody may ask for', async (size) => {
    const { records } = await collectCursors()
    const [mark] = Buffer.from(records!, 'base64url').toString().split(':')
    for (const numbers of [`0:${size}`, `${size}:${size}`])
      await gateway.query(LISTS.records!, { first: 100, after: base64url(`${mark}:${numbers}`) })
    const takes = cortex.requests
      .slice(-sent())
      .map((line) => Number(new URL(line.split(' ')[1]!, cortex.url).searchParams.get('take')))
    expect(sent()).toBeGreaterThan(0)
    expect(Math.max(...takes)).toBeLessThanOrEqual(100)
  })
})

describe('further arguments', () => {
  it('workflowRuns cannot be asked for runs of unknown origin', async () => {
    expectRejected(await gateway.query('{ workflowRuns(workflowId: "a", origin: UNKNOWN) { nodes { id } } }'))
  })

  it.each([
    ['a line break', 'a\nb'],
    ['a NUL', 'a\0'],
    ['a DEL', 'a\u007f'],
    ['2001 characters', 'x'.repeat(2001)],
  ])('executions refuses a filter with %s', async (_what, filter) => {
    expectRejected(
      await gateway.query('query ($filter: String) { executions(filter: $filter) { nodes { id } } }', { filter }),
    )
  })

  it.each(['{ children(first: 0) { nodes { id } } }', '{ children(after: "garbage") { nodes { id } } }'])(
    'children is refused by itself: %s',
    async (selection) => {
      kodexa.answer(json(200, { id: 'exec_1', status: 'RUNNING' }))
      const { status, data, errors } = await gateway.query(
        `{ execution(by: { executionId: "exec_1" }) ${selection.replace('{', '{ vendorId')} }`,
      )
      kodexa.answer(json(404, { message: 'Not found' }))
      expect(status).toBe(200)
      expect(data).toEqual({ execution: { vendorId: 'exec_1', children: null } })
      expect(errors).toMatchObject([{ path: ['execution', 'children'], extensions: { code: 'BAD_INPUT' } }])
      expect(sent()).toBe(1)
    },
  )
})

describe('an operation that GraphQL itself refuses', () => {
  const by = ['record', 'workflowRun', 'execution', 'cancelRecord', 'cancelWorkflowRun', 'cancelExecution'].map(
    (field): [string, string, string] => {
      const kind = field.startsWith('cancel') ? 'mutation' : 'query'
      const type = field.replace(/^cancel/, '').replace(/^./, (letter) => letter.toUpperCase())
      return [field, type, kind]
    },
  )
  const other: Record<string, object | string> = {
    Record: { ref: { collectionId: 'a', recordId: 'a' } },
    WorkflowRun: { ref: { workflowId: 'a', runId: 'a' } },
    Execution: { executionId: 'a' },
  }

  it.each(by)('%s by none of its ways', async (field, type, kind) => {
    expectInvalid(await gateway.query(`${kind} ($by: ${type}By!) { ${field}(by: $by) { __typename } }`, { by: {} }))
    expectInvalid(await gateway.query(`${kind} { ${field}(by: {}) { __typename } }`))
  })

  it.each(by)('%s by both of its ways', async (field, type, kind) => {
    expectInvalid(
      await gateway.query(`${kind} ($by: ${type}By!) { ${field}(by: $by) { __typename } }`, {
        by: { id: 'a', ...(other[type] as object) },
      }),
    )
  })

  it.each(by)('%s by a way that is null', async (field, type, kind) => {
    expectInvalid(
      await gateway.query(`${kind} ($by: ${type}By!) { ${field}(by: $by) { __typename } }`, { by: { id: null } }),
    )
    const { status, data, errors } = await gateway.query(
      `${kind} ($id: ID) { ${field}(by: { id: $id }) { __typename } }`,
      { id: null },
    )
    expect([status, data?.[field] ?? null, sent()]).toEqual([200, null, 0])
    expect(errors).toHaveLength(1)
    expect(errors[0]?.message).toMatch(/"by"|"id"|"\$id"/)
    expect(errors[0]?.extensions?.code).not.toBe('INTERNAL')
  })

  it.each(by)('%s without any argument', async (field, _type, kind) => {
    expectInvalid(await gateway.query(`${kind} { ${field} { __typename } }`))
  })

  it.each([
    ['a field that is none', '{ nothing }'],
    ['no operation', ''],
    ['half an operation', '{ jobs {'],
    ['a status that is none', '{ records(collectionId: "a", status: [DONE]) { nodes { id } } }'],
    ['a vendor that is none', '{ jobs(filter: { vendors: [ACME] }) { nodes { id } } }'],
    ['an object for an id', '{ node(id: { a: 1 }) { id } }'],
    ['null for an id', '{ node(id: null) { id } }'],
    ['null among ids', '{ nodes(ids: [null]) { id } }'],
  ])('with %s', async (_what, query) => {
    const answer = await gateway.query(query)
    expect([200, 400]).toContain(answer.status)
    expect(answer.errors.length).toBeGreaterThan(0)
    expect(answer.data ?? null).toBeNull()
    expect(sent()).toBe(0)
  })
})

describe('any text as an id', () => {
  const isSafe = (id: string) => /^[A-Za-z0-9._~!$&'()*+,;=:@-]{1,200}$/.test(id) && id !== '.' && id !== '..'
  const nasty = fc.constantFrom(
    '.',
    '..',
    '/',
    '\\',
    '%',
    '%2e',
    '%2f',
    '?',
    '#',
    '&',
    ';',
    ':',
    '@',
    ' ',
    '\t',
    '\r\n',
    '\0',
    "'",
    '"',
    'é',
    '\u2028',
    '\ud800',
    'a',
    '0',
  )
  const anyId = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 210 }),
    fc.array(nasty, { maxLength: 8 }).map((pieces) => pieces.join('')),
    fc.stringMatching(/^[A-Za-z0-9._~!$&'()*+,;=:@-]{0,210}$/),
  )

  it('is refused before anything is sent, or sent in the place of an id', { timeout: 60_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...Object.values(VENDOR_ID_ARGUMENTS)), anyId, async (query, id) => {
        const marks = [cortex.requests.length, kodexa.requests.length]
        const { status, text, errors } = await gateway.query(query, { id })
        const urls = [...cortex.requests.slice(marks[0]), ...kodexa.requests.slice(marks[1])].map(
          (line) => new URL(line.split(' ')[1]!, 'http://vendor.test'),
        )
        expect(status).toBe(200)
        expect(text).not.toContain('INTERNAL')
        if (!isSafe(id)) {
          expect(errors.map(({ extensions }) => extensions?.code)).toEqual(['BAD_INPUT'])
          expect(urls).toEqual([])
          return
        }
        expect(urls.length).toBeGreaterThan(0)
        // An id that nobody knows may make the gateway look at a second place, but never at another kind of place.
        for (const url of urls)
          expect(url.pathname).toMatch(
            /^\/(apps\/[^/]+\/(collections|workflows(\/discover)?)\/[^/]+\/(records|runs)(\/[^/]+(\/status|\/cancel)?)?|api\/executions(\/[^/]+(\/cancel)?)?)$/,
          )
        // A filter writes a quote with a backslash before it.
        expect(urls.some((url) => decodeURIComponent(url.href).replaceAll("\\'", "'").includes(id))).toBe(true)
      }),
      { numRuns: 500 },
    )
  })

  it('and as a global id is refused before anything is sent', { timeout: 60_000 }, async () => {
    const forged = fc
      .tuple(fc.constantFrom('Execution:', 'Record:c/', 'WorkflowRun:c/work_1/', ''), anyId)
      .map(([head, tail]) => base64url(head + tail))
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...Object.values(GLOBAL_ID_ARGUMENTS)),
        fc.oneof(anyId, forged),
        async (query, id) => {
          const marks = sent()
          const { status, text, errors } = await gateway.query(query, { id })
          expect(status).toBe(200)
          expect(text).not.toContain('INTERNAL')
          const address = Buffer.from(id, 'base64url').toString()
          const parts = address.slice(address.indexOf(':') + 1).split('/')
          if (parts.every(isSafe) && errors.length === 0) return
          expect(errors.map(({ extensions }) => extensions?.code)).toEqual(['BAD_INPUT'])
          expect(sent()).toBe(marks)
        },
      ),
      { numRuns: 500 },
    )
  })

  it('and as a cursor is refused before anything is sent', { timeout: 60_000 }, async () => {
    const cursor = fc.oneof(
      anyId,
      anyId.map(base64url),
      anyId.map((text) => base64url(`records:${text}`)),
      anyId.map((text) => base64url(`jobs:5:${text}`)),
    )
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...Object.values(LISTS)), cursor, async (query, after) => {
        const marks = sent()
        const { status, text, errors } = await gateway.query(query, { after })
        expect(status).toBe(200)
        expect(text).not.toContain('INTERNAL')
        if (errors.some(({ extensions }) => extensions?.code === 'BAD_INPUT')) expect(sent()).toBe(marks)
      }),
      { numRuns: 300 },
    )
  })
})
