import { describe, expect, it } from 'vitest'
import { useFaultyVendor } from '../support/faulty-vendor.js'
import { JOB_KINDS } from '../support/job-kinds.js'
import { byRoute, json } from '../support/scripted-vendor.js'
import { selectAll } from '../support/select-all.js'
import { DATE } from '../support/wire-jobs.js'

const setup = useFaultyVendor()

const INVALID_VALUES: readonly unknown[] = [
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

describe.each(Object.entries(JOB_KINDS))('%s with one field of the wrong type', (_kind, whole) => {
  const { wire, type, field, query, affects, without, alwaysNull } = whole
  const selection = selectAll(type, without)

  it('keeps all other fields, whichever field has whatever value', { timeout: 120_000 }, async () => {
    setup.vendor.answer(json(200, wire))
    const intact = await setup.gateway.query(query(selection))
    expect(intact.errors).toEqual([])
    const expected: Readonly<Record<string, unknown>> = intact.data[field]
    expect(
      Object.keys(expected)
        .filter((name) => expected[name] === null)
        .sort(),
    ).toEqual([...alwaysNull].sort())
    let count = 0
    for (const path of pathsOf(wire)) {
      const [top] = path as [string]
      if (top === 'id') continue
      for (const value of INVALID_VALUES) {
        setup.vendor.answer(json(200, replaced(wire, path, value)))
        const response = await setup.gateway.query(query(selection))
        const what = `${path.join('.')} = ${JSON.stringify(value)?.slice(0, 60)}`
        expect([response.status, response.errors], what).toEqual([200, []])
        const open = new Set(affects[top] ?? [camelCase(top)])
        for (const name of Object.keys(expected))
          if (!open.has(name)) expect(response.data[field][name], `${name} with ${what}`).toEqual(expected[name])
        count++
      }
    }
    expect(count).toBeGreaterThan(500)
    expect(setup.gateway.lines.filter(({ level }) => level === 'error')).toEqual([])
  })

  it('may lack every field but the id', async () => {
    setup.vendor.answer(json(200, { id: wire.id }))
    const { status, data, errors } = await setup.gateway.query(query(selection))
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

describe.each(Object.entries(JOB_KINDS))(
  'a list with one unreadable %s',
  (_kind, { wire, type, page, listField, listQuery, without }) => {
    const unreadable: [string, unknown][] = [
      ['null', null],
      ['a number', 5],
      ['a string', 'junk'],
      ['a list', [{ id: 'x' }]],
      ['an empty object', {}],
      ['an id that is null', { ...wire, id: null }],
      ['an empty id', { ...wire, id: '' }],
      ['an id that is an object', { ...wire, id: { id: 'x' } }],
      ['an id that is unsafe in a URL', { ...wire, id: '../x' }],
      ['an id of ten kilobytes', { ...wire, id: 'x'.repeat(10_240) }],
    ]

    it.each(unreadable)('keeps the others when it is %s', async (_what, row) => {
      setup.vendor.answer(json(200, page([{ ...wire, id: 'first' }, row, { ...wire, id: 'last' }])))
      const response = await setup.gateway.query(listQuery(selectAll(type, without)))
      expect([response.status, response.errors]).toEqual([200, []])
      expect(response.data[listField].nodes).toMatchObject([{ vendorId: 'first' }, { vendorId: 'last' }])
      expect(setup.gateway.lines).toMatchObject([
        { level: 'warn', fields: { leftOut: 1 }, message: 'list rows without a valid id dropped' },
      ])
    })

    it('is read up to ten thousand rows, with one log line per page', async () => {
      setup.vendor.answer(json(200, page([wire, ...Array.from({ length: 9_999 }, () => 5), { ...wire, id: 'beyond' }])))
      const { data, errors } = await setup.gateway.query(listQuery('{ vendorId }'))
      expect(errors).toEqual([])
      expect(data[listField].nodes).toEqual([{ vendorId: wire.id }])
      expect(setup.gateway.lines[0]).toMatchObject({ level: 'warn', fields: { leftOut: 9_999 } })
      expect(setup.gateway.lines.length).toBe(setup.vendor.requests.length)
    })

    it('keeps the row when only its other fields are unreadable', async () => {
      const bad = INVALID_VALUES.map((value, at) => ({
        ...Object.fromEntries(Object.keys(wire).map((name) => [name, value])),
        id: `bad_${at}`,
      }))
      setup.vendor.answer(json(200, page([{ ...wire, id: 'first' }, ...bad, { ...wire, id: 'last' }])))
      const response = await setup.gateway.query(listQuery(selectAll(type, without)))
      expect([response.status, response.errors]).toEqual([200, []])
      const nodes: readonly { vendorId: string }[] = response.data[listField].nodes
      expect(nodes.map(({ vendorId }) => vendorId)).toEqual(['first', ...bad.map(({ id }) => id), 'last'])
    })
  },
)

describe('nested lists with unreadable items', () => {
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
    setup.vendor.answer(json(200, { status: 'FAILED', errors }))
    const response = await setup.gateway.query(
      '{ record(by: { ref: { collectionId: "col_1", recordId: "rec_1" } }) { status errors { key message errors { code expected received path message } } } }',
    )
    const empty = { code: null, expected: null, received: null, path: [], message: '' }
    expect(response.errors).toEqual([])
    expect(response.data.record).toEqual({
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
    setup.vendor.answer(
      byRoute({ 'GET .*/status-messages': json(200, messages), 'GET .*/exec_1': json(200, { id: 'exec_1' }) }),
    )
    const response = await setup.gateway.query(
      '{ execution(by: { executionId: "exec_1" }) { statusMessages { id title subtitle type createdAt } } }',
    )
    const empty = { id: null, title: null, subtitle: null, type: null, createdAt: null }
    expect(response.errors).toEqual([])
    expect(response.data.execution.statusMessages).toEqual([
      empty,
      { ...empty, id: '1' },
      { ...empty, id: 'm', title: 'Reading', createdAt: DATE },
    ])
  })

  it.each(['junk', 5, {}, true])('reads no errors of a record when they are %j', async (errors) => {
    setup.vendor.answer(json(200, { status: 'RUNNING', errors }))
    const response = await setup.gateway.query(
      '{ record(by: { ref: { collectionId: "col_1", recordId: "rec_1" } }) { errors { key } } }',
    )
    expect([response.errors, response.data.record]).toEqual([[], { errors: [] }])
  })
})

type Path = readonly (string | number)[]

/** Every path in a JSON value, outermost first. */
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
