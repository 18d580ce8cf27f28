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
import { welcomeLines } from './cli/welcome.js'
import type { Log } from './job/log.js'
import { loggedError } from './job/logged-error.js'
import { serve } from './server/serve.js'

/** Ctrl-C under `npm start` arrives twice: from the terminal, which signals all processes, and from npm. */
const REPEATED_SIGNAL_MS = 100

try {
  await start(readConfig(environment()))
} catch (error) {
  if (!(error instanceof ConfigError)) throw error
  console.error(error.message)
  process.exitCode = 1
}

/** The environment, completed from `.env` where a variable is unset or empty. */
function environment(): NodeJS.ProcessEnv {
  const set = Object.entries(process.env).filter(([, value]) => value?.trim())
  return { ...(existsSync('.env') && parseEnv(readFileSync('.env', 'utf8'))), ...Object.fromEntries(set) }
}

async function start(config: Config): Promise<void> {
  const log = createLog(config)
  // Node itself would print the error's message and properties, which may hold secrets.
  process.once('uncaughtException', (error) => {
    log.error({ err: loggedError(error) }, 'uncaught exception: exiting')
    process.exit(1)
  })
  const connected = await connectVendors(config, log)
  const { vendors, clusterBus } = connected
  const authenticator = createAuthenticator(config.auth, log)
  const { pollMs, deadlineMs, limits, loadShedding, cors, graphiql, introspection, persistedOperations } = config
  const gateway = createGateway({
    vendors,
    clusterBus,
    authenticate: authenticator.authenticate,
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
  const lines = welcomeLines(config, `http://${hostInUrl(host)}:${server.port}/graphql`)
  log.info({ vendors: Object.fromEntries(vendors.map(({ name, mode }) => [name, mode])) }, lines.listening)
  if (config.vendors === null) log.warn({}, lines.sandbox)
  // For people at a terminal; collected logs need no instructions.
  if (process.stdout.isTTY) for (const hint of lines.hints) log.info({}, hint)
  reloadOnSignal(log, (next) => {
    authenticator.reload(next.auth)
    return connected.updateCredentials(next)
  })
  stopOnSignal(log, () => server.stop().then(connected.close))
}

/** @param update applies the credentials of a new configuration, and says whose were updated */
function reloadOnSignal(log: Log, update: (config: Config) => ReturnType<ConnectedVendors['updateCredentials']>): void {
  process.on('SIGHUP', () => {
    try {
      const { updated, kept } = update(readConfig(environment()))
      log.info({ vendors: updated }, 'credentials reloaded; other settings need a restart')
      if (kept.length > 0)
        log.warn({ vendors: kept }, 'credentials kept: the new ones are missing, or for another address')
    } catch (error) {
      // An unreadable `.env` must not end the process.
      const reason = error instanceof ConfigError ? { problems: error.problems } : { err: loggedError(error) }
      log.error(reason, 'credentials not reloaded: the environment is not valid')
    }
  })
}

function stopOnSignal(log: Log, stop: () => Promise<void>): void {
  let stoppingSince: number | null = null
  const onSignal = (signal: 'SIGTERM' | 'SIGINT') => {
    if (stoppingSince === null) {
      stoppingSince = performance.now()
      log.info({ signal }, 'draining: finishing requests in flight')
      void stop()
    } else if (performance.now() - stoppingSince > REPEATED_SIGNAL_MS) {
      log.warn({ signal }, 'second signal: exiting now, requests in flight are lost')
      process.exit(128 + constants.signals[signal])
    }
  }
  process.on('SIGTERM', onSignal)
  process.on('SIGINT', onSignal)
}

function createLog({ logLevel }: Config): Logger {
  const options = { level: logLevel, base: null }
  // Readable lines at a terminal, JSON elsewhere.
  return process.stdout.isTTY ? pino(options, pretty({ sync: true, translateTime: 'HH:MM:ss' })) : pino(options)
}

/** An address to open: a wildcard listens on loopback too. */
function hostInUrl(host: string): string {
  if (host === '0.0.0.0' || host === '::') return 'localhost'
  return host.includes(':') ? `[${host}]` : host
}
