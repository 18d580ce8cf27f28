import { BadInputError, JobNotFoundError } from '../../job/errors.js'
import type { Page } from '../../job/page.js'
import type { JobStatus } from '../../job/state.js'
import { checkVendorId } from '../../job/vendor-id.js'
import { wordsFor } from '../../job/status-words.js'
import type { JobSource, SourceFilter } from '../../job/vendor.js'
import { RECORD_STATUS, RUN_STATUS } from './normalise/status.js'
import type { RecordsQuery, RunsQuery } from './client.js'
import type { CortexRecord } from './normalise/record.js'
import type { WorkflowRun } from './normalise/run.js'

/** The lists that Cortex has. */
export interface CortexLists {
  /** Null when the collection is unknown. */
  records(query: RecordsQuery): Promise<Page<CortexRecord> | null>
  /** Null when the workflow is unknown. */
  runs(query: RunsQuery): Promise<Page<WorkflowRun> | null>
}

export interface CortexPlaces {
  readonly appId: string
  readonly collectionIds: readonly string[]
  readonly workflowIds: readonly string[]
}

/** For a caller to ask for: each is a call, or more, of the 500 a minute that everybody shares. */
const MAX_PLACES = 50

/**
 * The lists in which jobs are looked for: each collection and workflow asked for, else each configured one. Cortex
 * filters by one status at a time, so several statuses of ours are several lists.
 */
export function createSources(lists: CortexLists, places: CortexPlaces, filter: SourceFilter): JobSource[] {
  const { appId } = places
  const asked = filter.cortexCollectionIds != null || filter.cortexWorkflowIds != null
  const collectionIds = [...new Set(filter.cortexCollectionIds ?? (asked ? [] : places.collectionIds))]
  const workflowIds = [...new Set(filter.cortexWorkflowIds ?? (asked ? [] : places.workflowIds))]
  if (asked && collectionIds.length + workflowIds.length > MAX_PLACES) {
    throw new BadInputError(`At most ${MAX_PLACES} collections and workflows can be looked at together.`)
  }
  for (const collectionId of collectionIds) checkVendorId('cortexCollectionIds', collectionId)
  for (const workflowId of workflowIds) checkVendorId('cortexWorkflowIds', workflowId)
  return [
    ...collectionIds.flatMap((collectionId) =>
      eachWord(RECORD_STATUS, filter).map((status) => ({
        label: `collection ${collectionId}`,
        page: async (page: number, take: number) =>
          known(await lists.records({ appId, collectionId, status, page, take })),
      })),
    ),
    ...workflowIds.flatMap((workflowId) =>
      eachWord(RUN_STATUS, filter).map((status) => ({
        label: `workflow ${workflowId}`,
        page: async (page: number, take: number) => known(await lists.runs({ appId, workflowId, status, page, take })),
      })),
    ),
  ]
}

function known<T>(page: Page<T> | null): Page<T> {
  if (page === null) throw new JobNotFoundError('Cortex knows no such place.')
  return page
}

/** The words to ask for one by one; undefined, once, asks for all. */
function eachWord<Word extends string>(
  table: Readonly<Record<Word, JobStatus>>,
  { statuses }: SourceFilter,
): readonly (Word | undefined)[] {
  return (statuses && wordsFor(table, statuses)) ?? [undefined]
}
