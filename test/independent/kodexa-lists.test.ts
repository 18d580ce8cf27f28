import { afterEach, describe, expect, it } from 'vitest'
import { openFixture, readAllPages, type Fixture, type FixtureOptions, type Connection } from './fixture.js'
import { STATUS_NAMES, type KodexaOptions } from './kodexa-server.js'
import { wireExecution, executionId, repeat, type Wire } from './wire-jobs.js'

let fixture: Fixture
afterEach(() => fixture.close())

async function open(
  executions: readonly Wire[],
  kodexaOptions: Partial<KodexaOptions> = {},
  more: FixtureOptions = {},
) {
  fixture = await openFixture({ kodexa: executions, kodexaOptions, ...more })
}

/** The ids from one number down to another. */
const newest = (from: number, to = 1) => Array.from({ length: from - to + 1 }, (_, index) => executionId(from - index))

async function list(args: string): Promise<Connection> {
  const { data, errors } = await fixture.ask(
    `{ executions(${args}) { totalCount nodes { vendorId status vendorStatus } pageInfo { hasNextPage endCursor } } }`,
  )
  expect(errors).toEqual([])
  return data.executions as Connection
}

const idsOf = ({ nodes }: Connection) => nodes.map(({ vendorId }) => vendorId)

describe('a list of executions', () => {
  it('costs one call, with documented parameters only, newest first', async () => {
    await open(repeat(45, wireExecution))
    const connection = await list('first: 20')
    expect(idsOf(connection)).toEqual(newest(45, 26))
    expect(connection).toMatchObject({ totalCount: 45, pageInfo: { hasNextPage: true } })
    const { kodexa } = fixture.sent()
    expect(kodexa).toHaveLength(1)
    expect(kodexa[0]!.path).toEqual(['api', 'executions'])
    expect(Object.fromEntries(kodexa[0]!.query)).toEqual({ page: '1', pageSize: '20', sort: 'createdOn,desc' })
  })

  describe.each([1, 0] as const)('where pages are asked for from %d', (pageBase) => {
    describe.each([0, 1] as const)('and `number` counts from %d', (numberBase) => {
      it.each([
        [1000, 'nothing', []],
        [100, 'pageable', ['pageable']],
        [10, 'nothing', []],
        [10, 'pageable', ['pageable']],
        [10, 'pageable and size', ['pageable', 'size']],
        [10, 'totals', ['totalElements', 'totalPages', 'numberOfElements']],
        [10, 'totals and size', ['totalElements', 'totalPages', 'numberOfElements', 'size']],
      ])(
        'gives every execution once where a page has at most %d and the envelope lacks %s',
        async (cap, _, envelopeLacks) => {
          await open(repeat(45, wireExecution), { pageBase, numberBase, cap, envelopeLacks })
          expect((await readAllPages(fixture, 'executions(first: 20)')).ids).toEqual(newest(45))
        },
      )

      it.each([30, 3])('gives the first page where all %d fit on one or two', async (count) => {
        await open(repeat(count, wireExecution), { pageBase, numberBase })
        expect((await readAllPages(fixture, 'executions(first: 20)')).ids).toEqual(newest(count))
      })
    })
  })

  it('detects the page base once', async () => {
    await open(repeat(45, wireExecution), { pageBase: 0 })
    const { pageInfo } = await list('first: 20')
    expect(fixture.sent().kodexa).toHaveLength(2)
    expect(idsOf(await list(`first: 20, after: "${pageInfo.endCursor}"`))).toEqual(newest(25, 6))
    expect(fixture.sent().kodexa).toHaveLength(1)
  })

  it('detects the page base from a later page, as after a restart', async () => {
    await open(repeat(45, wireExecution), { pageBase: 0 })
    const { pageInfo } = await list('first: 20')
    await fixture.close()
    await open(repeat(45, wireExecution), { pageBase: 0 })
    expect(idsOf(await list(`first: 20, after: "${pageInfo.endCursor}"`))).toEqual(newest(25, 6))
  })

  it('fills a page from capped vendor pages and reads none twice', async () => {
    await open(repeat(45, wireExecution), { cap: 10 })
    const { pageInfo } = await list('first: 20')
    expect(fixture.sent().kodexa).toHaveLength(2)
    await list(`first: 20, after: "${pageInfo.endCursor}"`)
    expect(fixture.sent().kodexa).toHaveLength(2)
  })

  it.each(['array', 'null', 'absent'] as const)('may be empty, with its content as: %s', async (emptyContent) => {
    await open([], { emptyContent })
    expect(await list('first: 20')).toMatchObject({ nodes: [], pageInfo: { hasNextPage: false } })
  })

  it.each([0, 3, 45])('may come in an envelope without zeros: %d executions', async (count) => {
    await open(repeat(count, wireExecution), { omitZeros: true })
    expect((await readAllPages(fixture, 'executions(first: 20)')).ids).toEqual(count === 0 ? [] : newest(count))
  })

  it('may be sorted by the other spelling, when that is set', async () => {
    const settings = { dialect: { filter: null, sort: 'colon', pageBase: null } } as const
    await open(repeat(5, wireExecution), { sorts: [':'] }, { kodexaSettings: settings })
    expect(idsOf(await list('first: 5'))).toEqual(newest(5))
    expect(fixture.sent().kodexa).toHaveLength(1)
  })

  it('shows rows that have nothing but an id', async () => {
    await open([{ id: executionId(1) }, { id: executionId(2) }], { sorts: [], unknownSort: 'ignored' })
    const { nodes } = await list('first: 5')
    expect(nodes).toEqual(
      [1, 2].map((number) => ({
        vendorId: executionId(number),
        status: 'UNKNOWN',
        vendorStatus: null,
      })),
    )
  })
})

describe('a filter', () => {
  const status = (number: number) => STATUS_NAMES[number % 4]!
  const mixed = repeat(40, (number) =>
    wireExecution(number, { status: status(number), assistantId: number > 20 ? 'asst-1' : 'asst-2' }),
  )
  const numbers = (keep: (number: number) => boolean) =>
    Array.from({ length: 40 }, (_, index) => 40 - index)
      .filter(keep)
      .map(executionId)

  const SPELLINGS = ([':', '=', 'eq'] as const).flatMap((equality) =>
    (['(', '['] as const).map((open) => [equality, open] as const),
  )

  describe.each(SPELLINGS)('in the spelling %s with lists in %s', (equality, listIn) => {
    const spelling = { equality: [equality], list: [listIn] }

    it('works with one value, then several', async () => {
      await open(mixed, { spelling })
      expect((await readAllPages(fixture, 'executions(first: 10, status: [FAILED])')).ids).toEqual(
        numbers((number) => status(number) === 'FAILED'),
      )
      expect((await readAllPages(fixture, 'executions(first: 10, status: [QUEUED])')).ids).toEqual(
        numbers((number) => status(number) === 'PENDING'),
      )
    })

    it('works with several values, then one', async () => {
      await open(mixed, { spelling })
      expect((await readAllPages(fixture, 'executions(first: 10, status: [FAILED, RUNNING])')).ids).toEqual(
        numbers((number) => number % 2 === 1),
      )
      expect((await readAllPages(fixture, 'executions(first: 10, assistantId: "asst-1")')).ids).toEqual(
        numbers((number) => number > 20),
      )
    })

    it('works with several conditions at once', async () => {
      await open(mixed, { spelling })
      const args = 'first: 10, assistantId: "asst-1", status: [FAILED, RUNNING]'
      expect((await readAllPages(fixture, `executions(${args})`)).ids).toEqual(
        numbers((number) => number > 20 && number % 2 === 1),
      )
    })
  })

  it('finds the syntax of the instance with few calls, then needs one', async () => {
    await open(mixed, { spelling: { equality: ['eq'], list: ['('] } })
    await list('first: 5, status: [FAILED]')
    expect(fixture.sent().kodexa.length).toBeLessThanOrEqual(3)
    await list('first: 5, status: [RUNNING]')
    expect(fixture.sent().kodexa).toHaveLength(1)
  })

  it('detects the syntax once for all fields of a request', async () => {
    await open(mixed, { spelling: { equality: ['eq'], list: ['('] } })
    const { errors } = await fixture.ask(
      `{ a: executions(status: [FAILED]) { totalCount } b: executions(status: [RUNNING]) { totalCount }
         c: executions(assistantId: "asst-1") { totalCount } }`,
    )
    expect(errors).toEqual([])
    expect(fixture.sent().kodexa.length).toBeLessThanOrEqual(5)
  })

  it('of the caller is passed on, on top of the others', async () => {
    await open(mixed, { spelling: { equality: [':'], list: ['('] } })
    const { ids } = await readAllPages(
      fixture,
      `executions(first: 40, assistantId: "asst-1", filter: "status:'FAILED' or status:'RUNNING'")`,
    )
    expect(ids).toEqual(numbers((number) => number > 20 && number % 2 === 1))
  })

  it('of the caller that cannot be read is an error of the vendor, by one call', async () => {
    await open(mixed)
    const { data, errors } = await fixture.ask('{ executions(filter: "status ???") { totalCount } }')
    expect({ data, errors }).toMatchObject({
      data: { executions: null },
      errors: [{ extensions: { code: 'VENDOR_REJECTED', vendor: 'KODEXA' } }],
    })
    expect(fixture.sent().kodexa).toHaveLength(1)
  })

  it('for states works where statuses are sent as codes', async () => {
    await open(mixed, { statusAs: 'code' })
    const connection = await list('first: 20, status: [FAILED]')
    expect(idsOf(connection)).toEqual(numbers((number) => status(number) === 'FAILED'))
    expect(connection.totalCount).toBe(10)
  })

  it('for states works where they are compared as codes only', async () => {
    await open(mixed, { statusFilter: 'code', statusAs: 'code' })
    expect((await readAllPages(fixture, 'executions(first: 20, status: [FAILED])')).ids).toEqual(
      numbers((number) => status(number) === 'FAILED'),
    )
  })

  it('for states works on an instance that does not know the newest of them', async () => {
    await open(mixed, { statuses: STATUS_NAMES.slice(0, 8) })
    expect((await readAllPages(fixture, 'executions(first: 20, status: [COMPLETED])')).ids).toEqual(
      numbers((number) => status(number) === 'SUCCEEDED'),
    )
  })

  it('for states newer than the documentation finds them', async () => {
    await open([...mixed, wireExecution(50, { status: 'PAUSED' })])
    expect((await list('first: 20, status: [UNKNOWN]')).nodes).toEqual([
      {
        vendorId: executionId(50),
        status: 'UNKNOWN',
        vendorStatus: 'PAUSED',
      },
    ])
  })

  it.each([400, 500] as const)(
    'that the instance always rejects with %d returns the right executions or an error',
    async (filters) => {
      await open(mixed, { filters })
      const { data, errors } = await fixture.ask('{ executions(first: 20, status: [FAILED]) { nodes { vendorId } } }')
      if (errors.length > 0)
        expect({ data, errors }).toMatchObject({
          data: { executions: null },
          errors: [{ extensions: { vendor: 'KODEXA' } }],
        })
      else expect(idsOf(data.executions as Connection)).toEqual(numbers((number) => status(number) === 'FAILED'))
    },
  )

  it.each([400] as const)(
    'that the instance always answers with %d does not keep single executions from being read',
    async (filters) => {
      await open(mixed, { filters })
      for (let times = 0; times < 12; times++)
        await fixture.ask('{ executions(status: [FAILED]) { nodes { vendorId } } }')
      const { data } = await fixture.ask(
        `{ execution(by: { executionId: "${executionId(1)}" }) { status } executions { totalCount } vendors { vendor circuit } }`,
      )
      expect(data).toMatchObject({
        execution: { status: 'RUNNING' },
        executions: { totalCount: 40 },
        vendors: [{}, { vendor: 'KODEXA', circuit: 'CLOSED' }],
      })
    },
  )
})

describe('an instance that ignores filters', () => {
  const of = (number: number, extra: Wire) => wireExecution(number, { status: 'SUCCEEDED', ...extra })

  it('a list has only matching rows, and no wrong total', async () => {
    await open(
      repeat(30, (number) => of(number, { status: number % 3 ? 'SUCCEEDED' : 'FAILED' })),
      { filters: 'ignored' },
    )
    expect((await readAllPages(fixture, 'executions(first: 5, status: [FAILED])')).ids).toEqual(
      [30, 27, 24, 21, 18, 15, 12, 9, 6, 3].map(executionId),
    )
    expect([null, 10]).toContain((await list('first: 5, status: [FAILED]')).totalCount)
  })

  it('returns no total after rows were filtered out', async () => {
    await open(
      repeat(4, (number) => of(number, { status: number === 3 ? 'SUCCEEDED' : 'FAILED' })),
      { filters: 'ignored' },
    )
    const connection = await list('first: 2, status: [FAILED]')
    expect(idsOf(connection)).toEqual([4, 2].map(executionId))
    expect([null, 3]).toContain(connection.totalCount)
  })

  it('an execution far behind others is found in the end', async () => {
    await open(
      repeat(300, (number) => of(number, { status: number === 7 ? 'FAILED' : 'SUCCEEDED' })),
      { filters: 'ignored' },
    )
    expect((await readAllPages(fixture, 'executions(first: 20, status: [FAILED])')).ids).toEqual([executionId(7)])
  })

  it('executions scattered far apart are all found, and once', async () => {
    const rare = [280, 200, 120, 119, 3]
    await open(
      repeat(300, (number) => of(number, { status: rare.includes(number) ? 'FAILED' : 'SUCCEEDED' })),
      { filters: 'ignored' },
    )
    expect((await readAllPages(fixture, 'executions(first: 20, status: [FAILED])')).ids).toEqual(rare.map(executionId))
  })

  it('lists only the children of the parent', async () => {
    const family = [
      of(1, {}),
      of(2, { parentExecutionId: executionId(1) }),
      of(3, { parentExecutionId: executionId(9) }),
      of(4, {}),
    ]
    await open(family, { filters: 'ignored' })
    const { data, errors } = await fixture.ask(
      `{ execution(by: { executionId: "${executionId(1)}" }) { children { nodes { vendorId } } } }`,
    )
    expect(errors).toEqual([])
    expect(data.execution.children).toEqual({ nodes: [{ vendorId: executionId(2) }] })
  })

  it('executions of no assistant are not taken for those of the one asked for', async () => {
    await open([of(1, { assistantId: 'asst-1' }), of(2, { assistantId: null }), of(3, { assistantId: 'asst-2' })], {
      filters: 'ignored',
    })
    expect(idsOf(await list('assistantId: "asst-1"'))).toEqual([executionId(1)])
  })

  it('the list of all jobs finds those in one state behind others', async () => {
    await open(
      repeat(40, (number) => of(number, { status: number <= 3 ? 'FAILED' : 'SUCCEEDED' })),
      { filters: 'ignored' },
    )
    expect(
      (await readAllPages(fixture, 'jobs(first: 5, filter: { vendors: [KODEXA], statuses: [FAILED] })')).ids,
    ).toEqual(newest(3))
  })
})

describe('the executions in the list of all jobs', () => {
  it('are one call', async () => {
    await open(repeat(45, wireExecution))
    const { data } = await fixture.ask(
      '{ jobs(first: 10, filter: { vendors: [KODEXA] }) { nodes { vendorId } pageInfo { hasNextPage } outages { message } } }',
    )
    expect(data.jobs).toEqual({
      nodes: newest(45, 36).map((vendorId) => ({ vendorId })),
      pageInfo: { hasNextPage: true },
      outages: [],
    })
    expect(fixture.sent().kodexa).toHaveLength(1)
  })

  it.each([
    [10, 1],
    [10, 0],
    [100, 0],
  ] as const)('are all found where a page has at most %d and pages are asked for from %d', async (cap, pageBase) => {
    await open(repeat(45, wireExecution), { cap, pageBase })
    expect((await readAllPages(fixture, 'jobs(first: 20, filter: { vendors: [KODEXA] })')).ids).toEqual(newest(45))
  })

  it('are all found where there are more than a page can have', async () => {
    await open(repeat(130, wireExecution))
    expect((await readAllPages(fixture, 'jobs(first: 50, filter: { vendors: [KODEXA] })')).ids).toEqual(newest(130))
  })

  it.each([400, 500] as const)('in one state are an outage when filters are rejected with %d', async (filters) => {
    await open(repeat(5, wireExecution), { filters })
    const { data, errors } = await fixture.ask(
      '{ jobs(filter: { vendors: [KODEXA], statuses: [FAILED] }) { nodes { vendorId } outages { vendor } } }',
    )
    expect(errors).toEqual([])
    expect(data.jobs.nodes).toEqual([])
    expect([[], [{ vendor: 'KODEXA' }]]).toContainEqual(data.jobs.outages)
  })
})
