import { describe, expect, test } from 'vitest'
import type { KodexaSandbox } from '../../../src/sandbox/kodexa/index.js'
import { parseFilter } from '../../../src/sandbox/kodexa/filter.js'
import type { WireExecution, WirePage } from '../../../src/vendors/kodexa/wire.js'
import { useKodexaSandboxes } from '../../support/kodexa-sandbox.js'

const FIRST_ID = '00000000-0000-4000-8000-000000000001'
const SECOND_ID = '00000000-0000-4000-8000-000000000002'
const ASSISTANT = '00000000-0000-4000-8000-0000000000a1'

const { start } = useKodexaSandboxes()

describe.each([
  {
    filterDialect: 'colon',
    accepted: [`id:'${FIRST_ID}'`, `id : '${FIRST_ID}'`],
    list: ['(', ')'],
    rejectedList: ['[', ']'],
  },
  {
    filterDialect: 'equals',
    accepted: [`id='${FIRST_ID}'`, `id = '${FIRST_ID}'`],
    list: ['[', ']'],
    rejectedList: ['(', ')'],
  },
  {
    filterDialect: 'eq',
    accepted: [`id eq '${FIRST_ID}'`, `id\teq  '${FIRST_ID}'`],
    list: ['(', ')'],
    rejectedList: ['[', ']'],
  },
] as const)('an instance with the dialect $filterDialect', ({ filterDialect, accepted, list, rejectedList }) => {
  test.each(accepted)('accepts %s', async (filter) => {
    expect(idsOf(await findBy(await start({ filterDialect }), filter))).toEqual([FIRST_ID])
  })

  test.each([`id:'${FIRST_ID}'`, `id='${FIRST_ID}'`, `id eq '${FIRST_ID}'`].filter((filter) => filter !== accepted[0]))(
    'rejects %s',
    async (filter) => {
      expect(await statusOf(await start({ filterDialect }), filter)).toBe(400)
    },
  )

  test('accepts only its own list syntax', async () => {
    const sandbox = await start({ filterDialect })
    const filter = (brackets: readonly [string, string]) =>
      `id in ${brackets[0]}'${FIRST_ID}', '${SECOND_ID}'${brackets[1]}`
    expect(idsOf(await findBy(sandbox, filter(list))).toSorted()).toEqual([FIRST_ID, SECOND_ID])
    expect(await statusOf(sandbox, filter(rejectedList))).toBe(400)
  })
})

test('the list syntax can be set apart from the dialect', async () => {
  const sandbox = await start({ filterDialect: 'colon', listSyntax: 'brackets' })
  expect(idsOf(await findBy(sandbox, `id in ['${FIRST_ID}']`))).toEqual([FIRST_ID])
  expect(await statusOf(sandbox, `id in ('${FIRST_ID}')`)).toBe(400)
})

test('a field that cannot be filtered by is rejected in every position', async () => {
  const sandbox = await start({ unfilterableFields: ['id'] })
  expect(await statusOf(sandbox, `id:'${FIRST_ID}'`)).toBe(400)
  expect(await statusOf(sandbox, `status:'FAILED' or (id in ('${FIRST_ID}'))`)).toBe(400)
  expect(await statusOf(sandbox, "status:'FAILED'")).toBe(200)
})

test('several filters must all match, and an empty one matches everything', async () => {
  const sandbox = await start()
  const both = await findBy(sandbox, `assistantId:'${ASSISTANT}'`, "status:'FAILED'", '')
  expect(both.length).toBeGreaterThan(0)
  for (const execution of both) expect(execution).toMatchObject({ assistantId: ASSISTANT, status: 'FAILED' })
})

test('comparisons bind before and, and binds before or', async () => {
  const sandbox = await start()
  const idSet = async (filter: string) => new Set(idsOf(await findBy(sandbox, filter)))
  const failed = "status:'FAILED'"
  const skipped = "status:'SKIPPED'"
  const mine = `assistantId:'${ASSISTANT}'`
  const ungrouped = await idSet(`${skipped} or ${failed} and ${mine}`)
  expect(ungrouped).toEqual(await idSet(`${skipped} or (${failed} and ${mine})`))
  expect(ungrouped).not.toEqual(await idSet(`(${skipped} or ${failed}) and ${mine}`))
})

test('not negates its group', async () => {
  const sandbox = await start()
  const finished = await findBy(sandbox, "not (status in ('RUNNING','PENDING') or priority:5)")
  expect(finished.length).toBeGreaterThan(0)
  for (const { status, priority } of finished) {
    expect(['RUNNING', 'PENDING']).not.toContain(status)
    expect(priority).not.toBe(5)
  }
})

test('keywords are all lower or all upper case', async () => {
  const sandbox = await start()
  expect(await statusOf(sandbox, "NOT (status IN ('FAILED') OR sessionId IS NOT NULL)")).toBe(200)
  expect(await statusOf(sandbox, "Not (status:'FAILED')")).toBe(400)
})

test('is null matches missing values', async () => {
  const sandbox = await start()
  const [missing, present] = [
    await findBy(sandbox, 'startDate is null'),
    await findBy(sandbox, 'startDate is not null'),
  ]
  expect(missing.length + present.length).toBe(120)
  for (const { startDate } of missing) expect(startDate).toBeNull()
  for (const { startDate } of present) expect(startDate).not.toBeNull()
})

test('numbers and dates compare with < and >, and missing values match neither', async () => {
  const sandbox = await start()
  const bound = '2026-05-04T09:00:00Z'
  const [before, after] = [await findBy(sandbox, `endDate < '${bound}'`), await findBy(sandbox, `endDate>'${bound}'`)]
  for (const { endDate } of before) expect(Date.parse(endDate ?? '')).toBeLessThan(Date.parse(bound))
  for (const { endDate } of after) expect(Date.parse(endDate ?? '')).toBeGreaterThan(Date.parse(bound))
  expect(before.length + after.length).toBe((await findBy(sandbox, 'endDate is not null')).length)
  for (const { priority } of await findBy(sandbox, 'priority > 5')) expect(priority).toBe(8)
})

test.each([
  ["sessionId:'it\\'s'", "it's"],
  ["sessionId in ('back\\\\slash')", 'back\\slash'],
])('%s matches the text %s', (filter, sessionId) => {
  const matches = parseFilter(filter, { dialect: 'colon', listSyntax: 'parentheses', unfilterableFields: [] })
  expect(matches({ id: FIRST_ID, sessionId })).toBe(true)
  expect(matches({ id: FIRST_ID, sessionId: 'its' })).toBe(false)
})

test.each([
  ['an unknown field', "projectId:'x'"],
  ['an inherited property', "constructor:'x'"],
  ['a nested field', "status.statusType:'x'"],
  ['an unknown status', "status:'DONE'"],
  ['a status by its code', 'status:3'],
  ['a text without quotes', 'id:x'],
  ['a number as text', "priority:'5'"],
  ['a date in another spelling', "createdOn > '04-05-2026'"],
  ['an order comparison of texts', "id > 'x'"],
  ['an operator of other versions', 'priority >= 5'],
  ['is null in one word', 'startDate isNull'],
  ['an empty list', 'id in ()'],
  ['an unterminated list', "id in ('a','b'"],
  ['an unterminated literal', "id:'a"],
  ['a doubled quote', "sessionId:'it''s'"],
  ['a lone backslash', "sessionId:'a\\b'"],
  ['an unclosed parenthesis', "(id:'a'"],
  ['an extra parenthesis', "id:'a')"],
  ['not without parentheses', "not id:'a'"],
  ['a missing operand', "id:'a' and"],
  ['a missing value', 'id:'],
  ['two comparisons in a row', "id:'a' id:'b'"],
  ['a line break', "id:'a'\nor id:'b'"],
  ['an unknown character', "id:'a' & id:'b'"],
  ['very deep nesting', `${'('.repeat(500)}id:'a'${')'.repeat(500)}`],
])('%s is rejected', async (_, filter) => {
  const sandbox = await start()
  const response = await send(sandbox, [filter])
  expect(response.status).toBe(400)
  expect(await response.json()).toMatchObject({
    message: expect.stringMatching(/^Filter: /),
    stackTrace: expect.any(String),
  })
})

function send({ baseUrl, apiKey }: KodexaSandbox, filters: readonly string[]): Promise<Response> {
  const query = filters.map((filter) => `&filter=${encodeURIComponent(filter)}`).join('')
  return fetch(new URL(`/api/executions?pageSize=1000${query}`, baseUrl), { headers: { 'x-api-key': apiKey } })
}

async function findBy(sandbox: KodexaSandbox, ...filters: readonly string[]): Promise<readonly WireExecution[]> {
  const response = await send(sandbox, filters)
  expect(response.status).toBe(200)
  return ((await response.json()) as WirePage).content ?? []
}

async function statusOf(sandbox: KodexaSandbox, filter: string): Promise<number> {
  return (await send(sandbox, [filter])).status
}

function idsOf(executions: readonly WireExecution[]): readonly string[] {
  return executions.map(({ id }) => id)
}
