import type { VendorModule } from './module.js'
import { cortex } from './cortex/index.js'
import { kodexa } from './kodexa/index.js'

/** All vendors. A new vendor is a folder and a line here. */
export const vendorModules: readonly VendorModule[] = [cortex, kodexa]
