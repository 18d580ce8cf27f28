import { setTimeout as delay } from 'node:timers/promises'
import fc from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createUnlimitedLimiter } from '../../../src/upstream/budget/unlimited-limiter.js'
import type { JsonResponse } from '../../../src/upstream/json-request.js'
import type { UpstreamCall } from '../../../src/upstream/http-transport.js'
import type { UpstreamClient } from '../../../src/upstream/upstream.js'
import { JobNotFoundError, VendorError } from '../../../src/job/errors.js'
import type { Job } from '../../../src/job/job.js'
import { silentLog } from '../../../src/job/log.js'
import type { ReadItem } from '../../../src/reads/read-cache.js'
import { createNormaliser } from '../../../src/vendors/cortex/normalise/index.js'
import type { DetailLevel } from '../../../src/vendors/cortex/read-plan.js'
import { createRecordSource } from '../../../src/vendors/cortex/record-source.js'
import { createRunSource } from '../../../src/vendors/cortex/run-source.js'
import { testContext } from '../../support/test-context.js'
import { openUpstream } from '../../support/upstream.js'
import { closeAfterTest } from '../../support/close-after-test.js'
import {
  byRoute,
  hang,
  resetConnection,
  json,
  startScriptedVendor,
  text,
  type Script,
} from '../../support/scripted-vendor.js'
import { runCount } from '../../support/run-count.js'

type Answer = ReadItem<Job, DetailLevel> | Error

/** A collection as Cortex lists it, well or badly. */
interface Shelf {
  /** In the order of the list. */
  readonly ids: readonly string[]
  /** Larger pages are cut. */
  readonly cap: number | null
  readonly saysTotal: boolean
  readonly saysTake: boolean
  readonly fault: 'none' | 'one page for all' | 'all on one page' | 'moves on' | 'holes' | 'strangers' | 'no list'
}

const SHELF: Shelf = { ids: [], cap: null, saysTotal: true, saysTake: true, fault: 'none' }
const RECORDS = ['apps', 'c', 'collections', 'col_1', 'records']

const rowOf = (id: string) => ({ id, name: `the name of ${id}`, status: 'COMPLETED' })
const times = (count: number, prefix = 'rec') => Array.from({ length: count }, (_, at) => `${prefix}_${at + 1}`)

/** What a shelf answers to a page of its list. */
function pageOf(shelf: Shelf, page: number, asked: number): { rows: unknown[]; headers: Record<string, string> } {
  const take = Math.min(asked, shelf.cap ?? asked)
  const { saysTotal, saysTake, fault } = shelf
  const ids = fault === 'moves on' ? [...times(page - 1, 'new'), ...shelf.ids] : shelf.ids
  const start = fault === 'one page for all' ? 0 : (page - 1) * take
  const rows: unknown[] = (fault === 'all on one page' ? ids : ids.slice(start, start + take)).map(rowOf)
  if (fault === 'holes') rows.forEach((_, at) => at % 3 === 0 && (rows[at] = at % 2 ? null : { name: 'no id' }))
  if (fault === 'strangers') rows.unshift(...times(3, 'stranger').map(rowOf))
  return {
    rows,
    headers: {
      ...(saysTotal && { 'pagination-count': String(ids.length) }),
      ...(saysTake && { 'pagination-take': String(take) }),
    },
  }
}

/** A line straight into a shelf. */
function lineInto(shelf: Shelf): { readonly line: UpstreamClient; readonly calls: string[] } {
  const calls: string[] = []
  const answer = (body: unknown, headers = {}): JsonResponse => ({ status: 200, headers, body, text: '' })
  const notFound = () => new VendorError('CORTEX', 'VENDOR_REJECTED', 'unknown', { httpStatus: 404 })
  async function read({ path, query = {} }: UpstreamCall): Promise<JsonResponse> {
    calls.push(path.slice(RECORDS.length).join('/') || `list ${String(query['page'])}`)
    await Promise.resolve()
    const [id] = path.slice(RECORDS.length)
    if (id === undefined && shelf.fault === 'no list') throw notFound()
    if (id === undefined) {
      const { rows, headers } = pageOf(shelf, Number(query['page']), Number(query['take']))
      return answer(rows, headers)
    }
    if (!shelf.ids.includes(id)) throw notFound()
    return answer(rowOf(id))
  }
  const write = () => Promise.reject(new JobNotFoundError('nothing is written here'))
  return { line: { read, write }, calls }
}

const record = (recordId: string, detail: DetailLevel = 'plain', collectionId = 'col_1') => ({
  address: { appId: 'c', collectionId, recordId },
  detail,
})
const run = (runId: string, detail: DetailLevel = 'plain') => ({
  address: { appId: 'c', workflowId: 'work_1', runId, discoverable: false },
  detail,
})

const ignore = () => {}
const named = (answers: readonly Answer[]) =>
  answers.map((answer) => (answer instanceof Error ? answer.message : (answer.item?.name ?? null)))

describe('records of a collection, whatever it holds and however it is listed', () => {
  const shelves: fc.Arbitrary<Shelf> = fc.record({
    ids: fc
      .integer({ min: 0, max: 400 })
      .chain((size) => fc.shuffledSubarray(times(size), { minLength: size, maxLength: size })),
    cap: fc.option(fc.integer({ min: 1, max: 120 })),
    saysTotal: fc.boolean(),
    saysTake: fc.boolean(),
    fault: fc.constantFrom(
      'none',
      'none',
      'none',
      'one page for all',
      'all on one page',
      'moves on',
      'holes',
      'strangers',
      'no list',
    ),
  })
  /** Where in the list to look, 0 to 1, or nowhere. */
  const looks = fc.array(fc.option(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })), {
    minLength: 1,
    maxLength: 80,
  })

  it('are each answered with themselves, by no more calls than single gets and one', { timeout: 60_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(shelves, fc.array(looks, { minLength: 1, maxLength: 4 }), async (shelf, batches) => {
        const source = createRecordSource(createNormaliser(silentLog))
        for (const batch of batches) {
          const ids = batch.map((at, index) =>
            at === null || shelf.ids.length === 0 ? `gone_${index}` : shelf.ids[Math.floor(at * shelf.ids.length)]!,
          )
          const wanted = [...new Set(ids)].map((id) => record(id))
          const { line, calls } = lineInto(shelf)
          const answers = await source.read(line, wanted, (address, { item }) => {
            expect(address).toEqual({ appId: 'c', collectionId: 'col_1', recordId: item?.vendorId })
          })
          expect(named(answers)).toEqual(
            wanted.map(({ address: { recordId } }) =>
              shelf.ids.includes(recordId) ? `the name of ${recordId}` : null,
            ),
          )
          expect(calls.length).toBeLessThanOrEqual(wanted.length + 1)
          // Nothing is asked for twice.
          expect(new Set(calls).size).toBe(calls.length)
        }
      }),
      { numRuns: runCount(2500) },
    )
  })

  it('cost one call where a page of the list has all of them', async () => {
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(times(100), { minLength: 2 }), fc.boolean(), async (ids, says) => {
        const source = createRecordSource(createNormaliser(silentLog))
        const { line, calls } = lineInto({ ...SHELF, ids: times(100).reverse(), saysTotal: says, saysTake: says })
        await source.read(
          line,
          ids.map((id) => record(id)),
          ignore,
        )
        expect(calls).toEqual(['list 1'])
      }),
    )
  })
})

interface Reader {
  readonly requests: readonly string[]
  records(wanted: readonly ReturnType<typeof record>[]): Promise<readonly Answer[]>
  runs(wanted: readonly ReturnType<typeof run>[]): Promise<readonly Answer[]>
  /** What was told of jobs that nobody wanted. */
  readonly also: readonly string[]
  /** What was sent since the last call of this. */
  take(): readonly string[]
  answer(script: Script): void
}

/** The sources in front of a server, over real sockets. */
async function readerOf(script: Script, timeoutMs = 2000): Promise<Reader> {
  const vendor = await startScriptedVendor(script)
  const upstream = openUpstream({
    vendor: 'CORTEX',
    baseUrl: vendor.url,
    headers: {},
    timeoutMs,
    maxRetries: 0,
    limiter: createUnlimitedLimiter(),
    parseErrorBody: () => ({ message: null, incidentId: null }),
  })
  closeAfterTest(upstream.close, vendor.close)
  const normaliser = createNormaliser(silentLog)
  const [recordSource, runSource] = [createRecordSource(normaliser), createRunSource(normaliser)]
  const also: string[] = []
  const onAlso = (_address: unknown, { item, detail }: ReadItem<Job, DetailLevel>) =>
    void also.push(`${detail} ${item?.vendorId}`)
  let taken = 0
  const paidLine = async () => (await upstream.acquirePermit(testContext()))(testContext())
  return {
    requests: vendor.requests,
    also,
    answer: vendor.answer,
    records: async (wanted) => recordSource.read(await paidLine(), wanted, onAlso),
    runs: async (wanted) => runSource.read(await paidLine(), wanted, onAlso),
    take() {
      const fresh = vendor.requests.slice(taken)
      taken = vendor.requests.length
      return fresh
    },
  }
}

const COLLECTION = '/apps/c/collections/col_1/records'
const WORKFLOW = '/apps/c/workflows/work_1/runs'
const one: Script = (request, response) => {
  const [, id, status] = /\/(?:records|runs)\/(\w+)(\/status)?/.exec(request.url!) ?? []
  if (id?.startsWith('gone')) return json(404, {})(request, response)
  json(200, status ? { status: 'COMPLETED' } : rowOf(id!))(request, response)
}
const listing = (list: Script): Script => byRoute({ [`GET (${COLLECTION}|${WORKFLOW})`]: list, 'GET .*': one })
const isList = (line: string) => /\/(records|runs)\?/.test(line)
const rowsOf = (ids: readonly string[]) => json(200, ids.map(rowOf))
const TEN = times(10).map((id) => record(id))

describe('the list of a collection', () => {
  it('is read in one page of a hundred, and matched by id', async () => {
    const { records, requests, also } = await readerOf(listing(rowsOf([...times(12)].reverse())))
    expect(named(await records(TEN))).toEqual(times(10).map((id) => `the name of ${id}`))
    expect(requests).toEqual([`GET ${COLLECTION}?page=1&take=100`])
    expect(also).toEqual(['plain rec_12', 'plain rec_11'])
  })

  it('is not read for one record', async () => {
    const { records, requests } = await readerOf(listing(rowsOf(times(10))))
    await records([record('rec_1')])
    expect(requests).toEqual([`GET ${COLLECTION}/rec_1`])
  })

  it('is asked for what only the extras tell as soon as one of the records needs it', async () => {
    const { records, requests, also } = await readerOf(listing(rowsOf(times(4))))
    await records([record('rec_1'), record('rec_2', 'verbose'), record('rec_3', 'bare')])
    expect(requests).toEqual([`GET ${COLLECTION}?page=1&take=10&verbose=all`])
    expect(also).toEqual(['verbose rec_4'])
  })

  it('leaves what it does not have to single gets, each in its own way', async () => {
    const { records, requests } = await readerOf(listing(rowsOf(times(3))))
    const wanted = [
      ...times(3).map((id) => record(id)),
      record('rec_8', 'bare'),
      record('rec_9', 'plain'),
      record('gone_1', 'verbose'),
    ]
    const answers = await records(wanted)
    expect(named(answers)).toEqual([...times(3).map((id) => `the name of ${id}`), null, 'the name of rec_9', null])
    expect(answers.at(-1)).toEqual({ item: null, detail: 'verbose' })
    expect(answers.at(0)).toMatchObject({ item: { vendorId: 'rec_1' }, detail: 'verbose' })
    expect(answers.at(3)).toMatchObject({ item: { vendorId: 'rec_8', vendorStatus: 'COMPLETED' }, detail: 'bare' })
    expect([...requests].sort()).toEqual([
      `GET ${COLLECTION}/gone_1?verbose=all`,
      `GET ${COLLECTION}/rec_8/status`,
      `GET ${COLLECTION}/rec_9`,
      `GET ${COLLECTION}?page=1&take=12&verbose=all`,
    ])
  })

  it('of runs is read in small pages, twice as many as are wanted', async () => {
    const { runs, requests } = await readerOf(listing(rowsOf(times(60))))
    for (const count of [2, 15, 60]) await runs(times(count).map((id) => run(id)))
    expect(requests.filter(isList)).toEqual([
      `GET ${WORKFLOW}?page=1&take=20`,
      `GET ${WORKFLOW}?page=1&take=30`,
      `GET ${WORKFLOW}?page=1&take=50`,
    ])
  })

  it('of records with their extras is read in small pages, twice as many as are wanted', async () => {
    const { records, requests } = await readerOf(listing(rowsOf(times(60))))
    for (const count of [2, 15, 60]) await records(times(count).map((id) => record(id, 'verbose')))
    expect(requests.filter(isList)).toEqual([
      `GET ${COLLECTION}?page=1&take=10&verbose=all`,
      `GET ${COLLECTION}?page=1&take=30&verbose=all`,
      `GET ${COLLECTION}?page=1&take=50&verbose=all`,
    ])
  })

  it('tells of each record how it was really read', async () => {
    const { records } = await readerOf(listing(rowsOf(times(2))))
    const readings = (answers: readonly Answer[]) =>
      answers.map((answer) => (answer instanceof Error ? answer.message : answer.detail))
    expect(readings(await records([record('rec_1', 'bare'), record('rec_2')]))).toEqual(['plain', 'plain'])
    expect(readings(await records([record('rec_1', 'bare'), record('rec_2', 'verbose')]))).toEqual([
      'verbose',
      'verbose',
    ])
    expect(readings(await records([record('rec_1', 'bare')]))).toEqual(['bare'])
  })

  it('is read on where its total says that the next page has what is missing', async () => {
    const ids = times(150)
    const { records, requests } = await readerOf(
      listing((request, response) => {
        const query = new URL(request.url!, 'http://cortex.test').searchParams
        const { rows, headers } = pageOf(
          { ...SHELF, ids, cap: 50 },
          Number(query.get('page')),
          Number(query.get('take')),
        )
        json(200, rows, headers)(request, response)
      }),
    )
    await records(ids.slice(0, 60).map((id) => record(id)))
    expect(requests).toEqual([`GET ${COLLECTION}?page=1&take=100`, `GET ${COLLECTION}?page=2&take=50`])
  })
})

describe('a list that does not answer', () => {
  const idle = times(10, 'other')

  afterEach(() => void vi.restoreAllMocks())

  it('is read no more after some looks, and again when single gets have paid for it', async () => {
    const { records, take } = await readerOf(listing(rowsOf(idle)))
    const looks: number[] = []
    for (let time = 0; time < 20; time++) {
      await records(TEN)
      const requests = take()
      looks.push(requests.filter(isList).length)
      expect(requests).toHaveLength(10 + looks[time]!)
    }
    const last = looks.indexOf(0)
    expect(last).toBeGreaterThan(0)
    expect(last).toBeLessThanOrEqual(5)
    // Fifty single gets, and then another look.
    const rest = looks.slice(last)
    expect(rest.slice(0, 12)).toEqual([0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1])
    expect(rest.filter((look) => look > 0).length).toBeLessThanOrEqual(3)
  })

  it('is read as before once it has what is wanted when it is looked at again', async () => {
    const { records, take, answer } = await readerOf(listing(rowsOf(idle)))
    for (let time = 0; take().filter(isList).length > 0 || time === 0; time++) {
      expect(time).toBeLessThan(10)
      await records(TEN)
    }
    answer(listing(rowsOf(times(10))))
    for (let time = 0; time < 4; time++) await records(TEN)
    expect(take().filter(isList)).toEqual([])
    for (let time = 0; time < 5; time++) await records(TEN)
    expect(take()).toEqual(Array(5).fill(`GET ${COLLECTION}?page=1&take=100`))
  })

  it('about two unknown records, time and again, is read all the same for sixty that are on its first page', async () => {
    const { records, take } = await readerOf(listing(rowsOf(times(100))))
    const sixty = times(60).map((id) => record(id))
    for (let time = 0; time < 10; time++) {
      expect(named(await records([record(`gone_${time}`), record(`gone_${time}x`)]))).toEqual([null, null])
    }
    take()
    expect(named(await records(sixty))).toEqual(times(60).map((id) => `the name of ${id}`))
    expect(take()).toEqual([`GET ${COLLECTION}?page=1&take=100`])
  })

  it('says nothing of the lists of other places', async () => {
    const { records, runs, take } = await readerOf(listing(rowsOf(idle)))
    await records(TEN)
    take()
    await runs([run('run_1'), run('run_2')])
    expect(take().filter(isList)).toEqual([`GET ${WORKFLOW}?page=1&take=20`])
    await records([record('rec_1', 'plain', 'col_2'), record('rec_2', 'plain', 'col_2')])
    expect(take().filter((line) => line.includes('col_2/records?'))).toHaveLength(1)
  })

  it.each([
    ['403', json(403, {})],
    ['400', json(400, {})],
    ['500', json(500, {})],
    ['501', json(501, {})],
    ['no list', json(200, { rows: [] })],
    ['no JSON', text(200, '<html>')],
  ])('because it fails (%s) is done without for ten minutes', async (_what, script) => {
    const { records, take } = await readerOf(listing(script))
    expect(named(await records(TEN))).toEqual(times(10).map((id) => `the name of ${id}`))
    expect(take()).toHaveLength(11)
    await records(TEN)
    const requests = take()
    expect(requests).toHaveLength(10)
    expect(requests.filter(isList)).toEqual([])

    const now = performance.now.bind(performance)
    vi.spyOn(performance, 'now').mockImplementation(() => now() + 10 * 60_000 + 1000)
    await delay(5)
    await records(TEN)
    expect(take().filter(isList)).toHaveLength(1)
  })

  it('because it fails is done without at once, however often it answered before', async () => {
    const { records, take, answer } = await readerOf(listing(rowsOf(times(10))))
    for (let time = 0; time < 5; time++) await records(TEN)
    expect(take()).toHaveLength(5)
    answer(listing(json(403, {})))
    for (let time = 0; time < 5; time++) await records(TEN)
    expect(take().filter(isList)).toHaveLength(1)
  })

  it('because there is no such place costs one call more than single gets, once', async () => {
    const { records, take } = await readerOf(listing(json(404, {})))
    expect(named(await records(TEN))).toEqual(times(10).map((id) => `the name of ${id}`))
    expect(take()).toHaveLength(11)
    expect(named(await records(TEN))).toEqual(times(10).map((id) => `the name of ${id}`))
    expect(take().filter(isList)).toEqual([])
  })

  it.each([
    ['401', json(401, {}), 'VENDOR_UNAUTHORIZED'],
    ['429', json(429, {}), 'VENDOR_RATE_LIMITED'],
    ['502', json(502, {}), 'VENDOR_UNAVAILABLE'],
    ['503', json(503, {}), 'VENDOR_UNAVAILABLE'],
    ['504', json(504, {}), 'VENDOR_UNAVAILABLE'],
    ['a lost connection', resetConnection, 'VENDOR_UNAVAILABLE'],
  ])('because the vendor is unwell (%s) costs one call, and is read again next time', async (_what, script, code) => {
    const { records, take, answer } = await readerOf(listing(script))
    expect(await records(TEN)).toMatchObject(TEN.map(() => ({ code })))
    expect(take()).toHaveLength(1)
    answer(listing(rowsOf(times(10))))
    // Whoever has had too much is left alone for a second.
    await records(TEN)
    expect(take()).toEqual([`GET ${COLLECTION}?page=1&take=100`])
  })

  it.each([
    ['at once', 0],
    ['after good looks', 5],
  ])('because it takes too long (%s) costs one call, and single gets are tried next time', async (_when, looks) => {
    const { records, take, answer } = await readerOf(listing(rowsOf(times(10))), 200)
    for (let time = 0; time < looks; time++) await records(TEN)
    expect(take()).toHaveLength(looks)
    answer(listing(hang))
    expect(await records(TEN)).toMatchObject(TEN.map(() => ({ code: 'VENDOR_TIMEOUT' })))
    expect(take()).toHaveLength(1)
    for (let time = 0; time < 3; time++) {
      expect(named(await records(TEN))).toEqual(times(10).map((id) => `the name of ${id}`))
      const requests = take()
      expect(requests).toHaveLength(10)
      expect(requests.filter(isList)).toEqual([])
    }
  })

  const LONG = times(150)
  const listingButPage2 = (second: Script) =>
    listing((request, response) => {
      if (request.url!.includes('page=2')) return second(request, response)
      const { rows, headers } = pageOf({ ...SHELF, ids: LONG, cap: 50 }, 1, 100)
      json(200, rows, headers)(request, response)
    })

  it.each([
    ['401', json(401, {}), 'VENDOR_UNAUTHORIZED'],
    ['429', json(429, {}), 'VENDOR_RATE_LIMITED'],
    ['503', json(503, {}), 'VENDOR_UNAVAILABLE'],
    ['a lost connection', resetConnection, 'VENDOR_UNAVAILABLE'],
    ['too slow', hang, 'VENDOR_TIMEOUT'],
  ])(
    'on a later page because the vendor is unwell (%s) loses nothing of what was found',
    async (_what, script, code) => {
      const { records, take } = await readerOf(listingButPage2(script), 500)
      const answers = await records(LONG.slice(0, 60).map((id) => record(id)))
      expect(named(answers.slice(0, 50))).toEqual(LONG.slice(0, 50).map((id) => `the name of ${id}`))
      expect(answers.slice(50)).toMatchObject(Array(10).fill({ code }))
      expect(take()).toEqual([`GET ${COLLECTION}?page=1&take=100`, `GET ${COLLECTION}?page=2&take=50`])
    },
  )

  it.each([
    ['403', json(403, {})],
    ['500', json(500, {})],
    ['no list', json(200, { rows: [] })],
  ])('on a later page because it fails (%s) leaves the rest to single gets', async (_what, script) => {
    const { records, take } = await readerOf(listingButPage2(script))
    const wanted = LONG.slice(0, 55)
    expect(named(await records(wanted.map((id) => record(id))))).toEqual(wanted.map((id) => `the name of ${id}`))
    expect(take()).toHaveLength(2 + 5)
  })
})

describe('one record among many', () => {
  it('fails alone', async () => {
    const { records } = await readerOf(
      byRoute({ [`GET ${COLLECTION}`]: rowsOf(['rec_1', 'rec_2']), 'GET .*/rec_3': json(500, {}), 'GET .*': one }),
    )
    const answers = await records(['rec_1', 'rec_2', 'rec_3', 'rec_4'].map((id) => record(id)))
    expect(named(answers)).toEqual([
      'the name of rec_1',
      'the name of rec_2',
      'CORTEX failed (HTTP 500).',
      'the name of rec_4',
    ])
  })
})
