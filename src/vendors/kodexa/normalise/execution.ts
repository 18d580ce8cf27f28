import { date, flag, id, integer, json, list, map, number, text, words, type JsonMap } from '../../../http/lenient.js'
import { jobState } from '../../../job/state.js'
import type { StatusReader } from '../../../job/status-words.js'
import { executionJobAddress } from '../address.js'
import { failureOf, readException } from './exception.js'
import { readPipeline } from './pipeline.js'
import { fraction, progressOf } from './progress.js'

export type Execution = ReturnType<typeof readExecution>
export type ExecutionStatusDetails = NonNullable<ReturnType<typeof readStatusDetails>>
export type ExecutionTarget = NonNullable<ReturnType<typeof readTarget>>
export type StatusMessage = NonNullable<ReturnType<typeof readStatusMessage>>

/** An execution as the single get, the list and the cancel answer it: all three carry it whole. */
export function readExecution(wire: JsonMap, executionId: string, readStatus: StatusReader) {
  const { status, vendorStatus } = readStatus(wire.status)
  const createdAt = date(wire.createdOn)
  const startedAt = date(wire.startDate)
  const endedAt = date(wire.endDate)
  const pipeline = readPipeline(wire.pipeline, readStatus)
  const exception = readException(wire.exceptionDetails)
  const statusDetails = readStatusDetails(wire.statusDetails)
  const failedStep = pipeline?.steps?.find((step) => step.exception !== null)
  const description = words(wire.description)
  return {
    address: executionJobAddress(executionId),
    vendor: 'KODEXA' as const,
    vendorId: executionId,
    name: description ?? pipeline?.ref ?? null,
    vendorStatus,
    state: jobState(status, {
      createdAt,
      startedAt,
      endedAt,
      vendorStatus,
      progress: progressOf(statusDetails?.progress ?? null, pipeline?.steps),
      failure: failureOf(exception) ?? failureOf(failedStep?.exception) ?? failureOf(pipeline?.exceptions?.[0]),
      skipReason: statusDetails?.message ?? null,
    }),
    createdAt,
    updatedAt: date(wire.updatedOn),
    startedAt,
    endedAt,
    uuid: words(wire.uuid),
    changeSequence: integer(wire.changeSequence),
    description,
    organizationId: id(wire.organizationId),
    assistantId: sentId(wire.assistantId),
    documentFamilyId: sentId(wire.documentFamilyId),
    sessionId: id(wire.sessionId),
    parentExecutionId: sentId(wire.parentExecutionId),
    priority: integer(wire.priority),
    processingTimeMs: processingTime(wire.processingTime, startedAt, endedAt),
    loggingEnabled: flag(wire.loggingEnabled),
    deleteLoggingOnSuccess: flag(wire.deleteLoggingOnSuccess),
    pipeline,
    exception,
    statusDetails,
    targets: list(map(wire.targets)?.instances ?? wire.targets, readTarget),
    context: json(wire.context),
  }
}

/** One of the things an execution had to say; null for what is none. */
export function readStatusMessage(wire: unknown) {
  const message = map(wire)
  if (message === null) return null
  return {
    id: id(message.id),
    title: words(message.title),
    subtitle: words(message.subtitle),
    type: words(message.type),
    createdAt: date(message.datetime),
  }
}

/** An id; undefined where the vendor said nothing, null where it said that there is none. */
function sentId(wire: unknown): string | null | undefined {
  return wire === undefined ? undefined : id(wire)
}

/** The vendor's own figure when it is above zero, else the time between start and end. */
function processingTime(wire: unknown, startedAt: Date | null, endedAt: Date | null): number | null {
  const given = number(wire)
  if (given !== null && given > 0) return given
  return startedAt && endedAt ? Math.max(endedAt.getTime() - startedAt.getTime(), 0) : null
}

/** `stepStatus` in the reference, `status` in the Python client. */
function readStatusDetails(wire: unknown) {
  const details = map(wire)
  if (details === null) return null
  return {
    message: words(details.message),
    detail: words(details.detail),
    stepStatus: words(details.stepStatus) ?? words(details.status),
    progress: fraction(details.progress, details.progressMax),
  }
}

function readTarget(wire: unknown) {
  const target = map(wire)
  if (target === null) return null
  return {
    type: words(target.type),
    ref: words(target.ref),
    documentFamilyId: id(target.documentFamilyId),
    contentObjectId: id(target.contentObjectId),
    labelsToApply: list(target.labelsToApply, text),
    taxonomyRefs: list(target.taxonomyRefs, text),
  }
}
