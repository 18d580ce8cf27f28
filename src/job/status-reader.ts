import type { Log } from './log.js'
import type { JobStatus } from './state.js'
import type { VendorName } from './vendor-name.js'

/** A status word as it was understood. */
export interface ReadStatus {
  readonly status: JobStatus
  /** The vendor's own word; null when it sent none. */
  readonly vendorStatus: string | null
}

/** Understands any status word; never throws. */
export type StatusReader = (word: unknown) => ReadStatus

/** A vendor that invents words without end must not fill the memory or the log. */
const MAX_LOGGED_STATUSES = 100
/** Whatever else a vendor puts in its place is nothing for a log: at most 32 letters, and three digits among them. */
const STATUS_PATTERN = /^(?!(.*\d){4})[A-Za-z\d][\w -]{0,31}$/
/** What all of that is kept as. */
const NOT_A_STATUS = ' '

/**
 * Reads status words by a table, in any case. A word the table lacks, or no word at all, is UNKNOWN and never an
 * error: vendors add words before they document them. Each such word is logged once.
 */
export function createStatusReader(
  vendor: VendorName,
  kind: string,
  table: Readonly<Record<string, JobStatus>>,
  log: Log,
): StatusReader {
  const reported = new Set<string>()
  return (word) => {
    if (typeof word !== 'string' && typeof word !== 'number') return { status: 'UNKNOWN', vendorStatus: null }
    const vendorStatus = String(word)
    const name = vendorStatus.trim()
    const key = STATUS_PATTERN.test(name) ? name.toUpperCase() : NOT_A_STATUS
    if (Object.hasOwn(table, key)) return { status: table[key]!, vendorStatus }
    if (!reported.has(key) && reported.size < MAX_LOGGED_STATUSES) {
      reported.add(key)
      log.warn(
        { vendor, kind, vendorStatus: key === NOT_A_STATUS ? null : vendorStatus },
        'a status word that this gateway does not know',
      )
    }
    return { status: 'UNKNOWN', vendorStatus }
  }
}

/**
 * Every word of the table that stands for one of `statuses`: what to ask the vendor for. Null when the vendor cannot
 * be asked because UNKNOWN is among them, which is by definition a word nobody listed.
 */
export function rawStatusesFor<Word extends string>(
  table: Readonly<Record<Word, JobStatus>>,
  statuses: readonly JobStatus[],
): readonly Word[] | null {
  if (statuses.includes('UNKNOWN')) return null
  return (Object.keys(table) as Word[]).filter((word) => statuses.includes(table[word]))
}
