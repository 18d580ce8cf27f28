import type { ExecutionsQuery, KodexaClient } from './client.js'
import { isRejectedFilter } from './dialect.js'
import type { ExecutionPage } from './page.js'
import type { Rejections } from './rejections.js'

/**
 * Lists a page of executions. An instance may reject an unknown status (REPROCESSED is missing in the vendor's own
 * Python client), or know its statuses as codes. The list is then read without the status filter, which is remembered;
 * the caller drops the other rows.
 */
export async function listExecutions(
  client: KodexaClient,
  query: ExecutionsQuery,
  rejections: Rejections,
): Promise<ExecutionPage> {
  const statuses = query.clauses.find(({ field }) => field === 'status')?.anyOf.join()
  if (statuses === undefined) return client.listExecutions(query)
  if (rejections.has(statuses)) return listAllStatuses(client, query)
  try {
    return await client.listExecutions(query)
  } catch (error) {
    // With a verbatim filter, the rejection may concern that filter instead.
    if (!isRejectedFilter(error) || query.verbatim) throw error
    const page = await listAllStatuses(client, query)
    rejections.add(statuses)
    return page
  }
}

/** Without a total, which would count jobs of other statuses. */
async function listAllStatuses(client: KodexaClient, query: ExecutionsQuery): Promise<ExecutionPage> {
  const clauses = query.clauses.filter(({ field }) => field !== 'status')
  return { ...(await client.listExecutions({ ...query, clauses })), total: null }
}
