/** How much more one list may read in one query. */
export interface ReadAllowance {
  isUsedUp(): boolean
  /** To be called before each read. */
  take(): void
}

/**
 * What each list may read whatever the others do, so that every page of the feed gets further: the page it had come to,
 * the next one, and the first of these again where jobs have moved onto it meanwhile.
 */
const OWN_READS = 3
/** However much somebody leaves out, one query reads no more than this of a list: its first rows, and a thousand. */
const MAX_READS = 11
/** What all lists of a query may read together beyond their own, so that many of them are no reason for many reads of each. */
const SHARED_READS = 100

/** Makes the allowance of each list of one query. */
export function createReadAllowances(): () => ReadAllowance {
  let shared = SHARED_READS
  return () => {
    let reads = 0
    return {
      isUsedUp: () => reads >= OWN_READS && (reads >= MAX_READS || shared <= 0),
      take() {
        if (++reads > OWN_READS) shared--
      },
    }
  }
}

/** What so many lists come to when every one reads as much as it may. */
export function readsAtMost(lists: number): number {
  return Math.min(lists * MAX_READS, lists * OWN_READS + SHARED_READS)
}
