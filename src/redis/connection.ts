import { CircuitState, ConsecutiveBreaker, circuitBreaker, handleAll } from 'cockatiel'
import { Redis } from 'ioredis'
import type { Log } from '../job/log.js'
import type { Secret } from '../job/secret.js'

/** A Redis that may be slow or gone at any time without anybody failing for it. */
export interface RedisConnection {
  /**
   * Does the work on Redis, or, when Redis is not there or does not answer in time, does the other thing. What was
   * begun on a slow Redis may still take effect there.
   */
  attempt<T>(work: (redis: Redis) => Promise<T>, otherwise: () => T | Promise<T>): Promise<T>
  /** Lets go at once; what is under way then is done otherwise. */
  close(): Promise<void>
}

/** A local Redis answers in under a millisecond; a caller should not notice one that does not. */
const COMMAND_TIMEOUT_MS = 100
const CONNECT_TIMEOUT_MS = 1000
const MAX_RECONNECT_MS = 1000
/** A Redis that hangs does not say goodbye. */
const DISCONNECT_TIMEOUT_MS = 50
const FAILURES_TO_OPEN = 3
const OPEN_MS = 1000

/**
 * Connects in the background, and again for as long as it takes. Whatever goes wrong is one log line for each outage.
 * @param url `redis://` or `rediss://`; may hold a password
 * @param purpose what this connection carries, for the log
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
    // A replica that was demoted while connected: the address may lead to its successor.
    reconnectOnError: (error) => error.message.startsWith('READONLY'),
    retryStrategy: (times) => Math.min(times * 50, MAX_RECONNECT_MS),
  })
  // A Redis that is slow fails every command only after its timeout: after three it is left alone for a second.
  const breaker = circuitBreaker(handleAll, {
    halfOpenAfter: OPEN_MS,
    breaker: new ConsecutiveBreaker(FAILURES_TO_OPEN),
  })
  redis.on('error', goDown)
  redis.on('ready', () => {
    // One that only fails its commands becomes ready again and again: that it is back, the next command has to show.
    if (breaker.state === CircuitState.Closed) comeBack()
  })
  breaker.onBreak((reason) => {
    goDown('error' in reason ? reason.error : undefined)
    // The host may have gone without a word, or be a replica now: a new connection finds out, an old one may take hours.
    if (!isClosed && redis.status === 'ready') redis.disconnect(true)
  })
  breaker.onReset(comeBack)

  function goDown(error: unknown): void {
    if (!isDown && !isClosed)
      log.warn({ code: codeOf(error), purpose }, 'Redis is not there: this instance goes on by itself')
    isDown = true
  }

  function comeBack(): void {
    if (isDown && !isClosed) log.info({ purpose }, 'Redis is back')
    isDown = false
  }

  return {
    async attempt(work, otherwise) {
      if (redis.status !== 'ready' || isClosed) return otherwise()
      try {
        return await breaker.execute(() => work(redis))
      } catch {
        return otherwise()
      }
    },
    async close() {
      if (isClosed) return
      isClosed = true
      const isOpen = redis.status !== 'reconnecting' && redis.status !== 'end'
      const end = isOpen && new Promise((resolve) => redis.once('end', resolve))
      redis.disconnect()
      await end
    },
  }
}

/** Not the message, in which the URL may be. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error
  if ('code' in error) return String(error.code)
  // Redis itself puts a code in front: `NOAUTH Authentication required.`
  if (error.name === 'ReplyError') return /^[A-Z]{2,20}(?= )/.exec(error.message)?.[0] ?? 'ReplyError'
  return error.message === 'Command timed out' ? 'ETIMEDOUT' : error.name
}
