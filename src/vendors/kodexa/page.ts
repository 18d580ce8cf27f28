import { readBoolean, readInteger, readArray, readObject, type JsonObject } from '../../upstream/lenient.js'
import { badResponse } from '../../upstream/http-transport.js'
import { pageInfoOf, type Page } from '../../job/page.js'

export interface ExecutionPage extends Omit<Page<unknown>, 'items'> {
  readonly rows: readonly unknown[]
  /** The number of the first page in requests, as this response shows it; null when it does not. */
  readonly pageBase: 0 | 1 | null
}

/**
 * Reads Spring's page envelope; any of its fields may be missing. `page` is the page that was meant, from 1, whatever
 * number was sent. A bare array, as older paths return, is the whole list.
 */
export function readExecutionPage(body: unknown, page: number, asked: number): ExecutionPage {
  if (Array.isArray(body)) {
    const rows = body.slice((page - 1) * asked, page * asked)
    return { rows, total: body.length, isLast: page * asked >= body.length, cap: null, pageBase: null }
  }
  const envelope = readObject(body)
  if (envelope === null || !ENVELOPE_FIELDS.some((field) => field in envelope))
    throw badResponse('KODEXA', 'is not a page of executions')
  const rows = readContent(envelope)
  const total = readInteger(envelope.totalElements)
  const size = readInteger(envelope.size)
  const pageInfo = pageInfoOf({
    page,
    requested: asked,
    rows: rows.length,
    total,
    size,
    last: readBoolean(envelope.last),
  })
  return { rows, total, ...pageInfo, pageBase: readPageBase(envelope, page, size || asked, rows) }
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

/** `content` may be absent or null on an empty page. */
function readContent({ content }: JsonObject): readonly unknown[] {
  const rows = content == null ? [] : readArray(content)
  if (rows === null) throw badResponse('KODEXA', 'is not a page of executions')
  return rows
}

/**
 * Page `page` was requested, counting from 1: did the instance return that page, or the next one? The vendor's
 * introduction counts request pages from 0, its reference and clients from 1. `number` usually counts from 0, so by
 * itself it is conclusive only when it is one less than the number sent.
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
