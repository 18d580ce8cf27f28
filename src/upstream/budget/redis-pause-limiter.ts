import type { RedisConnection } from '../../redis/connection.js'
import { createDeadlineTimer } from './deadline-timer.js'
import type { Limiter } from './limiter.js'
import { createUnlimitedLimiter } from './unlimited-limiter.js'

export interface RedisPauseLimiterOptions {
  readonly redis: RedisConnection
  /** The same for all instances that stop together, another for every vendor. */
  readonly key: string
  /** A clock in ms that never goes back; `performance.now` when not given. */
  readonly now?: () => number
}

/** How long another instance's pause may go unnoticed. Asking each time would cost a round trip for each request. */
const CHECK_INTERVAL_MS = 250

/** Keeps no limit, but stops when the vendor asked this or another instance for a pause. */
export function createRedisPauseLimiter(options: RedisPauseLimiterOptions): Limiter {
  const { redis, now = () => performance.now() } = options
  const key = `docket:budget:{${options.key}}:pause`
  const own = createUnlimitedLimiter(now)
  const looked = createDeadlineTimer(now)

  async function look(): Promise<void> {
    looked.set(CHECK_INTERVAL_MS)
    const leftMs = await redis.attempt(
      (client) => client.pttl(key),
      () => 0,
    )
    // Negative: there is none.
    if (leftMs > 0) await own.pause(leftMs)
  }

  return {
    ...own,
    async tryAcquire(priority) {
      if (looked.remainingMs() === 0) await look()
      return own.tryAcquire(priority)
    },
    async pause(ms) {
      await own.pause(ms)
      // A longer one that another instance was told of stays.
      await redis.attempt<unknown>(
        (client) => client.multi().set(key, '', 'PX', Math.ceil(ms), 'NX').pexpire(key, Math.ceil(ms), 'GT').exec(),
        () => undefined,
      )
    },
  }
}
