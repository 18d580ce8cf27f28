import type { Log } from './log.js'
import type { JobStatus } from './state.js'
import type { VendorName } from './vendor-name.js'

/** A normalised status and its raw form. */
export interface ReadStatus {
  readonly status: JobStatus
  /** The vendor's raw status; null when it sent none. */
  readonly vendorStatus: string | null
}

/** Normalises any raw status; never throws. */
export type StatusReader = (raw: unknown) => ReadStatus

/** Bounds memory and log when a vendor keeps sending new statuses. */
const MAX_LOGGED_STATUSES = 100
/** What may be logged: 1 to 32 word characters, spaces or hyphens, at most three of them digits. Other text may be a secret. */
const STATUS_PATTERN = /^(?!(.*\d){4})[A-Za-z\d][\w -]{0,31}$/
/** The key for everything that does not match. */
const NOT_A_STATUS = ' '

/**
 * Normalises raw statuses by a table, in any case. A status that the table lacks, or a missing one, is UNKNOWN and never
 * an error, because vendors add statuses before they document them. Each unknown status is logged once.
 */
export function createStatusReader(
  vendor: VendorName,
  kind: string,
  table: Readonly<Record<string, JobStatus>>,
  log: Log,
): StatusReader {
  const logged = new Set<string>()
  return (raw) => {
    if (typeof raw !== 'string' && typeof raw !== 'number') return { status: 'UNKNOWN', vendorStatus: null }
    const vendorStatus = String(raw)
    const name = vendorStatus.trim()
    const key = STATUS_PATTERN.test(name) ? name.toUpperCase() : NOT_A_STATUS
    if (Object.hasOwn(table, key)) return { status: table[key]!, vendorStatus }
    if (!logged.has(key) && logged.size < MAX_LOGGED_STATUSES) {
      logged.add(key)
      log.warn({ vendor, kind, vendorStatus: key === NOT_A_STATUS ? null : vendorStatus }, 'Unknown vendor status')
    }
    return { status: 'UNKNOWN', vendorStatus }
  }
}

/**
 * The raw statuses that map to one of `statuses`, to filter by at the vendor. Null when UNKNOWN is among them: the vendor
 * cannot filter by statuses that the table does not list.
 */
export function rawStatusesFor<Raw extends string>(
  table: Readonly<Record<Raw, JobStatus>>,
  statuses: readonly JobStatus[],
): readonly Raw[] | null {
  if (statuses.includes('UNKNOWN')) return null
  return (Object.keys(table) as Raw[]).filter((raw) => statuses.includes(table[raw]))
}
