import type { Config, ConfiguredVendor } from './config.js'
import type { Log } from './job/log.js'
import { unconfiguredVendor } from './job/unconfigured-vendor.js'
import type { Vendor } from './job/vendor.js'
import { openSharing, type Sharing } from './reads/sharing.js'
import type { VendorName } from './job/vendor-name.js'
import { vendorModules } from './vendors/index.js'
import type { ConnectedVendor } from './vendors/module.js'
import { NO_PEERS, type Peers } from './watch/peers.js'
import { connectPeers } from './watch/redis-peers.js'

export interface Connection {
  readonly vendors: readonly Vendor[]
  /** The other instances that watch the same jobs. */
  readonly peers: Peers
  /**
   * Takes the vendors' credentials of another reading of the environment for everything that begins from now on. What
   * else has changed there takes a restart.
   * @returns the vendors that have been given one
   */
  rekey(config: Pick<Config, 'vendors'>): readonly VendorName[]
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
  const connected = vendors.map(
    ({ module, plan }): ConnectedVendor =>
      plan?.connect({ log, mode: 'LIVE', sharing }) ?? unconfiguredVendor(module.name, module.jobTypes),
  )
  return {
    vendors: connected,
    peers,
    rekey: (config) => rekey(connected, config.vendors ?? []),
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
    rekey: () => [],
    async close() {
      await Promise.all([sharing.close(), ...sandboxes.map((sandbox) => sandbox.close())])
    },
  }
}

function rekey(connected: readonly ConnectedVendor[], configured: readonly ConfiguredVendor[]): readonly VendorName[] {
  return connected
    .filter((vendor) => {
      const credential = configured.find(({ module }) => module.name === vendor.name)?.plan?.credential
      if (credential) vendor.rekey?.(credential)
      return credential && vendor.rekey
    })
    .map(({ name }) => name)
}
