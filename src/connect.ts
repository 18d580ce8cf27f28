import type { Config } from './config.js'
import type { Log } from './job/log.js'
import { unconfiguredVendor } from './job/unconfigured-vendor.js'
import type { Vendor } from './job/vendor.js'
import { openSharing, type Sharing } from './reads/sharing.js'
import { vendorModules } from './vendors/index.js'

export interface Connection {
  readonly vendors: readonly Vendor[]
  /** Lets go of what they share, and stops the sandboxes, if these are such. After the gateway is closed. */
  close(): Promise<void>
}

/** The vendors of a configuration, or the sandbox of every vendor there is, with what they share. */
export async function connectVendors(
  { vendors, sharing: options }: Pick<Config, 'vendors' | 'sharing'>,
  log: Log,
): Promise<Connection> {
  const sharing = openSharing({ ...options, log })
  if (vendors === null) return connectSandboxes(sharing, log)
  return {
    vendors: vendors.map(
      ({ module, plan }) =>
        plan?.connect({ log, mode: 'LIVE', sharing }) ?? unconfiguredVendor(module.name, module.jobTypes),
    ),
    close: () => sharing.close(),
  }
}

async function connectSandboxes(sharing: Sharing, log: Log): Promise<Connection> {
  const sandboxes = await Promise.all(vendorModules.map((module) => module.startSandbox()))
  return {
    vendors: sandboxes.map((sandbox) => sandbox.connect({ log, mode: 'SANDBOX', sharing })),
    async close() {
      await Promise.all([sharing.close(), ...sandboxes.map((sandbox) => sandbox.close())])
    },
  }
}
