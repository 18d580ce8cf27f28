import { createHash, randomUUID } from 'node:crypto'
import type { Redis } from 'ioredis'
import type { RedisConnection } from '../../redis/connection.js'
import type { GcraLimit } from './gcra.js'

/** What is asked of the shared bucket in one go. */
export interface BucketRequest {
  /** How far ahead the request may bring it, in ms; 0 takes nothing and only looks. */
  readonly toleranceMs: number
  /** The `birth` this instance knows; '' when it knows none and has sent nothing without asking. */
  readonly epoch: string
  /** How far ahead the bucket has to be taken to be, in ms, when it has another birth. */
  readonly minBacklogMs: number
  /** Stops everybody for so long; 0 stops nobody. */
  readonly pauseMs: number
}

export interface BucketReply {
  /** 0 when the room was taken, else in how many ms to ask again. */
  readonly waitMs: number
  readonly backlogMs: number
  /** How many requests all instances have sent within the last window. */
  readonly sent: number
  /** Until the last of them is a window ago, in ms. */
  readonly clearsInMs: number
  /** How long everybody has to stop, in ms. */
  readonly pausedMs: number
  /** How many instances have asked in the last minutes, this one included. */
  readonly instances: number
  /** How many have in the last seconds. */
  readonly activeInstances: number
  /** Names this bucket: an emptied Redis makes a new one. */
  readonly epoch: string
}

/** The bucket that all instances share. */
export interface RedisBucket {
  /** Null when Redis is not there or too slow. A slow one may have taken the room all the same. */
  request(question: BucketRequest): Promise<BucketReply | null>
}

/** Much longer than any window: what is missing after it cannot matter. */
const BUCKET_TTL_MS = 24 * 3600 * 1000
/** An instance that has had nothing to ask for still has its share when Redis goes. */
const INSTANCE_TTL_MS = 5 * 60_000
const INSTANCE_LEASE_MS = 10_000
const MAX_PAUSE_MS = 5 * 60_000

/** All times are microseconds of Redis's own clock, so that the instances' clocks do not matter. */
const SCRIPT = `
local id, birth, tolerance, careful, interval, window, floor, pause = unpack(ARGV)
local function number(value) return tonumber(value) or 0 end
local function write(value) return string.format('%.0f', value) end
tolerance, window, pause = number(tolerance), number(window), number(pause)

local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local kept = redis.call('HMGET', KEYS[1], 'full', 'paused', 'careful', 'birth')
-- The clock of a Redis can be set back: what would lie too far off then is cut to what it can be at most.
local full = math.max(now, math.min(number(kept[1]), now + window))
local paused = math.max(now + pause, math.min(number(kept[2]), now + ${MAX_PAUSE_MS * 1000}))
local carefulUntil = math.min(number(kept[3]), now + window)
local born = kept[4] or write(now)

-- Requests were sent without asking, or what was asked is forgotten: no burst is left, whatever this bucket says.
if birth ~= '' and birth ~= born then
  full = math.max(full, now + number(floor))
  carefulUntil = now + window
end
if carefulUntil > now then tolerance = math.min(tolerance, number(careful)) end

local wait = math.max(0, paused - now, full + number(interval) - now - tolerance)
if wait == 0 then
  full = full + number(interval)
  redis.call('ZADD', KEYS[3], write(now), write(now))
  redis.call('PEXPIRE', KEYS[3], math.ceil(window / 1000))
end
redis.call('ZREMRANGEBYSCORE', KEYS[3], '-inf', write(now - window))
local last = redis.call('ZREVRANGE', KEYS[3], 0, 0)[1]
local clears = last and math.max(0, number(last) + window - now) or 0

if tolerance > 0 or pause > 0 then
  redis.call('HSET', KEYS[1], 'full', write(full), 'paused', write(paused), 'careful', write(carefulUntil), 'birth', born)
  redis.call('PEXPIRE', KEYS[1], ${BUCKET_TTL_MS})
end
-- Who only looks is there, but takes nothing from anybody.
local seen = tolerance > 0 and now or now - ${(INSTANCE_LEASE_MS + 1) * 1000}
redis.call('ZADD', KEYS[2], 'GT', write(seen), id)
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', write(now - ${INSTANCE_TTL_MS * 1000}))
redis.call('PEXPIRE', KEYS[2], ${INSTANCE_TTL_MS})
local instances = redis.call('ZCARD', KEYS[2])
local rivals = redis.call('ZCOUNT', KEYS[2], write(now - ${INSTANCE_LEASE_MS * 1000}), '+inf')
return { wait, full - now, redis.call('ZCARD', KEYS[3]), clears, paused - now, instances, rivals, born }
`
const SHA = createHash('sha1').update(SCRIPT).digest('hex')

export interface RedisBucketOptions {
  readonly redis: RedisConnection
  /** Says which bucket: whose requests are counted together. */
  readonly key: string
  readonly rate: GcraLimit
}

export function createRedisBucket({ redis, key, rate }: RedisBucketOptions): RedisBucket {
  const id = randomUUID()
  // The braces keep all keys on one node of a Redis Cluster.
  const keys = ['bucket', 'instances', 'sent'].map((part) => `docket:budget:{${key}}:${part}`)
  return {
    request({ toleranceMs, epoch, minBacklogMs, pauseMs }) {
      const times = [toleranceMs, rate.recoveryToleranceMs, rate.emissionIntervalMs, rate.windowMs, minBacklogMs, pauseMs]
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

/** @throws when it is not what the script answers: then there is no Redis to speak of */
function decodeReply(reply: unknown): BucketReply {
  if (!Array.isArray(reply) || reply.length !== 8) throw new TypeError('That is not an answer of the script.')
  const [waitUs, aheadUs, sent, clearsUs, pausedUs, instances, rivals] = reply.map(Number) as Numbers
  return {
    waitMs: waitUs / 1000,
    backlogMs: aheadUs / 1000,
    sent,
    clearsInMs: clearsUs / 1000,
    pausedMs: pausedUs / 1000,
    instances,
    // This one may only have looked.
    activeInstances: Math.max(1, rivals),
    epoch: String(reply[7]),
  }
}
