import { BadInputError } from './errors.js'
import { notConfigured } from './unconfigured-vendor.js'
import type { Vendor, VendorRequest, VendorSession } from './vendor.js'
import type { VendorName, SessionByVendor } from './vendor-name.js'

/** Every vendor's session for one request, each opened when it is first wanted. */
export interface RequestSessions {
  /** All vendors, configured or not. */
  readonly vendors: readonly Vendor[]
  /** @throws {VendorError} VENDOR_NOT_CONFIGURED */
  get<Name extends VendorName>(name: Name): SessionByVendor[Name]
  /**
   * The vendor that has this type of job.
   * @throws {BadInputError} when none has
   * @throws {VendorError} VENDOR_NOT_CONFIGURED
   */
  forType(jobType: string): VendorSession
  /**
   * The vendor itself.
   * @throws {BadInputError} when none has this type of job
   */
  vendorFor(jobType: string): Vendor
  /**
   * Forgets what was read so far: for those who look again and again, as subscriptions do.
   * @param requestedAt what is read from now on has to have been read since then, in the ms of `performance.now()`
   */
  refresh(requestedAt: number): void
}

/**
 * The sessions of one request over these vendors. Nothing is opened before it is wanted.
 * @param request what the request is to a vendor; told since when things have to have been read, where that matters
 */
export function createRequestSessions(
  vendors: readonly Vendor[],
  request: (renewedAt: number | null) => VendorRequest,
): RequestSessions {
  let renewedAt: number | null = null
  const open = new Map<VendorName, VendorSession>()

  function sessionOf(vendor: Vendor): VendorSession {
    const session = open.get(vendor.name) ?? vendor.open(request(renewedAt))
    open.set(vendor.name, session)
    return session
  }

  function vendorFor(jobType: string): Vendor {
    const vendor = vendors.find((candidate) => candidate.jobTypes.includes(jobType))
    if (!vendor) throw new BadInputError(`No vendor has jobs of the type ${jobType}.`)
    return vendor
  }

  return {
    vendors,
    get<Name extends VendorName>(name: Name) {
      const vendor = vendors.find((candidate) => candidate.name === name)
      if (!vendor) throw notConfigured(name)
      // A vendor's own `open` gives its own session: see VendorSessions.
      return sessionOf(vendor) as SessionByVendor[Name]
    },
    refresh(requestedAt) {
      renewedAt = requestedAt
      open.clear()
    },
    forType: (jobType) => sessionOf(vendorFor(jobType)),
    vendorFor,
  }
}
