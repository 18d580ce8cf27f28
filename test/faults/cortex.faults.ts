import { describeFaultsOf } from './fault-matrix.js'

describeFaultsOf('CORTEX')
