import type { Secret } from './secret.js'

/** The credential for requests to a vendor. */
export interface VendorCredential {
  readonly apiKey: Secret
  /** Further headers of every request, such as a proxy in front of the vendor may require. */
  readonly headers: Readonly<Record<string, Secret>>
  /** Whether the caller sent the key; otherwise the gateway holds it. */
  readonly isCallers: boolean
}
