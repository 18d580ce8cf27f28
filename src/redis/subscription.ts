import { Redis } from 'ioredis'
import type { Secret } from '../job/secret.js'

export interface RedisSubscriptionOptions {
  /** `redis://` or `rediss://`; may hold a password, which is shown nowhere. */
  readonly url: Secret
  readonly channel: string
  readonly onMessage: (message: string) => void
  /** Messages come from now on; those before, since it was last so, are lost. */
  readonly onReady: () => void
  /** No messages come any more, for the time being. */
  readonly onLost: () => void
}

const TIMEOUT_MS = 1000
/** A host that has gone without a word is found out by asking. */
const PING_MS = 2000
const MAX_RECONNECT_MS = 1000

/**
 * Hears what is published on a channel, in the background, and again for as long as it takes. Says nothing of outages:
 * whoever publishes has a connection that does.
 * @returns what closes it, at once
 */
export function subscribeRedis({ url, channel, onMessage, onReady, onLost }: RedisSubscriptionOptions): () => void {
  const redis = new Redis(url.reveal(), {
    connectTimeout: TIMEOUT_MS,
    commandTimeout: TIMEOUT_MS,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    autoResubscribe: false,
    retryStrategy: (times) => Math.min(times * 50, MAX_RECONNECT_MS),
  })
  const reconnect = () => {
    if (redis.status === 'ready') redis.disconnect(true)
  }
  redis.on('error', () => {})
  redis.on('message', (_channel, message) => onMessage(message))
  redis.on('close', onLost)
  // A Redis that lets nobody listen here is not to be asked all the time.
  redis.on(
    'ready',
    () => void redis.subscribe(channel).then(onReady, () => setTimeout(reconnect, MAX_RECONNECT_MS).unref()),
  )
  const pinging = setInterval(() => {
    if (redis.status === 'ready') redis.ping().catch(reconnect)
  }, PING_MS)
  return () => {
    clearInterval(pinging)
    redis.disconnect()
  }
}
