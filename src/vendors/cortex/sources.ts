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

/** The lists that Cortex has. With `isNew` they are as they are now. */
export interface CortexLists {
  /** Null when the collection is unknown. */
  records(query: RecordsQuery, isNew?: boolean): Promise<Page<CortexRecord> | null>
  /** Null when the workflow is unknown. */
  runs(query: RunsQuery, isNew?: boolean): Promise<Page<WorkflowRun> | null>
  /** The collections or the workflows of the default app, the first of them. */
  containers(kind: ContainerKind): Promise<Containers>
}

export interface CortexContainers {
  readonly appId: string
  readonly collectionIds: readonly string[]
  readonly workflowIds: readonly string[]
}

/** For a caller to ask for: each is a call, or more, of the 500 a minute that everybody shares. */
const MAX_CONTAINERS = 50

/**
 * The lists in which jobs are looked for: each collection and workflow asked for, else each configured one, else
 * those that there are. Cortex filters by one status at a time, so several statuses of ours are several lists.
 */
export async function createSources(
  lists: CortexLists,
  configured: CortexContainers,
  filter: SourceFilter,
): Promise<JobSources> {
  const { appId } = configured
  const words = rawStatusesOf(filter)
  const of = {
    collections: (id: string) => recordLists(lists, appId, id, words.collections),
    workflows: (id: string) => runLists(lists, appId, id, words.workflows),
  } as const
  const chosen = chooseContainers(configured, filter)
  if (chosen !== null) {
    return { sources: CONTAINER_KINDS.flatMap((kind) => chosen[kind].flatMap(of[kind])), warnings: [] }
  }
  const found = await Promise.all(usefulKinds(words).map((kind) => discover(lists, kind, of[kind])))
  return { sources: found.flatMap(({ sources }) => sources), warnings: found.flatMap(({ warnings }) => warnings) }
}

/** How many lists that can be, and the requests by which places are found where nobody has chosen any. */
export function maxSources(configured: CortexContainers, filter: SourceFilter): MaxSources {
  const words = rawStatusesOf(filter)
  const chosen = chooseContainers(configured, filter)
  const kinds = chosen === null ? usefulKinds(words) : CONTAINER_KINDS
  const lists = kinds.map((kind) => (chosen === null ? MAX_DISCOVERED : chosen[kind].length) * words[kind].length)
  return {
    lists: lists.reduce((sum, count) => sum + count, 0),
    requests: chosen === null ? kinds.length * MAX_DISCOVERY_CALLS : 0,
  }
}

/** By which words each kind of list is asked for, one by one. */
function rawStatusesOf(filter: SourceFilter) {
  return { collections: eachRawStatus(RECORD_STATUS, filter), workflows: eachRawStatus(RUN_STATUS, filter) }
}

/** The kinds that can have such jobs. */
function usefulKinds(words: ReturnType<typeof rawStatusesOf>): readonly ContainerKind[] {
  return CONTAINER_KINDS.filter((kind) => words[kind].length > 0)
}

type ChosenContainers = Readonly<Record<ContainerKind, readonly string[]>>

/** Null when nobody has chosen any. */
function chooseContainers(
  { collectionIds, workflowIds }: CortexContainers,
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
    throw new BadInputError(`At most ${MAX_CONTAINERS} collections and workflows can be looked at together.`)
  }
  for (const id of collections) checkVendorId('cortexCollectionIds', id)
  for (const id of workflows) checkVendorId('cortexWorkflowIds', id)
  return { collections, workflows }
}

/** A kind of places that cannot be found out is a list that cannot be read. */
async function discover(
  lists: CortexLists,
  kind: ContainerKind,
  listsOf: (id: string) => readonly JobSource[],
): Promise<JobSources> {
  try {
    const places = await lists.containers(kind)
    return { sources: places.ids.flatMap(listsOf), warnings: warningsOf(kind, places) }
  } catch (error) {
    if (!(error instanceof DocketError)) throw error
    return { sources: [{ label: kind, key: kind, page: () => Promise.reject(error) }], warnings: [] }
  }
}

const CHOOSE_BY: Readonly<Record<ContainerKind, string>> = {
  collections: '`cortexCollectionIds` of the filter, or the variable CORTEX_COLLECTION_IDS',
  workflows: '`cortexWorkflowIds` of the filter, or the variable CORTEX_WORKFLOW_IDS',
}

function warningsOf(kind: ContainerKind, { ids, total }: Containers): FeedWarning[] {
  if (total === ids.length) return []
  const all = total === null ? `more than ${ids.length}` : String(total)
  const message = `Cortex has ${all} ${kind}; jobs were looked for in the first ${ids.length}. ${CHOOSE_BY[kind]}, chooses others.`
  return [{ code: 'SOURCES_TRUNCATED', source: kind, message }]
}

function recordLists(
  lists: CortexLists,
  appId: string,
  collectionId: string,
  words: readonly (WireRecordStatus | undefined)[],
): JobSource[] {
  const label = `collection ${collectionId}`
  return words.map((status) => ({
    label,
    key: `${label} ${status ?? ''}`,
    page: async (page, take, isNew) => known(await lists.records({ appId, collectionId, status, page, take }, isNew)),
  }))
}

function runLists(
  lists: CortexLists,
  appId: string,
  workflowId: string,
  words: readonly (WireRunStatus | undefined)[],
): JobSource[] {
  const label = `workflow ${workflowId}`
  return words.map((status) => ({
    label,
    key: `${label} ${status ?? ''}`,
    page: async (page, take, isNew) => known(await lists.runs({ appId, workflowId, status, page, take }, isNew)),
  }))
}

function known<T>(page: Page<T> | null): Page<T> {
  if (page === null) throw new JobNotFoundError('Cortex knows no such place.')
  return page
}

/** The words to ask for one by one; undefined, once, asks for all. */
function eachRawStatus<Word extends string>(
  table: Readonly<Record<Word, JobStatus>>,
  { statuses }: SourceFilter,
): readonly (Word | undefined)[] {
  return (statuses && rawStatusesFor(table, statuses)) ?? [undefined]
}
