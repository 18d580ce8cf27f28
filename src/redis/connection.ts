import { CircuitState, ConsecutiveBreaker, circuitBreaker, handleAll } from 'cockatiel'
import { Redis } from 'ioredis'
import type { Log } from '../job/log.js'
import type { Secret } from '../job/secret.js'

/** A Redis connection that may be slow or lost at any time: callers always give a fallback. */
export interface RedisConnection {
  /**
   * Runs commands on Redis. When Redis is unavailable, fails or does not reply within 100 ms, runs the fallback instead.
   * Commands that timed out may still take effect.
   */
  attempt<T>(commands: (redis: Redis) => Promise<T>, fallback: () => T | Promise<T>): Promise<T>
  /** Closes the connection at once. Attempts in flight run their fallback. */
  close(): Promise<void>
}

/** A local Redis replies in under a millisecond. Callers should not notice a slow one. */
const COMMAND_TIMEOUT_MS = 100
const CONNECT_TIMEOUT_MS = 1000
const MAX_RECONNECT_MS = 1000
/** A Redis that hangs does not close its side of the connection. */
const DISCONNECT_TIMEOUT_MS = 50
const FAILURES_TO_OPEN = 3
const OPEN_MS = 1000

/**
 * Connects in the background and reconnects forever. Logs one line at the start and one at the end of each outage.
 * @param url `redis://` or `rediss://`; may contain a password
 * @param purpose what this connection is for; a field of the log lines
 */
export function connectRedis(url: Secret, log: Log, purpose?: string): RedisConnection {
  let isDown = false
  let isClosed = false
  const redis = new Redis(url.reveal(), {
    connectTimeout: CONNECT_TIMEOUT_MS,
    disconnectTimeout: DISCONNECT_TIMEOUT_MS,
    commandTimeout: COMMAND_TIMEOUT_MS,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    // After a failover this host may be a replica, and its address may lead to the new primary.
    reconnectOnError: (error) => error.message.startsWith('READONLY'),
    retryStrategy: (times) => Math.min(times * 50, MAX_RECONNECT_MS),
  })
  // With a slow Redis every command waits for its timeout: after three in a row the breaker opens for a second.
  const breaker = circuitBreaker(handleAll, {
    halfOpenAfter: OPEN_MS,
    breaker: new ConsecutiveBreaker(FAILURES_TO_OPEN),
  })
  redis.on('error', markDown)
  redis.on('ready', () => {
    // A Redis that accepts connections but fails commands becomes ready repeatedly: wait for a command that succeeds.
    if (breaker.state === CircuitState.Closed) markUp()
  })
  breaker.onBreak((reason) => {
    markDown('error' in reason ? reason.error : undefined)
    // The host may have vanished or be a replica now. A new connection notices at once, an old one perhaps after hours.
    if (!isClosed && redis.status === 'ready') redis.disconnect(true)
  })
  breaker.onReset(markUp)

  function markDown(error: unknown): void {
    if (!isDown && !isClosed)
      log.warn({ code: codeOf(error), purpose }, 'Redis connection lost; continuing with local state')
    isDown = true
  }

  function markUp(): void {
    if (isDown && !isClosed) log.info({ purpose }, 'Redis connection restored')
    isDown = false
  }

  return {
    async attempt(commands, fallback) {
      if (redis.status !== 'ready' || isClosed) return fallback()
      try {
        return await breaker.execute(() => commands(redis))
      } catch {
        return fallback()
      }
    },
    async close() {
      if (isClosed) return
      isClosed = true
      const isOpen = redis.status !== 'reconnecting' && redis.status !== 'end'
      const ended = isOpen && new Promise((resolve) => redis.once('end', resolve))
      redis.disconnect()
      await ended
    },
  }
}

/** A code instead of the message, which may contain the URL. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error
  if ('code' in error) return String(error.code)
  // Redis starts its error messages with a code: `NOAUTH Authentication required.`
  if (error.name === 'ReplyError') return /^[A-Z]{2,20}(?= )/.exec(error.message)?.[0] ?? 'ReplyError'
  return error.message === 'Command timed out' ? 'ETIMEDOUT' : error.name
}
