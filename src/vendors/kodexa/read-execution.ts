import type { KodexaClient } from './client.js'
import type { Execution } from './normalise/execution.js'
import type { Normaliser } from './normalise/index.js'

/** Reads one execution without cache or batching; null when the vendor has no such execution. */
export async function readExecution(
  client: KodexaClient,
  normaliser: Normaliser,
  id: string,
): Promise<Execution | null> {
  const wire = await client.getExecution(id)
  return wire && normaliser.execution(wire, id)
}
