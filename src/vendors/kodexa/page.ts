import { flag, integer, map, type JsonMap } from '../../http/lenient.js'
import { badResponse } from '../../http/upstream.js'

export interface ExecutionPage {
  readonly rows: readonly unknown[]
  readonly total: number | null
  readonly isLast: boolean
  /** By which number the first page is asked for here, as far as this answer shows; null when it shows nothing. */
  readonly pageBase: 0 | 1 | null
}

/**
 * Spring's page envelope, read with what it has. `page` counts from 1 and is which page was meant, whatever number
 * it was asked for by. A bare array is a whole list: the older paths answer one.
 */
export function readExecutionPage(body: unknown, page: number, size: number): ExecutionPage {
  if (Array.isArray(body)) return { rows: body, total: body.length, isLast: true, pageBase: null }
  const envelope = map(body)
  if (envelope === null) throw badResponse('KODEXA', 'is no page of executions')
  const rows = readContent(envelope)
  const total = integer(envelope.totalElements)
  // The vendor may cap the size below what was asked for, and says which one it used.
  const applied = integer(envelope.size) || size
  const seen = (page - 1) * applied + rows.length
  const isLast = rows.length === 0 || flag(envelope.last) === true || (total !== null ? seen >= total : envelope.last === undefined && rows.length < applied)
  return { rows, total, isLast, pageBase: readPageBase(envelope, page, applied, rows) }
}

/** `content` may be absent or null when there is nothing. */
function readContent(envelope: JsonMap): readonly unknown[] {
  if (Array.isArray(envelope.content)) return envelope.content
  if (envelope.content == null && ('content' in envelope || 'totalElements' in envelope || 'number' in envelope)) return []
  throw badResponse('KODEXA', 'is no page of executions')
}

/**
 * Counted from 1, page `page` was asked for: is this that one, or the one after it? The vendor's introduction says
 * pages are asked for from 0, its reference and clients say from 1; `number` counts from 0 in either case, or not,
 * so that alone it only tells when it is one less than what was asked for.
 */
function readPageBase(envelope: JsonMap, page: number, applied: number, rows: readonly unknown[]): 0 | 1 | null {
  const offset = integer(map(envelope.pageable)?.offset)
  if (offset === (page - 1) * applied) return 1
  if (offset === page * applied) return 0
  if (page === 1 && flag(envelope.first) !== null) return envelope.first === true ? 1 : 0
  if (envelope.number === page - 1) return 1
  const isPastTheEnd = page === 1 && rows.length === 0 && (integer(envelope.totalElements) ?? 0) > 0
  return isPastTheEnd ? 0 : null
}
