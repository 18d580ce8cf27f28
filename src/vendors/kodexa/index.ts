import { z } from 'zod'
import { credentialScope } from '../../http/credential-scope.js'
import { createHost } from '../../http/host.js'
import {
  baseUrl,
  extraHeaders,
  fileText,
  headerName,
  milliseconds,
  rateLimit,
  readEnvironment,
  retries,
  secret,
} from '../../http/environment.js'
import { revealAll, Secret } from '../../job/secret.js'
import { openSharing } from '../../reads/sharing.js'
import { connectAccounts, credentialIn } from '../account.js'
import { readKey } from '../key-reading.js'
import type { ConnectedVendor, ConnectOptions, VendorModule } from '../module.js'
import { complaintOf } from './complaint.js'
import { createDialect, SORT_STYLES } from './dialect.js'
import { FILTER_DIALECTS } from './filter.js'
import './graph/index.js'
import { createNormaliser } from './normalise/index.js'
import { shareKodexaReads } from './reads.js'
import { startKodexaSandbox } from './sandbox/index.js'
import type { KodexaSettings } from './settings.js'
import { openKodexaSession } from './session.js'

const JOB_TYPES = ['Execution']
const FOUND_OUT = 'auto'

export const kodexaEnvironment = z.object({
  KODEXA_BASE_URL: baseUrl('https://platform.kodexa.ai').refine(
    (url) => !/\/api\/?$/.test(url.pathname),
    'must not end in /api, which the gateway adds',
  ),
  KODEXA_API_KEY: secret.optional(),
  KODEXA_API_KEY_FILE: fileText.pipe(secret).optional(),
  KODEXA_AUTH_HEADER: headerName.default('x-api-key'),
  KODEXA_HEADERS: extraHeaders,
  KODEXA_TIMEOUT_MS: milliseconds(10_000),
  KODEXA_MAX_RETRIES: retries(2),
  KODEXA_RATE_LIMIT_PER_MINUTE: rateLimit(null),
  KODEXA_FILTER_DIALECT: z
    .enum([FOUND_OUT, ...FILTER_DIALECTS], 'must be auto, colon, equals or eq')
    .default(FOUND_OUT),
  KODEXA_SORT_STYLE: z.enum(SORT_STYLES, 'must be comma or colon').default('comma'),
  KODEXA_PAGE_BASE: z.enum([FOUND_OUT, '0', '1'], 'must be auto, 0 or 1').default(FOUND_OUT),
})

/** Kodexa as a vendor: executions. */
export function connectKodexa(settings: KodexaSettings, options: ConnectOptions): ConnectedVendor {
  const { log, mode, sharing = openSharing({ log }) } = options
  const { baseUrl, requestsPerMinute } = settings
  const host = createHost({
    vendor: 'KODEXA',
    baseUrl,
    timeoutMs: settings.timeoutMs,
    maxRetries: settings.maxRetries,
    limiter: sharing.limiter(`kodexa:${baseUrl.host}`, requestsPerMinute),
    complaintOf,
  })
  const normaliser = createNormaliser(log)
  const dialect = createDialect(settings.dialect)
  return connectAccounts(
    {
      name: 'KODEXA',
      mode,
      jobTypes: JOB_TYPES,
      circuit: host.circuit,
      budget: host.budget,
      close: host.close,
    },
    settings,
    (credential) => {
      const headers = {
        accept: 'application/json',
        // The vendor's own client sends it; without it an authentication failure may be a redirect to a login page.
        'x-requested-with': 'XMLHttpRequest',
        ...revealAll(credential.headers),
        [settings.authHeader]: credential.apiKey.reveal(),
      }
      const upstream = host.as(headers, credential)
      const scope = credentialScope(baseUrl, headers)
      const reads = shareKodexaReads({ upstream, normaliser, dialect, sharing, scope })
      return { scope, open: (request) => openKodexaSession({ upstream, normaliser, dialect, reads }, request) }
    },
  )
}

export const kodexa: VendorModule = {
  name: 'KODEXA',
  description: "Kodexa (kodexa.ai): executions of assistants' pipelines.",
  jobTypes: JOB_TYPES,
  fromEnvironment(env) {
    const { value, problems } = readEnvironment(kodexaEnvironment, env)
    if (value === null) return { plan: null, problems }
    const { key, problems: keyProblems } = readKey(env, 'KODEXA', value.KODEXA_API_KEY_FILE ?? value.KODEXA_API_KEY)
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
        filter: filter === FOUND_OUT ? null : filter,
        sort: value.KODEXA_SORT_STYLE,
        pageBase: base === FOUND_OUT ? null : base === '0' ? 0 : 1,
      },
    }
    const connect = (options: ConnectOptions) => connectKodexa(settings, options)
    return {
      plan: { credential: credentialIn(settings), address: `${settings.authHeader} ${settings.baseUrl.href}`, connect },
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
