import { VendorError } from '../../job/errors.js'
import type { Page } from '../../job/page.js'
import type { ItemSource } from '../../reads/item-source.js'
import { runJobAddress, type RunAddress } from './address.js'
import type { CortexClient, RunsQuery } from './client.js'
import { createListReader } from './list-reader.js'
import type { Normaliser } from './normalise/index.js'
import type { WorkflowRun } from './normalise/run.js'
import { DETAIL_LEVELS, type DetailLevel } from './read-plan.js'

/** Runs carry their inputs, outputs and steps: a hundred of them take megabytes. */
const MIN_TAKE = 20
const MIN_VERBOSE_TAKE = 10
const MAX_TAKE = 50

/** Reads runs, those of one workflow together. The vendor cannot read runs of discoverable workflows. */
export function createRunSource(normaliser: Normaliser): ItemSource<RunAddress, WorkflowRun, DetailLevel> {
  const containerOf = ({ appId, workflowId }: RunAddress) => `${appId}/${workflowId}`
  return {
    detailLevels: DETAIL_LEVELS,
    keyOf: runKey,
    batchKeyOf: containerOf,
    rejection: ({ discoverable }) =>
      discoverable
        ? new VendorError(
            'CORTEX',
            'VENDOR_UNSUPPORTED',
            'Cortex cannot read runs of discoverable workflows, only cancel them.',
          )
        : null,
    read: createListReader<RunAddress, WorkflowRun>({
      containerOf,
      idOf: ({ runId }) => runId,
      siblingAddress: (address, runId) => ({ ...address, runId }),
      // Twice as many as requested, because other runs lie between them.
      takeFor: (wanted, verbose) => Math.min(Math.max(2 * wanted, verbose ? MIN_VERBOSE_TAKE : MIN_TAKE), MAX_TAKE),
      readOne: (client, address, detail) => readRun(client, normaliser, address, detail === 'verbose'),
      readPage: (client, { appId, workflowId }, query) => readRuns(client, normaliser, { appId, workflowId, ...query }),
    }),
  }
}

/** The run's key, equal for all callers. */
export function runKey(address: RunAddress): string {
  return `WorkflowRun ${runJobAddress(address).path.join('/')}`
}

/** Reads one run without cache or batching; null when the vendor has no such run. */
export async function readRun(
  client: CortexClient,
  normaliser: Normaliser,
  address: RunAddress,
  verbose: boolean,
): Promise<WorkflowRun | null> {
  const wire = await client.getRun(address, verbose)
  return wire && normaliser.run(wire, address)
}

/** Reads a page of a workflow's runs; null when the vendor has no such workflow. */
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
