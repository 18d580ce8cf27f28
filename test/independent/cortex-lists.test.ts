import { afterEach, describe, expect, it } from 'vitest'
import { openFixture, readAllPages, type Fixture, type FixtureOptions, type Connection } from './fixture.js'
import type { CortexOptions } from './cortex-server.js'
import { wireRecord, wireRun, timestamp, repeat, type Wire } from './wire-jobs.js'
import { Secret } from '../../src/job/secret.js'

let fixture: Fixture
afterEach(() => fixture.close())

async function withRecords(
  records: readonly Wire[],
  cortexOptions: Partial<CortexOptions> = {},
  more: FixtureOptions = {},
) {
  fixture = await openFixture({ cortex: { collections: { col_1: records } }, cortexOptions, ...more })
}

const dated = (number: number) => wireRecord(`rec_${number}`, { created_at: timestamp(number) })
const newestFirst = (count: number) =>
  repeat(count, dated)
    .map(({ id }) => String(id))
    .reverse()

async function ask(list: string): Promise<Connection> {
  const { data, errors } = await fixture.ask(
    `{ list: ${list} { totalCount nodes { vendorId status vendorStatus } pageInfo { hasNextPage endCursor } } }`,
  )
  expect(errors).toEqual([])
  return data.list as Connection
}

describe('a list of records', () => {
  it('costs one call, with documented parameters only', async () => {
    await withRecords(repeat(60, dated))
    const { nodes, totalCount, pageInfo } = await ask('records(collectionId: "col_1", first: 20)')
    expect(nodes.map(({ vendorId }) => vendorId)).toEqual(newestFirst(60).slice(0, 20))
    expect(totalCount).toBe(60)
    expect(pageInfo.hasNextPage).toBe(true)
    const { cortex } = fixture.sent()
    expect(cortex).toHaveLength(1)
    expect(cortex[0]!.path).toEqual(['apps', 'c', 'collections', 'col_1', 'records'])
    expect(Object.fromEntries(cortex[0]!.query)).toEqual({ page: '1', take: '20' })
  })

  describe.each(['applied', 'echo', 'count only', 'none'] as const)('with pagination headers: %s', (headers) => {
    // Without a total a short page is the last one: nothing shows that it was capped.
    it.each(headers === 'none' ? [Infinity] : [Infinity, 25, 10])(
      'gives every record once, in order, where a page has at most %d',
      async (cap) => {
        await withRecords(repeat(60, dated), { headers, cap })
        expect((await readAllPages(fixture, 'records(collectionId: "col_1", first: 50)')).ids).toEqual(newestFirst(60))
      },
    )

    it.each(headers === 'none' ? [Infinity] : [Infinity, 25])(
      'gives every record of two states once, where a page has at most %d',
      async (cap) => {
        await withRecords(
          repeat(90, (number) => ({ ...dated(number), status: ['RUNNING', 'QUEUED', 'COMPLETED'][number % 3] })),
          { headers, cap },
        )
        expect(
          (await readAllPages(fixture, 'records(collectionId: "col_1", first: 20, status: [RUNNING, QUEUED])')).ids,
        ).toHaveLength(60)
      },
    )

    it('returns the total only when the vendor sends it', async () => {
      await withRecords(repeat(3, dated), { headers })
      expect((await ask('records(collectionId: "col_1", first: 2)')).totalCount).toBe(headers === 'none' ? null : 3)
    })
  })

  it('does not read a page twice when the vendor caps its pages', async () => {
    await withRecords(repeat(60, dated), { cap: 25 })
    const { pageInfo } = await ask('records(collectionId: "col_1", first: 50)')
    expect(fixture.sent().cortex).toHaveLength(2)
    await ask(`records(collectionId: "col_1", first: 50, after: "${pageInfo.endCursor}")`)
    expect(fixture.sent().cortex).toHaveLength(1)
  })

  it('does not read a large page behind a small one row by row', async () => {
    await withRecords(repeat(60, dated))
    const { pageInfo } = await ask('records(collectionId: "col_1", first: 1)')
    fixture.sent()
    const { nodes } = await ask(`records(collectionId: "col_1", first: 50, after: "${pageInfo.endCursor}")`)
    expect(fixture.sent().cortex.length).toBeLessThanOrEqual(2)
    expect(nodes).toHaveLength(50)
  })

  it('ends on an empty page where the vendor gives no total', async () => {
    await withRecords(repeat(4, dated), { headers: 'none' })
    expect((await readAllPages(fixture, 'records(collectionId: "col_1", first: 2)')).ids).toHaveLength(4)
  })

  it('takes a 404 for a page past the end as the end, not as an unknown collection', async () => {
    await withRecords(repeat(4, dated), { headers: 'none', pastTheEnd: 404 })
    expect((await readAllPages(fixture, 'records(collectionId: "col_1", first: 2)')).ids).toHaveLength(4)
  })

  it('filters one state with the vendor parameter', async () => {
    await withRecords(repeat(6, (number) => ({ ...dated(number), status: number % 2 ? 'FAILED' : 'COMPLETED' })))
    const { nodes, totalCount } = await ask('records(collectionId: "col_1", status: [FAILED])')
    expect(nodes.map(({ status }) => status)).toEqual(['FAILED', 'FAILED', 'FAILED'])
    expect(totalCount).toBe(3)
    const { cortex } = fixture.sent()
    expect(cortex.map(({ query }) => query.get('status'))).toEqual(['FAILED'])
  })

  it('sends no request for a state that no record can have', async () => {
    await withRecords(repeat(2, dated))
    expect((await ask('records(collectionId: "col_1", status: [SKIPPED, CANCELLING])')).nodes).toEqual([])
    expect(fixture.sent().cortex).toEqual([])
  })

  it('finds those in a state newer than the documentation', async () => {
    await withRecords([...repeat(5, dated), wireRecord('rec_new', { status: 'ARCHIVED', created_at: timestamp(0) })])
    const { nodes } = await ask('records(collectionId: "col_1", status: [UNKNOWN])')
    expect(nodes).toEqual([{ vendorId: 'rec_new', status: 'UNKNOWN', vendorStatus: 'ARCHIVED' }])
  })

  it('passes on a search and tags, whatever characters they have', async () => {
    await withRecords([
      wireRecord('rec_a', { name: 'Loan + “50 %” & more?' }),
      wireRecord('rec_b', { tags: [{ id: 'tag_9', name: 'x', color: null, app_id: 'app_1' }] }),
    ])
    expect((await ask('records(collectionId: "col_1", search: "+ “50 %” & more?")')).nodes).toMatchObject([
      { vendorId: 'rec_a' },
    ])
    expect((await ask('records(collectionId: "col_1", tagIds: ["tag_9", "tag_8"])')).nodes).toMatchObject([
      { vendorId: 'rec_b' },
    ])
    expect(fixture.sent().cortex.at(-1)!.query.getAll('tag_ids')).toEqual(['tag_9', 'tag_8'])
  })

  it('is null without an error where the collection is unknown', async () => {
    await withRecords([])
    const { data, errors } = await fixture.ask('{ records(collectionId: "col_none") { nodes { id } } }')
    expect({ data, errors }).toEqual({ data: { records: null }, errors: [] })
  })

  it('rejects the cursor of another collection', async () => {
    fixture = await openFixture({ cortex: { collections: { col_1: repeat(5, dated), col_2: repeat(5, dated) } } })
    const { pageInfo } = await ask('records(collectionId: "col_1", first: 2)')
    const { errors } = await fixture.ask(
      `{ records(collectionId: "col_2", first: 2, after: "${pageInfo.endCursor}") { nodes { id } } }`,
    )
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_INPUT' } }])
  })

  it('is an error with a code when the key is rejected, and hides the key', async () => {
    await withRecords(repeat(2, dated), {}, { cortexSettings: { apiKey: new Secret('wrong-key') } })
    const { data, errors, text } = await fixture.ask('{ records(collectionId: "col_1") { nodes { id } } }')
    expect(data).toEqual({ records: null })
    expect(errors).toMatchObject([{ extensions: { code: 'VENDOR_UNAUTHORIZED', vendor: 'CORTEX' } }])
    expect(text).not.toContain('wrong-key')
  })
})

describe('a list of runs', () => {
  const run = (number: number, extra: Wire = {}) =>
    wireRun(`run_${number}`, { created_at: timestamp(number), ...extra })

  it('filters by origin, state and verbose with vendor parameters, in one call', async () => {
    const runs = repeat(8, (number) =>
      run(number, { status: number % 2 ? 'PENDING' : 'COMPLETED', origin: number > 4 ? 'WEBHOOK' : 'RECORD' }),
    )
    fixture = await openFixture({ cortex: { workflows: { work_1: runs } }, cortexOptions: { verboseMatters: true } })
    const { data } = await fixture.ask(
      `{ workflowRuns(workflowId: "work_1", origin: WEBHOOK, status: [QUEUED], verbose: true) {
         totalCount nodes { vendorId status origin input } } }`,
    )
    expect(data.workflowRuns).toEqual({
      totalCount: 2,
      nodes: ['run_7', 'run_5'].map((vendorId) => ({
        vendorId,
        status: 'QUEUED',
        origin: 'WEBHOOK',
        input: { name: 'x' },
      })),
    })
    const { cortex } = fixture.sent()
    expect(cortex.map(({ query }) => Object.fromEntries(query))).toEqual([
      {
        page: '1',
        take: '20',
        origin: 'WEBHOOK',
        status: 'PENDING',
        verbose: 'all',
      },
    ])
  })

  it.each(['applied', 'count only'] as const)(
    'gives every run once where pages are capped, with headers: %s',
    async (headers) => {
      fixture = await openFixture({
        cortex: { workflows: { work_1: repeat(60, run) } },
        cortexOptions: { cap: 25, headers },
      })
      expect((await readAllPages(fixture, 'workflowRuns(workflowId: "work_1", first: 50)')).ids).toHaveLength(60)
    },
  )
})
