import type { Config, ConfiguredVendor } from './config.js'
import type { Log } from './job/log.js'
import { unconfiguredVendor } from './job/unconfigured-vendor.js'
import type { Vendor } from './job/vendor.js'
import { openSharing, type Sharing } from './reads/sharing.js'
import type { VendorName } from './job/vendor-name.js'
import { vendorModules } from './vendors/index.js'
import type { ConnectedVendor, VendorPlan } from './vendors/module.js'
import { NO_PEERS, type Peers } from './watch/peers.js'
import { connectPeers } from './watch/redis-peers.js'

export interface Connection {
  readonly vendors: readonly Vendor[]
  /** The other instances that watch the same jobs. */
  readonly peers: Peers
  /**
   * Takes the vendors' credentials of another reading of the environment for everything that begins from now on. What
   * else has changed there takes a restart. A credential for another address is not sent to this one.
   * @returns the vendors whose credentials are those of this reading, and the others, which go on with what they have
   */
  rekey(config: Pick<Config, 'vendors'>): {
    readonly renewed: readonly VendorName[]
    readonly left: readonly VendorName[]
  }
  /** Lets go of what they share, and stops the sandboxes, if these are such. After the gateway is closed. */
  close(): Promise<void>
}

/** The vendors of a configuration, or the sandbox of every vendor there is, with what they share. */
export async function connectVendors(
  { vendors, sharing: options }: Pick<Config, 'vendors' | 'sharing'>,
  log: Log,
): Promise<Connection> {
  const sharing = openSharing({ ...options, log })
  // The jobs of a sandbox are those of its process.
  if (vendors === null) return connectSandboxes(sharing, log)
  const peers = options.redisUrl === undefined ? NO_PEERS : connectPeers(options.redisUrl, log)
  const connected = vendors.map(({ module, plan }) => ({
    plan,
    vendor: plan?.connect({ log, mode: 'LIVE', sharing }) ?? unconfiguredVendor(module.name, module.jobTypes),
  }))
  return {
    vendors: connected.map(({ vendor }) => vendor),
    peers,
    rekey: ({ vendors }) => rekey(connected, vendors ?? []),
    async close() {
      await Promise.all([peers.close(), sharing.close()])
    },
  }
}

async function connectSandboxes(sharing: Sharing, log: Log): Promise<Connection> {
  const sandboxes = await Promise.all(vendorModules.map((module) => module.startSandbox()))
  return {
    vendors: sandboxes.map((sandbox) => sandbox.connect({ log, mode: 'SANDBOX', sharing })),
    peers: NO_PEERS,
    rekey: () => ({ renewed: [], left: [] }),
    async close() {
      await Promise.all([sharing.close(), ...sandboxes.map((sandbox) => sandbox.close())])
    },
  }
}

interface Connected {
  readonly plan: VendorPlan | null
  readonly vendor: ConnectedVendor
}

function rekey(
  connected: readonly Connected[],
  configured: readonly ConfiguredVendor[],
): ReturnType<Connection['rekey']> {
  const renewed: VendorName[] = []
  const left: VendorName[] = []
  for (const { plan, vendor } of connected) {
    const next = configured.find(({ module }) => module.name === vendor.name)?.plan
    // Callers' own are no affair of the environment, and where there was none there is no connection.
    if (!plan?.credential || !vendor.rekey) continue
    const isItsOwn = next?.credential && next.address === plan.address
    if (isItsOwn) vendor.rekey(next.credential)
    ;(isItsOwn ? renewed : left).push(vendor.name)
  }
  return { renewed, left }
}
