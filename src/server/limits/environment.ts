import { z } from 'zod'
import { DEFAULT_LIMITS, type Limits } from './limits.js'
import { DEFAULT_LOAD_SHEDDING, type LoadSheddingOptions } from './load-shedder.js'

/** The environment variables of all limits. */
export const limitsEnvironment = {
  MAX_BODY_BYTES: upTo(100_000_000, DEFAULT_LIMITS.bodyBytes, 1000),
  // Above 3000 a document can be nested so deeply that the parser overflows the stack.
  MAX_TOKENS: upTo(3000, DEFAULT_LIMITS.tokens, 10),
  MAX_DEPTH: upTo(100, DEFAULT_LIMITS.depth),
  MAX_ALIASES: upTo(1000, DEFAULT_LIMITS.aliases, 0),
  MAX_DIRECTIVES: upTo(1000, DEFAULT_LIMITS.directives, 0),
  MAX_ROOT_FIELDS: upTo(1000, DEFAULT_LIMITS.rootFields),
  MAX_COST: upTo(1_000_000, DEFAULT_LIMITS.cost),
  MAX_CANCELS: upTo(10_000, DEFAULT_LIMITS.cancels, 0),
  MAX_OPERATIONS_PER_MINUTE: offOr(DEFAULT_LIMITS.operationsPerMinute),
  MAX_CONCURRENT_OPERATIONS: offOr(DEFAULT_LOAD_SHEDDING.concurrentOperations),
  MAX_EVENT_LOOP_DELAY_MS: offOr(DEFAULT_LOAD_SHEDDING.eventLoopDelayMs),
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
