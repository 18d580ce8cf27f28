import { randomUUID } from 'node:crypto'
import type { Redis } from 'ioredis'
import type { Log } from '../job/log.js'
import type { Secret } from '../job/secret.js'
import { connectRedis } from '../redis/connection.js'
import { subscribeRedis } from '../redis/subscription.js'
import { decodeClusterMessage, encodeClusterMessage } from './cluster-message.js'
import type { ClusterBus } from './cluster-bus.js'

/** How long a job stays with an instance that does not renew its lease: it may be dead. */
const LEASE_MS = 3000
const RENEW_MS = 1000
/** Keys of one call: more would hold up everybody else's. */
const CHUNK = 500
const CHANNEL = 'docket:watch'
/** The braces keep all leases on one node of a Redis Cluster. */
const PREFIX = 'docket:{lease}:'

/** Takes or renews what nobody else holds; says of each whether it is one's own. */
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
  /** Null until it is known. */
  isLeader: boolean | null
}

/**
 * Instances that meet on a Redis: each job is looked at by the one that holds its lease. While Redis is not there, or
 * the others cannot be heard, an instance looks for itself.
 */
export function connectClusterBus(url: Secret, log: Log): ClusterBus {
  const id = randomUUID()
  const redis = connectRedis(url, log, 'watch')
  const campaigns = new Map<string, Candidacy>()
  let unsubscribe = () => {}
  let renewing: NodeJS.Timeout | null = null
  let isFresh = false
  let isHearing = false

  /** @param isWanted which of them: all are renewed from time to time, those who have just come are asked for at once */
  async function renew(isWanted: (campaign: Candidacy) => boolean = () => true): Promise<void> {
    const jobs = [...campaigns].filter(([, campaign]) => isWanted(campaign))
    for (let at = 0; at < jobs.length; at += CHUNK) {
      // Whoever has given up meanwhile must not hold a lease again.
      const chunk = jobs.slice(at, at + CHUNK).filter(([job, campaign]) => campaigns.get(job) === campaign)
      if (chunk.length === 0) continue
      const held = await redis.attempt<readonly unknown[] | null>(
        (client) =>
          acquireLeases(
            client,
            id,
            chunk.map(([job]) => job),
          ),
        () => null,
      )
      chunk.forEach(([job, campaign], index) => {
        if (campaigns.get(job) === campaign) decide(campaign, held === null || !isHearing || held[index] === 1)
      })
    }
  }

  /** Those who come in the same moment are asked for together. */
  function renewSoon(): void {
    renewing ??= setInterval(() => void renew(), RENEW_MS)
    if (isFresh) return
    isFresh = true
    setImmediate(() => {
      isFresh = false
      void renew(({ isLeader }) => isLeader === null)
    })
  }

  function stopRenewing(): void {
    if (renewing) clearInterval(renewing)
    renewing = null
  }

  return {
    acquireLeadership(job, onLead) {
      const campaign: Candidacy = { onLeaderChange: onLead, isLeader: null }
      campaigns.set(job, campaign)
      renewSoon()
      return () => {
        campaigns.delete(job)
        if (campaigns.size === 0) stopRenewing()
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
          isHearing = true
          void renew()
          onGap()
        },
        onLost() {
          isHearing = false
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

function decide(campaign: Candidacy, leads: boolean): void {
  if (campaign.isLeader === leads) return
  campaign.isLeader = leads
  campaign.onLeaderChange(leads)
}

async function acquireLeases(client: Redis, id: string, jobs: readonly string[]): Promise<readonly unknown[]> {
  const held = await client.eval(ACQUIRE_SCRIPT, jobs.length, ...jobs.map((job) => PREFIX + job), id, LEASE_MS)
  if (!Array.isArray(held)) throw new TypeError('That is not an answer of the script.')
  return held as readonly unknown[]
}
