import {
  readDate,
  readEntries,
  readArray,
  readJson,
  readObject,
  readNumber,
  readNonEmptyString,
  type JsonObject,
} from '../../../upstream/lenient.js'
import type { StatusReader } from '../../../job/status-reader.js'

export type StepOutput = NonNullable<ReturnType<typeof readStepOutput>>

/** Reads the steps of a run: an array (2024), a map by step key (since), or null. */
export function readStepOutputs(wire: unknown, readStatus: StatusReader): StepOutput[] | null {
  const steps = readArray(wire)?.map((item) => [null, item] as const) ?? readEntries(wire)
  return steps?.flatMap(([key, value]) => readStepOutput(key, value, readStatus) ?? []) ?? null
}

function readStepOutput(mapKey: string | null, wire: unknown, readStatus: StatusReader) {
  const step = readObject(wire)
  const key = mapKey ?? readNonEmptyString(step?.key)
  if (step === null || key === null) return null
  const { status, vendorStatus } = readStatus(step.status)
  return {
    key,
    type: readNonEmptyString(step.type),
    status,
    vendorStatus,
    output: withoutSecrets(readJson(step.output)),
    error: readNonEmptyString(step.error),
    startedAt: epoch(step.start),
    endedAt: epoch(step.end),
  }
}

/** Numbers below this are seconds: in milliseconds they would lie before 1973. */
const LIKELY_SECONDS = 1e11

/** Reads a step time: a number without a documented unit, or a date. */
function epoch(value: unknown): Date | null {
  const time = readNumber(value)
  if (time === null) return readDate(value)
  return readDate(time < LIKELY_SECONDS ? time * 1000 : time)
}

/** Fields of steps and their outputs that contain request headers and raw traffic. */
const SECRET_FIELDS = new Set(['headers', 'raw', 'logs', 'output_logs'])

/**
 * Removes the fields that may contain authorisation headers: from the value itself, its `request`, its tool calls, and
 * the steps of another workflow in its `output`, as the vendor's SDK types them. A looped step's output is a list.
 */
export function withoutSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSecrets)
  const object = readObject(value)
  return object === null ? value : prune(object)
}

function prune(object: JsonObject): JsonObject {
  const entries = Object.entries(object).filter(([name]) => !SECRET_FIELDS.has(name))
  return Object.fromEntries(
    entries.map(([name, value]) => [name, Object.hasOwn(NESTED, name) ? NESTED[name]!(value) : value]),
  )
}

const NESTED: Readonly<Record<string, (value: unknown) => unknown>> = {
  request: withoutSecrets,
  calls: withoutSecrets,
  tool_results: withoutSecrets,
  output: withoutStepSecrets,
}

/** A map of steps by key, or a list of them. */
function withoutStepSecrets(steps: unknown): unknown {
  const byKey = readObject(steps)
  if (byKey === null) return withoutSecrets(steps)
  return Object.fromEntries(Object.entries(prune(byKey)).map(([key, step]) => [key, withoutSecrets(step)]))
}
