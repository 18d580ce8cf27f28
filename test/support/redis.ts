import { expect } from 'vitest'
import { silentLog } from '../../src/job/log.js'
import { connectRedis, type RedisConnection } from '../../src/redis/connection.js'
import { closeAfterTest } from './close-after-test.js'
import { Secret } from '../../src/job/secret.js'

/** Returns a connection that answers PING, and closes it after the running test. */
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
