import { date, flag, id, list, map, number, text, words } from '../../../http/lenient.js'
import type { StatusReader } from '../../../job/status-words.js'
import { readException } from './exception.js'
import { fraction } from './progress.js'

export type Pipeline = NonNullable<ReturnType<typeof readPipeline>>
export type PipelineStep = NonNullable<ReturnType<typeof readStep>>

export function readPipeline(wire: unknown, readStatus: StatusReader) {
  const pipeline = map(wire)
  if (pipeline === null) return null
  return {
    id: id(pipeline.id),
    ref: words(pipeline.ref),
    valid: flag(pipeline.valid),
    steps: list(pipeline.steps, (step) => readStep(step, readStatus)),
    exceptions: list(pipeline.exceptions, readException),
  }
}

/** Options and context of a step stay with the vendor: they may hold secrets. */
function readStep(wire: unknown, readStatus: StatusReader) {
  const step = map(wire)
  if (step === null) return null
  return {
    id: id(step.id),
    name: words(step.name),
    ref: words(step.ref),
    stepType: words(step.stepType),
    ...readStatus(step.status),
    statusMessage: words(step.statusMessage),
    progress: fraction(step.progress, step.progressMax),
    startedAt: date(step.start),
    endedAt: date(step.end),
    processingTimeMs: number(step.processingTime),
    conditional: words(step.conditional),
    inputId: id(step.inputId),
    outputIds: readOutputIds(step.outputIds ?? step.outputId),
    exception: readException(step.exceptionDetails),
  }
}

/** A list in the Python client, one string in the reference; commas are the likely join. */
function readOutputIds(wire: unknown): string[] | null {
  if (typeof wire === 'string')
    return wire
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== '')
  return list(wire, text)
}
