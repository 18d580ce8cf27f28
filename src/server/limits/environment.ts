import { z } from 'zod'
import { documentedUnder } from '../../environment/variables.js'
import { DEFAULT_LIMITS, type Limits } from './limits.js'
import { DEFAULT_LOAD_SHEDDING, type LoadSheddingOptions } from './load-shedder.js'

const row = documentedUnder('Limits')

/** The environment variables of all limits. */
export const limitsEnvironment = {
  MAX_BODY_BYTES: row(
    upTo(100_000_000, DEFAULT_LIMITS.bodyBytes, 1000),
    'Bytes of a request body or of a WebSocket message.',
  ),
  // Above 3000 a document can be nested so deeply that the parser overflows the stack.
  MAX_TOKENS: row(upTo(3000, DEFAULT_LIMITS.tokens, 10), 'Tokens of a document, comments excluded, up to 3000.'),
  MAX_DEPTH: row(upTo(100, DEFAULT_LIMITS.depth), 'Depth of nested fields, introspection excluded.'),
  MAX_ALIASES: row(upTo(1000, DEFAULT_LIMITS.aliases, 0), 'Aliases of an operation.'),
  MAX_DIRECTIVES: row(upTo(1000, DEFAULT_LIMITS.directives, 0), 'Directives of an operation.'),
  MAX_ROOT_FIELDS: row(upTo(1000, DEFAULT_LIMITS.rootFields), 'Top-level fields of an operation.'),
  MAX_COST: row(
    upTo(1_000_000, DEFAULT_LIMITS.cost),
    'Requests to vendors that an operation may take in the worst case.',
  ),
  MAX_CANCELS: row(upTo(10_000, DEFAULT_LIMITS.cancels, 0), 'Jobs that one operation may ask to cancel.'),
  MAX_OPERATIONS_PER_MINUTE: row(
    offOr(DEFAULT_LIMITS.operationsPerMinute),
    'Operations of one caller a minute, or `off`.',
  ),
  MAX_CONCURRENT_OPERATIONS: row(
    offOr(DEFAULT_LOAD_SHEDDING.concurrentOperations),
    'Operations in flight in this process, or `off`.',
  ),
  MAX_EVENT_LOOP_DELAY_MS: row(
    offOr(DEFAULT_LOAD_SHEDDING.eventLoopDelayMs),
    'Event loop delay, in ms, above which the process admits fewer operations, or `off`.',
  ),
}

/** The limits on operations, from the variables. */
export function toLimits(values: z.infer<z.ZodObject<typeof limitsEnvironment>>): Limits {
  return {
    bodyBytes: values.MAX_BODY_BYTES,
    tokens: values.MAX_TOKENS,
    depth: values.MAX_DEPTH,
    aliases: values.MAX_ALIASES,
    directives: values.MAX_DIRECTIVES,
    rootFields: values.MAX_ROOT_FIELDS,
    cost: values.MAX_COST,
    cancels: values.MAX_CANCELS,
    operationsPerMinute: values.MAX_OPERATIONS_PER_MINUTE,
  }
}

/** The load shedding options, from the variables. */
export function toLoadShedding(values: z.infer<z.ZodObject<typeof limitsEnvironment>>): LoadSheddingOptions {
  return {
    concurrentOperations: values.MAX_CONCURRENT_OPERATIONS,
    eventLoopDelayMs: values.MAX_EVENT_LOOP_DELAY_MS,
  }
}

function offOr(fallback: number | null) {
  return z
    .string()
    .regex(/^(off|[1-9]\d{0,6})$/, 'must be `off` or a whole number from 1 to 9999999')
    .transform((value) => (value === 'off' ? null : Number(value)))
    .default(fallback)
}

function upTo(most: number, fallback: number, least = 1) {
  return z.coerce
    .number('must be a number')
    .int('must be a whole number')
    .min(least, `must be ${least} to ${most}`)
    .max(most, `must be ${least} to ${most}`)
    .default(fallback)
}
