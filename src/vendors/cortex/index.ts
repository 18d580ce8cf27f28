import { z } from 'zod'
import { credentialKey } from '../../upstream/credential-key.js'
import { createVendorPool } from '../../upstream/vendor-pool.js'
import { parseEnvironment } from '../../environment/parse-environment.js'
import {
  baseUrl,
  commaList,
  documentedUnder,
  extraHeaders,
  fileText,
  milliseconds,
  rateLimit,
  retries,
  secret,
} from '../../environment/variables.js'
import { connectWithCredentials, credentialOf } from '../credential-context.js'
import { readCredentialSource } from '../credential-source.js'
import type { ConnectedVendor, ConnectOptions, VendorModule } from '../module.js'
import { revealAll, Secret } from '../../job/secret.js'
import { isVendorId } from '../../job/vendor-id.js'
import { createSharedState } from '../../reads/shared-state.js'
import { parseErrorBody } from './error-body.js'
import './graph/index.js'
import { createNormaliser } from './normalise/index.js'
import { createCortexReads } from './reads.js'
import { startCortexSandbox } from '../../sandbox/cortex/index.js'
import type { CortexSettings } from './settings.js'
import { openCortexSession } from './session.js'

const JOB_TYPES = ['Record', 'WorkflowRun']
const idSegment = z.string().refine(isVendorId, 'must be an id')

const row = documentedUnder('Cortex')

export const cortexEnvironment = z.object({
  CORTEX_BASE_URL: row(baseUrl('https://api.withcortex.ai'), 'Base URL of the API.'),
  CORTEX_API_KEY: row(secret.optional(), 'API key of Cortex. Not with `CREDENTIALS=passthrough`.'),
  CORTEX_API_KEY_FILE: row(fileText.pipe(secret).optional(), 'Path of a file with the key, instead of the value.'),
  CORTEX_APP_ID: row(
    idSegment.default('c'),
    'App used when an operation names none. `c` is the app of the credential.',
  ),
  CORTEX_COLLECTION_IDS: row(
    commaList.pipe(z.array(idSegment)),
    'Collections that `jobs` reads records from, separated by commas. Unset, like the workflows: the first 20 of each.',
  ),
  CORTEX_WORKFLOW_IDS: row(
    commaList.pipe(z.array(idSegment)),
    'Workflows that `jobs` reads runs from, separated by commas. If only one of the two lists is set, the other is empty.',
  ),
  CORTEX_HEADERS: row(extraHeaders, 'More headers for every request, as a JSON object.'),
  CORTEX_TIMEOUT_MS: row(milliseconds(10_000), 'Time for one attempt, in ms.'),
  CORTEX_MAX_RETRIES: row(
    retries(2),
    'Retries of a read after a transient failure, 0 to 5. Cancels are never retried.',
  ),
  CORTEX_RATE_LIMIT_PER_MINUTE: row(
    rateLimit(500),
    'Requests in any minute, by all instances together: 10 or more, or `off`.',
  ),
  CORTEX_WEBHOOK_TOKEN: row(
    z
      .string()
      .regex(/^[\w-]{20,200}$/, 'must be 20 to 200 letters, digits, - and _')
      .transform((value) => new Secret(value))
      .optional(),
    'Secret of 20 to 200 letters, digits, `-` and `_`. Enables `/webhooks/cortex/<token>`.',
  ),
})

/** Connects Cortex: records and workflow runs. */
export function connectCortex(settings: CortexSettings, options: ConnectOptions): ConnectedVendor {
  const { log, mode, sharedState = createSharedState({ log }) } = options
  const { baseUrl, requestsPerMinute } = settings
  const pool = createVendorPool({
    vendor: 'CORTEX',
    baseUrl,
    timeoutMs: settings.timeoutMs,
    maxRetries: settings.maxRetries,
    // Per host, not per credential: the vendor counts all requests from one IP address.
    limiter: sharedState.limiter(`cortex:${baseUrl.host}`, requestsPerMinute),
    parseErrorBody,
  })
  const normaliser = createNormaliser(log)
  return connectWithCredentials(
    {
      name: 'CORTEX',
      mode,
      jobTypes: JOB_TYPES,
      webhookToken: settings.webhookToken,
      circuit: pool.circuit,
      budget: pool.budget,
      close: pool.close,
    },
    settings,
    (credential) => {
      const headers = {
        accept: 'application/json',
        ...revealAll(credential.headers),
        authorization: `Bearer ${credential.apiKey.reveal()}`,
      }
      const upstream = pool.withCredential(headers, credential)
      const key = credentialKey(baseUrl, headers)
      const reads = createCortexReads({ upstream, normaliser, sharedState, credentialKey: key })
      return {
        credentialKey: key,
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
    const { value, problems } = parseEnvironment(cortexEnvironment, env)
    if (value === null) return { plan: null, problems }
    const { key, problems: keyProblems } = readCredentialSource(
      env,
      'CORTEX',
      value.CORTEX_API_KEY_FILE ?? value.CORTEX_API_KEY,
    )
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
    return { plan: { credential: credentialOf(settings), address: settings.baseUrl.href, connect }, problems: [] }
  },
  async startSandbox(options) {
    const sandbox = await startCortexSandbox(options)
    return { connect: (connect) => connectCortex(sandbox.settings, connect), close: sandbox.close }
  },
}
