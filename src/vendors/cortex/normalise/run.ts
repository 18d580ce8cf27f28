import {
  readDate,
  readBoolean,
  readId,
  readInteger,
  readJson,
  readArrayOf,
  readObject,
  readString,
  readNonEmptyString,
  type JsonObject,
} from '../../../upstream/lenient.js'
import { jobState } from '../../../job/state.js'
import { runJobAddress, type RunAddress } from '../address.js'
import type { StatusReaders } from './readers.js'
import { readStepOutputs, withoutSecrets } from './step-output.js'
import { readUser } from './user.js'
import { readEnum } from './read-enum.js'

export const RUN_ORIGINS = ['WORKFLOW', 'TRIGGER', 'RECORD', 'TEST', 'ENDPOINT', 'WEBHOOK', 'UNKNOWN'] as const

export type WorkflowRun = ReturnType<typeof readRun>
export type WorkflowVersion = NonNullable<ReturnType<typeof readVersion>>
export type WorkflowVersionDraft = NonNullable<ReturnType<typeof readDraft>>
export type WorkflowStep = NonNullable<ReturnType<typeof readStep>>
export type Retention = NonNullable<ReturnType<typeof readRetention>>

/** Reads a run of a single get, a list, a record's rule or a cancel response. */
export function readRun(wire: JsonObject, address: RunAddress, readers: StatusReaders) {
  const { status, vendorStatus } = readers.run(wire.status)
  const error = readNonEmptyString(wire.error)
  const createdAt = readDate(wire.created_at)
  const startedAt = readDate(wire.started_at)
  const endedAt = readDate(wire.ended_at)
  return {
    address: runJobAddress(address),
    vendor: 'CORTEX' as const,
    vendorId: address.runId,
    /** Cortex runs have no name. */
    name: null,
    vendorStatus,
    state: jobState(status, {
      createdAt,
      startedAt,
      endedAt,
      vendorStatus,
      failure: error === null ? null : { message: error, code: null },
    }),
    createdAt,
    updatedAt: readDate(wire.updated_at),
    startedAt,
    endedAt,
    /** The app in the run's path; `appId` is that app's id in the response. */
    addressAppId: address.appId,
    appId: readId(wire.app_id) ?? address.appId,
    workflowAppId: readId(wire.workflow_app_id),
    workflowId: address.workflowId,
    discoverable: address.discoverable,
    origin: readEnum(RUN_ORIGINS, wire.origin),
    version: readInteger(wire.version),
    input: readJson(wire.input),
    result: readJson(wire.result),
    error,
    output: readStepOutputs(wire.output, readers.run),
    workflowVersion: readVersion(wire.workflow_version),
    workflowVersionDraft: readDraft(wire.workflow_version_draft),
    collectionId: readId(wire.collection_id),
    recordId: readId(wire.record_id),
    usage: readJson(wire.usage),
    retention: readRetention(wire.retention),
    retentionDueAt: readDate(wire.retention_due_at),
  }
}

function readVersion(wire: unknown) {
  const version = readObject(wire)
  const versionId = readId(version?.id)
  if (version === null || versionId === null) return null
  return {
    id: versionId,
    version: readInteger(version.version),
    description: readNonEmptyString(version.description),
    notes: readNonEmptyString(version.notes),
    createdBy: readUser(version.created_by),
    createdAt: readDate(version.created_at),
    ...readBlueprint(version),
  }
}

function readDraft(wire: unknown) {
  const draft = readObject(wire)
  return draft === null ? null : readBlueprint(draft)
}

/** The fields that a version and a draft share. */
function readBlueprint(wire: JsonObject) {
  return {
    key: readNonEmptyString(wire.key),
    input: readJson(wire.input),
    inputDefault: readJson(wire.input_default),
    steps: readArrayOf(wire.steps, readStep),
  }
}

function readStep(wire: unknown) {
  const step = readObject(wire)
  const key = readNonEmptyString(step?.key)
  if (step === null || key === null) return null
  return {
    key,
    type: readNonEmptyString(step.type) ?? 'unknown',
    conditional: readNonEmptyString(step.conditional),
    loop: readNonEmptyString(step.loop),
    destinations: readArrayOf(step.destinations, readString),
    definition: withoutSecrets(readJson(step) ?? {}) as JsonObject,
  }
}

function readRetention(wire: unknown) {
  const retention = readObject(wire)
  if (retention === null) return null
  return {
    maxAgeInSeconds: readInteger(retention.max_age_in_seconds),
    preserveOnFailure: readBoolean(retention.preserve_on_failure),
  }
}
