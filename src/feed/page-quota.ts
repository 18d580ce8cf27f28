/** How many more pages one list may read in one query. */
export interface PageQuota {
  isExhausted(): boolean
  /** Call it before each read. */
  consume(): void
}

/**
 * Guaranteed to each list, so that every page of the feed makes progress: the page to resume with, the next one, and
 * the first of them again if jobs moved onto it.
 */
const PAGES_PER_LIST = 3
/** The most that one query reads of a list: its first rows, and a thousand more. */
const MAX_PAGES_PER_LIST = 11
/** Shared by all lists of a query beyond their guaranteed pages, so that many lists do not mean many reads of each. */
const SHARED_PAGES = 100

/** Returns a factory for the quotas of the lists of one query. */
export function createPageQuotas(): () => PageQuota {
  let shared = SHARED_PAGES
  return () => {
    let reads = 0
    return {
      isExhausted: () => reads >= PAGES_PER_LIST && (reads >= MAX_PAGES_PER_LIST || shared <= 0),
      consume() {
        if (++reads > PAGES_PER_LIST) shared--
      },
    }
  }
}

/** The maximum number of pages that a query over this many lists reads. */
export function maxPageReads(lists: number): number {
  return Math.min(lists * MAX_PAGES_PER_LIST, lists * PAGES_PER_LIST + SHARED_PAGES)
}
