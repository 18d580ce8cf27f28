/** Defines Kodexa's types, queries and cancels on the builder. */
import './execution.js'
import './execution-queries.js'
