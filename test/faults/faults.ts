import { bodyFaults } from './body-faults.js'
import { connectionFaults } from './connection-faults.js'
import type { Fault } from './fault.js'
import { statusFaults } from './status-faults.js'

/** Everything that a vendor is made to do wrong. */
export const faults: readonly Fault[] = [...connectionFaults, ...statusFaults, ...bodyFaults]
