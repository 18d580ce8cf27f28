/** Adds Cortex's types, queries and mutations to the schema. */
import './record.js'
import './workflow-run.js'
import './record-queries.js'
import './workflow-run-queries.js'
import './job-filter.js'
