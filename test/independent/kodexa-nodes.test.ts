import { afterEach, describe, expect, it } from 'vitest'
import { encodeJobId } from '../../src/job/job-id.js'
import { requestLines, openFixture, type Fixture } from './fixture.js'
import type { KodexaOptions } from './kodexa-server.js'
import { wireExecution, executionId, repeat, type Wire } from './wire-jobs.js'

let fixture: Fixture
afterEach(() => fixture.close())

async function open(executions: readonly Wire[], kodexaOptions: Partial<KodexaOptions> = {}) {
  fixture = await openFixture({ kodexa: executions, kodexaOptions })
}

const globalId = (vendorId: string) => encodeJobId({ type: 'Execution', path: [vendorId] })

type Row = Readonly<Record<string, unknown>> | null

async function nodes(vendorIds: readonly string[]): Promise<readonly Row[]> {
  const { data, errors } = await fixture.ask(
    'query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Execution { vendorId name } } }',
    { ids: vendorIds.map(globalId) },
  )
  expect(errors).toEqual([])
  return data.nodes as Row[]
}

const shown = (number: number) => ({ vendorId: executionId(number), name: `Execution ${number}` })
const ids = (...numbers: readonly number[]) => numbers.map(executionId)
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1)

describe('several executions by their ids', () => {
  it('are one call in the requested order, with null for unknown ids', async () => {
    await open(repeat(9, wireExecution))
    expect(await nodes(ids(3, 77, 9, 1, 3))).toEqual([shown(3), null, shown(9), shown(1), shown(3)])
    expect(requestLines(fixture.sent().kodexa)).toEqual(['GET api/executions'])
  })

  it('are one call for each fifty or more', async () => {
    await open(repeat(100, wireExecution))
    expect(await nodes(ids(...upTo(100)))).toEqual(upTo(100).map(shown))
    expect(fixture.sent().kodexa.length).toBeLessThanOrEqual(2)
  })

  it.each([
    [10, 1],
    [10, 0],
    [100, 0],
  ] as const)('are found where a page has at most %d and pages are asked for from %d', async (cap, pageBase) => {
    await open(repeat(60, wireExecution), { cap, pageBase })
    const wanted = upTo(30)
    expect(await nodes(ids(...wanted, 99))).toEqual([...wanted.map(shown), null])
    expect(fixture.sent().kodexa.length).toBeLessThanOrEqual(6)
  })

  it.each([
    ['refuses to filter by id', { idFilter: 400 }],
    ['fails when it is to filter by id', { idFilter: 500 }],
    ['finds nothing by id', { idFilter: 'matches nothing' }],
    ['refuses every filter', { filters: 400 }],
    ['fails at every filter', { filters: 500 }],
    ['pays no heed to filters', { filters: 'ignored' }],
    ['writes lists in brackets', { spelling: { equality: ['='], list: ['['] } }],
    ['takes only eq', { spelling: { equality: ['eq'], list: ['('] } }],
    ['takes : with lists in brackets', { spelling: { equality: [':'], list: ['['] } }],
  ] as const satisfies readonly (readonly [string, Partial<KodexaOptions>])[])(
    'are found when the instance %s, and the syntax is remembered',
    async (_, options) => {
      await open(repeat(9, wireExecution), options)
      expect(await nodes(ids(3, 77, 9))).toEqual([shown(3), null, shown(9)])
      expect(fixture.sent().kodexa.length).toBeLessThanOrEqual(6)
      expect(await nodes(ids(1, 2, 78))).toEqual([shown(1), shown(2), null])
      expect(fixture.sent().kodexa.length).toBeLessThanOrEqual(3)
    },
  )

  it('are found in lists in brackets although a single value was spelled with : before', async () => {
    await open(repeat(9, wireExecution), { spelling: { equality: [':'], list: ['['] } })
    await fixture.ask('{ executions(status: [FAILED]) { totalCount } }')
    fixture.sent()
    expect(await nodes(ids(3, 9))).toEqual([shown(3), shown(9)])
    expect(await nodes(ids(1, 2))).toEqual([shown(1), shown(2)])
    expect(fixture.sent().kodexa.length).toBeLessThanOrEqual(5)
  })

  it('are probed for once, however many there are', async () => {
    await open(repeat(100, wireExecution), { idFilter: 400 })
    expect(await nodes(ids(...upTo(100)))).toEqual(upTo(100).map(shown))
    expect(fixture.sent().kodexa.filter(({ path }) => path.length === 2).length).toBeLessThanOrEqual(3)
  })

  it('are null where none of them exists', async () => {
    await open(repeat(3, wireExecution))
    expect(await nodes(ids(71, 72))).toEqual([null, null])
  })

  it('are read again where they are only one', async () => {
    await open(repeat(3, wireExecution))
    expect(await nodes(ids(2))).toEqual([shown(2)])
    expect(requestLines(fixture.sent().kodexa)).toEqual([`GET api/executions/${executionId(2)}`])
  })
})

describe('the parents of a list', () => {
  it('are one call', async () => {
    await open([
      ...repeat(3, wireExecution),
      ...[4, 5, 6, 7].map((number) => wireExecution(number, { parentExecutionId: executionId(number % 3 || 3) })),
    ])
    const { data } = await fixture.ask('{ executions(first: 4) { nodes { vendorId parent { vendorId } } } }')
    expect(data.executions.nodes).toEqual(
      [7, 6, 5, 4].map((number) => ({
        vendorId: executionId(number),
        parent: { vendorId: executionId(number % 3 || 3) },
      })),
    )
    expect(fixture.sent().kodexa).toHaveLength(2)
  })
})

describe('the children of an execution', () => {
  it('are one call for each, newest first', async () => {
    await open([
      wireExecution(1),
      ...[2, 3, 4].map((number) => wireExecution(number, { parentExecutionId: executionId(1) })),
      wireExecution(5),
    ])
    const { data } = await fixture.ask(
      `{ execution(by: { executionId: "${executionId(1)}" }) {
         children(first: 2) { totalCount nodes { vendorId } pageInfo { hasNextPage } } } }`,
    )
    expect(data.execution.children).toEqual({
      totalCount: 3,
      nodes: [{ vendorId: executionId(4) }, { vendorId: executionId(3) }],
      pageInfo: { hasNextPage: true },
    })
    expect(fixture.sent().kodexa).toHaveLength(2)
  })

  it('reject the cursor of another parent', async () => {
    await open([
      wireExecution(1),
      wireExecution(2),
      ...[3, 4, 5, 6].map((number) => wireExecution(number, { parentExecutionId: executionId(number % 2 ? 1 : 2) })),
    ])
    const query = `query ($id: ID!, $after: String) {
      execution(by: { executionId: $id }) { children(first: 1, after: $after) { nodes { vendorId } pageInfo { endCursor } } } }`
    const { data } = await fixture.ask(query, { id: executionId(1) })
    const { errors } = await fixture.ask(query, {
      id: executionId(2),
      after: data.execution.children.pageInfo.endCursor as string,
    })
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_INPUT' } }])
  })
})

describe('a UUID, of which the case does not matter,', () => {
  const upper = (id: string) => id.toUpperCase()

  it('finds an execution in either case, under one global id and as the vendor spells it', async () => {
    await open(repeat(3, wireExecution))
    const { data } = await fixture.ask(
      `{ a: execution(by: { executionId: "${upper(executionId(2))}" }) { id vendorId }
         b: execution(by: { executionId: "${executionId(2)}" }) { id vendorId } }`,
    )
    expect(data.b).toEqual({ id: globalId(executionId(2)), vendorId: executionId(2) })
    expect(data.a).toEqual(data.b)
    expect(fixture.sent().kodexa).toHaveLength(1)
  })

  it('finds several executions in upper case', async () => {
    await open(repeat(3, wireExecution))
    expect(await nodes(ids(1, 2, 3).map(upper))).toMatchObject([
      { name: 'Execution 1' },
      { name: 'Execution 2' },
      { name: 'Execution 3' },
    ])
    expect(fixture.sent().kodexa).toHaveLength(1)
  })

  it('leads from a parent to its children where the two are spelled differently', async () => {
    await open([
      wireExecution(1, { id: upper(executionId(1)) }),
      wireExecution(2, { parentExecutionId: executionId(1) }),
    ])
    const { data } = await fixture.ask(
      `{ execution(by: { executionId: "${upper(executionId(1))}" }) { children { nodes { vendorId } } } }`,
    )
    expect(data.execution.children.nodes).toEqual([{ vendorId: executionId(2) }])
  })

  it('leads from children to their parent where the two are spelled differently', async () => {
    await open([
      wireExecution(1, { id: upper(executionId(1)) }),
      wireExecution(2, { parentExecutionId: executionId(1) }),
      wireExecution(3, { parentExecutionId: executionId(1) }),
    ])
    const { data } = await fixture.ask('{ executions(first: 2) { nodes { parent { name } } } }')
    expect(data.executions.nodes).toEqual([{ parent: { name: 'Execution 1' } }, { parent: { name: 'Execution 1' } }])
  })

  it('of an assistant finds its executions in either case', async () => {
    await open([wireExecution(1, { assistantId: executionId(9).toUpperCase() })])
    const { data } = await fixture.ask(`{ executions(assistantId: "${executionId(9)}") { nodes { name } } }`)
    expect(data.executions.nodes).toEqual([{ name: 'Execution 1' }])
  })
})
