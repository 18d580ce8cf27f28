import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { hang, resetConnection, json, text, type Script } from '../../support/scripted-vendor.js'
import { EMPTY_COLLECTION, idsUpTo, namesOf, pageOf, record, run } from '../../support/listed-collection.js'
import {
  COLLECTION,
  isList,
  listingBy,
  openCortexReader,
  rowsOf,
  TEN_RECORDS,
  WORKFLOW,
} from '../../support/cortex-reader.js'

describe('a list without the requested records', () => {
  const idle = idsUpTo(10, 'other')

  afterEach(() => void vi.restoreAllMocks())

  it('is disabled after a few misses, and tried again after enough single gets', async () => {
    const { records, takeRequests } = await openCortexReader(listingBy(rowsOf(idle)))
    const listReads: number[] = []
    for (let round = 0; round < 20; round++) {
      await records(TEN_RECORDS)
      const requests = takeRequests()
      listReads.push(requests.filter(isList).length)
      expect(requests).toHaveLength(10 + listReads[round]!)
    }
    const last = listReads.indexOf(0)
    expect(last).toBeGreaterThan(0)
    expect(last).toBeLessThanOrEqual(5)
    // The list is tried again after 50 single gets.
    const rest = listReads.slice(last)
    expect(rest.slice(0, 12)).toEqual([0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1])
    expect(rest.filter((count) => count > 0).length).toBeLessThanOrEqual(3)
  })

  it('is enabled again once a retry finds the requested records', async () => {
    const { records, takeRequests, respondWith } = await openCortexReader(listingBy(rowsOf(idle)))
    for (let round = 0; takeRequests().filter(isList).length > 0 || round === 0; round++) {
      expect(round).toBeLessThan(10)
      await records(TEN_RECORDS)
    }
    respondWith(listingBy(rowsOf(idsUpTo(10))))
    for (let round = 0; round < 4; round++) await records(TEN_RECORDS)
    expect(takeRequests().filter(isList)).toEqual([])
    for (let round = 0; round < 5; round++) await records(TEN_RECORDS)
    expect(takeRequests()).toEqual(Array(5).fill(`GET ${COLLECTION}?page=1&take=100`))
  })

  it('is still read for 60 records on its first page after repeated misses of two unknown records', async () => {
    const { records, takeRequests } = await openCortexReader(listingBy(rowsOf(idsUpTo(100))))
    const sixty = idsUpTo(60).map((id) => record(id))
    for (let round = 0; round < 10; round++) {
      expect(namesOf(await records([record(`gone_${round}`), record(`gone_${round}x`)]))).toEqual([null, null])
    }
    takeRequests()
    expect(namesOf(await records(sixty))).toEqual(idsUpTo(60).map((id) => `the name of ${id}`))
    expect(takeRequests()).toEqual([`GET ${COLLECTION}?page=1&take=100`])
  })

  it('does not affect the lists of other containers', async () => {
    const { records, runs, takeRequests } = await openCortexReader(listingBy(rowsOf(idle)))
    await records(TEN_RECORDS)
    takeRequests()
    await runs([run('run_1'), run('run_2')])
    expect(takeRequests().filter(isList)).toEqual([`GET ${WORKFLOW}?page=1&take=20`])
    await records([record('rec_1', 'plain', 'col_2'), record('rec_2', 'plain', 'col_2')])
    expect(takeRequests().filter((request) => request.includes('col_2/records?'))).toHaveLength(1)
  })

  it.each([
    ['403', json(403, {})],
    ['400', json(400, {})],
    ['500', json(500, {})],
    ['501', json(501, {})],
    ['not an array', json(200, { rows: [] })],
    ['not JSON', text(200, '<html>')],
  ])('is disabled for ten minutes after an error (%s)', async (_what, script) => {
    const { records, takeRequests } = await openCortexReader(listingBy(script))
    expect(namesOf(await records(TEN_RECORDS))).toEqual(idsUpTo(10).map((id) => `the name of ${id}`))
    expect(takeRequests()).toHaveLength(11)
    await records(TEN_RECORDS)
    const requests = takeRequests()
    expect(requests).toHaveLength(10)
    expect(requests.filter(isList)).toEqual([])

    const now = performance.now.bind(performance)
    vi.spyOn(performance, 'now').mockImplementation(() => now() + 10 * 60_000 + 1000)
    await delay(5)
    await records(TEN_RECORDS)
    expect(takeRequests().filter(isList)).toHaveLength(1)
  })

  it('is disabled at once after an error, despite earlier hits', async () => {
    const { records, takeRequests, respondWith } = await openCortexReader(listingBy(rowsOf(idsUpTo(10))))
    for (let round = 0; round < 5; round++) await records(TEN_RECORDS)
    expect(takeRequests()).toHaveLength(5)
    respondWith(listingBy(json(403, {})))
    for (let round = 0; round < 5; round++) await records(TEN_RECORDS)
    expect(takeRequests().filter(isList)).toHaveLength(1)
  })

  it('costs one extra call, once, when the container does not exist', async () => {
    const { records, takeRequests } = await openCortexReader(listingBy(json(404, {})))
    expect(namesOf(await records(TEN_RECORDS))).toEqual(idsUpTo(10).map((id) => `the name of ${id}`))
    expect(takeRequests()).toHaveLength(11)
    expect(namesOf(await records(TEN_RECORDS))).toEqual(idsUpTo(10).map((id) => `the name of ${id}`))
    expect(takeRequests().filter(isList)).toEqual([])
  })

  it.each([
    ['401', json(401, {}), 'VENDOR_UNAUTHORIZED'],
    ['429', json(429, {}), 'VENDOR_RATE_LIMITED'],
    ['502', json(502, {}), 'VENDOR_UNAVAILABLE'],
    ['503', json(503, {}), 'VENDOR_UNAVAILABLE'],
    ['504', json(504, {}), 'VENDOR_UNAVAILABLE'],
    ['a lost connection', resetConnection, 'VENDOR_UNAVAILABLE'],
  ])(
    'costs one call when the vendor is unavailable (%s), and is read again next round',
    async (_what, script, code) => {
      const { records, takeRequests, respondWith } = await openCortexReader(listingBy(script))
      expect(await records(TEN_RECORDS)).toMatchObject(TEN_RECORDS.map(() => ({ code })))
      expect(takeRequests()).toHaveLength(1)
      respondWith(listingBy(rowsOf(idsUpTo(10))))
      // The client pauses for a second after a 429.
      await records(TEN_RECORDS)
      expect(takeRequests()).toEqual([`GET ${COLLECTION}?page=1&take=100`])
    },
  )

  it.each([
    ['at once', 0],
    ['after earlier hits', 5],
  ])('costs one call when it times out (%s), and single gets are used next round', async (_when, earlierReads) => {
    const { records, takeRequests, respondWith } = await openCortexReader(listingBy(rowsOf(idsUpTo(10))), 200)
    for (let round = 0; round < earlierReads; round++) await records(TEN_RECORDS)
    expect(takeRequests()).toHaveLength(earlierReads)
    respondWith(listingBy(hang))
    expect(await records(TEN_RECORDS)).toMatchObject(TEN_RECORDS.map(() => ({ code: 'VENDOR_TIMEOUT' })))
    expect(takeRequests()).toHaveLength(1)
    for (let round = 0; round < 3; round++) {
      expect(namesOf(await records(TEN_RECORDS))).toEqual(idsUpTo(10).map((id) => `the name of ${id}`))
      const requests = takeRequests()
      expect(requests).toHaveLength(10)
      expect(requests.filter(isList)).toEqual([])
    }
  })

  const ALL_IDS = idsUpTo(150)
  const listingWithSecondPage = (second: Script) =>
    listingBy((request, response) => {
      if (request.url!.includes('page=2')) return second(request, response)
      const { rows, headers } = pageOf({ ...EMPTY_COLLECTION, ids: ALL_IDS, maxTake: 50 }, 1, 100)
      json(200, rows, headers)(request, response)
    })

  it.each([
    ['401', json(401, {}), 'VENDOR_UNAUTHORIZED'],
    ['429', json(429, {}), 'VENDOR_RATE_LIMITED'],
    ['503', json(503, {}), 'VENDOR_UNAVAILABLE'],
    ['a lost connection', resetConnection, 'VENDOR_UNAVAILABLE'],
    ['a timeout', hang, 'VENDOR_TIMEOUT'],
  ])(
    'keeps the records found so far when the vendor is unavailable on a later page (%s)',
    async (_what, script, code) => {
      const { records, takeRequests } = await openCortexReader(listingWithSecondPage(script), 500)
      const results = await records(ALL_IDS.slice(0, 60).map((id) => record(id)))
      expect(namesOf(results.slice(0, 50))).toEqual(ALL_IDS.slice(0, 50).map((id) => `the name of ${id}`))
      expect(results.slice(50)).toMatchObject(Array(10).fill({ code }))
      expect(takeRequests()).toEqual([`GET ${COLLECTION}?page=1&take=100`, `GET ${COLLECTION}?page=2&take=50`])
    },
  )

  it.each([
    ['403', json(403, {})],
    ['500', json(500, {})],
    ['not an array', json(200, { rows: [] })],
  ])('leaves the rest to single gets after an error on a later page (%s)', async (_what, script) => {
    const { records, takeRequests } = await openCortexReader(listingWithSecondPage(script))
    const requested = ALL_IDS.slice(0, 55)
    expect(namesOf(await records(requested.map((id) => record(id))))).toEqual(
      requested.map((id) => `the name of ${id}`),
    )
    expect(takeRequests()).toHaveLength(2 + 5)
  })
})
