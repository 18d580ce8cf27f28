import type { RedisConnection } from '../../redis/connection.js'
import { createDeadlineTimer } from './deadline-timer.js'
import type { Limiter } from './limiter.js'
import { toVendorBudget, createGcraLimit, toleranceOf, gcraWaitMs, type GcraRate, type GcraOptions } from './gcra.js'
import { createSlidingWindowLog } from './sliding-window-log.js'
import type { Priority } from './permit.js'
import { createRedisBucket, type BucketReply } from './redis-bucket.js'

export interface RedisLimiterOptions extends GcraOptions {
  readonly redis: RedisConnection
  /** Shared by all instances under one limit; another for each vendor. */
  readonly key: string
  /** A monotonic clock in ms. Default `performance.now`. */
  readonly now?: () => number
}

/** Assumed by an instance that has not learned the number of instances, or not recently. */
const ASSUMED_INSTANCES = 4
const INSTANCE_COUNT_TTL_MS = 60_000
/** During an outage, waiting requests try Redis again this often. */
const RETRY_MS = 100
/** Most outages, and connecting at startup, take less: no request is rejected for its estimated wait until then. */
const SHORT_OUTAGE_MS = 2000
/** Never the epoch of a bucket, so the script applies the least backlog. */
const UNKNOWN_EPOCH = 'unknown'

/**
 * Enforces the limit of one vendor for all instances together, in Redis.
 *
 * Without Redis, each instance continues with its share of the sustained rate, as if the burst had just been spent: so
 * the limit holds in every window, including the one in which the outage starts. After the outage the instance reports
 * it to the script, because an empty Redis does not prove that nothing was sent. The limit does not hold when a single
 * instance loses Redis while the others keep it: that instance sends its share on top of theirs.
 */
export function createRedisLimiter(options: RedisLimiterOptions): Limiter {
  const { redis, key, now = () => performance.now(), ...limits } = options
  const sharedRate = createGcraLimit(limits)
  const bucket = createRedisBucket({ redis, key, rate: sharedRate })
  /** Of the shared bucket, as far as this instance knows; of the local one during an outage. */
  const backlog = createDeadlineTimer(now)
  const pause = createDeadlineTimer(now)
  const instanceCountTtl = createDeadlineTimer(now)
  const shortOutage = createDeadlineTimer(now)
  const localLog = createSlidingWindowLog(sharedRate.windowMs, now)
  let instances = ASSUMED_INSTANCES
  let activeInstances = 1
  let epoch = ''
  /** Null while Redis replies. */
  let localRate: GcraRate | null = null

  async function tryAcquire(priority: Priority): Promise<number> {
    if (pause.remainingMs() > 0) return pause.remainingMs()
    const sentEpoch = epoch
    const reply = await bucket.request({
      toleranceMs: toleranceOf(sharedRate, priority),
      epoch: sentEpoch,
      minBacklogMs: sharedRate.minBacklogMs(instances),
      pauseMs: 0,
    })
    if (reply) update(reply, sentEpoch)
    const waitMs = reply ? reply.waitMs : tryAcquireLocally(priority)
    if (waitMs === 0) localLog.record()
    // The vendor may have asked for a pause meanwhile; the granted request is then lost.
    return Math.max(waitMs, pause.remainingMs())
  }

  function update(reply: BucketReply, sentEpoch: string): void {
    localRate = null
    backlog.set(reply.backlogMs)
    pause.extend(reply.pausedMs)
    instanceCountTtl.set(INSTANCE_COUNT_TTL_MS)
    instances = reply.instances
    activeInstances = reply.activeInstances
    // An epoch that was invalidated while this request was in flight stays invalid: the next request reports it.
    if (epoch === sentEpoch) epoch = reply.epoch
  }

  function tryAcquireLocally(priority: Priority): number {
    const rate = (localRate ??= startLocalRate())
    if (epoch !== '') epoch = UNKNOWN_EPOCH
    const waitMs = Math.max(pause.remainingMs(), gcraWaitMs(rate, backlog.remainingMs(), priority))
    if (waitMs > 0) return Math.min(waitMs, RETRY_MS)
    backlog.set(backlog.remainingMs() + rate.emissionIntervalMs)
    epoch = UNKNOWN_EPOCH
    return 0
  }

  function startLocalRate(): GcraRate {
    if (instanceCountTtl.remainingMs() === 0) instances = Math.max(instances, ASSUMED_INSTANCES)
    const rate = sharedRate.rateForInstances(instances)
    backlog.extend(rate.readToleranceMs)
    shortOutage.set(SHORT_OUTAGE_MS)
    return rate
  }

  return {
    tryAcquire,
    async pause(ms) {
      pause.extend(ms)
      await bucket.request({ toleranceMs: 0, epoch: '', minBacklogMs: 0, pauseMs: ms })
    },
    estimateWaitMs(ahead, priority) {
      const rate = shortOutage.remainingMs() > 0 ? null : localRate
      const waitMs = gcraWaitMs(rate ?? sharedRate, backlog.remainingMs(), priority, ahead)
      // Free capacity goes to the first request that comes; under contention the active instances share the rate.
      return Math.max(pause.remainingMs(), rate ? waitMs : waitMs * activeInstances)
    },
    async state() {
      const reply = await bucket.request({
        toleranceMs: 0,
        epoch,
        minBacklogMs: sharedRate.minBacklogMs(instances),
        pauseMs: 0,
      })
      if (reply) {
        instanceCountTtl.set(INSTANCE_COUNT_TTL_MS)
        instances = reply.instances
        return toVendorBudget(sharedRate.limit, { ...reply, pausedMs: Math.max(reply.pausedMs, pause.remainingMs()) })
      }
      // Assume that the other instances sent as many requests as this one.
      const sent = localLog.count() * instances
      return toVendorBudget(sharedRate.limit, {
        sent,
        clearsInMs: localLog.clearsInMs(),
        pausedMs: pause.remainingMs(),
      })
    },
  }
}
