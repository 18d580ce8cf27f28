/** How much more one list may read in one query. */
export interface PageQuota {
  isExhausted(): boolean
  /** To be called before each read. */
  consume(): void
}

/**
 * What each list may read whatever the others do, so that every page of the feed gets further: the page it had come to,
 * the next one, and the first of these again where jobs have moved onto it meanwhile.
 */
const PAGES_PER_LIST = 3
/** However much somebody leaves out, one query reads no more than this of a list: its first rows, and a thousand. */
const MAX_PAGES_PER_LIST = 11
/** What all lists of a query may read together beyond their own, so that many of them are no reason for many reads of each. */
const SHARED_PAGES = 100

/** Makes the allowance of each list of one query. */
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

/** What so many lists come to when every one reads as much as it may. */
export function maxPageReads(lists: number): number {
  return Math.min(lists * MAX_PAGES_PER_LIST, lists * PAGES_PER_LIST + SHARED_PAGES)
}
