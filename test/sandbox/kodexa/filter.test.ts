import { afterEach, describe, expect, test } from 'vitest'
import { startKodexaSandbox, type KodexaSandbox, type KodexaSandboxOptions } from '../../../src/sandbox/kodexa/index.js'
import { parseFilter } from '../../../src/sandbox/kodexa/filter.js'
import type { WireExecution, WirePage } from '../../../src/vendors/kodexa/wire.js'

const START = Date.UTC(2026, 4, 4, 12)
const ONE = '00000000-0000-4000-8000-000000000001'
const TWO = '00000000-0000-4000-8000-000000000002'
const ASSISTANT = '00000000-0000-4000-8000-0000000000a1'

const open: KodexaSandbox[] = []

afterEach(async () => {
  await Promise.all(open.splice(0).map((sandbox) => sandbox.close()))
})

describe.each([
  { filterDialect: 'colon', mine: [`id:'${ONE}'`, `id : '${ONE}'`], list: ['(', ')'], wrongList: ['[', ']'] },
  { filterDialect: 'equals', mine: [`id='${ONE}'`, `id = '${ONE}'`], list: ['[', ']'], wrongList: ['(', ')'] },
  { filterDialect: 'eq', mine: [`id eq '${ONE}'`, `id\teq  '${ONE}'`], list: ['(', ')'], wrongList: ['[', ']'] },
] as const)('an instance of the dialect $filterDialect', ({ filterDialect, mine, list, wrongList }) => {
  test.each(mine)('understands %s', async (filter) => {
    expect(ids(await found(await start({ filterDialect }), filter))).toEqual([ONE])
  })

  test.each([`id:'${ONE}'`, `id='${ONE}'`, `id eq '${ONE}'`].filter((filter) => filter !== mine[0]))(
    'refuses %s',
    async (filter) => {
      expect(await statusOf(await start({ filterDialect }), filter)).toBe(400)
    },
  )

  test('takes lists in its own brackets alone', async () => {
    const sandbox = await start({ filterDialect })
    const filter = (brackets: readonly [string, string]) => `id in ${brackets[0]}'${ONE}', '${TWO}'${brackets[1]}`
    expect(ids(await found(sandbox, filter(list))).toSorted()).toEqual([ONE, TWO])
    expect(await statusOf(sandbox, filter(wrongList))).toBe(400)
  })
})

test('the brackets of lists can be chosen apart from the dialect', async () => {
  const sandbox = await start({ filterDialect: 'colon', listSyntax: 'brackets' })
  expect(ids(await found(sandbox, `id in ['${ONE}']`))).toEqual([ONE])
  expect(await statusOf(sandbox, `id in ('${ONE}')`)).toBe(400)
})

test('a field that the instance refuses is refused wherever it stands', async () => {
  const sandbox = await start({ unfilterableFields: ['id'] })
  expect(await statusOf(sandbox, `id:'${ONE}'`)).toBe(400)
  expect(await statusOf(sandbox, `status:'FAILED' or (id in ('${ONE}'))`)).toBe(400)
  expect(await statusOf(sandbox, "status:'FAILED'")).toBe(200)
})

test('several filters must all hold, and an empty one asks for nothing', async () => {
  const sandbox = await start()
  const both = await found(sandbox, `assistantId:'${ASSISTANT}'`, "status:'FAILED'", '')
  expect(both.length).toBeGreaterThan(0)
  for (const execution of both) expect(execution).toMatchObject({ assistantId: ASSISTANT, status: 'FAILED' })
})

test('comparisons bind before and, and binds before or', async () => {
  const sandbox = await start()
  const of = async (filter: string) => new Set(ids(await found(sandbox, filter)))
  const failed = "status:'FAILED'"
  const skipped = "status:'SKIPPED'"
  const mine = `assistantId:'${ASSISTANT}'`
  const loose = await of(`${skipped} or ${failed} and ${mine}`)
  expect(loose).toEqual(await of(`${skipped} or (${failed} and ${mine})`))
  expect(loose).not.toEqual(await of(`(${skipped} or ${failed}) and ${mine}`))
})

test('not turns around what its parentheses hold', async () => {
  const sandbox = await start()
  const finished = await found(sandbox, "not (status in ('RUNNING','PENDING') or priority:5)")
  expect(finished.length).toBeGreaterThan(0)
  for (const { status, priority } of finished) {
    expect(['RUNNING', 'PENDING']).not.toContain(status)
    expect(priority).not.toBe(5)
  }
})

test('keywords are all lower or all upper', async () => {
  const sandbox = await start()
  expect(await statusOf(sandbox, "NOT (status IN ('FAILED') OR sessionId IS NOT NULL)")).toBe(200)
  expect(await statusOf(sandbox, "Not (status:'FAILED')")).toBe(400)
})

test('what is missing can be asked for', async () => {
  const sandbox = await start()
  const [missing, there] = [await found(sandbox, 'startDate is null'), await found(sandbox, 'startDate is not null')]
  expect(missing.length + there.length).toBe(120)
  for (const { startDate } of missing) expect(startDate).toBeNull()
  for (const { startDate } of there) expect(startDate).not.toBeNull()
})

test('numbers and dates can be less and greater, and what is missing is neither', async () => {
  const sandbox = await start()
  const bound = '2026-05-04T09:00:00Z'
  const [before, after] = [await found(sandbox, `endDate < '${bound}'`), await found(sandbox, `endDate>'${bound}'`)]
  for (const { endDate } of before) expect(Date.parse(endDate ?? '')).toBeLessThan(Date.parse(bound))
  for (const { endDate } of after) expect(Date.parse(endDate ?? '')).toBeGreaterThan(Date.parse(bound))
  expect(before.length + after.length).toBe((await found(sandbox, 'endDate is not null')).length)
  for (const { priority } of await found(sandbox, 'priority > 5')) expect(priority).toBe(8)
})

test.each([
  ["sessionId:'it\\'s'", "it's"],
  ["sessionId in ('back\\\\slash')", 'back\\slash'],
])('%s stands for the text %s', (filter, sessionId) => {
  const test = parseFilter(filter, { dialect: 'colon', listSyntax: 'parentheses', unfilterableFields: [] })
  expect(test({ id: ONE, sessionId })).toBe(true)
  expect(test({ id: ONE, sessionId: 'its' })).toBe(false)
})

test.each([
  ['an unknown field', "projectId:'x'"],
  ['a field by inheritance', "constructor:'x'"],
  ['a nested field', "status.statusType:'x'"],
  ['a status that there is not', "status:'DONE'"],
  ['a status by its number', 'status:3'],
  ['a text without quotes', 'id:x'],
  ['a number as text', "priority:'5'"],
  ['a date in another spelling', "createdOn > '04-05-2026'"],
  ['an order of texts', "id > 'x'"],
  ['an operator of other versions', 'priority >= 5'],
  ['is null in one word', 'startDate isNull'],
  ['an empty list', 'id in ()'],
  ['a list that does not end', "id in ('a','b'"],
  ['a literal that does not end', "id:'a"],
  ['a doubled quote', "sessionId:'it''s'"],
  ['a lone backslash', "sessionId:'a\\b'"],
  ['a parenthesis that does not close', "(id:'a'"],
  ['a parenthesis too many', "id:'a')"],
  ['not without parentheses', "not id:'a'"],
  ['a missing operand', "id:'a' and"],
  ['a missing value', 'id:'],
  ['two comparisons in a row', "id:'a' id:'b'"],
  ['a new line', "id:'a'\nor id:'b'"],
  ['a character of no token', "id:'a' & id:'b'"],
  ['a very deep nesting', `${'('.repeat(500)}id:'a'${')'.repeat(500)}`],
])('%s is refused', async (_, filter) => {
  const sandbox = await start()
  const response = await ask(sandbox, [filter])
  expect(response.status).toBe(400)
  expect(await response.json()).toMatchObject({
    message: expect.stringMatching(/^Filter: /),
    stackTrace: expect.any(String),
  })
})

async function start(options: KodexaSandboxOptions = {}): Promise<KodexaSandbox> {
  const sandbox = await startKodexaSandbox({ now: () => START, ...options })
  open.push(sandbox)
  return sandbox
}

function ask({ baseUrl, apiKey }: KodexaSandbox, filters: readonly string[]): Promise<Response> {
  const query = filters.map((filter) => `&filter=${encodeURIComponent(filter)}`).join('')
  return fetch(new URL(`/api/executions?pageSize=1000${query}`, baseUrl), { headers: { 'x-api-key': apiKey } })
}

async function found(sandbox: KodexaSandbox, ...filters: readonly string[]): Promise<readonly WireExecution[]> {
  const response = await ask(sandbox, filters)
  expect(response.status).toBe(200)
  return ((await response.json()) as WirePage).content ?? []
}

async function statusOf(sandbox: KodexaSandbox, filter: string): Promise<number> {
  return (await ask(sandbox, [filter])).status
}

function ids(executions: readonly WireExecution[]): readonly string[] {
  return executions.map(({ id }) => id)
}
