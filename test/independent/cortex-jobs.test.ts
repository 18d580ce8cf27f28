import { afterEach, describe, expect, it } from 'vitest'
import { openFixture, readAllPages, type Fixture } from './fixture.js'
import type { CortexOptions } from './cortex-server.js'
import { wireRecord, wireRun, timestamp, repeat, type Wire } from './wire-jobs.js'

let fixture: Fixture
afterEach(() => fixture.close())

const dated = (number: number): Wire => wireRecord(`rec_${number}`, { created_at: timestamp(number) })
const newest = (from: number, count: number) => Array.from({ length: count }, (_, index) => `rec_${from - index}`)
const ONLY_CORTEX = 'filter: { vendors: [CORTEX], cortexCollectionIds: ["col_1"] }'

async function withRecords(records: readonly Wire[], options: Partial<CortexOptions> = {}) {
  fixture = await openFixture({
    cortex: { collections: { col_1: records }, workflows: { work_1: [] } },
    cortexOptions: options,
  })
}

async function vendorIds(query: string): Promise<unknown[]> {
  const { data, errors } = await fixture.ask(`{ jobs(${query}) { nodes { vendorId } outages { message } } }`)
  expect(errors).toEqual([])
  expect(data.jobs.outages).toEqual([])
  const nodes: { vendorId: unknown }[] = data.jobs.nodes
  return nodes.map(({ vendorId }) => vendorId)
}

describe('the jobs of Cortex in the list of all jobs', () => {
  it('come newest first, with one call for each container', async () => {
    await withRecords(repeat(30, dated))
    expect(await vendorIds('first: 5, filter: { vendors: [CORTEX] }')).toEqual(newest(30, 5))
    expect(
      fixture
        .sent()
        .cortex.map(({ path }) => path.slice(2).join('/'))
        .sort(),
    ).toEqual(['collections/col_1/records', 'workflows/work_1/runs'])
  })

  it.each(['applied', 'count only'] as const)(
    'are all found where a page has at most 25, with headers: %s',
    async (headers) => {
      await withRecords(repeat(60, dated), { cap: 25, headers })
      expect((await readAllPages(fixture, `jobs(first: 50, ${ONLY_CORTEX})`)).ids).toEqual(newest(60, 60))
    },
  )

  it('are all found when they exceed one page', async () => {
    await withRecords(repeat(130, dated))
    expect((await readAllPages(fixture, `jobs(first: 50, ${ONLY_CORTEX})`)).ids).toEqual(newest(130, 130))
  })

  it('are found by a state newer than the documentation, behind many others', async () => {
    await withRecords([...repeat(40, dated), wireRecord('rec_new', { status: 'ON_HOLD', created_at: timestamp(0) })])
    const filter = 'filter: { vendors: [CORTEX], cortexCollectionIds: ["col_1"], statuses: [UNKNOWN] }'
    expect((await readAllPages(fixture, `jobs(first: 5, ${filter})`)).ids).toEqual(['rec_new'])
  })

  it('are filtered by vendor status, with one call for each status and container', async () => {
    const records = repeat(9, (number) => ({ ...dated(number), status: ['RUNNING', 'QUEUED', 'DRAFT'][number % 3] }))
    const runs = [
      wireRun('run_1', { status: 'PENDING', created_at: timestamp(99) }),
      wireRun('run_2', { status: 'COMPLETED' }),
    ]
    fixture = await openFixture({ cortex: { collections: { col_1: records }, workflows: { work_1: runs } } })
    const ids = await vendorIds('filter: { vendors: [CORTEX], statuses: [RUNNING, QUEUED] }')
    expect(ids).toEqual(['run_1', 'rec_9', 'rec_7', 'rec_6', 'rec_4', 'rec_3', 'rec_1'])
    const asked = fixture.sent().cortex.map(({ path, query }) => `${path[2]} ${query.get('status')}`)
    expect(asked.sort()).toEqual([
      'collections QUEUED',
      'collections RUNNING',
      'workflows PENDING',
      'workflows RUNNING',
    ])
  })

  it('are requested once when a container is named twice', async () => {
    await withRecords(repeat(3, dated))
    await vendorIds('filter: { vendors: [CORTEX], cortexCollectionIds: ["col_1", "col_1"] }')
    expect(fixture.sent().cortex).toHaveLength(1)
  })

  it('are sorted by day where the vendor gives days, each read as midnight', async () => {
    await withRecords(
      repeat(3, (number) =>
        wireRecord(`rec_${number}`, { created_at: `2026-01-0${number}`, updated_at: '2026-01-09' }),
      ),
    )
    const { data } = await fixture.ask(`{ jobs(first: 2, ${ONLY_CORTEX}) { nodes { vendorId createdAt updatedAt } } }`)
    expect(data.jobs.nodes).toEqual([
      { vendorId: 'rec_3', createdAt: '2026-01-03T00:00:00.000Z', updatedAt: '2026-01-09T00:00:00.000Z' },
      { vendorId: 'rec_2', createdAt: '2026-01-02T00:00:00.000Z', updatedAt: '2026-01-09T00:00:00.000Z' },
    ])
    expect((await readAllPages(fixture, `jobs(first: 2, ${ONLY_CORTEX})`)).ids).toHaveLength(3)
  })

  it('come last when they have no creation time', async () => {
    await withRecords([
      wireRecord('rec_a', { created_at: null }),
      wireRecord('rec_b', { created_at: undefined }),
      dated(5),
    ])
    const { ids } = await readAllPages(fixture, `jobs(first: 1, ${ONLY_CORTEX})`)
    expect([ids[0], new Set(ids.slice(1))]).toEqual(['rec_5', new Set(['rec_a', 'rec_b'])])
  })

  it.each(['json', 'text', 'html', 'none'] as const)(
    'that cannot be read are outages, whatever the error looks like: %s',
    async (errorBody) => {
      await withRecords([], { failAll: 503, errorBody })
      const { data, errors } = await fixture.ask(
        '{ jobs(filter: { vendors: [CORTEX] }) { nodes { id } outages { vendor code source message } } }',
      )
      expect(errors).toEqual([])
      expect(data.jobs.nodes).toEqual([])
      expect(data.jobs.outages).toMatchObject([
        { vendor: 'CORTEX', code: 'VENDOR_UNAVAILABLE', source: 'collection col_1' },
        { vendor: 'CORTEX', code: 'VENDOR_UNAVAILABLE', source: 'workflow work_1' },
      ])
    },
  )

  it('of a missing container are an outage of that container only', async () => {
    fixture = await openFixture({ cortex: { collections: { col_1: repeat(2, dated) } } })
    const { data } = await fixture.ask(
      '{ jobs(filter: { vendors: [CORTEX] }) { nodes { vendorId } outages { source code } } }',
    )
    expect(data.jobs).toEqual({
      nodes: [{ vendorId: 'rec_2' }, { vendorId: 'rec_1' }],
      outages: [{ source: 'workflow work_1', code: 'NOT_FOUND' }],
    })
  })
})
