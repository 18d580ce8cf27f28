import { DocketError } from '../job/errors.js'
import { isAfter, type KeysetCursor } from './keyset-cursor.js'
import type { FeedWarning } from '../job/feed-warning.js'
import type { Job } from '../job/job.js'
import { detectOrder, MIN_SAMPLE_ROWS } from './list-order.js'
import { createListPages } from './list-pages.js'
import { NO_ROW_KEY, type ListPosition } from './list-position.js'
import type { ListScanner } from './list-scanner.js'
import type { PageQuota } from './page-quota.js'
import { createSortedScanner, NEWEST_FIRST, OLDEST_FIRST, type SortedScanner } from './sorted-scanner.js'
import { createUndatedScanner } from './undated-scanner.js'
import type { JobSource, SourceFilter } from '../job/vendor.js'
import { createFullScanner } from './full-scanner.js'

/** One source of the feed, read in whatever way its order wants. */
export interface FeedReader extends Omit<ListScanner, 'fill'> {
  /**
   * Reads until there is a next job, if there is any and it may read so much.
   * @returns whether the source turned out to be ordered otherwise than it seemed, so that the merge has to begin again
   */
  fill(): Promise<boolean>
}

export interface ReaderQuery extends SourceFilter {
  /** How many jobs the feed wants at most. */
  readonly size: number
  /** Only jobs behind this place; null for the newest. */
  readonly after: KeysetCursor | null
}

export interface ReaderEvents {
  /** The source failed; it has no more jobs then. */
  onOutage(error: DocketError): void
  onWarning(warning: FeedWarning): void
}

/**
 * The jobs of a source that are wanted and lie behind `behind`, newest first. The vendor was asked for them as far as
 * it could be; what it gives beside is left out.
 * @param from where somebody had come to in this source; null is its beginning
 */
export function createFeedReader(
  source: JobSource,
  query: ReaderQuery,
  from: ListPosition | null,
  allowance: PageQuota,
  events: ReaderEvents,
): FeedReader {
  const { statuses, after, size } = query
  const pages = createListPages(
    source,
    allowance,
    after === null ? Math.max(size, MIN_SAMPLE_ROWS) : null,
    from?.cap ?? null,
  )
  const isWanted = (job: Job) =>
    (!statuses || statuses.includes(job.state.status)) && (after === null || isAfter(after, job))
  const scan = { after, isWanted }
  /** One after the other. */
  const walks: ListScanner[] = []
  let ordered: SortedScanner | null = null
  let hasFailed = false
  let isReordered = false

  async function open(): Promise<void> {
    const beginning = { offset: 0, first: null, undated: false }
    const order = from?.order ?? (await detectOrder(pages))
    const { total, isLast } = pages.all().at(-1) ?? { total: null, isLast: false }
    const lastRow = Math.max(0, (total ?? 0) - 1)
    if (order === 'undated') walks.push(createUndatedScanner(pages, from!, scan))
    else if (order === 'newest')
      walks.push((ordered = createSortedScanner(NEWEST_FIRST, pages, from ?? beginning, scan)))
    else if (order === 'oldest' && (from !== null || (total !== null && pages.canRead(lastRow)))) {
      const end = { ...beginning, offset: lastRow }
      walks.push((ordered = createSortedScanner(OLDEST_FIRST, pages, from ?? end, scan)))
    } else {
      walks.push(openWhole())
      if (from === null && !isLast) warnOfPagesBefore()
    }
  }

  function openWhole(): ListScanner {
    return createFullScanner(pages, scan, (rows, total) =>
      warn('LIST_TRUNCATED', `has no order to rely on: only its first ${rows}${ofAll(total)} jobs were looked at.`),
    )
  }

  /** Its pages are kept: what was read is not read again. */
  function becomeUnordered(): void {
    walks.splice(0, walks.length, openWhole())
    ordered = null
    isReordered = true
    warnOfPagesBefore()
  }

  function warnOfPagesBefore(): void {
    if (after === null) return
    warn('LIST_OUT_OF_ORDER', 'turned out to have no order to rely on: the pages before may lack some of its jobs.')
  }

  async function fill(): Promise<void> {
    if (walks.length === 0) await open()
    await current()!.fill()
    if (ordered?.isUnsorted()) {
      becomeUnordered()
      await current()!.fill()
    }
    if (ordered?.isMissingUndated() && walks.length === 1) {
      walks.push(createUndatedScanner(pages, { offset: 0, first: NO_ROW_KEY }, scan))
    }
  }

  function current(): ListScanner | undefined {
    return walks.find((walk) => walk.peek() !== undefined || walk.watermark() !== null) ?? walks.at(-1)
  }

  function warn(code: FeedWarning['code'], what: string): void {
    events.onWarning({ code, source: source.label, message: `The list of ${source.label} ${what}` })
  }

  return {
    async fill() {
      isReordered = false
      try {
        await fill()
      } catch (error) {
        if (!(error instanceof DocketError)) throw error
        hasFailed = true
        events.onOutage(error)
      }
      return isReordered
    },
    peek: () => current()?.peek(),
    take: () => current()!.take(),
    rewind: () => walks.forEach((walk) => walk.rewind()),
    watermark: () => (hasFailed ? null : walks.length === 0 ? Infinity : current()!.watermark()),
    isOutOfQuota: () => current()?.isOutOfQuota() ?? false,
    position(behind) {
      // While others have jobs with a date, this one may get some yet: by a change of status.
      const walk = behind.time > 0 ? walks[0] : current()
      return walk?.position(behind) ?? (hasFailed ? from : null)
    },
  }
}

function ofAll(total: number | null): string {
  return total === null ? '' : ` of ${total}`
}
