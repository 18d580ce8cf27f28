import type { Log } from '../job/log.js'
import type { Vendor, VendorMode } from '../job/vendor.js'
import type { VendorCredential } from '../job/vendor-credential.js'
import type { VendorName } from '../job/vendor-name.js'
import type { SharedState } from '../reads/shared-state.js'

export interface ConnectOptions {
  readonly log: Log
  readonly mode: Exclude<VendorMode, 'NOT_CONFIGURED'>
  /** Cache, batching and limits shared with other vendors and instances. Default: a {@link createSharedState} of its own. */
  readonly sharedState?: SharedState
}

/** A vendor with valid settings. Opens no connection before `connect`. */
export interface VendorPlan {
  /** Null when callers send their own. */
  readonly credential: VendorCredential | null
  /** The URL, and for some vendors the header, that the credential is sent to. */
  readonly address: string
  connect(options: ConnectOptions): ConnectedVendor
}

export interface ConnectedVendor extends Vendor {
  /** Uses another credential for all requests that start from now on. Absent when callers send their own. */
  readonly updateCredential?: (credential: VendorCredential) => void
}

/** A fake of the vendor, listening on a loopback port. */
export interface VendorSandbox extends Pick<VendorPlan, 'connect'> {
  close(): Promise<void>
}

export interface SandboxOptions {
  /** Epoch ms; drives the jobs' progress. Default: the machine's clock. */
  readonly now?: () => number
}

export interface ParsedEnvironment {
  /** Null when the environment has no credential for this vendor. */
  readonly plan: VendorPlan | null
  /** Each starts with the name of the variable. */
  readonly problems: readonly string[]
}

/** What a vendor folder exports to the rest of the gateway. */
export interface VendorModule {
  readonly name: VendorName
  /** For the schema: what jobs the vendor runs. */
  readonly description: string
  /** The GraphQL types of its jobs. */
  readonly jobTypes: readonly string[]
  /** Reads the vendor's variables and reports every problem with them. */
  fromEnvironment(env: Readonly<Record<string, string | undefined>>): ParsedEnvironment
  startSandbox(options?: SandboxOptions): Promise<VendorSandbox>
}
