#!/usr/bin/env node
import { existsSync, readFileSync } from 'node:fs'
import { constants } from 'node:os'
import { parseEnv } from 'node:util'
import pino, { type Logger } from 'pino'
import pretty from 'pino-pretty'
import { createAuthenticator } from './auth/authenticate.js'
import { ConfigError, readConfig, type Config } from './config/config.js'
import { connectVendors, type ConnectedVendors } from './config/connect-vendors.js'
import { createGateway } from './gateway.js'
import type { Log } from './job/log.js'
import { loggedError } from './job/logged-error.js'
import { serve } from './server/serve.js'

/** Whoever presses Ctrl-C under `npm start` says it twice at once: the terminal tells all processes, and npm tells its own. */
const REPEATED_SIGNAL_MS = 100

try {
  await start(readConfig(environment()))
} catch (error) {
  if (!(error instanceof ConfigError)) throw error
  console.error(error.message)
  process.exitCode = 1
}

/** The environment, with what `.env` says of the rest: of what is not set, or empty. */
function environment(): NodeJS.ProcessEnv {
  const set = Object.entries(process.env).filter(([, value]) => value?.trim())
  return { ...(existsSync('.env') && parseEnv(readFileSync('.env', 'utf8'))), ...Object.fromEntries(set) }
}

async function start(config: Config): Promise<void> {
  const log = createLog(config)
  // Node itself would write the error with its message and all that it carries.
  process.once('uncaughtException', (error) => {
    log.error({ err: loggedError(error) }, 'the process ends for a failure that nobody foresaw')
    process.exit(1)
  })
  const connection = await connectVendors(config, log)
  const { vendors, clusterBus } = connection
  const callers = createAuthenticator(config.auth, log)
  const { pollMs, deadlineMs, limits, loadShedding, cors, graphiql, introspection, persistedOperations } = config
  const gateway = createGateway({
    vendors,
    clusterBus,
    authenticate: callers.authenticate,
    pollMs,
    deadlineMs,
    limits,
    loadShedding,
    cors,
    graphiql,
    introspection,
    persistedOperations,
    log,
    auditLog: config.logLevel === 'silent' ? log : log.child({}, { level: 'info' }),
  })
  const { host, port, drainMs } = config
  const server = await serve(gateway, { host, port, drainMs, log }).catch((error: unknown) => {
    log.error({ err: loggedError(error) }, `cannot listen on ${host}:${port}`)
    return process.exit(1)
  })
  if (config.vendors === null)
    log.warn(
      {},
      'SANDBOX: no vendor is connected. Every job here is made up; set CORTEX_API_KEY or KODEXA_API_KEY for the real ones.',
    )
  log.info(
    { vendors: Object.fromEntries(vendors.map(({ name, mode }) => [name, mode])) },
    `listening on http://${hostInUrl(host)}:${server.port}/graphql`,
  )
  reloadOnSignal(log, (config) => {
    callers.reload(config.auth)
    return connection.updateCredentials(config)
  })
  stopOnSignal(log, () => server.stop().then(connection.close))
}

/** @param rekey takes the credentials of another reading of the environment, and says whose */
function reloadOnSignal(log: Log, rekey: (config: Config) => ReturnType<ConnectedVendors['updateCredentials']>): void {
  process.on('SIGHUP', () => {
    try {
      const { renewed, left } = rekey(readConfig(environment()))
      log.info({ vendors: renewed }, 'read the credentials again; all other settings take a restart')
      if (left.length > 0)
        log.warn(
          { vendors: left },
          'these go on with the credentials they had: theirs are gone, or for another address',
        )
    } catch (error) {
      // A `.env` that cannot be read is no reason to end.
      const why = error instanceof ConfigError ? { problems: error.problems } : { err: loggedError(error) }
      log.error(why, 'did not read the credentials again: the environment is not usable')
    }
  })
}

function stopOnSignal(log: Log, stop: () => Promise<void>): void {
  let stoppingSince: number | null = null
  const hear = (signal: 'SIGTERM' | 'SIGINT') => {
    if (stoppingSince === null) {
      stoppingSince = performance.now()
      log.info({ signal }, 'stopping: new work goes elsewhere, what is in flight is finished')
      void stop()
    } else if (performance.now() - stoppingSince > REPEATED_SIGNAL_MS) {
      log.warn({ signal }, 'told again to stop: what is in flight is lost')
      process.exit(128 + constants.signals[signal])
    }
  }
  process.on('SIGTERM', hear)
  process.on('SIGINT', hear)
}

function createLog({ logLevel }: Config): Logger {
  const options = { level: logLevel, base: null }
  // People at a terminal read lines, everything else reads JSON.
  return process.stdout.isTTY ? pino(options, pretty({ sync: true, translateTime: 'HH:MM:ss' })) : pino(options)
}

function hostInUrl(host: string): string {
  return host.includes(':') ? `[${host}]` : host
}
