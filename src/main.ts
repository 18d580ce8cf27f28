#!/usr/bin/env node
import { existsSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import pino, { type Logger } from 'pino'
import pretty from 'pino-pretty'
import { createAuthenticate } from './auth/authenticate.js'
import { ConfigError, readConfig, type Config } from './config.js'
import { connectVendors } from './connect.js'
import { createGateway } from './gateway.js'
import { loggedError } from './job/logged-error.js'

/** How long `/ready` says 503 before nothing listens any more, for load balancers to see it. */
const READINESS_MS = 1000
/** How long those in flight may take. */
const LAST_ANSWERS_MS = 10_000

// Node's own reader of --env-file, for those who start without the flag. What is set already stays.
if (existsSync('.env')) process.loadEnvFile()

try {
  await serve(readConfig(process.env))
} catch (error) {
  if (!(error instanceof ConfigError)) throw error
  console.error(error.message)
  process.exitCode = 1
}

async function serve(config: Config): Promise<void> {
  const log = createLog(config)
  // Node itself would write the error with its message and all that it carries.
  process.once('uncaughtException', (error) => {
    log.error({ err: loggedError(error) }, 'the process ends for a failure that nobody foresaw')
    process.exit(1)
  })
  const connection = await connectVendors(config, log)
  const { vendors, peers } = connection
  const authenticate = createAuthenticate(config.auth, log)
  const { pollMs, limits, cors, graphiql, introspection, persistedOperations } = config
  const gateway = createGateway({
    vendors,
    peers,
    authenticate,
    pollMs,
    limits,
    cors,
    graphiql,
    introspection,
    persistedOperations,
    log,
    auditLog: config.logLevel === 'silent' ? log : log.child({}, { level: 'info' }),
  })
  const server = createServer(gateway.listener)
  server.on('upgrade', gateway.upgrade)
  server.once('error', (error) => {
    log.error({ err: loggedError(error) }, `cannot listen on ${config.host}:${config.port}`)
    process.exit(1)
  })
  server.listen(config.port, config.host, () => {
    const { port } = server.address() as AddressInfo
    if (config.vendors === null)
      log.warn(
        {},
        'SANDBOX: no vendor is connected. Every job here is made up; set CORTEX_API_KEY or KODEXA_API_KEY for the real ones.',
      )
    log.info(
      { vendors: Object.fromEntries(connection.vendors.map(({ name, mode }) => [name, mode])) },
      `listening on http://${hostInUrl(config.host)}:${port}/graphql`,
    )
  })

  const stop = (signal: string) => {
    log.info({ signal }, 'stopping: no new requests, those in flight are finished')
    gateway.drain()
    setTimeout(() => {
      server.close(() => void gateway.close().then(connection.close))
      server.closeIdleConnections()
      // Those that carried a stream are idle only then.
      void gateway.hangUp().then(() => setImmediate(() => server.closeIdleConnections()))
      // What has not ended by then does not.
      setTimeout(() => server.closeAllConnections(), LAST_ANSWERS_MS).unref()
    }, READINESS_MS)
  }
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
}

function createLog({ logLevel }: Config): Logger {
  const options = { level: logLevel, base: null }
  // People at a terminal read lines, everything else reads JSON.
  return process.stdout.isTTY ? pino(options, pretty({ sync: true, translateTime: 'HH:MM:ss' })) : pino(options)
}

function hostInUrl(host: string): string {
  return host.includes(':') ? `[${host}]` : host
}
