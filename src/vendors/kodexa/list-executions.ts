import type { ExecutionsQuery, KodexaClient } from './client.js'
import { isRejectedFilter } from './dialect.js'
import type { ExecutionPage } from './page.js'
import type { Rejections } from './rejections.js'

/**
 * A page of executions. An instance may refuse a status it does not know, as REPROCESSED is missing in the vendor's
 * own Python client, or know its statuses as codes. It is then asked for all, and remembered; whoever asked leaves
 * out the rest.
 */
export async function listExecutions(
  client: KodexaClient,
  query: ExecutionsQuery,
  refusals: Rejections,
): Promise<ExecutionPage> {
  const words = query.clauses.find(({ field }) => field === 'status')?.anyOf.join()
  if (words === undefined) return client.listExecutions(query)
  if (refusals.has(words)) return listAllStatuses(client, query)
  try {
    return await client.listExecutions(query)
  } catch (error) {
    // A refusal of what the caller wrote says nothing of the statuses.
    if (!isRejectedFilter(error) || query.verbatim) throw error
    const answer = await listAllStatuses(client, query)
    refusals.add(words)
    return answer
  }
}

/** Its total counts what was not wanted, so it is none. */
async function listAllStatuses(client: KodexaClient, query: ExecutionsQuery): Promise<ExecutionPage> {
  const clauses = query.clauses.filter(({ field }) => field !== 'status')
  return { ...(await client.listExecutions({ ...query, clauses })), total: null }
}
