import type { Log } from '../job/log.js'
import type { Vendor, VendorMode } from '../job/vendor.js'
import type { VendorCredential } from '../job/vendor-credential.js'
import type { VendorName } from '../job/vendor-name.js'
import type { SharedState } from '../reads/shared-state.js'

export interface ConnectOptions {
  readonly log: Log
  readonly mode: Exclude<VendorMode, 'NOT_CONFIGURED'>
  /** What its requests share with each other, with those of other vendors, and with other instances. Default: {@link openSharing} by itself. */
  readonly sharedState?: SharedState
}

/** A vendor whose settings are known; nothing is opened before `connect`. */
export interface VendorPlan {
  /** Null where callers bring their own. */
  readonly credential: VendorCredential | null
  /** Where, and as what, the credential is sent. */
  readonly address: string
  connect(options: ConnectOptions): ConnectedVendor
}

export interface ConnectedVendor extends Vendor {
  /** Takes another credential for everything that begins from now on. Without it, callers bring their own. */
  readonly updateCredential?: (credential: VendorCredential) => void
}

/** A vendor's fake, listening on a loopback port. */
export interface VendorSandbox extends Pick<VendorPlan, 'connect'> {
  close(): Promise<void>
}

export interface SandboxOptions {
  /** Epoch ms; the jobs' lives follow it. Default: the machine's clock. */
  readonly now?: () => number
}

export interface EnvironmentReading {
  /** Null when the environment has no credential for this vendor. */
  readonly plan: VendorPlan | null
  /** Each begins with the name of the variable it is about. */
  readonly problems: readonly string[]
}

/** What a vendor folder exports, and all that the rest of the gateway knows of it. */
export interface VendorModule {
  readonly name: VendorName
  /** For the schema: what the vendor runs. */
  readonly description: string
  /** The GraphQL types of its jobs. */
  readonly jobTypes: readonly string[]
  /** Reads its own variables and reports everything that is wrong with them. */
  fromEnvironment(env: Readonly<Record<string, string | undefined>>): EnvironmentReading
  startSandbox(options?: SandboxOptions): Promise<VendorSandbox>
}
