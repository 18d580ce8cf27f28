import {
  readDate,
  readEntries,
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
import { jobState, type JobFailure } from '../../../job/state.js'
import type { ReadStatus } from '../../../job/status-reader.js'
import { isVendorId } from '../../../job/vendor-id.js'
import { recordJobAddress, type RecordAddress } from '../address.js'
import { readEnum } from './read-enum.js'
import type { StatusReaders } from './readers.js'
import { readRun, type WorkflowRun } from './run.js'
import { readUser } from './user.js'
import { readRecordErrors, type RecordRuleError } from './record-errors.js'

export const RECORD_SOURCES = ['APP', 'API', 'TRIGGER', 'WORKFLOW', 'UNKNOWN'] as const
export const RULE_STATUSES = ['DRAFT', 'RUNNING', 'PASSED', 'FAILED', 'WARN', 'UNKNOWN'] as const
export const RULE_VERDICTS = ['PASS', 'FAIL', 'WARN', 'UNKNOWN'] as const

export type CortexRecord = ReturnType<typeof readRecord>
export type CollectionConfig = NonNullable<ReturnType<typeof readConfig>>
export type CollectionRule = NonNullable<ReturnType<typeof readCollectionRule>>
export type CollectionMapping = NonNullable<ReturnType<typeof readMapping>>
export type RecordEntity = NonNullable<ReturnType<typeof readEntity>>
export type RecordTag = NonNullable<ReturnType<typeof readTag>>
export type RecordRule = ReturnType<typeof readRule>

/** Reads a record of a single get, a list or a cancel response. */
export function readRecord(wire: JsonObject, address: RecordAddress, readers: StatusReaders) {
  const config = readConfig(wire.config)
  const rules = readRules(wire.rules, config, address, readers)
  return {
    ...recordJob(address, readers.record(wire.status), {
      createdAt: readDate(wire.created_at),
      updatedAt: readDate(wire.updated_at),
      failure: failureOf(rules),
    }),
    name: readNonEmptyString(wire.name),
    appId: address.appId,
    collectionId: address.collectionId,
    collectionName: readNonEmptyString(wire.collection_name),
    source: readEnum(RECORD_SOURCES, wire.source),
    link: readNonEmptyString(wire.link),
    rulesCount: readInteger(wire.rules_count),
    rulesPassCount: readInteger(wire.rules_pass_count),
    rulesFailCount: readInteger(wire.rules_fail_count),
    rulesWarnCount: readInteger(wire.rules_warn_count),
    rules,
    config,
    createdBy: readUser(wire.created_by),
    entity: readEntity(wire.entity),
    tags: readArrayOf(wire.tags, readTag),
    usage: readJson(wire.usage),
    /** Null unless read from the status endpoint, the only one that has them. */
    errors: null as readonly RecordRuleError[] | null,
  }
}

/** Reads a record of a status response: its status and errors only. */
export function readBareRecord(wire: JsonObject, address: RecordAddress, readers: StatusReaders): CortexRecord {
  return { ...readRecord({ status: wire.status }, address, readers), errors: readRecordErrors(wire) }
}

interface RecordDetails {
  readonly createdAt: Date | null
  readonly updatedAt: Date | null
  readonly failure: JobFailure | null
}

/** The fields that every job has. Cortex does not say when a record started or ended. */
function recordJob(
  address: RecordAddress,
  { status, vendorStatus }: ReadStatus,
  { createdAt, updatedAt, failure }: RecordDetails,
) {
  const startedAt: Date | null = null
  const endedAt: Date | null = null
  return {
    address: recordJobAddress(address),
    vendor: 'CORTEX' as const,
    vendorId: address.recordId,
    vendorStatus,
    state: jobState(status, { createdAt, startedAt, endedAt, vendorStatus, failure }),
    createdAt,
    updatedAt,
    startedAt,
    endedAt,
  }
}

function failureOf(rules: readonly RecordRule[] | null): JobFailure | null {
  const failed = rules?.find((rule) => rule.error !== null)
  return failed ? { message: `${failed.name ?? failed.key}: ${failed.error}`, code: failed.key } : null
}

function readRules(wire: unknown, config: CollectionConfig | null, address: RecordAddress, readers: StatusReaders) {
  const definitions = new Map(config?.rules.map((rule) => [rule.key, rule]))
  const read = ([key, value]: readonly [string, unknown]) => {
    const rule = readObject(value)
    return rule === null ? [] : [readRule(key, rule, definitions.get(key) ?? null, address, readers)]
  }
  return readEntries(wire)?.flatMap(read) ?? null
}

/** The map is keyed by rule; a rule's name and verdicts are only in the collection's config. */
function readRule(
  key: string,
  wire: JsonObject,
  definition: CollectionRule | null,
  address: RecordAddress,
  readers: StatusReaders,
) {
  return {
    key,
    name: definition?.name ?? null,
    status: readEnum(RULE_STATUSES, wire.status),
    result: readJson(wire.result),
    error: readNonEmptyString(wire.error),
    input: readJson(wire.input),
    onSuccess: definition?.onSuccess ?? null,
    onFail: definition?.onFail ?? null,
    run: readRuleRun(wire.run, definition, address, readers),
    createdAt: readDate(wire.created_at),
    updatedAt: readDate(wire.updated_at),
  }
}

function readRuleRun(
  wire: unknown,
  definition: CollectionRule | null,
  address: RecordAddress,
  readers: StatusReaders,
): WorkflowRun | null {
  const run = readObject(wire)
  const runId = readId(run?.id)
  const workflowId = readId(run?.workflow_id) ?? definition?.workflowId ?? null
  if (run === null || runId === null || workflowId === null || !isVendorId(runId) || !isVendorId(workflowId))
    return null
  // A workflow of another app can only be addressed as a discoverable one.
  const owner = readId(run.workflow_app_id)
  const discoverable = owner !== null && readId(run.app_id) !== null && owner !== readId(run.app_id)
  return readRun(run, { appId: address.appId, workflowId, runId, discoverable }, readers)
}

function readConfig(wire: unknown) {
  const config = readObject(wire)
  const configId = readId(config?.id)
  if (config === null || configId === null) return null
  return {
    id: configId,
    rules: readArrayOf(config.rules, readCollectionRule) ?? [],
    mappings: readArrayOf(config.mappings, readMapping) ?? [],
    createdAt: readDate(config.created_at),
    updatedAt: readDate(config.updated_at),
  }
}

function readCollectionRule(wire: unknown) {
  const rule = readObject(wire)
  const key = readNonEmptyString(rule?.key)
  if (rule === null || key === null) return null
  return {
    key,
    name: readNonEmptyString(rule.name),
    executionOrder: readNonEmptyString(rule.execution_order),
    onSuccess: readEnum(RULE_VERDICTS, rule.on_success),
    onFail: readEnum(RULE_VERDICTS, rule.on_fail),
    workflowId: readId(rule.workflow_id),
    workflowVersionId: readId(rule.workflow_version_id),
    workflowUseLatest: readBoolean(rule.workflow_use_latest),
    workflowInputDefault: readJson(rule.workflow_input_default),
    disabled: readBoolean(rule.disabled),
  }
}

function readMapping(wire: unknown) {
  const mapping = readObject(wire)
  const sourcePath = readString(mapping?.source_path)
  // The vendor's SDK spells it `destination_Paths`: a generator fault that some server may share.
  const destinationPaths = readArrayOf(mapping?.destination_paths ?? mapping?.destination_Paths, readString)
  return sourcePath === null ? null : { sourcePath, destinationPaths: destinationPaths ?? [] }
}

function readEntity(wire: unknown) {
  const entity = readObject(wire)
  const key = readId(entity?.id)
  if (entity === null || key === null) return null
  return {
    id: key,
    entityId: readId(entity.entity_id),
    status: readNonEmptyString(entity.status),
    type: readNonEmptyString(entity.type),
    triggerId: readId(entity.trigger_id),
    recordId: readId(entity.record_id),
    createdAt: readDate(entity.created_at),
    updatedAt: readDate(entity.updated_at),
  }
}

function readTag(wire: unknown) {
  const tag = readObject(wire)
  const tagId = readId(tag?.id)
  const name = readString(tag?.name)
  if (tag === null || tagId === null || name === null) return null
  return { id: tagId, name, color: readNonEmptyString(tag.color), appId: readId(tag.app_id) }
}
