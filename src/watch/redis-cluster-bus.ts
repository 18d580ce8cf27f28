import { randomUUID } from 'node:crypto'
import type { Redis } from 'ioredis'
import type { Log } from '../job/log.js'
import type { Secret } from '../job/secret.js'
import { connectRedis } from '../redis/connection.js'
import { subscribeRedis } from '../redis/subscription.js'
import { decodeClusterMessage, encodeClusterMessage } from './cluster-message.js'
import type { ClusterBus } from './cluster-bus.js'

/** How long an instance keeps a job without renewing its lease, for example because it crashed. */
const LEASE_MS = 3000
const RENEW_MS = 1000
/** The maximum number of keys in one script call: Redis runs nothing else meanwhile. */
const MAX_KEYS = 500
const CHANNEL = 'docket:watch'
/** The hash tag keeps all leases on one node of a Redis Cluster. */
const PREFIX = 'docket:{lease}:'

/** Acquires or renews the leases that no other instance holds; returns 1 for each lease held, else 0. */
const ACQUIRE_SCRIPT = `
local held = {}
for index, key in ipairs(KEYS) do
  local holder = redis.call('GET', key)
  local isOwn = not holder or holder == ARGV[1]
  if isOwn then redis.call('SET', key, ARGV[1], 'PX', ARGV[2]) end
  held[index] = isOwn and 1 or 0
end
return held`

const RELEASE_SCRIPT = `if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end`

interface Candidacy {
  readonly onLeaderChange: (isLeader: boolean) => void
  /** Null until the first lease attempt ends. */
  isLeader: boolean | null
}

/**
 * Elects a leader per job by a lease in Redis, and sends messages through a Redis channel. While Redis is unavailable,
 * or the subscription is down, every instance leads all of its jobs.
 */
export function connectClusterBus(url: Secret, log: Log): ClusterBus {
  const id = randomUUID()
  const redis = connectRedis(url, log, 'watch')
  const candidacies = new Map<string, Candidacy>()
  let unsubscribe = () => {}
  let renewal: NodeJS.Timeout | null = null
  let isAcquireScheduled = false
  let isSubscribed = false

  async function acquire(isWanted: (candidacy: Candidacy) => boolean = () => true): Promise<void> {
    const wanted = [...candidacies].filter(([, candidacy]) => isWanted(candidacy))
    for (let start = 0; start < wanted.length; start += MAX_KEYS) {
      // An instance that left an election meanwhile must not acquire the lease again.
      const chunk = wanted
        .slice(start, start + MAX_KEYS)
        .filter(([job, candidacy]) => candidacies.get(job) === candidacy)
      if (chunk.length === 0) continue
      const jobs = chunk.map(([job]) => job)
      const held = await redis.attempt<readonly unknown[] | null>(
        (client) => acquireLeases(client, id, jobs),
        () => null,
      )
      chunk.forEach(([job, candidacy], index) => {
        if (candidacies.get(job) === candidacy)
          setLeader(candidacy, held === null || !isSubscribed || held[index] === 1)
      })
    }
  }

  /** Acquires the leases of all new candidacies of this tick together. */
  function scheduleAcquire(): void {
    renewal ??= setInterval(() => void acquire(), RENEW_MS)
    if (isAcquireScheduled) return
    isAcquireScheduled = true
    setImmediate(() => {
      isAcquireScheduled = false
      void acquire(({ isLeader }) => isLeader === null)
    })
  }

  function stopRenewing(): void {
    if (renewal) clearInterval(renewal)
    renewal = null
  }

  return {
    acquireLeadership(job, onLeaderChange) {
      candidacies.set(job, { onLeaderChange, isLeader: null })
      scheduleAcquire()
      return () => {
        candidacies.delete(job)
        if (candidacies.size === 0) stopRenewing()
        void redis.attempt<unknown>(
          (client) => client.eval(RELEASE_SCRIPT, 1, PREFIX + job, id),
          () => null,
        )
      }
    },
    publish(message) {
      void redis.attempt<unknown>(
        (client) => client.publish(CHANNEL, encodeClusterMessage(id, message)),
        () => null,
      )
    },
    subscribe({ onMessage, onGap }) {
      unsubscribe = subscribeRedis({
        url,
        channel: CHANNEL,
        onReady() {
          isSubscribed = true
          void acquire()
          onGap()
        },
        onLost() {
          isSubscribed = false
        },
        onMessage(text) {
          const message = decodeClusterMessage(id, text)
          if (message) onMessage(message)
        },
      })
    },
    async close() {
      stopRenewing()
      unsubscribe()
      await redis.close()
    },
  }
}

function setLeader(candidacy: Candidacy, isLeader: boolean): void {
  if (candidacy.isLeader === isLeader) return
  candidacy.isLeader = isLeader
  candidacy.onLeaderChange(isLeader)
}

async function acquireLeases(client: Redis, id: string, jobs: readonly string[]): Promise<readonly unknown[]> {
  const held = await client.eval(ACQUIRE_SCRIPT, jobs.length, ...jobs.map((job) => PREFIX + job), id, LEASE_MS)
  if (!Array.isArray(held)) throw new TypeError('The lease script returned no array.')
  return held as readonly unknown[]
}
