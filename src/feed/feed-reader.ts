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

/** Reads one source of the feed with the scanner that fits its order. */
export interface FeedReader extends Omit<ListScanner, 'fill'> {
  /**
   * Reads pages until the next job is buffered, the source ends or the quota is exhausted.
   * @returns whether the source turned out to be unsorted, so that the merge must restart
   */
  fill(): Promise<boolean>
}

export interface ReaderQuery extends SourceFilter {
  /** The maximum number of jobs on the feed's page. */
  readonly size: number
  /** Returns only jobs after this cursor; null starts with the newest. */
  readonly after: KeysetCursor | null
}

export interface ReaderEvents {
  /** The source failed; the reader returns no more jobs. */
  onOutage(error: DocketError): void
  onWarning(warning: FeedWarning): void
}

/**
 * Reads the jobs of a source that match the query and come after its cursor, newest first. The vendor filters as far
 * as it can; the reader drops the rest.
 * @param from the position that an earlier page reached in this source; null starts at its first page
 */
export function createFeedReader(
  source: JobSource,
  { statuses, after, size }: ReaderQuery,
  from: ListPosition | null,
  quota: PageQuota,
  events: ReaderEvents,
): FeedReader {
  const firstSize = after === null ? Math.max(size, MIN_SAMPLE_ROWS) : null
  const pages = createListPages(source, quota, firstSize, from?.cap ?? null)
  const isWanted = (job: Job) =>
    (!statuses || statuses.includes(job.state.status)) && (after === null || isAfter(after, job))
  const options = { after, isWanted }
  /** In the order in which they run. */
  const scanners: ListScanner[] = []
  let sorted: SortedScanner | null = null
  let hasFailed = false
  let isReordered = false

  async function open(): Promise<void> {
    const start = { offset: 0, firstKey: null, hasUndated: false }
    const order = from?.order ?? (await detectOrder(pages))
    const { total, isLast } = pages.all().at(-1) ?? { total: null, isLast: false }
    const lastRow = Math.max(0, (total ?? 0) - 1)
    if (order === 'undated') scanners.push(createUndatedScanner(pages, from!, options))
    else if (order === 'newest')
      scanners.push((sorted = createSortedScanner(NEWEST_FIRST, pages, from ?? start, options)))
    else if (order === 'oldest' && (from !== null || (total !== null && pages.canRead(lastRow)))) {
      const end = { ...start, offset: lastRow }
      scanners.push((sorted = createSortedScanner(OLDEST_FIRST, pages, from ?? end, options)))
    } else {
      scanners.push(openFullScanner())
      if (from === null && !isLast) warnAboutEarlierPages()
    }
  }

  function openFullScanner(): ListScanner {
    return createFullScanner(pages, options, (rows, total) =>
      warn('LIST_TRUNCATED', `is not sorted by time: only its first ${rows}${ofTotal(total)} jobs were searched.`),
    )
  }

  /** Switches to a full scan. It reuses the pages that were read. */
  function scanUnsorted(): void {
    scanners.splice(0, scanners.length, openFullScanner())
    sorted = null
    isReordered = true
    warnAboutEarlierPages()
  }

  function warnAboutEarlierPages(): void {
    if (after === null) return
    warn('LIST_OUT_OF_ORDER', 'is not sorted by time: earlier pages may be missing some of its jobs.')
  }

  async function fillScanner(): Promise<void> {
    if (scanners.length === 0) await open()
    await current()!.fill()
    if (sorted?.isUnsorted()) {
      scanUnsorted()
      await current()!.fill()
    }
    if (sorted?.isMissingUndated() && scanners.length === 1) {
      scanners.push(createUndatedScanner(pages, { offset: 0, firstKey: NO_ROW_KEY }, options))
    }
  }

  function current(): ListScanner | undefined {
    return scanners.find((scanner) => scanner.peek() !== undefined || scanner.watermark() !== null) ?? scanners.at(-1)
  }

  function warn(code: FeedWarning['code'], what: string): void {
    events.onWarning({ code, source: source.label, message: `The list of ${source.label} ${what}` })
  }

  return {
    async fill() {
      isReordered = false
      try {
        await fillScanner()
      } catch (error) {
        if (!(error instanceof DocketError)) throw error
        hasFailed = true
        events.onOutage(error)
      }
      return isReordered
    },
    peek: () => current()?.peek(),
    take: () => current()!.take(),
    rewind: () => scanners.forEach((scanner) => scanner.rewind()),
    watermark: () => (hasFailed ? null : scanners.length === 0 ? Infinity : current()!.watermark()),
    isOutOfQuota: () => current()?.isOutOfQuota() ?? false,
    position(keyset) {
      // While the feed is still at dated jobs, a status change may add a dated job to this list.
      const scanner = keyset.time > 0 ? scanners[0] : current()
      return scanner?.position(keyset) ?? (hasFailed ? from : null)
    },
  }
}

function ofTotal(total: number | null): string {
  return total === null ? '' : ` of ${total}`
}
