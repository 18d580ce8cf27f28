import { date, flag, id, integer, json, list, map, text, words, type JsonMap } from '../../../http/lenient.js'
import { jobState } from '../../../job/state.js'
import { runJobAddress, type RunAddress } from '../address.js'
import type { StatusReaders } from './readers.js'
import { readStepOutputs, withoutSecrets } from './step-output.js'
import { readUser } from './user.js'
import { word } from './word.js'

export const RUN_ORIGINS = ['WORKFLOW', 'TRIGGER', 'RECORD', 'TEST', 'ENDPOINT', 'WEBHOOK', 'UNKNOWN'] as const

export type WorkflowRun = ReturnType<typeof readRun>
export type WorkflowVersion = NonNullable<ReturnType<typeof readVersion>>
export type WorkflowVersionDraft = NonNullable<ReturnType<typeof readDraft>>
export type WorkflowStep = NonNullable<ReturnType<typeof readStep>>
export type Retention = NonNullable<ReturnType<typeof readRetention>>

/** A run as the single get, the list, a record's rule and a cancel answer it. */
export function readRun(wire: JsonMap, address: RunAddress, readers: StatusReaders) {
  const { status, vendorStatus } = readers.run(wire.status)
  const error = words(wire.error)
  const createdAt = date(wire.created_at)
  const startedAt = date(wire.started_at)
  const endedAt = date(wire.ended_at)
  return {
    address: runJobAddress(address),
    vendor: 'CORTEX' as const,
    vendorId: address.runId,
    /** Cortex gives a run no name. */
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
    updatedAt: date(wire.updated_at),
    startedAt,
    endedAt,
    /** By which app the run is addressed; `appId` is what the vendor calls that app. */
    addressAppId: address.appId,
    appId: id(wire.app_id) ?? address.appId,
    workflowAppId: id(wire.workflow_app_id),
    workflowId: address.workflowId,
    discoverable: address.discoverable,
    origin: word(RUN_ORIGINS, wire.origin),
    version: integer(wire.version),
    input: json(wire.input),
    result: json(wire.result),
    error,
    output: readStepOutputs(wire.output, readers.run),
    workflowVersion: readVersion(wire.workflow_version),
    workflowVersionDraft: readDraft(wire.workflow_version_draft),
    collectionId: id(wire.collection_id),
    recordId: id(wire.record_id),
    usage: json(wire.usage),
    retention: readRetention(wire.retention),
    retentionDueAt: date(wire.retention_due_at),
  }
}

function readVersion(wire: unknown) {
  const version = map(wire)
  const versionId = id(version?.id)
  if (version === null || versionId === null) return null
  return {
    id: versionId,
    version: integer(version.version),
    description: words(version.description),
    notes: words(version.notes),
    createdBy: readUser(version.created_by),
    createdAt: date(version.created_at),
    ...readBlueprint(version),
  }
}

function readDraft(wire: unknown) {
  const draft = map(wire)
  return draft === null ? null : readBlueprint(draft)
}

/** What a version and a draft have in common. */
function readBlueprint(wire: JsonMap) {
  return {
    key: words(wire.key),
    input: json(wire.input),
    inputDefault: json(wire.input_default),
    steps: list(wire.steps, readStep),
  }
}

function readStep(wire: unknown) {
  const step = map(wire)
  const key = words(step?.key)
  if (step === null || key === null) return null
  return {
    key,
    type: words(step.type) ?? 'unknown',
    conditional: words(step.conditional),
    loop: words(step.loop),
    destinations: list(step.destinations, text),
    definition: withoutSecrets(json(step) ?? {}) as JsonMap,
  }
}

function readRetention(wire: unknown) {
  const retention = map(wire)
  if (retention === null) return null
  return {
    maxAgeInSeconds: integer(retention.max_age_in_seconds),
    preserveOnFailure: flag(retention.preserve_on_failure),
  }
}
