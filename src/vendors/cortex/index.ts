import { z } from 'zod'
import { credentialScope } from '../../http/credential-scope.js'
import { createHost } from '../../http/host.js'
import {
  baseUrl,
  commaList,
  extraHeaders,
  fileText,
  milliseconds,
  rateLimit,
  readEnvironment,
  retries,
  secret,
} from '../../http/environment.js'
import { connectAccounts, credentialIn } from '../account.js'
import { readKey } from '../key-reading.js'
import type { ConnectedVendor, ConnectOptions, VendorModule } from '../module.js'
import { revealAll, Secret } from '../../job/secret.js'
import { isVendorId } from '../../job/vendor-id.js'
import { openSharing } from '../../reads/sharing.js'
import { complaintOf } from './complaint.js'
import './graph/index.js'
import { createNormaliser } from './normalise/index.js'
import { shareCortexReads } from './reads.js'
import { startCortexSandbox } from './sandbox/index.js'
import type { CortexSettings } from './settings.js'
import { openCortexSession } from './session.js'

const JOB_TYPES = ['Record', 'WorkflowRun']
const idSegment = z.string().refine(isVendorId, 'must be an id')

export const cortexEnvironment = z.object({
  CORTEX_BASE_URL: baseUrl('https://api.withcortex.ai'),
  CORTEX_API_KEY: secret.optional(),
  CORTEX_API_KEY_FILE: fileText.pipe(secret).optional(),
  CORTEX_APP_ID: idSegment.default('c'),
  CORTEX_COLLECTION_IDS: commaList.pipe(z.array(idSegment)),
  CORTEX_WORKFLOW_IDS: commaList.pipe(z.array(idSegment)),
  CORTEX_HEADERS: extraHeaders,
  CORTEX_TIMEOUT_MS: milliseconds(10_000),
  CORTEX_MAX_RETRIES: retries(2),
  CORTEX_RATE_LIMIT_PER_MINUTE: rateLimit(500),
  CORTEX_WEBHOOK_TOKEN: z
    .string()
    .regex(/^[\w-]{20,200}$/, 'must be 20 to 200 letters, digits, - and _')
    .transform((value) => new Secret(value))
    .optional(),
})

/** Cortex as a vendor: records and workflow runs. */
export function connectCortex(settings: CortexSettings, options: ConnectOptions): ConnectedVendor {
  const { log, mode, sharing = openSharing({ log }) } = options
  const { baseUrl, requestsPerMinute } = settings
  const host = createHost({
    vendor: 'CORTEX',
    baseUrl,
    timeoutMs: settings.timeoutMs,
    maxRetries: settings.maxRetries,
    // By address, not by credential: the vendor counts all that comes from one.
    limiter: sharing.limiter(`cortex:${baseUrl.host}`, requestsPerMinute),
    complaintOf,
  })
  const normaliser = createNormaliser(log)
  return connectAccounts(
    {
      name: 'CORTEX',
      mode,
      jobTypes: JOB_TYPES,
      webhookToken: settings.webhookToken,
      circuit: host.circuit,
      budget: host.budget,
      close: host.close,
    },
    settings,
    (credential) => {
      const headers = {
        accept: 'application/json',
        ...revealAll(credential.headers),
        authorization: `Bearer ${credential.apiKey.reveal()}`,
      }
      const upstream = host.as(headers, credential)
      const scope = credentialScope(baseUrl, headers)
      const reads = shareCortexReads({ upstream, normaliser, sharing, scope })
      return {
        scope,
        open: (request) => openCortexSession({ ...settings, upstream, normaliser, reads }, request),
      }
    },
  )
}

export const cortex: VendorModule = {
  name: 'CORTEX',
  description: 'Cortex (withcortex.ai): records of collections, and runs of workflows.',
  jobTypes: JOB_TYPES,
  fromEnvironment(env) {
    const { value, problems } = readEnvironment(cortexEnvironment, env)
    if (value === null) return { plan: null, problems }
    const { key, problems: keyProblems } = readKey(env, 'CORTEX', value.CORTEX_API_KEY_FILE ?? value.CORTEX_API_KEY)
    if (key === null || keyProblems.length > 0) return { plan: null, problems: keyProblems }
    const settings: CortexSettings = {
      baseUrl: value.CORTEX_BASE_URL,
      apiKey: key === 'callers' ? null : key,
      appId: value.CORTEX_APP_ID,
      collectionIds: value.CORTEX_COLLECTION_IDS,
      workflowIds: value.CORTEX_WORKFLOW_IDS,
      headers: value.CORTEX_HEADERS,
      timeoutMs: value.CORTEX_TIMEOUT_MS,
      maxRetries: value.CORTEX_MAX_RETRIES,
      requestsPerMinute: value.CORTEX_RATE_LIMIT_PER_MINUTE,
      webhookToken: value.CORTEX_WEBHOOK_TOKEN,
    }
    const connect = (options: ConnectOptions) => connectCortex(settings, options)
    return { plan: { credential: credentialIn(settings), address: settings.baseUrl.href, connect }, problems: [] }
  },
  async startSandbox(options) {
    const sandbox = await startCortexSandbox(options)
    return { connect: (connect) => connectCortex(sandbox.settings, connect), close: sandbox.close }
  },
}
