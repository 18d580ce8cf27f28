import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { silentLog } from '../../../src/job/log.js'
import { createSharedState, type SharedState } from '../../../src/reads/shared-state.js'
import type { CortexSettings } from '../../../src/vendors/cortex/settings.js'
import { startCortex, type CortexOptions, type CortexServer } from '../../independent/cortex-server.js'
import { wireRecord, wireRun, timestamp } from '../../independent/wire-jobs.js'
import { closeAfterTest } from '../../support/close-after-test.js'
import { openGateway, type QueryOptions, type TestGateway } from '../../support/gateway.js'
import {
  byRoute,
  cortexAt,
  json,
  emptySharedState,
  startScriptedVendor,
  type Script,
} from '../../support/scripted-vendor.js'

const JOBS = `query ($filter: JobFilter) { jobs(first: 100, filter: $filter) {
  nodes { vendorId } outages { vendor source code } warnings { vendor source code message }
} }`

interface Jobs {
  readonly nodes: readonly { readonly vendorId: string }[]
  readonly outages: readonly { readonly vendor: string; readonly source: string; readonly code: string }[]
  readonly warnings: readonly { readonly source: string; readonly code: string; readonly message: string }[]
}

const NOWHERE: Partial<CortexSettings> = { collectionIds: [], workflowIds: [] }
const keeping = () => createSharedState({ log: silentLog })

interface Desk {
  readonly cortex: CortexServer
  readonly gateway: TestGateway
  jobs(filter?: object, options?: QueryOptions): Promise<Jobs>
  /** What Cortex was asked about its places since the last call of this. */
  asked(): string[]
}

interface DeskOptions {
  readonly collections?: number
  readonly workflows?: number
  readonly cortex?: Partial<CortexOptions>
  readonly settings?: Partial<CortexSettings>
  readonly sharing?: SharedState
}

/** A gateway before a Cortex with so many places, a job in each. */
async function openDesk(options: DeskOptions = {}): Promise<Desk> {
  const { collections = 3, workflows = 2, settings = NOWHERE, sharing = emptySharedState() } = options
  const places = (count: number, name: string, job: typeof wireRecord) =>
    Object.fromEntries(
      Array.from({ length: count }, (_, index) => [
        `${name}_${index}`,
        [job(`${name}_${index}_job`, { created_at: timestamp(index), status: 'RUNNING' })],
      ]),
    )
  const cortex = await startCortex(
    { collections: places(collections, 'col', wireRecord), workflows: places(workflows, 'work', wireRun) },
    options.cortex,
  )
  const gateway = openGateway([cortexAt(cortex.url, settings, { sharedState: sharing })])
  closeAfterTest(gateway.close, cortex.close, sharing.close)
  let taken = 0
  return {
    cortex,
    gateway,
    async jobs(filter, queryOptions) {
      const { data, errors } = await gateway.query(JOBS, { filter }, queryOptions)
      expect(errors).toEqual([])
      const jobs: Jobs = data.jobs
      return jobs
    },
    asked() {
      const fresh = cortex.seen.slice(taken).filter(({ path }) => path.length === 3)
      taken = cortex.seen.length
      return fresh.map(({ line }) => line.replace('GET /apps/c/', '')).sort()
    },
  }
}

const ONCE_EACH = ['collections?page=1&take=21', 'workflows?page=1&take=21']
const idsOf = ({ nodes }: Jobs) => nodes.map(({ vendorId }) => vendorId).sort()

describe('where nobody says where Cortex keeps jobs', () => {
  it('they are looked for in every collection and workflow there is', async () => {
    const { jobs, asked } = await openDesk()
    const page = await jobs()
    expect(idsOf(page)).toEqual(['col_0_job', 'col_1_job', 'col_2_job', 'work_0_job', 'work_1_job'])
    expect(page).toMatchObject({ outages: [], warnings: [] })
    expect(asked()).toEqual(ONCE_EACH)
  })

  it.each<[string, DeskOptions, object | undefined, string[]]>([
    ['collections are configured', { settings: { collectionIds: ['col_1'], workflowIds: [] } }, undefined, []],
    ['workflows are configured', { settings: { collectionIds: [], workflowIds: ['work_1'] } }, undefined, []],
    ['collections are asked for', {}, { cortexCollectionIds: ['col_1'] }, []],
    ['workflows are asked for', {}, { cortexWorkflowIds: ['work_1'] }, []],
    ['none are asked for', {}, { cortexCollectionIds: [] }, []],
    ['Cortex is not', {}, { vendors: [] }, []],
    ['only runs can be meant', {}, { statuses: ['SKIPPED'] }, ['workflows?page=1&take=21']],
    ['only records can be meant', {}, { statuses: ['DRAFT'] }, ['collections?page=1&take=21']],
    ['Cortex has no such jobs', {}, { statuses: ['CANCELLING'] }, []],
    ['an unknown status may be anywhere', {}, { statuses: ['UNKNOWN'] }, ONCE_EACH],
  ])('it is not asked for more than matters: %s', async (_what, options, filter, expected) => {
    const { jobs, asked } = await openDesk(options)
    expect(await jobs(filter)).toMatchObject({ outages: [], warnings: [] })
    expect(asked()).toEqual(expected)
  })
})

describe('what was found out about the places of Cortex', () => {
  it('is asked for once by all who want it at the same time', async () => {
    const { jobs, asked } = await openDesk()
    await Promise.all(Array.from({ length: 20 }, () => jobs()))
    expect(asked()).toEqual(ONCE_EACH)
  })

  it('is kept for five minutes, and no longer', async () => {
    let passedMs = 0
    for (const clock of [performance, Date]) {
      const now = clock.now.bind(clock)
      const spy = vi.spyOn(clock, 'now').mockImplementation(() => now() + passedMs)
      onTestFinished(() => spy.mockRestore())
    }
    const { jobs, asked } = await openDesk({ sharing: keeping() })
    await jobs()
    expect(asked()).toEqual(ONCE_EACH)
    passedMs = 290_000
    expect(idsOf(await jobs())).toHaveLength(5)
    expect(asked()).toEqual([])
    passedMs = 301_000
    await jobs()
    expect(asked()).toEqual(ONCE_EACH)
  })

  it('is not kept where nothing is', async () => {
    const { jobs, asked } = await openDesk()
    await jobs()
    asked()
    await jobs()
    expect(asked()).toEqual(ONCE_EACH)
  })

  it('is asked for again by those who want it new', async () => {
    const { jobs, asked } = await openDesk({ sharing: keeping() })
    await jobs()
    asked()
    await jobs({}, { headers: { 'cache-control': 'no-cache' } })
    expect(asked()).toEqual(ONCE_EACH)
    await jobs()
    expect(asked()).toEqual([])
  })

  it('outlives a cancel, which the lists of jobs do not', async () => {
    const { cortex, gateway, jobs, asked } = await openDesk({ sharing: keeping() })
    await jobs()
    asked()
    const before = cortex.seen.length
    const { errors } = await gateway.query(
      'mutation { cancelRecord(by: { ref: { collectionId: "col_0", recordId: "col_0_job" } }) { __typename } }',
    )
    expect(errors).toEqual([])
    await jobs()
    expect(asked()).toEqual([])
    expect(cortex.seen.slice(before).filter(({ path }) => path.at(-1) === 'records')).toHaveLength(3)
  })

  it('is not kept when it could not be found out', async () => {
    const { cortex, jobs, asked } = await openDesk({ sharing: keeping(), cortex: { failPlaces: { collections: 500 } } })
    expect((await jobs()).outages).toHaveLength(1)
    asked()
    cortex.options.failPlaces = {}
    expect(await jobs()).toMatchObject({ outages: [] })
    expect(asked()).toEqual(['collections?page=1&take=21'])
  })
})

describe('places of Cortex that cannot be found out', () => {
  it.each(['collections', 'workflows'] as const)('are an outage, and the others stand: %s', async (kind) => {
    const { jobs } = await openDesk({ cortex: { failPlaces: { [kind]: 503 } } })
    const page = await jobs()
    expect(page.outages).toEqual([{ vendor: 'CORTEX', source: kind, code: 'VENDOR_UNAVAILABLE' }])
    expect(idsOf(page)).toHaveLength(kind === 'collections' ? 2 : 3)
  })

  it('are two outages where it is both, and an outage too where the app is unknown', async () => {
    const { jobs } = await openDesk({ cortex: { failPlaces: { collections: 404, workflows: 401 } } })
    const page = await jobs()
    expect(page).toMatchObject({ nodes: [] })
    expect(page.outages).toEqual([
      { vendor: 'CORTEX', source: 'collections', code: 'NOT_FOUND' },
      { vendor: 'CORTEX', source: 'workflows', code: 'VENDOR_UNAUTHORIZED' },
    ])
  })
})

describe('many places of Cortex', () => {
  it.each<[string, Partial<CortexOptions>, string]>([
    ['says how many', { headers: 'applied' }, '34 collections'],
    ['says nothing', { headers: 'none' }, 'more than 20 collections'],
    ['gives a few at a time', { headers: 'applied', cap: 8 }, '34 collections'],
  ])('are not looked at beyond the first twenty, which a warning says: it %s', async (_what, cortex, count) => {
    const { jobs } = await openDesk({ collections: 34, workflows: 20, cortex })
    const { nodes, warnings } = await jobs()
    expect(nodes).toHaveLength(40)
    expect(warnings).toEqual([
      { vendor: 'CORTEX', source: 'collections', code: 'SOURCES_TRUNCATED', message: expect.any(String) },
    ])
    const [{ message }] = warnings as [Jobs['warnings'][number]]
    expect(message).toContain(count)
    expect(message).toContain('CORTEX_COLLECTION_IDS')
    expect(message).toContain('cortexCollectionIds')
  })

  it('are one call where there are twenty, and are told of where there is one more', async () => {
    const twenty = await openDesk({ collections: 20, workflows: 21, cortex: { headers: 'none' } })
    const { warnings } = await twenty.jobs()
    expect(twenty.asked()).toEqual(ONCE_EACH)
    expect(warnings).toMatchObject([{ source: 'workflows', message: expect.stringContaining('CORTEX_WORKFLOW_IDS') }])
  })
})

describe('rows of places', () => {
  async function placesOf(rows: unknown): Promise<{ jobs: Jobs; asked: string[] }> {
    const script: Script = byRoute({
      'GET /apps/c/collections': json(200, rows),
      'GET /apps/c/workflows': json(200, []),
      'GET /apps/c/collections/.*/records': json(200, []),
    })
    const vendor = await startScriptedVendor(script)
    const gateway = openGateway([cortexAt(vendor.url, NOWHERE)])
    closeAfterTest(gateway.close, vendor.close)
    const { data, errors } = await gateway.query(JOBS)
    expect(errors).toEqual([])
    const asked = vendor.requests.map((line) => line.replace(/\?.*/, '')).filter((line) => line.endsWith('records'))
    return { jobs: data.jobs, asked }
  }

  it('without an id that may be sent are left out', async () => {
    const ids = [
      'col_a',
      '../../admin',
      'a/b',
      '..',
      '',
      ' ',
      null,
      undefined,
      7,
      { id: 1 },
      'x'.repeat(201),
      'col_a',
      '%2e',
    ]
    const { jobs, asked } = await placesOf([...ids.map((id) => ({ id })), null, 'col_b', ['col_c']])
    expect(asked.sort()).toEqual(['GET /apps/c/collections/7/records', 'GET /apps/c/collections/col_a/records'])
    expect(jobs).toMatchObject({ outages: [], warnings: [] })
  })

  it('that are no list are an outage', async () => {
    const { jobs, asked } = await placesOf({ rows: [] })
    expect(asked).toEqual([])
    expect(jobs.outages).toEqual([{ vendor: 'CORTEX', source: 'collections', code: 'VENDOR_BAD_RESPONSE' }])
  })
})
