import { getIntrospectionQuery } from 'graphql'
import { describe, expect, it } from 'vitest'
import { encodeJobId } from '../../../src/job/job-id.js'
import { DEFAULT_LIMITS, type Limits } from '../../../src/server/limits/limits.js'
import { openSandboxedForTest } from '../../support/close-after-test.js'
import { sendOperation, TRANSPORTS, type OperationParams } from '../../support/transports.js'

/** There are so many of them in the sandbox. */
const ID = '00000000-0000-4000-8000-00000000000'
const execution = (number: number) => encodeJobId({ type: 'Execution', path: [`${ID}${number}`] })
const FIRST = `execution(by: { executionId: "${ID}1" })`
const times = (count: number, part: (at: number) => string) =>
  Array.from({ length: count }, (_, at) => part(at)).join(' ')
const nested = (depth: number) => `{ ${FIRST} ${'{ parent '.repeat(depth - 2)}{ id }${' }'.repeat(depth - 2)} }`

interface Edge {
  readonly limit: Partial<Limits>
  readonly says: RegExp
  /** An operation that has just so much of it. */
  readonly of: (size: number) => OperationParams
}

const N = 5
const EDGES: Readonly<Record<string, Edge>> = {
  tokens: {
    limit: { tokens: 20 },
    says: /^The document has more than 20 tokens\. Split it into smaller operations\.$/,
    // Fifteen, and one for each name more.
    of: (size) => ({ query: `{ ${FIRST} { id ${times(size, () => 'id')} } }` }),
  },
  depth: {
    limit: { depth: N },
    says: /^Fields are nested 6 levels deep; the limit is 5\.$/,
    of: (size) => ({ query: nested(size) }),
  },
  aliases: {
    limit: { aliases: N },
    says: /^The operation has 6 aliases; the limit is 5\.$/,
    of: (size) => ({
      query: `{ ${times(size - 1, (at) => `a${at}: __typename`)} x: ${FIRST} { id } }`,
    }),
  },
  'aliases in fragments, which count wherever these are spread': {
    limit: { aliases: N },
    says: /^The operation has 6 aliases; the limit is 5\.$/,
    of: (size) => ({
      query: `{ ${FIRST} { ...A ...A ${size > N ? 'last: id' : ''} id } x: __typename } fragment A on Execution { ...B } fragment B on Execution { n: name s: status }`,
    }),
  },
  directives: {
    limit: { directives: N },
    says: /^The operation has 6 directives; the limit is 5\.$/,
    of: (size) => ({
      query: `{ ${FIRST} { id ${times(size - 2, () => 'id @include(if: true)')} ...F @skip(if: false) } } fragment F on Execution { ... @include(if: true) { id } }`,
    }),
  },
  'root fields': {
    limit: { rootFields: N },
    says: /^The operation has 6 root fields; the limit is 5\.$/,
    of: (size) => ({
      query: `{ ...A ... { b: __typename } ${times(size - 4, (at) => `c${at}: __typename`)} } fragment A on Query { ...B ...B x: ${FIRST} { id } } fragment B on Query { __typename }`,
    }),
  },
  'cost, with the length of a variable': {
    limit: { cost: 2 * N },
    says: /^This could take 12 vendor requests; the limit is 10\. Ask for fewer jobs at a time\.$/,
    of: (size) => ({
      query: 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }',
      variables: { ids: Array.from({ length: size }, (_, at) => execution(at + 1)) },
    }),
  },
  'cost, with the default of a variable': {
    limit: { cost: 5 + 2 * N },
    says: /^This could take 17 vendor requests; the limit is 15\./,
    of: (size) => ({ query: `query ($n: Int = ${size}) { executions(first: $n) { nodes { parent { id } } } }` }),
  },
  'cost, in nested fragments': {
    limit: { cost: 5 + 2 * N },
    says: /^This could take 17 vendor requests; the limit is 15\./,
    of: (size) => ({
      query: `{ executions(first: ${size}) { ...A } } fragment A on ExecutionConnection { edges { ...B } } fragment B on ExecutionEdge { node { ... { ...C } } } fragment C on Execution { parent { id } }`,
    }),
  },
}

describe('an operation', () => {
  for (const [what, { limit, says, of }] of Object.entries(EDGES))
    it.each(TRANSPORTS)(`may be as large as the limit of ${what} and no larger, by %s`, async (way) => {
      const gateway = await openSandboxedForTest({ gateway: { limits: limit } })
      const passed = await sendOperation(gateway, way, of(N))
      expect(passed.errors).toBeUndefined()
      gateway.takeRequests()
      const { status, data, errors } = await sendOperation(gateway, way, of(N + 1))
      expect(errors?.map(({ message }) => message)).toEqual([expect.stringMatching(says)])
      expect(errors![0]!.extensions).toEqual({ code: 'BAD_INPUT' })
      expect(data).toBeUndefined()
      expect(gateway.takeRequests()).toEqual({ cortex: [], kodexa: [] })
      if (way === 'POST') expect(status).toBe(400)
    })

  it.each(TRANSPORTS.filter((way) => way !== 'GET'))(
    'may cancel as many jobs as the limit and no more, by %s',
    async (way) => {
      const gateway = await openSandboxedForTest({ gateway: { limits: { cancels: N } } })
      const of = (size: number): OperationParams => ({
        query: `mutation ($ids: [ID!]!) { a: cancelJobs(ids: $ids) { id } ...C } fragment C on Mutation { cancelExecution(by: { executionId: "${ID}9" }) { __typename } b: cancelJobs(ids: "${execution(1)}") { id } }`,
        variables: { ids: Array.from({ length: size - 2 }, (_, at) => execution(at + 2)) },
      })
      expect((await sendOperation(gateway, way, of(N))).errors).toBeUndefined()
      gateway.takeRequests()
      const { errors } = await sendOperation(gateway, way, of(N + 1))
      expect(errors).toMatchObject([
        { message: 'This would cancel 6 jobs; the limit is 5 at a time.', extensions: { code: 'BAD_INPUT' } },
      ])
      expect(gateway.takeRequests()).toEqual({ cortex: [], kodexa: [] })
    },
  )

  it.each(['SSE', 'WebSocket'] as const)('that subscribes is measured before it begins, by %s', async (way) => {
    const gateway = await openSandboxedForTest({ gateway: { limits: { cost: 10 } } })
    const of = (size: number): OperationParams => ({
      query: 'subscription ($ids: [ID!]!) { jobsUpdated(ids: $ids) { id } }',
      variables: { ids: Array.from({ length: size }, (_, at) => execution(at + 1)) },
    })
    expect((await sendOperation(gateway, way, of(6))).errors).toMatchObject([{ extensions: { code: 'BAD_INPUT' } }])
    expect(gateway.takeRequests()).toEqual({ cortex: [], kodexa: [] })
    expect((await sendOperation(gateway, way, of(5))).errors?.[0]?.extensions?.code).not.toBe('BAD_INPUT')
    expect(gateway.takeRequests().kodexa).not.toEqual([])
  })

  it('is measured by itself, whatever else its document has, and the others for their form', async () => {
    const gateway = await openSandboxedForTest({ gateway: { limits: { cost: 2, aliases: 1 } } })
    const dear = 'query Dear { nodes(ids: ["a", "b"]) { id } }'
    const cheap = 'query Cheap { node(id: "a") { id } }'
    const both = await sendOperation(gateway, 'POST', { query: `${dear} ${cheap}`, operationName: 'Cheap' })
    expect(both.errors).toMatchObject([{ path: ['node'] }])
    const other = await sendOperation(gateway, 'POST', { query: `${cheap} ${dear}`, operationName: 'Dear' })
    expect(other.errors).toMatchObject([{ message: expect.stringContaining('This could take 4') }])
    const aliased = 'query Other { a: __typename b: __typename }'
    const form = await sendOperation(gateway, 'POST', { query: `${cheap} ${aliased}`, operationName: 'Cheap' })
    expect(form.errors).toMatchObject([{ message: 'The operation has 2 aliases; the limit is 1.' }])
  })

  it('is not begun with a variable that cannot be measured, not even what could be', async () => {
    const gateway = await openSandboxedForTest()
    const { data, errors } = await sendOperation(gateway, 'POST', {
      query: 'query ($ids: [ID!] = []) { nodes(ids: $ids) { id } executions { nodes { id } } }',
      variables: { ids: null },
    })
    expect(data).toBeUndefined()
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_INPUT' } }])
    expect(gateway.takeRequests()).toEqual({ cortex: [], kodexa: [] })
  })

  it.each([
    ['a fragment that spreads itself', '{ vendors { ...A } } fragment A on VendorHealth { mode ...A }'],
    [
      'fragments that spread each other',
      '{ vendors { ...A } } fragment A on VendorHealth { ...B ...B } fragment B on VendorHealth { ...A ...A }',
    ],
    ['a fragment that is not there', '{ vendors { ...A } }'],
    ['parts that are to come later', '{ vendors { mode ... @defer { circuit } } }'],
    ['a list that is to come in parts', '{ vendors @stream(initialCount: 1) { mode } }'],
  ])('is refused with %s', async (_what, query) => {
    const gateway = await openSandboxedForTest()
    const { status, errors } = await sendOperation(gateway, 'POST', { query })
    expect(status).toBe(400)
    expect(errors?.map(({ extensions }) => extensions?.code)).not.toContain('INTERNAL')
  })

  it('may not bring company', async () => {
    const { gateway, takeRequests } = await openSandboxedForTest()
    const body = JSON.stringify([{ query: '{ jobs { nodes { id } } }' }])
    const headers = { 'content-type': 'application/json' }
    const response = await gateway.fetch(new Request('http://gateway.test/graphql', { method: 'POST', headers, body }))
    expect([response.status, await response.json()]).toMatchObject([
      400,
      { errors: [{ message: 'Batching is not supported.' }] },
    ])
    expect(takeRequests()).toEqual({ cortex: [], kodexa: [] })
  })
})

describe('the defaults', () => {
  it('leave room for those who ask for the schema', async () => {
    const gateway = await openSandboxedForTest()
    const everything = { specifiedByUrl: true, directiveIsRepeatable: true, inputValueDeprecation: true, oneOf: true }
    for (const query of [
      getIntrospectionQuery(),
      getIntrospectionQuery({ ...everything, schemaDescription: true }),
      '{ __type(name: "Job") { name fields { name type { name ofType { name ofType { name ofType { name } } } } } } }',
    ])
      expect((await sendOperation(gateway, 'POST', { query })).errors).toBeUndefined()
  })

  it('are strict', () => {
    expect(DEFAULT_LIMITS).toEqual({
      bodyBytes: 1_000_000,
      tokens: 1000,
      depth: 10,
      aliases: 30,
      directives: 8,
      rootFields: 20,
      cost: 1000,
      cancels: 100,
      operationsPerMinute: 600,
    })
  })
})
