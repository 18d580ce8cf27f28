import { createVendorPool, type VendorPool, type VendorPoolOptions } from '../../src/upstream/vendor-pool.js'
import type { Upstream } from '../../src/upstream/upstream.js'
import { Secret } from '../../src/job/secret.js'
import { API_KEY } from './scripted-vendor.js'

export interface TestUpstreamOptions extends VendorPoolOptions {
  readonly headers: Readonly<Record<string, string>>
  /** Default: the gateway's own. */
  readonly isCallers?: boolean
}

export type TestUpstream = Upstream & Pick<VendorPool, 'circuit' | 'close'>

/** A host as it is asked with one credential, and the host's own affairs beside it. */
export function openUpstream({ headers, isCallers = false, ...options }: TestUpstreamOptions): TestUpstream {
  const host = createVendorPool(options)
  const upstream = host.withCredential(headers, { apiKey: new Secret(API_KEY), headers: {}, isCallers })
  return { ...upstream, circuit: host.circuit, close: host.close }
}
