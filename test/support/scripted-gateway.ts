import { closeAfterTest } from './close-after-test.js'
import { openGateway, type TestGateway } from './gateway.js'
import { cortexAt, kodexaAt, type Script, type ScriptedVendor, startScriptedVendor } from './scripted-vendor.js'

/** A gateway in front of two scripted vendors. */
export interface ScriptedGateway {
  readonly gateway: TestGateway
  readonly cortex: ScriptedVendor
  readonly kodexa: ScriptedVendor
}

/** Closed when the running test ends. */
export async function openScriptedGateway(scripts: {
  readonly cortex?: Script
  readonly kodexa?: Script
}): Promise<ScriptedGateway> {
  const [cortex, kodexa] = [await startScriptedVendor(scripts.cortex), await startScriptedVendor(scripts.kodexa)]
  const gateway = openGateway([cortexAt(cortex.url), kodexaAt(kodexa.url)])
  closeAfterTest(gateway.close, cortex.close, kodexa.close)
  return { gateway, cortex, kodexa }
}
