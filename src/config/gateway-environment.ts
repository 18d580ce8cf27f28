import { z } from 'zod'
import { commaList, documentedUnder, milliseconds } from '../environment/variables.js'
import { Secret } from '../job/secret.js'
import { limitsEnvironment } from '../server/limits/environment.js'

export type LogLevel = (typeof LOG_LEVELS)[number]

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'silent'] as const
const CREDENTIALS = ['server', 'passthrough'] as const
const PERSISTED = ['off', 'file', 'only'] as const

const server = documentedUnder('Server')
const upstream = documentedUnder('Vendors')
const cluster = documentedUnder('Several instances')
const browsers = documentedUnder('Browsers')
const limits = documentedUnder('Limits')

/** The gateway's own variables: all but those of callers and of vendors. */
export const gatewayEnvironment = z.object({
  PORT: server(
    z.coerce
      .number('must be a number')
      .int('must be a whole number')
      .min(0, 'must be 0 to 65535')
      .max(65_535, 'must be 0 to 65535')
      .default(4000),
    'TCP port to listen on. `0` lets the system choose.',
  ),
  HOST: server(
    z.string().trim().default('127.0.0.1'),
    'Address to listen on. An address that is not a loopback one requires `GATEWAY_AUTH`.',
  ),
  LOG_LEVEL: server(
    z.enum(LOG_LEVELS, `must be one of ${LOG_LEVELS.join(', ')}`).default('info'),
    '`trace`, `debug`, `info`, `warn`, `error` or `silent`. Audit lines are written at every level except `silent`.',
  ),
  DOCKET_SANDBOX: server(
    flag(),
    '`true` serves the sandbox whatever else is set; `false` never does. Unset: the sandbox, when no vendor has a credential.',
  ),
  CREDENTIALS: upstream(
    z.enum(CREDENTIALS, `must be one of ${CREDENTIALS.join(', ')}`).default('server'),
    '`server`: the gateway holds the vendor keys. `passthrough`: callers send their own with each request.',
  ),
  NODE_ENV: server(
    z.string().optional(),
    '`production` hides GraphiQL and the schema, and refuses to start the sandbox unless `DOCKET_SANDBOX=true`.',
  ),
  CACHE_TERMINAL_MS: upstream(
    milliseconds(60_000, 0),
    'How long a finished job may be served from the cache, in ms. `0` turns it off.',
  ),
  CACHE_LIVE_MS: upstream(
    milliseconds(1000, 0),
    'How long unfinished jobs, missing jobs and lists may be served from the cache, in ms. `0` turns it off.',
  ),
  CACHE_MAX_BYTES: upstream(
    z.coerce
      .number('must be a number of bytes')
      .int('must be a whole number of bytes')
      .min(1_000_000, 'must be at least 1000000')
      .default(67_108_864),
    'Memory for the cache, in bytes, at least 1000000.',
  ),
  BATCH_WINDOW_MS: upstream(
    milliseconds(0, 0),
    'How long to collect reads from different requests before they are sent, in ms. `0`: one tick of the event loop.',
  ),
  POLL_MS: upstream(
    milliseconds(600, 100),
    'Shortest pause between two polls of a watched job, in ms, at least 100. Quiet jobs are polled less often, down to every 10 s.',
  ),
  DEADLINE_MS: upstream(
    milliseconds(10_000),
    'Time for the reads of one operation, in ms: waiting, attempts and retries together.',
  ),
  DRAIN_MS: server(milliseconds(10_000, 0), 'Time for requests in flight after SIGTERM or SIGINT, in ms.'),
  REDIS_URL: cluster(
    z
      .url({ protocol: /^rediss?$/, error: 'must be a redis:// or rediss:// URL' })
      .transform((value) => new Secret(value))
      .optional(),
    '`redis://` or `rediss://` URL of a Redis 7 or newer, through which instances share reads, limits and polling.',
  ),
  EGRESS_NAME: cluster(
    z
      .string()
      .regex(/^[\w.:-]{1,64}$/, 'must be a name of letters, digits, dots, colons and dashes')
      .default('default'),
    'Name of the IP address from which the vendors see this instance. Instances with the same name share a rate limit.',
  ),
  ...limitsEnvironment,
  CORS_ORIGINS: browsers(
    commaList.refine(
      (origins) => origins.every(isWebOrigin),
      'must be exact origins of pages, like https://app.example, separated by commas',
    ),
    'Exact origins of other sites whose pages may use the gateway, like `https://app.example`, separated by commas.',
  ),
  CORS_CREDENTIALS: browsers(
    flag(),
    '`true` lets those pages send cookies, which some access proxies need. Unset: `false`.',
  ),
  GRAPHIQL: browsers(
    flag(),
    'Whether browsers get GraphiQL at `/graphql`. Unset: `false` in production, otherwise `true`.',
  ),
  INTROSPECTION: browsers(
    flag(),
    '`false` shows the schema, and suggestions in errors, to admins only. Unset: `false` in production, otherwise `true`.',
  ),
  PERSISTED_OPERATIONS: limits(
    z.enum(PERSISTED, `must be one of ${PERSISTED.join(', ')}`).optional(),
    '`file` also runs operations named by their hash, `only` runs nothing else, `off` none. Unset: `off`.',
  ),
  PERSISTED_OPERATIONS_FILE: limits(
    z.string().trim().optional(),
    'Path of a JSON object with the documents by their SHA-256.',
  ),
})

function flag() {
  return z
    .stringbool({ truthy: ['true'], falsy: ['false'], case: 'sensitive', error: 'must be true or false' })
    .optional()
}

/** As a browser writes it, which is how it is compared. To URL, a star is a name like any other. */
function isWebOrigin(text: string): boolean {
  return /^https?:[^*]+$/.test(text) && URL.canParse(text) && new URL(text).origin === text
}
