import type { Job } from '../job/job.js'
import type { ItemSource, ReadRequest } from './item-source.js'

/** One request for each job, by the job's key, at the highest detail level requested. */
export function mostDetailedByJob<Address, Item extends Job, Detail extends string>(
  { keyOf, detailLevels }: Pick<ItemSource<Address, Item, Detail>, 'keyOf' | 'detailLevels'>,
  requests: readonly ReadRequest<Address, Detail>[],
): ReadonlyMap<string, ReadRequest<Address, Detail>> {
  const byJob = new Map<string, ReadRequest<Address, Detail>>()
  for (const request of requests) {
    const key = keyOf(request.address)
    const best = byJob.get(key)
    if (!best || detailLevels.indexOf(request.detail) > detailLevels.indexOf(best.detail)) byJob.set(key, request)
  }
  return byJob
}
