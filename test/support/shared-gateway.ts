import type { GatewayOptions } from '../../src/gateway.js'
import { silentLog } from '../../src/job/log.js'
import { createSharedState, type SharedStateOptions } from '../../src/reads/shared-state.js'
import type { CortexSettings } from '../../src/vendors/cortex/settings.js'
import type { KodexaSettings } from '../../src/vendors/kodexa/settings.js'
import { closeAfterTest } from './close-after-test.js'
import { openGateway, type TestGateway } from './gateway.js'
import { cortexAt, kodexaAt, type Script, type ScriptedVendor, startScriptedVendor } from './scripted-vendor.js'

/** A gateway in front of two scripted vendors, with a shared state. */
export interface SharedGateway {
  readonly gateway: TestGateway
  readonly cortex: ScriptedVendor
  readonly kodexa: ScriptedVendor
}

export interface SharedGatewayOptions {
  readonly cortex?: Script
  readonly kodexa?: Script
  readonly sharedState?: Partial<SharedStateOptions>
  readonly cortexSettings?: Partial<CortexSettings>
  readonly kodexaSettings?: Partial<KodexaSettings>
  readonly gateway?: Partial<GatewayOptions>
}

export const openSharedState = (options: Partial<SharedStateOptions> = {}) =>
  createSharedState({ log: silentLog, ...options })

/** Nothing expires while a test runs. */
export const LONG_TTL = { liveMs: 600_000, terminalMs: 600_000 }

export async function openSharedGateway(options: SharedGatewayOptions = {}): Promise<SharedGateway> {
  const [cortex, kodexa] = [await startScriptedVendor(options.cortex), await startScriptedVendor(options.kodexa)]
  const sharedState = openSharedState(options.sharedState ?? LONG_TTL)
  const gateway = openGateway(
    [
      cortexAt(cortex.url, options.cortexSettings, { sharedState }),
      kodexaAt(kodexa.url, options.kodexaSettings, { sharedState }),
    ],
    options.gateway,
  )
  closeAfterTest(gateway.close, cortex.close, kodexa.close)
  return { gateway, cortex, kodexa }
}
