import type { VendorName } from './vendor-name.js'

/** What reading from one vendor came to. */
export interface Usage {
  /** Requests sent to the vendor. */
  readonly calls: number
  /** Reads answered by a request that was sent for somebody else. */
  readonly shared: number
  /** Reads answered by what was read shortly before. */
  readonly cached: number
  /** How long requests waited for the vendor's budget, in ms, all together. */
  readonly queuedMs: number
}

/** Counts what an operation, or all of them, cost. */
export interface Meter {
  add(vendor: VendorName, usage: Partial<Usage>): void
  /** By vendor; those that were not asked for anything are left out. */
  usage(): Readonly<Partial<Record<VendorName, Usage>>>
}

const NO_USAGE: Usage = { calls: 0, shared: 0, cached: 0, queuedMs: 0 }

/** @param total is told of everything as well: what all operations come to */
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
