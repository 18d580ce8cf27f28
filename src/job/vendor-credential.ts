import type { Secret } from './secret.js'

/** What shows a vendor that somebody may ask it. */
export interface VendorCredential {
  readonly apiKey: Secret
  /** Sent with every call; what stands in front of the vendor may want one. */
  readonly headers: Readonly<Record<string, Secret>>
  /** Whether a caller brought the key; else the gateway holds it. */
  readonly isCallers: boolean
}
