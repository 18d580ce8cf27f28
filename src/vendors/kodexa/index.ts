import { z } from 'zod'
import { credentialKey } from '../../upstream/credential-key.js'
import { createVendorPool } from '../../upstream/vendor-pool.js'
import { parseEnvironment } from '../../environment/parse-environment.js'
import {
  baseUrl,
  documentedUnder,
  extraHeaders,
  fileText,
  headerName,
  milliseconds,
  rateLimit,
  retries,
  secret,
} from '../../environment/variables.js'
import { revealAll, Secret } from '../../job/secret.js'
import { createSharedState } from '../../reads/shared-state.js'
import { connectWithCredentials, credentialOf } from '../credential-context.js'
import { readCredentialSource } from '../credential-source.js'
import type { ConnectedVendor, ConnectOptions, VendorModule } from '../module.js'
import { parseErrorBody } from './error-body.js'
import { createDialect, SORT_STYLES } from './dialect.js'
import { FILTER_DIALECTS } from './filter.js'
import './graph/index.js'
import { createNormaliser } from './normalise/index.js'
import { createKodexaReads } from './reads.js'
import { startKodexaSandbox } from '../../sandbox/kodexa/index.js'
import type { KodexaSettings } from './settings.js'
import { openKodexaSession } from './session.js'

const JOB_TYPES = ['Execution']
const AUTO_DETECTED = 'auto'

const row = documentedUnder('Kodexa')

export const kodexaEnvironment = z.object({
  KODEXA_BASE_URL: row(
    baseUrl('https://platform.kodexa.ai').refine(
      (url) => !/\/api\/?$/.test(url.pathname),
      'must not end in /api, because the gateway adds it',
    ),
    'Root URL of your instance, without `/api`.',
  ),
  KODEXA_API_KEY: row(secret.optional(), 'API key of Kodexa. Not with `CREDENTIALS=passthrough`.'),
  KODEXA_API_KEY_FILE: row(fileText.pipe(secret).optional(), 'Path of a file with the key, instead of the value.'),
  KODEXA_AUTH_HEADER: row(
    headerName.default('x-api-key'),
    'Header that carries the key. Old instances expect `x-access-token`.',
  ),
  KODEXA_HEADERS: row(extraHeaders, 'More headers for every request, as a JSON object. An access proxy may need one.'),
  KODEXA_TIMEOUT_MS: row(milliseconds(10_000), 'Time for one attempt, in ms.'),
  KODEXA_MAX_RETRIES: row(
    retries(2),
    'Retries of a read after a transient failure, 0 to 5. Cancels are never retried.',
  ),
  KODEXA_RATE_LIMIT_PER_MINUTE: row(
    rateLimit(null),
    'Requests in any minute, by all instances together: 10 or more, or `off`. Kodexa documents no limit.',
  ),
  KODEXA_FILTER_DIALECT: row(
    z.enum([AUTO_DETECTED, ...FILTER_DIALECTS], 'must be auto, colon, equals or eq').default(AUTO_DETECTED),
    "Filter syntax: `colon` (`a:'x'`), `equals` (`a='x'`), `eq` (`a eq 'x'`) or `auto`, which finds out.",
  ),
  KODEXA_SORT_STYLE: row(
    z.enum(SORT_STYLES, 'must be comma or colon').default('comma'),
    'Sort syntax: `comma` (`createdOn,desc`) or `colon` (`createdOn:desc`).',
  ),
  KODEXA_PAGE_BASE: row(
    z.enum([AUTO_DETECTED, '0', '1'], 'must be auto, 0 or 1').default(AUTO_DETECTED),
    'Number of the first page: `0`, `1` or `auto`, which finds out.',
  ),
})

/** Connects Kodexa: executions. */
export function connectKodexa(settings: KodexaSettings, options: ConnectOptions): ConnectedVendor {
  const { log, mode, sharedState = createSharedState({ log }) } = options
  const { baseUrl, requestsPerMinute } = settings
  const pool = createVendorPool({
    vendor: 'KODEXA',
    baseUrl,
    timeoutMs: settings.timeoutMs,
    maxRetries: settings.maxRetries,
    limiter: sharedState.limiter(`kodexa:${baseUrl.host}`, requestsPerMinute),
    parseErrorBody,
  })
  const normaliser = createNormaliser(log)
  const dialect = createDialect(settings.dialect)
  return connectWithCredentials(
    {
      name: 'KODEXA',
      mode,
      jobTypes: JOB_TYPES,
      circuit: pool.circuit,
      budget: pool.budget,
      close: pool.close,
    },
    settings,
    (credential) => {
      const headers = {
        accept: 'application/json',
        // As the vendor's own client does; without it an authentication failure may redirect to a login page.
        'x-requested-with': 'XMLHttpRequest',
        ...revealAll(credential.headers),
        [settings.authHeader]: credential.apiKey.reveal(),
      }
      const upstream = pool.withCredential(headers, credential)
      const key = credentialKey(baseUrl, headers)
      const reads = createKodexaReads({ upstream, normaliser, dialect, sharedState, credentialKey: key })
      return {
        credentialKey: key,
        open: (request) => openKodexaSession({ upstream, normaliser, dialect, reads }, request),
      }
    },
  )
}

export const kodexa: VendorModule = {
  name: 'KODEXA',
  description: "Kodexa (kodexa.ai): executions of assistants' pipelines.",
  jobTypes: JOB_TYPES,
  fromEnvironment(env) {
    const { value, problems } = parseEnvironment(kodexaEnvironment, env)
    if (value === null) return { plan: null, problems }
    const { key, problems: keyProblems } = readCredentialSource(
      env,
      'KODEXA',
      value.KODEXA_API_KEY_FILE ?? value.KODEXA_API_KEY,
    )
    if (key === null || keyProblems.length > 0) return { plan: null, problems: keyProblems }
    const { KODEXA_FILTER_DIALECT: filter, KODEXA_PAGE_BASE: base } = value
    const settings: KodexaSettings = {
      baseUrl: value.KODEXA_BASE_URL,
      apiKey: key === 'callers' ? null : key,
      authHeader: value.KODEXA_AUTH_HEADER,
      headers: value.KODEXA_HEADERS,
      timeoutMs: value.KODEXA_TIMEOUT_MS,
      maxRetries: value.KODEXA_MAX_RETRIES,
      requestsPerMinute: value.KODEXA_RATE_LIMIT_PER_MINUTE,
      dialect: {
        filter: filter === AUTO_DETECTED ? null : filter,
        sort: value.KODEXA_SORT_STYLE,
        pageBase: base === AUTO_DETECTED ? null : base === '0' ? 0 : 1,
      },
    }
    const connect = (options: ConnectOptions) => connectKodexa(settings, options)
    return {
      plan: { credential: credentialOf(settings), address: `${settings.authHeader} ${settings.baseUrl.href}`, connect },
      problems: [],
    }
  },
  async startSandbox(options) {
    const { baseUrl, apiKey, close } = await startKodexaSandbox(options)
    const settings: KodexaSettings = { ...SANDBOX_SETTINGS, baseUrl, apiKey: new Secret(apiKey) }
    return { connect: (connect) => connectKodexa(settings, connect), close }
  },
}

const SANDBOX_SETTINGS = {
  authHeader: 'x-api-key',
  headers: {},
  timeoutMs: 10_000,
  requestsPerMinute: null,
  dialect: { filter: null, sort: 'comma', pageBase: null },
} as const
