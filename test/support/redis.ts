import { describe, expect } from 'vitest'
import { silentLog } from '../../src/job/log.js'
import { connectRedis, type RedisConnection } from '../../src/redis/connection.js'
import { closeAfterTest } from './closing.js'
import { isRedisInstalled } from './redis-server.js'
import { Secret } from '../../src/job/secret.js'

/** Like `describe`, or skipped, and saying so, where no redis-server is installed. */
export function describeWithRedis(title: string, tests: () => void): void {
  if (isRedisInstalled()) describe(title, tests)
  else describe.skip(`${title} [skipped: redis-server is not installed]`, tests)
}

/** A connection that stands, for the running test. */
export async function connectForTest(url: string): Promise<RedisConnection> {
  const connection = connectRedis(new Secret(url), silentLog)
  closeAfterTest(connection.close)
  const ping = () =>
    connection.attempt(
      (client) => client.ping(),
      () => 'not yet',
    )
  await expect.poll(ping).toBe('PONG')
  return connection
}
