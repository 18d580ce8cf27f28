import type { Config } from './config.js'
import type { Log } from './job/log.js'
import { unconfiguredVendor } from './job/unconfigured-vendor.js'
import type { Vendor } from './job/vendor.js'
import { vendorModules } from './vendors/index.js'

export interface Connection {
  readonly vendors: readonly Vendor[]
  /** Stops the sandboxes, if these are such. */
  close(): Promise<void>
}

/** The vendors of a configuration, or the sandbox of every vendor there is. */
export async function connectVendors({ vendors }: Pick<Config, 'vendors'>, log: Log): Promise<Connection> {
  if (vendors === null) return connectSandboxes(log)
  return {
    vendors: vendors.map(
      ({ module, plan }) => plan?.connect({ log, mode: 'LIVE' }) ?? unconfiguredVendor(module.name, module.jobTypes),
    ),
    close: () => Promise.resolve(),
  }
}

async function connectSandboxes(log: Log): Promise<Connection> {
  const sandboxes = await Promise.all(vendorModules.map((module) => module.startSandbox()))
  return {
    vendors: sandboxes.map((sandbox) => sandbox.connect({ log, mode: 'SANDBOX' })),
    async close() {
      await Promise.all(sandboxes.map((sandbox) => sandbox.close()))
    },
  }
}
