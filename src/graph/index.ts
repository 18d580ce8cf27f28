/** Defines the types and fields that all vendors share. */
import './jobs.js'
import './query-node.js'
import './vendor-health.js'
import './cancel.js'
import './subscription.js'
