import { JobNotFoundError } from '../../job/errors.js'
import type { CortexClient } from './client.js'
import type { Normaliser } from './normalise/index.js'

export const CONTAINER_KINDS = ['collections', 'workflows'] as const

/** Where Cortex keeps jobs: records in collections, runs in workflows. */
export type ContainerKind = (typeof CONTAINER_KINDS)[number]

/** What an app has of one kind of places. */
export interface Containers {
  readonly ids: readonly string[]
  /** How many there are; null when there are more than `ids`, and the vendor does not say how many. */
  readonly total: number | null
}

/** Each of them is a call, or more, of the 500 a minute that everybody shares. */
export const MAX_DISCOVERED = 20
/** Of each kind, for a vendor that gives a few at a time. */
export const MAX_DISCOVERY_CALLS = 5

/**
 * The first places that an app has, one call for each kind where the vendor gives as many rows as it is asked for.
 * @throws {JobNotFoundError} when there is no such app
 */
export async function discoverContainers(
  client: CortexClient,
  normaliser: Normaliser,
  kind: ContainerKind,
  appId: string,
): Promise<Containers> {
  const list = kind === 'collections' ? client.listCollections : client.listWorkflows
  const ids = new Set<string>()
  // One more tells whether there are more.
  let take = MAX_DISCOVERED + 1
  for (let calls = 0, page = 1; calls < MAX_DISCOVERY_CALLS; calls++, page++) {
    const answer = await list({ appId, page, take })
    if (answer === null) throw new JobNotFoundError('Cortex knows no such app.')
    for (const id of normaliser.rows(answer.rows, (_row, id) => id)) ids.add(id)
    if (answer.isLast) return { ids: [...ids].slice(0, MAX_DISCOVERED), total: ids.size }
    const { total } = answer
    if (ids.size > MAX_DISCOVERED || (total !== null && ids.size === MAX_DISCOVERED)) {
      return { ids: [...ids].slice(0, MAX_DISCOVERED), total }
    }
    const isOtherPage = answer.cap !== null && answer.cap < take && page > 1
    take = answer.cap ?? take
    if (isOtherPage) page = 0
  }
  return { ids: [...ids], total: null }
}
