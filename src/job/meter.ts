import type { VendorName } from './vendor-name.js'

/** What the reads from one vendor cost. */
export interface Usage {
  /** Requests sent to the vendor. */
  readonly calls: number
  /** Reads that shared a request sent for another read. */
  readonly shared: number
  /** Reads served from a cache. */
  readonly cached: number
  /** Total time in ms that requests waited for the vendor's budget. */
  readonly queuedMs: number
}

/** Counts the usage of one operation, or of all of them. */
export interface Meter {
  add(vendor: VendorName, usage: Partial<Usage>): void
  /** The usage by vendor, without vendors that were not used. */
  usage(): Readonly<Partial<Record<VendorName, Usage>>>
}

const NO_USAGE: Usage = { calls: 0, shared: 0, cached: 0, queuedMs: 0 }

/** @param total a meter that counts the same usage as well */
export function createMeter(total?: Meter): Meter {
  const byVendor = new Map<VendorName, Usage>()
  return {
    add(vendor, { calls = 0, shared = 0, cached = 0, queuedMs = 0 }) {
      const sum = byVendor.get(vendor) ?? NO_USAGE
      byVendor.set(vendor, {
        calls: sum.calls + calls,
        shared: sum.shared + shared,
        cached: sum.cached + cached,
        queuedMs: sum.queuedMs + queuedMs,
      })
      total?.add(vendor, { calls, shared, cached, queuedMs })
    },
    usage: () => Object.fromEntries(byVendor),
  }
}
