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

/** All settings from the environment. */
export interface Config {
  readonly host: string
  /** 0 lets the system choose. */
  readonly port: number
  readonly logLevel: LogLevel
  /** How callers authenticate. */
  readonly auth: AuthSettings
  /** The vendors to connect; null starts the sandbox of all vendors. */
  readonly vendors: readonly ConfiguredVendor[] | null
  /** The shortest interval between two polls of a watched job, in ms. */
  readonly pollMs: number
  /** Limits on operations. */
  readonly limits: Limits
  /** The load that this process accepts. */
  readonly loadShedding: LoadSheddingOptions
  /** Deadline for an operation's reads, in ms. */
  readonly deadlineMs: number
  /** How long requests in flight may take during shutdown, in ms. */
  readonly drainMs: number
  /** Origins of other sites whose pages may use the gateway. */
  readonly cors: { readonly origins: readonly string[]; readonly credentials: boolean }
  readonly graphiql: boolean
  /** Whether everybody may introspect the schema. */
  readonly introspection: boolean
  /** Null when persisted operations are off. */
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

/** Lists everything that is wrong with the environment at once, one line for each variable. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  constructor(readonly problems: readonly string[]) {
    super(`The environment is not usable:\n${problems.map((problem) => `  ${problem}`).join('\n')}`)
  }
}

/**
 * Reads the environment once. Nothing else reads it.
 * @throws {ConfigError} with every problem, each starting with the name of its variable
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

/** Reads the file even if other variables are invalid, so that all problems are reported together. */
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

/** With the sandbox, the vendors' variables do not matter. */
function isSandboxWanted(env: Environment): boolean {
  return env.DOCKET_SANDBOX?.trim() === 'true'
}

/** A gateway without authentication must not be reachable from other machines, unless it serves the sandbox on request. */
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

/** Without a vendor only the sandbox is left, which must not run in production by accident. */
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
