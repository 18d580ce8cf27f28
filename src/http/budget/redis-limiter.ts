import type { RedisConnection } from '../../redis/connection.js'
import { createCountdown } from './countdown.js'
import type { Limiter } from './limiter.js'
import { budgetOf, createRate, toleranceOf, waitFor, type Pace, type RateOptions } from './rate.js'
import { createSentLog } from './sent-log.js'
import type { Priority } from './turn.js'
import { createRedisBucket, type BucketAnswer } from './redis-bucket.js'

export interface RedisLimiterOptions extends RateOptions {
  readonly redis: RedisConnection
  /** The same for all instances that share the limit, another for every vendor. */
  readonly key: string
  /** A clock in ms that never goes back; `performance.now` when not given. */
  readonly now?: () => number
}

/** As many as are taken to be there by an instance that has not heard of the others, or not lately. */
const ASSUMED_INSTANCES = 4
const LATELY_MS = 60_000
/** Redis may be back any moment. */
const ASK_AGAIN_MS = 100
/** Most outages are shorter, and so is connecting: until then nobody is refused for them. */
const BRIEF_MS = 2000
/** The birth no bucket has. */
const LOST = 'lost'

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
  const rate = createRate(limits)
  const bucket = createRedisBucket({ redis, key, rate })
  /** How far ahead the shared bucket is, as far as this instance knows; or its own one, while it is alone. */
  const ahead = createCountdown(now)
  const pause = createCountdown(now)
  const lately = createCountdown(now)
  const brief = createCountdown(now)
  const own = createSentLog(rate.windowMs, now)
  let instances = ASSUMED_INSTANCES
  let rivals = 1
  let birth = ''
  let alone: Pace | null = null

  async function take(priority: Priority): Promise<number> {
    if (pause.left() > 0) return pause.left()
    const known = birth
    const toleranceMs = toleranceOf(rate, priority)
    const answer = await bucket.ask({ toleranceMs, birth: known, floorMs: rate.floorMs(instances), pauseMs: 0 })
    if (answer) learn(answer, known)
    const waitMs = answer ? answer.waitMs : takeAlone(priority)
    if (waitMs === 0) own.add()
    // The vendor may have asked for a pause meanwhile; the room is lost then.
    return Math.max(waitMs, pause.left())
  }

  function learn(answer: BucketAnswer, known: string): void {
    alone = null
    ahead.set(answer.aheadMs)
    pause.atLeast(answer.pausedMs)
    lately.set(LATELY_MS)
    instances = answer.instances
    rivals = answer.rivals
    // Not when it was lost after the question: then the next one has to say so.
    if (birth === known) birth = answer.birth
  }

  function takeAlone(priority: Priority): number {
    const pace = (alone ??= goAlone())
    if (birth !== '') birth = LOST
    const waitMs = Math.max(pause.left(), waitFor(pace, ahead.left(), priority))
    if (waitMs > 0) return Math.min(waitMs, ASK_AGAIN_MS)
    ahead.set(ahead.left() + pace.intervalMs)
    birth = LOST
    return 0
  }

  function goAlone(): Pace {
    if (lately.left() === 0) instances = Math.max(instances, ASSUMED_INSTANCES)
    const pace = rate.share(instances)
    ahead.atLeast(pace.readToleranceMs)
    brief.set(BRIEF_MS)
    return pace
  }

  return {
    take,
    async pause(ms) {
      pause.atLeast(ms)
      await bucket.ask({ toleranceMs: 0, birth: '', floorMs: 0, pauseMs: ms })
    },
    waitMs(before, priority) {
      const pace = brief.left() > 0 ? null : alone
      const waitMs = waitFor(pace ?? rate, ahead.left(), priority, before)
      // What is free is free for the first who comes; what is not is shared with the others who wait for it.
      return Math.max(pause.left(), pace ? waitMs : waitMs * rivals)
    },
    async state() {
      const answer = await bucket.ask({ toleranceMs: 0, birth, floorMs: rate.floorMs(instances), pauseMs: 0 })
      if (answer) {
        lately.set(LATELY_MS)
        instances = answer.instances
        return budgetOf(rate.limit, { ...answer, pausedMs: Math.max(answer.pausedMs, pause.left()) })
      }
      // As if the others had sent as many.
      const sent = own.count() * instances
      return budgetOf(rate.limit, { sent, clearsInMs: own.clearsInMs(), pausedMs: pause.left() })
    },
  }
}
