import {
  readDate,
  readBoolean,
  readId,
  readArrayOf,
  readObject,
  readNumber,
  readString,
  readNonEmptyString,
} from '../../../upstream/lenient.js'
import type { StatusReader } from '../../../job/status-reader.js'
import { readException } from './exception.js'
import { fraction } from './progress.js'

export type Pipeline = NonNullable<ReturnType<typeof readPipeline>>
export type PipelineStep = NonNullable<ReturnType<typeof readStep>>

export function readPipeline(wire: unknown, readStatus: StatusReader) {
  const pipeline = readObject(wire)
  if (pipeline === null) return null
  return {
    id: readId(pipeline.id),
    ref: readNonEmptyString(pipeline.ref),
    valid: readBoolean(pipeline.valid),
    steps: readArrayOf(pipeline.steps, (step) => readStep(step, readStatus)),
    exceptions: readArrayOf(pipeline.exceptions, readException),
  }
}

/** Leaves out a step's options and context: they may contain secrets. */
function readStep(wire: unknown, readStatus: StatusReader) {
  const step = readObject(wire)
  if (step === null) return null
  return {
    id: readId(step.id),
    name: readNonEmptyString(step.name),
    ref: readNonEmptyString(step.ref),
    stepType: readNonEmptyString(step.stepType),
    ...readStatus(step.status),
    statusMessage: readNonEmptyString(step.statusMessage),
    progress: fraction(step.progress, step.progressMax),
    startedAt: readDate(step.start),
    endedAt: readDate(step.end),
    processingTimeMs: readNumber(step.processingTime),
    conditional: readNonEmptyString(step.conditional),
    inputId: readId(step.inputId),
    outputIds: readOutputIds(step.outputIds ?? step.outputId),
    exception: readException(step.exceptionDetails),
  }
}

/** A list in the Python client, one string in the reference; probably joined by commas. */
function readOutputIds(wire: unknown): string[] | null {
  if (typeof wire === 'string')
    return wire
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== '')
  return readArrayOf(wire, readString)
}
