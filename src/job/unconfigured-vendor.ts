import { VendorError } from './errors.js'
import type { Vendor } from './vendor.js'
import type { VendorName } from './vendor-name.js'

/** Stands in for a vendor without a credential. It can be listed; every read of it throws VENDOR_NOT_CONFIGURED. */
export function unconfiguredVendor(name: VendorName, jobTypes: readonly string[]): Vendor {
  return {
    name,
    mode: 'NOT_CONFIGURED',
    credentialKey: 'nothing',
    jobTypes,
    open() {
      throw notConfigured(name)
    },
    circuit: () => 'CLOSED',
    budget: () => Promise.resolve(null),
    close: () => Promise.resolve(),
  }
}

/** The error for every use of a vendor for which this gateway has no credential. */
export function notConfigured(name: VendorName): VendorError {
  return new VendorError(
    name,
    'VENDOR_NOT_CONFIGURED',
    `${name} is not configured: this gateway has no credential for it.`,
  )
}
