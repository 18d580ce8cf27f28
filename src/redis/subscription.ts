import { Redis } from 'ioredis'
import type { Secret } from '../job/secret.js'

export interface RedisSubscriptionOptions {
  /** `redis://` or `rediss://`; may contain a password, which is never logged. */
  readonly url: Secret
  readonly channel: string
  readonly onMessage: (message: string) => void
  /** The subscription is active. Messages published since the last `onLost` were missed. */
  readonly onReady: () => void
  /** The connection is lost. No messages arrive until the next `onReady`. */
  readonly onLost: () => void
}

const TIMEOUT_MS = 1000
/** Pings detect a host that vanished without closing the connection. */
const PING_MS = 2000
const MAX_RECONNECT_MS = 1000

/**
 * Subscribes to a channel in the background and reconnects forever. Does not log outages: the connection that publishes
 * does.
 * @returns a function that closes the subscription at once
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
  // When Redis rejects the subscription, wait before trying again.
  redis.on(
    'ready',
    () => void redis.subscribe(channel).then(onReady, () => setTimeout(reconnect, MAX_RECONNECT_MS).unref()),
  )
  const pingTimer = setInterval(() => {
    if (redis.status === 'ready') redis.ping().catch(reconnect)
  }, PING_MS)
  return () => {
    clearInterval(pingTimer)
    redis.disconnect()
  }
}
