import { createHash, randomUUID } from 'node:crypto'
import type { Redis } from 'ioredis'
import type { RedisConnection } from '../../redis/connection.js'
import type { GcraLimit } from './gcra.js'

/** One call of the script. */
export interface BucketRequest {
  /** The burst tolerance of the request, in ms; 0 only reads the state and consumes nothing. */
  readonly toleranceMs: number
  /** The last epoch this instance has seen; '' when it has seen none and has sent nothing under a local limit. */
  readonly epoch: string
  /** The least backlog to assume when the bucket has another epoch, in ms. */
  readonly minBacklogMs: number
  /** Pauses all instances for this long, in ms; 0 for no pause. */
  readonly pauseMs: number
}

export interface BucketReply {
  /** 0 when the request was granted, else the ms to wait before the next attempt. */
  readonly waitMs: number
  /** The theoretical arrival time (TAT) minus now, in ms. */
  readonly backlogMs: number
  /** Requests that all instances sent within the last window. */
  readonly sent: number
  /** Until the window is empty, in ms. */
  readonly clearsInMs: number
  /** The rest of a pause of all instances, in ms. */
  readonly pausedMs: number
  /** Instances that called the script in the last five minutes, this one included. */
  readonly instances: number
  /** Instances that requested a permit in the last ten seconds, this one included. */
  readonly activeInstances: number
  /** Identifies this bucket; a Redis that lost its data starts a new epoch. */
  readonly epoch: string
}

/** The GCRA state that all instances share in Redis. */
export interface RedisBucket {
  /** Null when Redis is unavailable or too slow. A slow Redis may still have granted the request. */
  request(request: BucketRequest): Promise<BucketReply | null>
}

/** Much longer than any window, so an expired bucket was empty. */
const BUCKET_TTL_MS = 24 * 3600 * 1000
/** An idle instance still counts for this long, and so keeps its share during an outage. */
const INSTANCE_TTL_MS = 5 * 60_000
const INSTANCE_LEASE_MS = 10_000
const MAX_PAUSE_MS = 5 * 60_000

/**
 * GCRA in one atomic step. All times are microseconds of Redis's own clock, so clock skew between instances does not
 * matter. In the bucket's hash, `full` holds the TAT, `careful` the end of the recovery and `birth` the epoch.
 */
const SCRIPT = `
local id, known_epoch, tolerance, recovery_tolerance, interval, window, min_backlog, pause = unpack(ARGV)
local function number(value) return tonumber(value) or 0 end
local function text(value) return string.format('%.0f', value) end
tolerance, window, pause = number(tolerance), number(window), number(pause)

local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local stored = redis.call('HMGET', KEYS[1], 'full', 'paused', 'careful', 'birth')
-- The clock of Redis can be set back: cut stored times to the latest that they can be.
local tat = math.max(now, math.min(number(stored[1]), now + window))
local paused_until = math.max(now + pause, math.min(number(stored[2]), now + ${MAX_PAUSE_MS * 1000}))
local recovery_until = math.min(number(stored[3]), now + window)
local epoch = stored[4] or text(now)

-- This instance sent requests under a local limit, or Redis lost its data: assume that the burst is spent.
if known_epoch ~= '' and known_epoch ~= epoch then
  tat = math.max(tat, now + number(min_backlog))
  recovery_until = now + window
end
if recovery_until > now then tolerance = math.min(tolerance, number(recovery_tolerance)) end

local wait = math.max(0, paused_until - now, tat + number(interval) - now - tolerance)
if wait == 0 then
  tat = tat + number(interval)
  redis.call('ZADD', KEYS[3], text(now), text(now))
  redis.call('PEXPIRE', KEYS[3], math.ceil(window / 1000))
end
redis.call('ZREMRANGEBYSCORE', KEYS[3], '-inf', text(now - window))
local last = redis.call('ZREVRANGE', KEYS[3], 0, 0)[1]
local clears = last and math.max(0, number(last) + window - now) or 0

if tolerance > 0 or pause > 0 then
  redis.call('HSET', KEYS[1], 'full', text(tat), 'paused', text(paused_until),
    'careful', text(recovery_until), 'birth', epoch)
  redis.call('PEXPIRE', KEYS[1], ${BUCKET_TTL_MS})
end
-- A call that only reads the state keeps the instance registered, but not active.
local last_seen = tolerance > 0 and now or now - ${(INSTANCE_LEASE_MS + 1) * 1000}
redis.call('ZADD', KEYS[2], 'GT', text(last_seen), id)
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', text(now - ${INSTANCE_TTL_MS * 1000}))
redis.call('PEXPIRE', KEYS[2], ${INSTANCE_TTL_MS})
local instances = redis.call('ZCARD', KEYS[2])
local active = redis.call('ZCOUNT', KEYS[2], text(now - ${INSTANCE_LEASE_MS * 1000}), '+inf')
return { wait, tat - now, redis.call('ZCARD', KEYS[3]), clears, paused_until - now, instances, active, epoch }
`
const SHA = createHash('sha1').update(SCRIPT).digest('hex')

export interface RedisBucketOptions {
  readonly redis: RedisConnection
  /** Identifies the bucket: requests under the same key share one limit. */
  readonly key: string
  readonly rate: GcraLimit
}

export function createRedisBucket({ redis, key, rate }: RedisBucketOptions): RedisBucket {
  const id = randomUUID()
  // The hash tag in braces keeps all keys on one node of a Redis Cluster.
  const keys = ['bucket', 'instances', 'sent'].map((part) => `docket:budget:{${key}}:${part}`)
  return {
    request({ toleranceMs, epoch, minBacklogMs, pauseMs }) {
      const times = [
        toleranceMs,
        rate.recoveryToleranceMs,
        rate.emissionIntervalMs,
        rate.windowMs,
        minBacklogMs,
        pauseMs,
      ]
      const args = [...keys, id, epoch, ...times.map((ms) => Math.round(ms * 1000))]
      return redis.attempt<BucketReply | null>(
        async (redis) => decodeReply(await run(redis, args)),
        () => null,
      )
    },
  }
}

async function run(redis: Redis, args: readonly (string | number)[]): Promise<unknown> {
  try {
    return await redis.evalsha(SHA, 3, ...args)
  } catch (error) {
    if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error
    return redis.eval(SCRIPT, 3, ...args)
  }
}

type Numbers = [number, number, number, number, number, number, number]

/** @throws {TypeError} when this is not a reply of the script, which the connection counts as a failure of Redis */
function decodeReply(reply: unknown): BucketReply {
  if (!Array.isArray(reply) || reply.length !== 8)
    throw new TypeError('Redis returned something other than a reply of the limiter script.')
  const [waitUs, backlogUs, sent, clearsUs, pausedUs, instances, activeInstances] = reply.map(Number) as Numbers
  return {
    waitMs: waitUs / 1000,
    backlogMs: backlogUs / 1000,
    sent,
    clearsInMs: clearsUs / 1000,
    pausedMs: pausedUs / 1000,
    instances,
    // 0 when this instance has only read the state.
    activeInstances: Math.max(1, activeInstances),
    epoch: String(reply[7]),
  }
}
