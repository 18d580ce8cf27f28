import { z } from 'zod'
import { createUpstream } from '../../http/upstream.js'
import {
  baseUrl,
  commaList,
  extraHeaders,
  milliseconds,
  missingKey,
  readEnvironment,
  secret,
} from '../../http/environment.js'
import type { Vendor } from '../../job/vendor.js'
import type { ConnectOptions, VendorModule } from '../../job/vendor-module.js'
import { isVendorId } from '../../job/vendor-id.js'
import { createCortexClient } from './client.js'
import { complaintOf } from './complaint.js'
import './graph/index.js'
import { createNormaliser } from './normalise/index.js'
import { startCortexSandbox } from './sandbox/index.js'
import type { CortexSettings } from './settings.js'
import { openCortexSession } from './session.js'

const JOB_TYPES = ['Record', 'WorkflowRun']
const idSegment = z.string().refine(isVendorId, 'must be an id')

export const cortexEnvironment = z.object({
  CORTEX_BASE_URL: baseUrl('https://api.withcortex.ai'),
  CORTEX_API_KEY: secret,
  CORTEX_APP_ID: idSegment.default('c'),
  CORTEX_COLLECTION_IDS: commaList.pipe(z.array(idSegment)),
  CORTEX_WORKFLOW_IDS: commaList.pipe(z.array(idSegment)),
  CORTEX_HEADERS: extraHeaders,
  CORTEX_TIMEOUT_MS: milliseconds(10_000),
})

/** Cortex as a vendor: records and workflow runs. */
export function connectCortex(settings: CortexSettings, { log, mode }: ConnectOptions): Vendor {
  const upstream = createUpstream({
    vendor: 'CORTEX',
    baseUrl: settings.baseUrl,
    headers: { accept: 'application/json', ...settings.headers, authorization: `Bearer ${settings.apiKey}` },
    secrets: [settings.apiKey, ...Object.values(settings.headers)],
    timeoutMs: settings.timeoutMs,
    complaintOf,
  })
  const normaliser = createNormaliser(log)
  return {
    name: 'CORTEX',
    mode,
    jobTypes: JOB_TYPES,
    open: ({ signal }) => openCortexSession({ ...settings, client: createCortexClient(upstream, signal), normaliser }),
    circuit: upstream.circuit,
    close: upstream.close,
  }
}

export const cortex: VendorModule = {
  name: 'CORTEX',
  description: 'Cortex (withcortex.ai): records of collections, and runs of workflows.',
  jobTypes: JOB_TYPES,
  fromEnvironment(env) {
    const { value, problems } = readEnvironment(cortexEnvironment, env)
    if (value === null) return { plan: null, problems }
    if (value.CORTEX_API_KEY === undefined) {
      return { plan: null, problems: missingKey(env, 'CORTEX_API_KEY', 'CORTEX_BASE_URL') }
    }
    const settings: CortexSettings = {
      baseUrl: value.CORTEX_BASE_URL,
      apiKey: value.CORTEX_API_KEY,
      appId: value.CORTEX_APP_ID,
      collectionIds: value.CORTEX_COLLECTION_IDS,
      workflowIds: value.CORTEX_WORKFLOW_IDS,
      headers: value.CORTEX_HEADERS,
      timeoutMs: value.CORTEX_TIMEOUT_MS,
    }
    return { plan: { connect: (options) => connectCortex(settings, options) }, problems: [] }
  },
  async startSandbox(options) {
    const sandbox = await startCortexSandbox(options)
    return { connect: (connect) => connectCortex(sandbox.settings, connect), close: sandbox.close }
  },
}
