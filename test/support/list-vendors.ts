import { openScriptedGateway } from './scripted-gateway.js'
import { json, type Script } from './scripted-vendor.js'

export interface ListedRow {
  readonly id: string
  readonly status: string
  readonly assistantId?: string | null
}

export interface PagingBehaviour {
  /** The maximum page size. */
  readonly cap?: number
  /** Whether responses carry the totals, or the page size alone. */
  readonly totals?: boolean | 'size'
}

/** Cortex with these rows in every list. Ignores all filters. */
export function cortexList(rows: readonly ListedRow[], { cap = 1000, totals = true }: PagingBehaviour = {}): Script {
  return (request, response) => {
    const query = new URL(request.url!, 'http://cortex.test').searchParams
    const [page, take] = [Number(query.get('page')), Math.min(Number(query.get('take')), cap)]
    const headers = {
      'pagination-page': String(page),
      'pagination-take': String(take),
      'pagination-count': String(rows.length),
    }
    const metadata: Record<string, string> =
      totals === 'size' ? { 'pagination-take': String(take) } : totals ? headers : {}
    json(200, rows.slice((page - 1) * take, page * take), metadata)(request, response)
  }
}

/** Kodexa with these rows in every list. Ignores all filters. */
export function kodexaList(rows: readonly ListedRow[], { cap = 1000, totals = true }: PagingBehaviour = {}): Script {
  return (request, response) => {
    const query = new URL(request.url!, 'http://kodexa.test').searchParams
    const size = Math.min(Number(query.get('pageSize')), cap)
    const number = Number(query.get('page')) - 1
    const content = rows.slice(number * size, (number + 1) * size)
    const metadata = { totalElements: rows.length, last: (number + 1) * size >= rows.length }
    json(200, { content, number, size, pageable: { offset: number * size }, ...(totals === true ? metadata : {}) })(
      request,
      response,
    )
  }
}

/** `count` rows, all RUNNING except those in `overrides`, by number. */
export function rowsWith(count: number, overrides: Readonly<Record<number, Partial<ListedRow>>> = {}): ListedRow[] {
  return Array.from({ length: count }, (_, at) => ({ id: `job_${at + 1}`, status: 'RUNNING', ...overrides[at + 1] }))
}

/** A gateway whose vendors both run this script. */
export const openLists = (script: Script) => openScriptedGateway({ cortex: script, kodexa: script })
