import { VendorError } from '../../job/errors.js'
import type { Page } from '../../job/page.js'
import type { ItemSource } from '../../reads/item-source.js'
import { runJobAddress, type RunAddress } from './address.js'
import type { CortexClient, RunsQuery } from './client.js'
import { createListReader } from './list-reader.js'
import type { Normaliser } from './normalise/index.js'
import type { WorkflowRun } from './normalise/run.js'
import { DETAIL_LEVELS, type DetailLevel } from './read-plan.js'

/** Runs carry their inputs, outputs and steps: a hundred of them are megabytes. */
const MIN_TAKE = 20
const MIN_VERBOSE_TAKE = 10
const MAX_TAKE = 50

/** How runs are read: those of one workflow together. The vendor has no reads for those of discoverable ones. */
export function createRunSource(normaliser: Normaliser): ItemSource<RunAddress, WorkflowRun, DetailLevel> {
  const placeOf = ({ appId, workflowId }: RunAddress) => `${appId}/${workflowId}`
  return {
    detailLevels: DETAIL_LEVELS,
    keyOf: runKey,
    batchKeyOf: placeOf,
    rejection: ({ discoverable }) =>
      discoverable
        ? new VendorError('CORTEX', 'VENDOR_UNSUPPORTED', 'Cortex lets discoverable runs be cancelled but not read.')
        : null,
    read: createListReader<RunAddress, WorkflowRun>({
      containerOf: placeOf,
      idOf: ({ runId }) => runId,
      extraCalls: (address, runId) => ({ ...address, runId }),
      // Twice as many as are wanted, because others run among them.
      takeFor: (wanted, verbose) => Math.min(Math.max(2 * wanted, verbose ? MIN_VERBOSE_TAKE : MIN_TAKE), MAX_TAKE),
      readOne: (client, address, detail) => readRun(client, normaliser, address, detail === 'verbose'),
      readPage: (client, { appId, workflowId }, query) => readRuns(client, normaliser, { appId, workflowId, ...query }),
    }),
  }
}

/** One name for one run, whoever asks for it. */
export function runKey(address: RunAddress): string {
  return `WorkflowRun ${runJobAddress(address).path.join('/')}`
}

/** One run, past everything that is shared; null when it is unknown. */
export async function readRun(
  client: CortexClient,
  normaliser: Normaliser,
  address: RunAddress,
  verbose: boolean,
): Promise<WorkflowRun | null> {
  const wire = await client.getRun(address, verbose)
  return wire && normaliser.run(wire, address)
}

/** A page of a workflow's runs; null when that is unknown. */
export async function readRuns(
  client: CortexClient,
  normaliser: Normaliser,
  query: RunsQuery,
): Promise<Page<WorkflowRun> | null> {
  const page = await client.listRuns(query)
  if (page === null) return null
  const { rows, ...rest } = page
  return {
    ...rest,
    items: normaliser.rows(rows, (row, runId) => normaliser.run(row, { ...query, runId, discoverable: false })),
  }
}
