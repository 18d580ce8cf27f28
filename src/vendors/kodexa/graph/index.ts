/** Adds Kodexa's types, queries and mutations to the schema. */
import './execution.js'
import './execution-queries.js'
