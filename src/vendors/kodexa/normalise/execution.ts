import {
  readDate,
  readBoolean,
  readId,
  readInteger,
  readJson,
  readArrayOf,
  readObject,
  readNumber,
  readString,
  readNonEmptyString,
  type JsonObject,
} from '../../../upstream/lenient.js'
import { jobState } from '../../../job/state.js'
import type { StatusReader } from '../../../job/status-reader.js'
import { executionJobAddress } from '../address.js'
import { failureOf, readException } from './exception.js'
import { readPipeline } from './pipeline.js'
import { fraction, progressOf } from './progress.js'

export type Execution = ReturnType<typeof readExecution>
export type ExecutionStatusDetails = NonNullable<ReturnType<typeof readStatusDetails>>
export type ExecutionTarget = NonNullable<ReturnType<typeof readTarget>>
export type StatusMessage = NonNullable<ReturnType<typeof readStatusMessage>>

/** Reads an execution of a single get, a list or a cancel response: all three are complete. */
export function readExecution(wire: JsonObject, executionId: string, readStatus: StatusReader) {
  const { status, vendorStatus } = readStatus(wire.status)
  const createdAt = readDate(wire.createdOn)
  const startedAt = readDate(wire.startDate)
  const endedAt = readDate(wire.endDate)
  const pipeline = readPipeline(wire.pipeline, readStatus)
  const exception = readException(wire.exceptionDetails)
  const statusDetails = readStatusDetails(wire.statusDetails)
  const failedStep = pipeline?.steps?.find((step) => step.exception !== null)
  const description = readNonEmptyString(wire.description)
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
    updatedAt: readDate(wire.updatedOn),
    startedAt,
    endedAt,
    uuid: readNonEmptyString(wire.uuid),
    changeSequence: readInteger(wire.changeSequence),
    description,
    organizationId: readId(wire.organizationId),
    assistantId: sentId(wire.assistantId),
    documentFamilyId: sentId(wire.documentFamilyId),
    sessionId: readId(wire.sessionId),
    parentExecutionId: sentId(wire.parentExecutionId),
    priority: readInteger(wire.priority),
    processingTimeMs: processingTime(wire.processingTime, startedAt, endedAt),
    loggingEnabled: readBoolean(wire.loggingEnabled),
    deleteLoggingOnSuccess: readBoolean(wire.deleteLoggingOnSuccess),
    pipeline,
    exception,
    statusDetails,
    targets: readArrayOf(readObject(wire.targets)?.instances ?? wire.targets, readTarget),
    context: readJson(wire.context),
  }
}

/** Reads a status message; null when it is not an object. */
export function readStatusMessage(wire: unknown) {
  const message = readObject(wire)
  if (message === null) return null
  return {
    id: readId(message.id),
    title: readNonEmptyString(message.title),
    subtitle: readNonEmptyString(message.subtitle),
    type: readNonEmptyString(message.type),
    createdAt: readDate(message.datetime),
  }
}

/** Reads an id; undefined when the vendor omitted the field, null when it sent none. */
function sentId(wire: unknown): string | null | undefined {
  return wire === undefined ? undefined : readId(wire)
}

/** The vendor's figure when it is above zero, else the time from start to end, in ms. */
function processingTime(wire: unknown, startedAt: Date | null, endedAt: Date | null): number | null {
  const reported = readNumber(wire)
  if (reported !== null && reported > 0) return reported
  return startedAt && endedAt ? Math.max(endedAt.getTime() - startedAt.getTime(), 0) : null
}

/** `stepStatus` in the reference, `status` in the Python client. */
function readStatusDetails(wire: unknown) {
  const details = readObject(wire)
  if (details === null) return null
  return {
    message: readNonEmptyString(details.message),
    detail: readNonEmptyString(details.detail),
    stepStatus: readNonEmptyString(details.stepStatus) ?? readNonEmptyString(details.status),
    progress: fraction(details.progress, details.progressMax),
  }
}

function readTarget(wire: unknown) {
  const target = readObject(wire)
  if (target === null) return null
  return {
    type: readNonEmptyString(target.type),
    ref: readNonEmptyString(target.ref),
    documentFamilyId: readId(target.documentFamilyId),
    contentObjectId: readId(target.contentObjectId),
    labelsToApply: readArrayOf(target.labelsToApply, readString),
    taxonomyRefs: readArrayOf(target.taxonomyRefs, readString),
  }
}
