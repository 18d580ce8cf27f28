import { describe, expect, test } from 'vitest'
import { DOCUMENTED_IDS } from '../../../src/sandbox/kodexa/executions.js'
import type { WireExecution } from '../../../src/vendors/kodexa/wire.js'
import { idsOf, list, send, useKodexaSandboxes } from '../../support/kodexa-sandbox.js'

const { start } = useKodexaSandboxes()

describe('the list', () => {
  test('takes pages from 1 and numbers them from 0', async () => {
    const sandbox = await start()
    const whole = await list(sandbox, 'pageSize=1000')
    const first = await list(sandbox, '')
    const second = await list(sandbox, 'page=2&pageSize=20')
    expect(whole).toMatchObject({ totalElements: 120, totalPages: 1, numberOfElements: 120, first: true, last: true })
    expect(first).toMatchObject({ number: 0, size: 20, totalElements: 120, totalPages: 6, first: true, last: false })
    expect(first.pageable).toEqual({ offset: 0, pageNumber: 0, pageSize: 20 })
    expect(second).toMatchObject({ number: 1, numberOfElements: 20, first: false, last: false })
    expect(second.pageable).toEqual({ offset: 20, pageNumber: 1, pageSize: 20 })
    expect([...idsOf(first), ...idsOf(second)]).toEqual(idsOf(whole).slice(0, 40))
  })

  test('takes pages from 0 when set so', async () => {
    const sandbox = await start({ pageBase: 0 })
    expect(await list(sandbox, '')).toMatchObject({ number: 0, first: true })
    expect(await list(sandbox, 'page=0')).toMatchObject({ number: 0, first: true })
    expect(await list(sandbox, 'page=1')).toMatchObject({ number: 1, first: false, pageable: { offset: 20 } })
  })

  test('marks the last page, and is empty behind it', async () => {
    const sandbox = await start()
    expect(await list(sandbox, 'page=2&pageSize=100')).toMatchObject({ numberOfElements: 20, last: true })
    expect(await list(sandbox, 'page=3&pageSize=100')).toMatchObject({ content: [], numberOfElements: 0, last: true })
  })

  test('returns the first page for a page before it', async () => {
    expect(await list(await start(), 'page=0')).toMatchObject({ number: 0, first: true })
  })

  test('lowers a size over the maximum, and shows it only in the response', async () => {
    const sandbox = await start({ maxPageSize: 30 })
    expect(await list(sandbox, 'pageSize=1000')).toMatchObject({ size: 30, numberOfElements: 30, totalPages: 4 })
    expect((await send(sandbox, 'GET', '/api/executions?pageSize=0')).status).toBe(400)
  })

  test('is sorted newest first by default', async () => {
    const sandbox = await start()
    const byDefault = await list(sandbox, 'pageSize=1000')
    const created = byDefault.content?.map((execution) => String(execution.createdOn)) ?? []
    expect(created).toEqual(created.toSorted().reverse())
    expect(idsOf(await list(sandbox, 'pageSize=1000&sort=createdOn:desc'))).toEqual(idsOf(byDefault))
    expect(idsOf(await list(sandbox, 'pageSize=1000&sort=id'))).toEqual(idsOf(byDefault).toSorted())
  })

  test.each(['startDate,asc', 'startDate:asc', 'endDate,desc', 'endDate:desc', 'updatedOn,desc'])(
    'accepts sort=%s, with executions without a date last',
    async (sort) => {
      const { content } = await list(await start(), `pageSize=1000&sort=${sort}`)
      const [property, direction] = sort.split(/[,:]/) as ['startDate', 'asc']
      const dates = content?.map((execution) => execution[property] ?? null) ?? []
      const known = dates.filter((date) => date !== null)
      const sorted = known.toSorted()
      expect(known.length).toBeGreaterThan(50)
      expect(dates.slice(0, known.length)).toEqual(direction === 'asc' ? sorted : sorted.reverse())
    },
  )

  test.each(['priority', 'createdOn,down', 'createdOn desc', ''])('rejects sort=%s', async (sort) => {
    expect((await send(await start(), 'GET', `/api/executions?sort=${sort}`)).status).toBe(400)
  })

  test('searches the descriptions, and * matches all', async () => {
    const sandbox = await start()
    const hail = await list(sandbox, 'pageSize=1000&query=HAIL')
    expect(hail.content?.length).toBeGreaterThan(0)
    for (const { description } of hail.content ?? []) expect(description).toContain('hail')
    expect(await list(sandbox, 'query=*')).toMatchObject({ totalElements: 120 })
  })

  test('shows statuses by their codes when set so', async () => {
    const sandbox = await start({ statusAs: 'code' })
    const { body } = await send<WireExecution>(sandbox, 'GET', `/api/executions/${DOCUMENTED_IDS.cancelled}`)
    const { content } = await list(sandbox, 'pageSize=1000')
    expect(body.status).toBe(7)
    expect(new Set(content?.map(({ status }) => status))).toEqual(new Set([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]))
  })
})
