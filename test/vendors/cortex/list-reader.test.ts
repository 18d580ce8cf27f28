import { describe, expect, it } from 'vitest'
import { byRoute, json } from '../../support/scripted-vendor.js'
import {
  EMPTY_COLLECTION,
  idsUpTo,
  namesOf,
  pageOf,
  record,
  run,
  type ReadResult,
} from '../../support/listed-collection.js'
import {
  COLLECTION,
  isList,
  listingBy,
  openCortexReader,
  rowsOf,
  singleGet,
  TEN_RECORDS,
  WORKFLOW,
} from '../../support/cortex-reader.js'

describe('the list of a collection', () => {
  it('is read as one page of 100 and matched by id', async () => {
    const { records, requests, extraItems } = await openCortexReader(listingBy(rowsOf([...idsUpTo(12)].reverse())))
    expect(namesOf(await records(TEN_RECORDS))).toEqual(idsUpTo(10).map((id) => `the name of ${id}`))
    expect(requests).toEqual([`GET ${COLLECTION}?page=1&take=100`])
    expect(extraItems).toEqual(['plain rec_12', 'plain rec_11'])
  })

  it('is not read for a single record', async () => {
    const { records, requests } = await openCortexReader(listingBy(rowsOf(idsUpTo(10))))
    await records([record('rec_1')])
    expect(requests).toEqual([`GET ${COLLECTION}/rec_1`])
  })

  it('is read with the verbose fields as soon as one of the records needs them', async () => {
    const { records, requests, extraItems } = await openCortexReader(listingBy(rowsOf(idsUpTo(4))))
    await records([record('rec_1'), record('rec_2', 'verbose'), record('rec_3', 'bare')])
    expect(requests).toEqual([`GET ${COLLECTION}?page=1&take=10&verbose=all`])
    expect(extraItems).toEqual(['verbose rec_4'])
  })

  it('leaves missing records to single gets, each at its own detail level', async () => {
    const { records, requests } = await openCortexReader(listingBy(rowsOf(idsUpTo(3))))
    const requested = [
      ...idsUpTo(3).map((id) => record(id)),
      record('rec_8', 'bare'),
      record('rec_9', 'plain'),
      record('gone_1', 'verbose'),
    ]
    const results = await records(requested)
    expect(namesOf(results)).toEqual([...idsUpTo(3).map((id) => `the name of ${id}`), null, 'the name of rec_9', null])
    expect(results.at(-1)).toEqual({ item: null, detail: 'verbose' })
    expect(results.at(0)).toMatchObject({ item: { vendorId: 'rec_1' }, detail: 'verbose' })
    expect(results.at(3)).toMatchObject({ item: { vendorId: 'rec_8', vendorStatus: 'COMPLETED' }, detail: 'bare' })
    expect([...requests].sort()).toEqual([
      `GET ${COLLECTION}/gone_1?verbose=all`,
      `GET ${COLLECTION}/rec_8/status`,
      `GET ${COLLECTION}/rec_9`,
      `GET ${COLLECTION}?page=1&take=12&verbose=all`,
    ])
  })

  it('is read in small pages of twice the number of requested runs', async () => {
    const { runs, requests } = await openCortexReader(listingBy(rowsOf(idsUpTo(60))))
    for (const count of [2, 15, 60]) await runs(idsUpTo(count).map((id) => run(id)))
    expect(requests.filter(isList)).toEqual([
      `GET ${WORKFLOW}?page=1&take=20`,
      `GET ${WORKFLOW}?page=1&take=30`,
      `GET ${WORKFLOW}?page=1&take=50`,
    ])
  })

  it('is read in small pages of twice the number of requested verbose records', async () => {
    const { records, requests } = await openCortexReader(listingBy(rowsOf(idsUpTo(60))))
    for (const count of [2, 15, 60]) await records(idsUpTo(count).map((id) => record(id, 'verbose')))
    expect(requests.filter(isList)).toEqual([
      `GET ${COLLECTION}?page=1&take=10&verbose=all`,
      `GET ${COLLECTION}?page=1&take=30&verbose=all`,
      `GET ${COLLECTION}?page=1&take=50&verbose=all`,
    ])
  })

  it('reports the detail level at which each record was read', async () => {
    const { records } = await openCortexReader(listingBy(rowsOf(idsUpTo(2))))
    const detailLevels = (results: readonly ReadResult[]) =>
      results.map((result) => (result instanceof Error ? result.message : result.detail))
    expect(detailLevels(await records([record('rec_1', 'bare'), record('rec_2')]))).toEqual(['plain', 'plain'])
    expect(detailLevels(await records([record('rec_1', 'bare'), record('rec_2', 'verbose')]))).toEqual([
      'verbose',
      'verbose',
    ])
    expect(detailLevels(await records([record('rec_1', 'bare')]))).toEqual(['bare'])
  })

  it('is read further when its total shows that the next page has the missing records', async () => {
    const ids = idsUpTo(150)
    const { records, requests } = await openCortexReader(
      listingBy((request, response) => {
        const query = new URL(request.url!, 'http://cortex.test').searchParams
        const { rows, headers } = pageOf(
          { ...EMPTY_COLLECTION, ids, maxTake: 50 },
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

describe('one record of a batch', () => {
  it('fails individually', async () => {
    const { records } = await openCortexReader(
      byRoute({
        [`GET ${COLLECTION}`]: rowsOf(['rec_1', 'rec_2']),
        'GET .*/rec_3': json(500, {}),
        'GET .*': singleGet,
      }),
    )
    const results = await records(['rec_1', 'rec_2', 'rec_3', 'rec_4'].map((id) => record(id)))
    expect(namesOf(results)).toEqual([
      'the name of rec_1',
      'the name of rec_2',
      'CORTEX failed (HTTP 500).',
      'the name of rec_4',
    ])
  })
})
