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
  /** The other instances that watch the same jobs. */
  readonly clusterBus: ClusterBus
  /**
   * Takes the vendors' credentials of another reading of the environment for everything that begins from now on. What
   * else has changed there takes a restart. A credential for another address is not sent to this one.
   * @returns the vendors whose credentials are those of this reading, and the others, which go on with what they have
   */
  updateCredentials(config: Pick<Config, 'vendors'>): {
    readonly renewed: readonly VendorName[]
    readonly left: readonly VendorName[]
  }
  /** Lets go of what they share, and stops the sandboxes, if these are such. After the gateway is closed. */
  close(): Promise<void>
}

/** The vendors of a configuration, or the sandbox of every vendor there is, with what they share. */
export async function connectVendors(
  { vendors, sharedState: options }: Pick<Config, 'vendors' | 'sharedState'>,
  log: Log,
): Promise<ConnectedVendors> {
  const sharing = createSharedState({ ...options, log })
  // The jobs of a sandbox are those of its process.
  if (vendors === null) return connectSandboxes(sharing, log)
  const peers = options.redisUrl === undefined ? SINGLE_INSTANCE : connectClusterBus(options.redisUrl, log)
  const connected = vendors.map(({ module, plan }) => ({
    plan,
    vendor:
      plan?.connect({ log, mode: 'LIVE', sharedState: sharing }) ?? unconfiguredVendor(module.name, module.jobTypes),
  }))
  return {
    vendors: connected.map(({ vendor }) => vendor),
    clusterBus: peers,
    updateCredentials: ({ vendors }) => updateCredentials(connected, vendors ?? []),
    async close() {
      await Promise.all([peers.close(), sharing.close()])
    },
  }
}

async function connectSandboxes(sharing: SharedState, log: Log): Promise<ConnectedVendors> {
  const sandboxes = await Promise.all(vendorModules.map((module) => module.startSandbox()))
  return {
    vendors: sandboxes.map((sandbox) => sandbox.connect({ log, mode: 'SANDBOX', sharedState: sharing })),
    clusterBus: SINGLE_INSTANCE,
    updateCredentials: () => ({ renewed: [], left: [] }),
    async close() {
      await Promise.all([sharing.close(), ...sandboxes.map((sandbox) => sandbox.close())])
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
  const renewed: VendorName[] = []
  const left: VendorName[] = []
  for (const { plan, vendor } of connected) {
    const next = configured.find(({ module }) => module.name === vendor.name)?.plan
    // Callers' own are no affair of the environment, and where there was none there is no connection.
    if (!plan?.credential || !vendor.updateCredential) continue
    const isItsOwn = next?.credential && next.address === plan.address
    if (isItsOwn) vendor.updateCredential(next.credential)
    ;(isItsOwn ? renewed : left).push(vendor.name)
  }
  return { renewed, left }
}
