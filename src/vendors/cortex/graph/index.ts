/** Defines Cortex's types, queries and cancels on the builder. */
import './record.js'
import './workflow-run.js'
import './record-queries.js'
import './workflow-run-queries.js'
import './job-filter.js'
