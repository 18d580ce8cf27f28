import { BadInputError, DocketError, JobNotFoundError } from '../../job/errors.js'
import type { FeedWarning } from '../../job/feed-warning.js'
import type { Page } from '../../job/page.js'
import type { JobStatus } from '../../job/state.js'
import { checkVendorId } from '../../job/vendor-id.js'
import { rawStatusesFor } from '../../job/status-reader.js'
import type { JobSource, JobSources, SourceFilter, MaxSources } from '../../job/vendor.js'
import type { RecordsQuery, RunsQuery } from './client.js'
import {
  MAX_DISCOVERED,
  MAX_DISCOVERY_CALLS,
  CONTAINER_KINDS,
  type ContainerKind,
  type Containers,
} from './discovery.js'
import { RECORD_STATUS, RUN_STATUS } from './normalise/status.js'
import type { CortexRecord } from './normalise/record.js'
import type { WorkflowRun } from './normalise/run.js'
import type { WireRecordStatus, WireRunStatus } from './wire.js'

/** The lists that Cortex has. `isNew` bypasses the cache. */
export interface CortexLists {
  /** Null when the vendor has no such collection. */
  records(query: RecordsQuery, isNew?: boolean): Promise<Page<CortexRecord> | null>
  /** Null when the vendor has no such workflow. */
  runs(query: RunsQuery, isNew?: boolean): Promise<Page<WorkflowRun> | null>
  /** The first collections or workflows of the default app. */
  containers(kind: ContainerKind): Promise<Containers>
}

export interface ConfiguredContainers {
  readonly appId: string
  readonly collectionIds: readonly string[]
  readonly workflowIds: readonly string[]
}

/** The most a caller may name: each costs at least one of the 500 requests per minute that all callers share. */
const MAX_CONTAINERS = 50

/**
 * The lists that `jobs` merges: of each container that the filter names, else of each configured one, else of the
 * first that the app has. Cortex filters by one status at a time, so several statuses take several lists.
 */
export async function createSources(
  lists: CortexLists,
  configured: ConfiguredContainers,
  filter: SourceFilter,
): Promise<JobSources> {
  const { appId } = configured
  const rawStatuses = rawStatusesOf(filter)
  const listsOf = {
    collections: (id: string) => recordLists(lists, appId, id, rawStatuses.collections),
    workflows: (id: string) => runLists(lists, appId, id, rawStatuses.workflows),
  } as const
  const chosen = chooseContainers(configured, filter)
  if (chosen !== null) {
    return { sources: CONTAINER_KINDS.flatMap((kind) => chosen[kind].flatMap(listsOf[kind])), warnings: [] }
  }
  const found = await Promise.all(kindsWith(rawStatuses).map((kind) => discover(lists, kind, listsOf[kind])))
  return { sources: found.flatMap(({ sources }) => sources), warnings: found.flatMap(({ warnings }) => warnings) }
}

/** The most lists there can be, and the requests to discover containers when none are chosen. */
export function maxSources(configured: ConfiguredContainers, filter: SourceFilter): MaxSources {
  const rawStatuses = rawStatusesOf(filter)
  const chosen = chooseContainers(configured, filter)
  const kinds = chosen === null ? kindsWith(rawStatuses) : CONTAINER_KINDS
  const lists = kinds.map((kind) => (chosen === null ? MAX_DISCOVERED : chosen[kind].length) * rawStatuses[kind].length)
  return {
    lists: lists.reduce((sum, count) => sum + count, 0),
    requests: chosen === null ? kinds.length * MAX_DISCOVERY_CALLS : 0,
  }
}

/** The vendor's statuses to filter each kind of list by, one list for each. */
function rawStatusesOf(filter: SourceFilter) {
  return { collections: eachRawStatus(RECORD_STATUS, filter), workflows: eachRawStatus(RUN_STATUS, filter) }
}

/** The kinds that can contain such jobs. */
function kindsWith(rawStatuses: ReturnType<typeof rawStatusesOf>): readonly ContainerKind[] {
  return CONTAINER_KINDS.filter((kind) => rawStatuses[kind].length > 0)
}

type ChosenContainers = Readonly<Record<ContainerKind, readonly string[]>>

/** Null when neither the filter nor the configuration names any. */
function chooseContainers(
  { collectionIds, workflowIds }: ConfiguredContainers,
  filter: SourceFilter,
): ChosenContainers | null {
  const { cortexCollectionIds, cortexWorkflowIds } = filter
  if (cortexCollectionIds == null && cortexWorkflowIds == null) {
    if (collectionIds.length + workflowIds.length === 0) return null
    return { collections: [...new Set(collectionIds)], workflows: [...new Set(workflowIds)] }
  }
  const collections = [...new Set(cortexCollectionIds)]
  const workflows = [...new Set(cortexWorkflowIds)]
  if (collections.length + workflows.length > MAX_CONTAINERS) {
    throw new BadInputError(
      `At most ${MAX_CONTAINERS} collections and workflows can be listed together. Name fewer of them.`,
    )
  }
  for (const id of collections) checkVendorId('cortexCollectionIds', id)
  for (const id of workflows) checkVendorId('cortexWorkflowIds', id)
  return { collections, workflows }
}

/** Containers that cannot be discovered become one source that fails, so that the list reports an outage. */
async function discover(
  lists: CortexLists,
  kind: ContainerKind,
  listsOf: (id: string) => readonly JobSource[],
): Promise<JobSources> {
  try {
    const containers = await lists.containers(kind)
    return { sources: containers.ids.flatMap(listsOf), warnings: warningsOf(kind, containers) }
  } catch (error) {
    if (!(error instanceof DocketError)) throw error
    return { sources: [{ label: kind, key: kind, page: () => Promise.reject(error) }], warnings: [] }
  }
}

const CHOOSE_WITH: Readonly<Record<ContainerKind, string>> = {
  collections: '`cortexCollectionIds` in the filter, or the variable CORTEX_COLLECTION_IDS',
  workflows: '`cortexWorkflowIds` in the filter, or the variable CORTEX_WORKFLOW_IDS',
}

function warningsOf(kind: ContainerKind, { ids, total }: Containers): FeedWarning[] {
  if (total === ids.length) return []
  const all = total === null ? `more than ${ids.length}` : String(total)
  const message = `Cortex has ${all} ${kind}; only the jobs of the first ${ids.length} are listed. Choose others with ${CHOOSE_WITH[kind]}.`
  return [{ code: 'SOURCES_TRUNCATED', source: kind, message }]
}

function recordLists(
  lists: CortexLists,
  appId: string,
  collectionId: string,
  rawStatuses: readonly (WireRecordStatus | undefined)[],
): JobSource[] {
  const label = `collection ${collectionId}`
  return rawStatuses.map((status) => ({
    label,
    key: `${label} ${status ?? ''}`,
    page: async (page, take, isNew) =>
      requirePage(await lists.records({ appId, collectionId, status, page, take }, isNew)),
  }))
}

function runLists(
  lists: CortexLists,
  appId: string,
  workflowId: string,
  rawStatuses: readonly (WireRunStatus | undefined)[],
): JobSource[] {
  const label = `workflow ${workflowId}`
  return rawStatuses.map((status) => ({
    label,
    key: `${label} ${status ?? ''}`,
    page: async (page, take, isNew) => requirePage(await lists.runs({ appId, workflowId, status, page, take }, isNew)),
  }))
}

function requirePage<T>(page: Page<T> | null): Page<T> {
  if (page === null) throw new JobNotFoundError('Cortex has no such collection or workflow.')
  return page
}

/** The vendor's statuses to filter by, one list for each; a single undefined means no filter. */
function eachRawStatus<RawStatus extends string>(
  table: Readonly<Record<RawStatus, JobStatus>>,
  { statuses }: SourceFilter,
): readonly (RawStatus | undefined)[] {
  return (statuses && rawStatusesFor(table, statuses)) ?? [undefined]
}
