/** Defines on the builder everything that is not one vendor's own. */
import './jobs.js'
import './query-node.js'
import './vendor-health.js'
import './cancel.js'
import './subscription.js'
