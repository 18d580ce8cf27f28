import type { RedisConnection } from '../../redis/connection.js'
import { createDeadlineTimer } from './deadline-timer.js'
import type { Limiter } from './limiter.js'
import { createUnlimitedLimiter } from './unlimited-limiter.js'

export interface RedisPauseLimiterOptions {
  readonly redis: RedisConnection
  /** Shared by all instances that pause together; one for each vendor. */
  readonly key: string
  /** A monotonic clock in ms. Default `performance.now`. */
  readonly now?: () => number
}

/** How long another instance's pause may go unnoticed: checking more often would cost a round trip for each request. */
const CHECK_INTERVAL_MS = 250

/** Enforces no limit, but pauses when the vendor asked this or another instance for it. */
export function createRedisPauseLimiter(options: RedisPauseLimiterOptions): Limiter {
  const { redis, now = () => performance.now() } = options
  const key = `docket:budget:{${options.key}}:pause`
  const local = createUnlimitedLimiter(now)
  const untilCheck = createDeadlineTimer(now)

  async function checkPause(): Promise<void> {
    untilCheck.set(CHECK_INTERVAL_MS)
    const remainingMs = await redis.attempt(
      (client) => client.pttl(key),
      () => 0,
    )
    // PTTL is negative when there is no pause.
    if (remainingMs > 0) await local.pause(remainingMs)
  }

  return {
    ...local,
    async tryAcquire(priority) {
      if (untilCheck.remainingMs() === 0) await checkPause()
      return local.tryAcquire(priority)
    },
    async pause(ms) {
      await local.pause(ms)
      // Keep a longer pause that another instance has set.
      await redis.attempt<unknown>(
        (client) => client.multi().set(key, '', 'PX', Math.ceil(ms), 'NX').pexpire(key, Math.ceil(ms), 'GT').exec(),
        () => undefined,
      )
    },
  }
}
