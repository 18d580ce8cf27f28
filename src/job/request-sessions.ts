import { BadInputError } from './errors.js'
import { notConfigured } from './unconfigured-vendor.js'
import type { Vendor, VendorRequest, VendorSession } from './vendor.js'
import type { VendorName, SessionByVendor } from './vendor-name.js'

/** Every vendor's session for one request, each opened on first use. */
export interface RequestSessions {
  /** All vendors, configured or not. */
  readonly vendors: readonly Vendor[]
  /** @throws {VendorError} VENDOR_NOT_CONFIGURED */
  get<Name extends VendorName>(name: Name): SessionByVendor[Name]
  /**
   * The session of the vendor that has this type of job.
   * @throws {BadInputError} when no vendor has it
   * @throws {VendorError} VENDOR_NOT_CONFIGURED
   */
  forType(jobType: string): VendorSession
  /**
   * The vendor that has this type of job.
   * @throws {BadInputError} when no vendor has it
   */
  vendorFor(jobType: string): Vendor
  /**
   * Discards everything read so far. Subscriptions call it before each event.
   * @param requestedAt later reads return nothing that was read before this time, in ms of `performance.now()`
   */
  refresh(requestedAt: number): void
}

/**
 * @param requestAt makes the request that a session serves; called with the time of the last refresh, or null
 */
export function createRequestSessions(
  vendors: readonly Vendor[],
  requestAt: (refreshedAt: number | null) => VendorRequest,
): RequestSessions {
  let refreshedAt: number | null = null
  const open = new Map<VendorName, VendorSession>()

  function sessionOf(vendor: Vendor): VendorSession {
    const session = open.get(vendor.name) ?? vendor.open(requestAt(refreshedAt))
    open.set(vendor.name, session)
    return session
  }

  function vendorFor(jobType: string): Vendor {
    const vendor = vendors.find((candidate) => candidate.jobTypes.includes(jobType))
    if (!vendor)
      throw new BadInputError(`No vendor has jobs of type ${jobType}. Use an \`id\` that this gateway returned.`)
    return vendor
  }

  return {
    vendors,
    get<Name extends VendorName>(name: Name) {
      const vendor = vendors.find((candidate) => candidate.name === name)
      if (!vendor) throw notConfigured(name)
      // Each vendor opens its own type of session: see SessionByVendor.
      return sessionOf(vendor) as SessionByVendor[Name]
    },
    refresh(requestedAt) {
      refreshedAt = requestedAt
      open.clear()
    },
    forType: (jobType) => sessionOf(vendorFor(jobType)),
    vendorFor,
  }
}
