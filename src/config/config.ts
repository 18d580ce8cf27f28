import type { AuthSettings } from '../auth/authenticate.js'
import { readAuth } from '../auth/environment.js'
import { parseEnvironment, type Environment } from '../environment/parse-environment.js'
import { toLimits, toLoadShedding } from '../server/limits/environment.js'
import type { Limits } from '../server/limits/limits.js'
import type { LoadSheddingOptions } from '../server/limits/load-shedder.js'
import { readPersistedOperations, type PersistedOperations } from '../server/persisted-operations.js'
import type { ParsedEnvironment, VendorModule, VendorPlan } from '../vendors/module.js'
import type { SharedStateOptions } from '../reads/shared-state.js'
import { vendorModules } from '../vendors/index.js'
import { gatewayEnvironment, type LogLevel } from './gateway-environment.js'

/** Everything that the environment decides. */
export interface Config {
  readonly host: string
  /** 0 lets the system choose. */
  readonly port: number
  readonly logLevel: LogLevel
  /** How callers are known. */
  readonly auth: AuthSettings
  /** Which vendors to connect; null starts the sandbox of all of them. */
  readonly vendors: readonly ConfiguredVendor[] | null
  /** The shortest pause between two looks at a job that is watched, in ms. */
  readonly pollMs: number
  /** What callers may send. */
  readonly limits: Limits
  /** What this process takes on at a time. */
  readonly loadShedding: LoadSheddingOptions
  /** How long an operation's reads may wait until they are sent, in ms. */
  readonly deadlineMs: number
  /** How long those in flight may take when the process is told to stop, in ms. */
  readonly drainMs: number
  /** Other sites whose pages may use the gateway. */
  readonly cors: { readonly origins: readonly string[]; readonly credentials: boolean }
  readonly graphiql: boolean
  /** Whether everybody may look at the schema. */
  readonly introspection: boolean
  /** Null where operations have no hashes. */
  readonly persistedOperations: PersistedOperations | null
  /** What requests and instances share. */
  readonly sharedState: Omit<SharedStateOptions, 'log'>
}

export interface ConfiguredVendor {
  readonly module: VendorModule
  /** Null when it is not configured. */
  readonly plan: VendorPlan | null
}

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|::1)$/

/** Says everything that is wrong with the environment at once, a line for each variable. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  constructor(readonly problems: readonly string[]) {
    super(`The environment is not usable:\n${problems.map((problem) => `  ${problem}`).join('\n')}`)
  }
}

/**
 * Reads the environment, once; nothing below this looks at it.
 * @throws {ConfigError} naming every variable that is wrong
 */
export function readConfig(env: Environment): Config {
  const gateway = parseEnvironment(gatewayEnvironment, env)
  const auth = readAuth(env)
  const readings = vendorModules.map((module) => ({ module, ...module.fromEnvironment(env) }))
  const persisted = readPersisted(env)
  const problems = [
    ...gateway.problems,
    ...auth.problems,
    ...persisted.problems,
    ...(isSandboxWanted(env) ? [] : readings.flatMap((reading) => reading.problems)),
    ...findUnsafeBinding(env, readings),
    ...noVendor(env, readings),
  ]
  if (gateway.value === null || auth.value === null || problems.length > 0) throw new ConfigError(problems)

  const { HOST: host, PORT: port, LOG_LEVEL: logLevel, DOCKET_SANDBOX: sandbox, ...rest } = gateway.value
  const isOpen = rest.NODE_ENV !== 'production'
  const isSandbox = sandbox ?? readings.every(({ plan }) => plan === null)
  return Object.freeze({
    host,
    port,
    logLevel,
    auth: auth.value,
    vendors: isSandbox ? null : readings.map(({ module, plan }) => ({ module, plan })),
    pollMs: rest.POLL_MS,
    limits: toLimits(rest),
    loadShedding: toLoadShedding(rest),
    deadlineMs: rest.DEADLINE_MS,
    drainMs: rest.DRAIN_MS,
    cors: { origins: rest.CORS_ORIGINS, credentials: rest.CORS_CREDENTIALS ?? false },
    graphiql: rest.GRAPHIQL ?? isOpen,
    introspection: rest.INTROSPECTION ?? isOpen,
    persistedOperations: persisted.operations,
    sharedState: {
      terminalMs: rest.CACHE_TERMINAL_MS,
      liveMs: rest.CACHE_LIVE_MS,
      cacheBytes: rest.CACHE_MAX_BYTES,
      batchWindowMs: rest.BATCH_WINDOW_MS,
      redisUrl: rest.REDIS_URL,
      egress: rest.EGRESS_NAME,
    },
  })
}

/** The file that is named, read in any case, so that its problems are told with all others. */
function readPersisted(env: Environment): { operations: PersistedOperations | null; problems: string[] } {
  const mode = env.PERSISTED_OPERATIONS?.trim()
  const file = env.PERSISTED_OPERATIONS_FILE?.trim()
  if (mode === 'off' || (!mode && !file)) return { operations: null, problems: [] }
  if (!mode)
    return { operations: null, problems: ['PERSISTED_OPERATIONS: must say what the file is for: file or only'] }
  if (!file) return { operations: null, problems: ['PERSISTED_OPERATIONS_FILE: is missing'] }
  const { documents, problems } = readPersistedOperations(file)
  return {
    operations: { documents, only: mode === 'only' },
    problems: problems.map((problem) => `PERSISTED_OPERATIONS_FILE: ${problem}`),
  }
}

/** Then nothing about the vendors matters. */
function isSandboxWanted(env: Environment): boolean {
  return env.DOCKET_SANDBOX?.trim() === 'true'
}

/** Nobody else's machine may reach a gateway that lets everybody in, unless somebody said so and nothing is at stake. */
function findUnsafeBinding(env: Environment, readings: readonly ParsedEnvironment[]): string[] {
  const host = env.HOST?.trim()
  const auth = env.GATEWAY_AUTH?.trim()
  if (!host || LOOPBACK.test(host)) return []
  if (!auth)
    return [`GATEWAY_AUTH: must be set when HOST is not a loopback address; none lets everybody in who reaches ${host}`]
  const isLive = readings.some(({ plan, problems }) => plan?.credential || problems.length > 0)
  if (auth !== 'none' || !isLive || isSandboxWanted(env)) return []
  return [
    `GATEWAY_AUTH: none would let everybody who reaches ${host} cancel the vendors' jobs; it must be keys or jwt, unless HOST is a loopback address or DOCKET_SANDBOX is true`,
  ]
}

/** Without a vendor there is only the sandbox, which must not be taken for one in production. */
function noVendor(env: Environment, readings: readonly (ParsedEnvironment & { module: VendorModule })[]): string[] {
  const sandbox = env.DOCKET_SANDBOX?.trim()
  if (readings.some(({ plan, problems }) => plan !== null || problems.length > 0)) return []
  const keys = readings.map(({ module }) => `${module.name}_API_KEY`).join(' or ')
  if (sandbox === 'false') return [`DOCKET_SANDBOX: is false, and neither ${keys} is set`]
  if (!sandbox && env.NODE_ENV === 'production') {
    return [`DOCKET_SANDBOX: must be true to serve the sandbox with NODE_ENV=production; otherwise set ${keys}`]
  }
  return []
}
