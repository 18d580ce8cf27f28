import type { RedisConnection } from '../../redis/connection.js'
import { createDeadlineTimer } from './deadline-timer.js'
import type { Limiter } from './limiter.js'
import { toVendorBudget, createGcraLimit, toleranceOf, gcraWaitMs, type GcraRate, type GcraOptions } from './gcra.js'
import { createSlidingWindowLog } from './sliding-window-log.js'
import type { Priority } from './permit.js'
import { createRedisBucket, type BucketReply } from './redis-bucket.js'

export interface RedisLimiterOptions extends GcraOptions {
  readonly redis: RedisConnection
  /** The same for all instances that share the limit, another for every vendor. */
  readonly key: string
  /** A clock in ms that never goes back; `performance.now` when not given. */
  readonly now?: () => number
}

/** As many as are taken to be there by an instance that has not heard of the others, or not lately. */
const ASSUMED_INSTANCES = 4
const INSTANCE_COUNT_TTL_MS = 60_000
/** Redis may be back any moment. */
const RETRY_MS = 100
/** Most outages are shorter, and so is connecting: until then nobody is refused for them. */
const SHORT_OUTAGE_MS = 2000
/** The birth no bucket has. */
const EVICTED = 'lost'

/**
 * Keeps the limit of one vendor for all instances together, in Redis.
 *
 * Without Redis every instance goes on at its share of the sustained rate, as if the burst had just been spent: so
 * the limit holds in every window, also in one in which Redis went. An instance that comes back tells Redis so, for
 * an empty Redis is no proof that nothing was sent. What it cannot know of is an instance that still has its Redis:
 * one that is cut off alone sends its share on top of what the others send.
 */
export function createRedisLimiter(options: RedisLimiterOptions): Limiter {
  const { redis, key, now = () => performance.now(), ...limits } = options
  const rate = createGcraLimit(limits)
  const bucket = createRedisBucket({ redis, key, rate })
  /** How far ahead the shared bucket is, as far as this instance knows; or its own one, while it is alone. */
  const ahead = createDeadlineTimer(now)
  const pause = createDeadlineTimer(now)
  const lately = createDeadlineTimer(now)
  const brief = createDeadlineTimer(now)
  const own = createSlidingWindowLog(rate.windowMs, now)
  let instances = ASSUMED_INSTANCES
  let rivals = 1
  let birth = ''
  let alone: GcraRate | null = null

  async function take(priority: Priority): Promise<number> {
    if (pause.remainingMs() > 0) return pause.remainingMs()
    const known = birth
    const toleranceMs = toleranceOf(rate, priority)
    const answer = await bucket.request({ toleranceMs, epoch: known, minBacklogMs: rate.minBacklogMs(instances), pauseMs: 0 })
    if (answer) learn(answer, known)
    const waitMs = answer ? answer.waitMs : takeAlone(priority)
    if (waitMs === 0) own.record()
    // The vendor may have asked for a pause meanwhile; the room is lost then.
    return Math.max(waitMs, pause.remainingMs())
  }

  function learn(answer: BucketReply, known: string): void {
    alone = null
    ahead.set(answer.backlogMs)
    pause.extend(answer.pausedMs)
    lately.set(INSTANCE_COUNT_TTL_MS)
    instances = answer.instances
    rivals = answer.activeInstances
    // Not when it was lost after the question: then the next one has to say so.
    if (birth === known) birth = answer.epoch
  }

  function takeAlone(priority: Priority): number {
    const pace = (alone ??= goAlone())
    if (birth !== '') birth = EVICTED
    const waitMs = Math.max(pause.remainingMs(), gcraWaitMs(pace, ahead.remainingMs(), priority))
    if (waitMs > 0) return Math.min(waitMs, RETRY_MS)
    ahead.set(ahead.remainingMs() + pace.emissionIntervalMs)
    birth = EVICTED
    return 0
  }

  function goAlone(): GcraRate {
    if (lately.remainingMs() === 0) instances = Math.max(instances, ASSUMED_INSTANCES)
    const pace = rate.rateForInstances(instances)
    ahead.extend(pace.readToleranceMs)
    brief.set(SHORT_OUTAGE_MS)
    return pace
  }

  return {
    tryAcquire: take,
    async pause(ms) {
      pause.extend(ms)
      await bucket.request({ toleranceMs: 0, epoch: '', minBacklogMs: 0, pauseMs: ms })
    },
    estimateWaitMs(before, priority) {
      const pace = brief.remainingMs() > 0 ? null : alone
      const waitMs = gcraWaitMs(pace ?? rate, ahead.remainingMs(), priority, before)
      // What is free is free for the first who comes; what is not is shared with the others who wait for it.
      return Math.max(pause.remainingMs(), pace ? waitMs : waitMs * rivals)
    },
    async state() {
      const answer = await bucket.request({
        toleranceMs: 0,
        epoch: birth,
        minBacklogMs: rate.minBacklogMs(instances),
        pauseMs: 0,
      })
      if (answer) {
        lately.set(INSTANCE_COUNT_TTL_MS)
        instances = answer.instances
        return toVendorBudget(rate.limit, { ...answer, pausedMs: Math.max(answer.pausedMs, pause.remainingMs()) })
      }
      // As if the others had sent as many.
      const sent = own.count() * instances
      return toVendorBudget(rate.limit, { sent, clearsInMs: own.clearsInMs(), pausedMs: pause.remainingMs() })
    },
  }
}
