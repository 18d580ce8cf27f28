import type { VendorModule } from './module.js'
import { cortex } from './cortex/index.js'
import { kodexa } from './kodexa/index.js'

/** Every vendor there is. A further one is its folder and its line here. */
export const vendorModules: readonly VendorModule[] = [cortex, kodexa]
