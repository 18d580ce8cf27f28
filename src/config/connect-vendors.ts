import type { Config, ConfiguredVendor } from './config.js'
import type { Log } from '../job/log.js'
import { unconfiguredVendor } from '../job/unconfigured-vendor.js'
import type { Vendor } from '../job/vendor.js'
import { createSharedState, type SharedState } from '../reads/shared-state.js'
import type { VendorName } from '../job/vendor-name.js'
import { vendorModules } from '../vendors/index.js'
import type { ConnectedVendor, VendorPlan } from '../vendors/module.js'
import { SINGLE_INSTANCE, type ClusterBus } from '../watch/cluster-bus.js'
import { connectClusterBus } from '../watch/redis-cluster-bus.js'

export interface ConnectedVendors {
  readonly vendors: readonly Vendor[]
  /** Coordinates the instances that watch the same jobs. */
  readonly clusterBus: ClusterBus
  /**
   * Uses the vendor credentials of another configuration for all requests that start from now on. All other changes
   * need a restart. A credential for another address is not used.
   * @returns the vendors whose credentials were updated, and those that keep what they have
   */
  updateCredentials(config: Pick<Config, 'vendors'>): {
    readonly updated: readonly VendorName[]
    readonly kept: readonly VendorName[]
  }
  /** Closes what the vendors share, and the sandboxes if there are any. Call it after `gateway.close()`. */
  close(): Promise<void>
}

/** Connects the configured vendors, or starts the sandbox of every vendor, with the state they share. */
export async function connectVendors(
  { vendors, sharedState: options }: Pick<Config, 'vendors' | 'sharedState'>,
  log: Log,
): Promise<ConnectedVendors> {
  const sharedState = createSharedState({ ...options, log })
  // A sandbox's jobs exist in this process only, so other instances do not matter.
  if (vendors === null) return connectSandboxes(sharedState, log)
  const clusterBus = options.redisUrl === undefined ? SINGLE_INSTANCE : connectClusterBus(options.redisUrl, log)
  const connected = vendors.map(({ module, plan }) => ({
    plan,
    vendor: plan?.connect({ log, mode: 'LIVE', sharedState }) ?? unconfiguredVendor(module.name, module.jobTypes),
  }))
  return {
    vendors: connected.map(({ vendor }) => vendor),
    clusterBus,
    updateCredentials: ({ vendors }) => updateCredentials(connected, vendors ?? []),
    async close() {
      await Promise.all([clusterBus.close(), sharedState.close()])
    },
  }
}

async function connectSandboxes(sharedState: SharedState, log: Log): Promise<ConnectedVendors> {
  const sandboxes = await Promise.all(vendorModules.map((module) => module.startSandbox()))
  return {
    vendors: sandboxes.map((sandbox) => sandbox.connect({ log, mode: 'SANDBOX', sharedState })),
    clusterBus: SINGLE_INSTANCE,
    updateCredentials: () => ({ updated: [], kept: [] }),
    async close() {
      await Promise.all([sharedState.close(), ...sandboxes.map((sandbox) => sandbox.close())])
    },
  }
}

interface ConnectedPlan {
  readonly plan: VendorPlan | null
  readonly vendor: ConnectedVendor
}

function updateCredentials(
  connected: readonly ConnectedPlan[],
  configured: readonly ConfiguredVendor[],
): ReturnType<ConnectedVendors['updateCredentials']> {
  const updated: VendorName[] = []
  const kept: VendorName[] = []
  for (const { plan, vendor } of connected) {
    const next = configured.find(({ module }) => module.name === vendor.name)?.plan
    // Without a credential of its own, callers bring theirs or the vendor is not connected.
    if (!plan?.credential || !vendor.updateCredential) continue
    const isSameAddress = next?.credential && next.address === plan.address
    if (isSameAddress) vendor.updateCredential(next.credential)
    ;(isSameAddress ? updated : kept).push(vendor.name)
  }
  return { updated, kept }
}
