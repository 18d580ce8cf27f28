import { json, type Script } from './scripted-vendor.js'

const DAY = 24 * 60 * 60 * 1000

const dateOfDay = (day: number) => new Date(Date.parse('2026-01-01T00:00:00.000Z') + day * DAY).toISOString()

/** A Cortex row created on a day of 2026, or without a date. */
export const record = (id: string, day: number | null, status = 'COMPLETED') => ({
  id,
  status,
  created_at: day === null ? null : dateOfDay(day),
})

/** A Kodexa row created on a day of 2026, or without a date. */
export const execution = (id: string, day: number | null, status = 'SUCCEEDED') => ({
  id,
  status,
  createdOn: day === null ? null : dateOfDay(day),
})

/** Serves these rows page by page as Kodexa does. */
export const kodexaPages = (rows: readonly object[]): Script =>
  paged(rows, 'pageSize', (content, page, size) => ({
    content,
    totalElements: rows.length,
    pageable: { offset: (page - 1) * size },
  }))

/** Serves these rows page by page as Cortex does. */
export const cortexPages = (rows: readonly object[]): Script => paged(rows, 'take', (content) => content)

type Shape = (content: readonly object[], page: number, size: number) => unknown

function paged(rows: readonly object[], sizeName: string, shape: Shape): Script {
  return (request, response) => {
    const query = new URL(request.url!, 'http://vendor.test').searchParams
    const [page, size] = [Number(query.get('page')), Number(query.get(sizeName))]
    json(200, shape(rows.slice((page - 1) * size, page * size), page, size))(request, response)
  }
}
