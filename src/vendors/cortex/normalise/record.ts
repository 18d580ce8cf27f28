import { date, entries, flag, id, integer, json, list, map, text, words, type JsonMap } from '../../../http/lenient.js'
import { jobState, type JobFailure } from '../../../job/state.js'
import type { ReadStatus } from '../../../job/status-words.js'
import { isVendorId } from '../../../job/vendor-id.js'
import { recordJobAddress, type RecordAddress } from '../address.js'
import { word } from './word.js'
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

/** A record as the single get, the list, and a cancel answer it. */
export function readRecord(wire: JsonMap, address: RecordAddress, readers: StatusReaders) {
  const config = readConfig(wire.config)
  const rules = readRules(wire.rules, config, address, readers)
  return {
    ...recordJob(address, readers.record(wire.status), {
      createdAt: date(wire.created_at),
      updatedAt: date(wire.updated_at),
      failure: failureOf(rules),
    }),
    name: words(wire.name),
    appId: address.appId,
    collectionId: address.collectionId,
    collectionName: words(wire.collection_name),
    source: word(RECORD_SOURCES, wire.source),
    link: words(wire.link),
    rulesCount: integer(wire.rules_count),
    rulesPassCount: integer(wire.rules_pass_count),
    rulesFailCount: integer(wire.rules_fail_count),
    rulesWarnCount: integer(wire.rules_warn_count),
    rules,
    config,
    createdBy: readUser(wire.created_by),
    entity: readEntity(wire.entity),
    tags: list(wire.tags, readTag),
    usage: json(wire.usage),
    /** Null when it was read otherwise than by the status endpoint, which alone has them. */
    errors: null as readonly RecordRuleError[] | null,
  }
}

/** A record known by the answer of its status endpoint: enough where nothing else was asked for. */
export function readBareRecord(wire: JsonMap, address: RecordAddress, readers: StatusReaders): CortexRecord {
  return { ...readRecord({ status: wire.status }, address, readers), errors: readRecordErrors(wire) }
}

interface RecordFacts {
  readonly createdAt: Date | null
  readonly updatedAt: Date | null
  readonly failure: JobFailure | null
}

/** The part of a record that every job has. Cortex says neither when a record's run began nor when it ended. */
function recordJob(
  address: RecordAddress,
  { status, vendorStatus }: ReadStatus,
  { createdAt, updatedAt, failure }: RecordFacts,
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
    const rule = map(value)
    return rule === null ? [] : [readRule(key, rule, definitions.get(key) ?? null, address, readers)]
  }
  return entries(wire)?.flatMap(read) ?? null
}

/** The map's key is the rule's; its name and verdicts stand only in the collection's config. */
function readRule(
  key: string,
  wire: JsonMap,
  definition: CollectionRule | null,
  address: RecordAddress,
  readers: StatusReaders,
) {
  return {
    key,
    name: definition?.name ?? null,
    status: word(RULE_STATUSES, wire.status),
    result: json(wire.result),
    error: words(wire.error),
    input: json(wire.input),
    onSuccess: definition?.onSuccess ?? null,
    onFail: definition?.onFail ?? null,
    run: readRuleRun(wire.run, definition, address, readers),
    createdAt: date(wire.created_at),
    updatedAt: date(wire.updated_at),
  }
}

function readRuleRun(
  wire: unknown,
  definition: CollectionRule | null,
  address: RecordAddress,
  readers: StatusReaders,
): WorkflowRun | null {
  const run = map(wire)
  const runId = id(run?.id)
  const workflowId = id(run?.workflow_id) ?? definition?.workflowId ?? null
  if (run === null || runId === null || workflowId === null || !isVendorId(runId) || !isVendorId(workflowId))
    return null
  // The workflow of another app can only be reached as a discoverable one.
  const owner = id(run.workflow_app_id)
  const discoverable = owner !== null && id(run.app_id) !== null && owner !== id(run.app_id)
  return readRun(run, { appId: address.appId, workflowId, runId, discoverable }, readers)
}

function readConfig(wire: unknown) {
  const config = map(wire)
  const configId = id(config?.id)
  if (config === null || configId === null) return null
  return {
    id: configId,
    rules: list(config.rules, readCollectionRule) ?? [],
    mappings: list(config.mappings, readMapping) ?? [],
    createdAt: date(config.created_at),
    updatedAt: date(config.updated_at),
  }
}

function readCollectionRule(wire: unknown) {
  const rule = map(wire)
  const key = words(rule?.key)
  if (rule === null || key === null) return null
  return {
    key,
    name: words(rule.name),
    executionOrder: words(rule.execution_order),
    onSuccess: word(RULE_VERDICTS, rule.on_success),
    onFail: word(RULE_VERDICTS, rule.on_fail),
    workflowId: id(rule.workflow_id),
    workflowVersionId: id(rule.workflow_version_id),
    workflowUseLatest: flag(rule.workflow_use_latest),
    workflowInputDefault: json(rule.workflow_input_default),
    disabled: flag(rule.disabled),
  }
}

function readMapping(wire: unknown) {
  const mapping = map(wire)
  const sourcePath = text(mapping?.source_path)
  // The vendor's SDK spells it `destination_Paths`: a fault of its generator, but some server may have copied it.
  const destinationPaths = list(mapping?.destination_paths ?? mapping?.destination_Paths, text)
  return sourcePath === null ? null : { sourcePath, destinationPaths: destinationPaths ?? [] }
}

function readEntity(wire: unknown) {
  const entity = map(wire)
  const key = id(entity?.id)
  if (entity === null || key === null) return null
  return {
    id: key,
    entityId: id(entity.entity_id),
    status: words(entity.status),
    type: words(entity.type),
    triggerId: id(entity.trigger_id),
    recordId: id(entity.record_id),
    createdAt: date(entity.created_at),
    updatedAt: date(entity.updated_at),
  }
}

function readTag(wire: unknown) {
  const tag = map(wire)
  const tagId = id(tag?.id)
  const name = text(tag?.name)
  if (tag === null || tagId === null || name === null) return null
  return { id: tagId, name, color: words(tag.color), appId: id(tag.app_id) }
}
