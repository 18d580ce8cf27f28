import { readBoolean, readInteger, readArray, readObject, type JsonObject } from '../../upstream/lenient.js'
import { badResponse } from '../../upstream/http-transport.js'
import { pageInfoOf, type Page } from '../../job/page.js'

export interface ExecutionPage extends Omit<Page<unknown>, 'items'> {
  readonly rows: readonly unknown[]
  /** By which number the first page is asked for here, as far as this answer shows; null when it shows nothing. */
  readonly pageBase: 0 | 1 | null
}

/**
 * Spring's page envelope, read with what it has. `page` counts from 1 and is which page was meant, whatever number
 * it was asked for by. A bare array is a whole list: the older paths answer one.
 */
export function readExecutionPage(body: unknown, page: number, asked: number): ExecutionPage {
  if (Array.isArray(body)) {
    const rows = body.slice((page - 1) * asked, page * asked)
    return { rows, total: body.length, isLast: page * asked >= body.length, cap: null, pageBase: null }
  }
  const envelope = readObject(body)
  if (envelope === null || !ENVELOPE_FIELDS.some((field) => field in envelope))
    throw badResponse('KODEXA', 'is no page of executions')
  const rows = readContent(envelope)
  const total = readInteger(envelope.totalElements)
  const size = readInteger(envelope.size)
  const judged = pageInfoOf({ page, requested: asked, rows: rows.length, total, size, last: readBoolean(envelope.last) })
  return { rows, total, ...judged, pageBase: readPageBase(envelope, page, size || asked, rows) }
}

const ENVELOPE_FIELDS = [
  'content',
  'number',
  'size',
  'totalElements',
  'totalPages',
  'first',
  'last',
  'empty',
  'pageable',
]

/** `content` may be absent or null when there is nothing. */
function readContent({ content }: JsonObject): readonly unknown[] {
  const rows = content == null ? [] : readArray(content)
  if (rows === null) throw badResponse('KODEXA', 'is no page of executions')
  return rows
}

/**
 * Counted from 1, page `page` was asked for: is this that one, or the one after it? The vendor's introduction says
 * pages are asked for from 0, its reference and clients say from 1; `number` counts from 0 in either case, or not,
 * so that alone it only tells when it is one less than what was asked for.
 */
function readPageBase(envelope: JsonObject, page: number, size: number, rows: readonly unknown[]): 0 | 1 | null {
  const offset = readInteger(readObject(envelope.pageable)?.offset)
  if (offset === (page - 1) * size) return 1
  if (offset === page * size) return 0
  if (page === 1 && readBoolean(envelope.first) !== null) return envelope.first === true ? 1 : 0
  if (envelope.number === page - 1) return 1
  const isPastTheEnd = page === 1 && rows.length === 0 && (readInteger(envelope.totalElements) ?? 0) > 0
  return isPastTheEnd ? 0 : null
}
