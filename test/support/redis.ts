import { describe } from 'vitest'
import { isRedisInstalled } from './redis-server.js'

/** Like `describe`, or skipped, and saying so, where no redis-server is installed. */
export function describeWithRedis(title: string, tests: () => void): void {
  if (isRedisInstalled()) describe(title, tests)
  else describe.skip(`${title} [skipped: redis-server is not installed]`, tests)
}
