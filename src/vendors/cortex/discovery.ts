import { JobNotFoundError } from '../../job/errors.js'
import type { CortexClient } from './client.js'
import type { Normaliser } from './normalise/index.js'

export const CONTAINER_KINDS = ['collections', 'workflows'] as const

/** The two kinds of container: collections hold records, workflows hold runs. */
export type ContainerKind = (typeof CONTAINER_KINDS)[number]

/** The containers of one kind that an app has. */
export interface Containers {
  readonly ids: readonly string[]
  /** How many exist; null when there are more than `ids` and the vendor does not say how many. */
  readonly total: number | null
}

/** Each costs at least one of the 500 requests per minute that all callers share. */
export const MAX_DISCOVERED = 20
/** Per kind, in case the vendor returns small pages. */
export const MAX_DISCOVERY_CALLS = 5

/**
 * The first containers of an app. Takes one call when the vendor returns as many rows as requested.
 * @throws {JobNotFoundError} when the app does not exist
 */
export async function discoverContainers(
  client: CortexClient,
  normaliser: Normaliser,
  kind: ContainerKind,
  appId: string,
): Promise<Containers> {
  const list = kind === 'collections' ? client.listCollections : client.listWorkflows
  const ids = new Set<string>()
  // One more row shows whether there are more.
  let take = MAX_DISCOVERED + 1
  for (let calls = 0, page = 1; calls < MAX_DISCOVERY_CALLS; calls++, page++) {
    const response = await list({ appId, page, take })
    if (response === null) throw new JobNotFoundError('Cortex has no such app. Check CORTEX_APP_ID.')
    for (const id of normaliser.rows(response.rows, (_row, id) => id)) ids.add(id)
    if (response.isLast) return { ids: [...ids].slice(0, MAX_DISCOVERED), total: ids.size }
    const { total } = response
    if (ids.size > MAX_DISCOVERED || (total !== null && ids.size === MAX_DISCOVERED)) {
      return { ids: [...ids].slice(0, MAX_DISCOVERED), total }
    }
    // With another page size, page numbers mean other rows: start again.
    const mustRestart = response.cap !== null && response.cap < take && page > 1
    take = response.cap ?? take
    if (mustRestart) page = 0
  }
  return { ids: [...ids], total: null }
}
