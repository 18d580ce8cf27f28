import type { KodexaClient } from './client.js'
import type { Execution } from './normalise/execution.js'
import type { Normaliser } from './normalise/index.js'

/** One execution by its own path, past everything that is shared; null when it is unknown. */
export async function readExecution(
  client: KodexaClient,
  normaliser: Normaliser,
  id: string,
): Promise<Execution | null> {
  const wire = await client.getExecution(id)
  return wire && normaliser.execution(wire, id)
}
