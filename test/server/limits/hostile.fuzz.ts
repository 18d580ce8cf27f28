import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openSandboxedGateway, type SandboxedGateway } from '../../support/sandboxes.js'

let sandboxed: SandboxedGateway
beforeAll(async () => {
  sandboxed = await openSandboxedGateway()
})
afterAll(() => sandboxed.close())

/** Long enough for a busy machine, and nothing to what a document without limits would take. */
const AT_MOST_MS = 2000

async function send(body: string): Promise<{ status: number; text: string; ms: number }> {
  const start = performance.now()
  const response = await sandboxed.gateway.fetch(
    new Request('http://gateway.test/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json' },
      body,
    }),
  )
  return { status: response.status, text: await response.text(), ms: performance.now() - start }
}

/** What holds of every answer, whatever was sent. */
async function expectCalm(query: unknown, variables?: unknown): Promise<void> {
  const { status, text, ms } = await send(JSON.stringify({ query, variables }))
  expect(status).toBeLessThan(500)
  expect(text).not.toMatch(/"INTERNAL"|originalError|node_modules|RangeError|TypeError/)
  expect(ms).toBeLessThan(AT_MOST_MS)
  expect(sandboxed.lines.filter(({ level }) => level === 'error')).toEqual([])
}

const word = fc.constantFrom(
  ...['jobs', 'nodes', 'node', 'edges', 'id', 'parent', 'children', 'record', 'rules', 'run', '__schema', '__type'],
  ...['__typename', 'types', 'fields', 'type', 'ofType', 'execution', 'state', 'a: id', 'a', 'vendors', 'errors'],
)
const names = ['A', 'B', 'C', 'D']
const args = fc.constantFrom(
  '',
  '',
  '(first: 100)',
  '(first: $n)',
  '(first: -1)',
  '(id: $id)',
  '(ids: $ids)',
  '(by: {})',
)
const directive = fc.constantFrom('', '', '', '@include(if: true)', '@skip(if: $b)', '@defer', '@a', '@skip')
const { selections } = fc.letrec<{ selections: string; selection: string }>((tie) => ({
  selection: fc.oneof(
    { depthSize: 'small' },
    fc.tuple(word, args, directive).map((parts) => parts.join(' ')),
    fc.constantFrom(...names).map((name) => `...${name}`),
    fc.tuple(word, args, directive, tie('selections')).map((parts) => parts.join(' ')),
    fc
      .tuple(fc.constantFrom('', 'on Query', 'on Job', 'on Execution', 'on Nothing'), tie('selections'))
      .map(([type, set]) => `... ${type} ${set}`),
  ),
  selections: fc.array(tie('selection'), { minLength: 1, maxLength: 4 }).map((list) => `{ ${list.join(' ')} }`),
}))
const fragments = fc
  .array(fc.tuple(fc.constantFrom('Query', 'Job', 'Execution', 'Record', 'Node', 'Mutation'), selections), {
    maxLength: 4,
  })
  .map((list) => list.map(([type, set], at) => `fragment ${names[at]} on ${type} ${set}`).join('\n'))
const head = fc.constantFrom(
  '',
  'query',
  'mutation',
  'subscription',
  'query Q($n: Int, $id: ID!, $ids: [ID!]! = [], $b: Boolean! = true)',
)
const json = fc.jsonValue({ maxDepth: 4 })

describe('whatever is sent', () => {
  it('is answered, in time and without a word of what went wrong inside: documents', () =>
    fc.assert(
      fc.asyncProperty(head, selections, fragments, json, async (start, set, rest, variables) => {
        await expectCalm(`${start} ${set} ${rest}`, variables)
      }),
      { numRuns: 400 },
    ))

  it('is answered, in time and without a word of what went wrong inside: variables', () =>
    fc.assert(
      fc.asyncProperty(json, json, json, json, async (ids, first, filter, by) => {
        const query =
          'query ($ids: [ID!]!, $first: Int, $filter: JobFilter, $by: ExecutionBy!) { nodes(ids: $ids) { id } jobs(first: $first, filter: $filter) { nodes { id } } execution(by: $by) { id } }'
        await expectCalm(query, { ids, first, filter, by })
      }),
      { numRuns: 200 },
    ))

  it('is answered, in time and without a word of what went wrong inside: text', () =>
    fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.string({ unit: fc.constantFrom('{', '}', '(', '"', '...', '$', '@', ':', 'a', '#', '\\') }),
        ),
        json,
        async (query, variables) => {
          await expectCalm(query, variables)
        },
      ),
      { numRuns: 300 },
    ))

  const doubling = (levels: number, type = 'Query') =>
    Array.from({ length: levels }, (_, at) => `fragment F${at} on ${type} { ...F${at + 1} ...F${at + 1} }`).join(' ')
  it.each([
    ['fragments that double 60 times', `{ ...F0 } ${doubling(60)} fragment F60 on Query { jobs { nodes { id } } }`],
    [
      'fragments that double 60 times, of a job',
      `{ record(by: { ref: { collectionId: "a", recordId: "b" } }) { ...F0 } } ${doubling(60, 'Record')} fragment F60 on Record { id }`,
    ],
    ['fields nested as deep as they can be', '{a'.repeat(499)],
    ['fields nested as deep as they can be, and closed', `${'{node(id: "a") '.repeat(90)}{id}${'}'.repeat(90)}`],
    ['lists nested as deep as they can be', `{ nodes(ids: ${'['.repeat(490)}${']'.repeat(490)}) { id } }`],
    ['fragments inline, nested as deep as they can be', `{${'...{'.repeat(480)} id`],
    ['the same field a thousand times', `{ ${'vendors { mode } '.repeat(200)} }`],
    ['a thousand directives', `{ id ${'@a '.repeat(900)} }`],
    [
      'a thousand variables',
      `query (${Array.from({ length: 240 }, (_, at) => `$v${at}: Int`).join(' ')}) { __typename }`,
    ],
    [
      'types of types of types',
      `{ __schema { types { fields { type { fields { type { fields { type { name } } } } } } } } }`,
    ],
    ['a megabyte of comments', `${'# x\n'.repeat(240_000)} { __typename }`],
    ['a megabyte of a name', `{ ${'a'.repeat(900_000)} }`],
    ['a megabyte of a string', `{ node(id: "${'a'.repeat(900_000)}") { id } }`],
    ['a megabyte of braces', '{'.repeat(900_000)],
  ])('is answered in time: %s', (_what, query) => expectCalm(query))

  it.each([
    ['ids', { ids: Array.from({ length: 200_000 }, () => 'a') }],
    ['an id', { ids: ['a'.repeat(900_000)] }],
    ['ids that are none', { ids: Array.from({ length: 300_000 }, () => ({})) }],
    ['ids that are missing', { ids: Array.from({ length: 190_000 }, () => null) }],
  ])('is answered in time: a megabyte of %s', (_what, variables) =>
    expectCalm('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', variables),
  )

  it('is answered in time: a megabyte of lists in lists', async () => {
    const query = 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }'
    const ids = '['.repeat(400_000) + ']'.repeat(400_000)
    const { status, text } = await send(`{"query":"${query}","variables":{"ids":${ids}}}`)
    expect(status).toBeLessThan(500)
    expect(text).not.toContain('INTERNAL')
  })

  it('is answered in time: JSON that is nested as deep as it can be', async () => {
    const { status, text } = await send('['.repeat(999_000))
    expect(status).toBe(400)
    expect(text).not.toContain('INTERNAL')
  })
})
