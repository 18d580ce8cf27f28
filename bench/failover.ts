import { setTimeout as delay } from 'node:timers/promises'
import { isRedisInstalled, startRedis } from '../test/support/redis-server.js'
import { idOf } from './gateway.js'
import { startInstance } from './instances.js'
import type { Report } from './report.js'
import { subscribe } from './subscriber.js'
import { startBenchVendors, type Stage } from './vendors.js'

const JOBS = 20

/** Measures two instances on one Redis after the polling leader is killed. Needs a redis-server. */
export async function measureFailover(report: Report): Promise<void> {
  if (!isRedisInstalled()) return console.log('Skipped: two instances, because redis-server is not installed.')
  let stage: Stage = 'waiting'
  const vendors = await startBenchVendors({ jobsPerContainer: JOBS, stageOf: () => stage })
  const redis = await startRedis()
  const options = {
    cortexUrl: vendors.cortex.url.href,
    kodexaUrl: vendors.kodexa.url.href,
    redisUrl: redis.url,
    limit: 500,
    rateWindowMs: 60_000,
    deadlineMs: 10_000,
  }
  const [leader, follower] = [await startInstance(options), await startInstance(options)]
  const ids = Array.from({ length: JOBS }, (_, at) => idOf.run(at))
  const first = subscribe(leader.url, ids)
  await delay(2000)
  const second = subscribe(follower.url, ids)
  await delay(1000)
  const before = vendors.cortex.arrivals.length
  await delay(6000)
  const perSecond = (vendors.cortex.arrivals.length - before) / 6
  stage = 'running'
  await delay(3000)
  leader.child.kill('SIGKILL')
  stage = 'done'
  const killedAt = performance.now()
  await Promise.race([second.ended, delay(20_000)])
  const tookMs = performance.now() - killedAt
  const finals = (subscriber: typeof second) =>
    [...subscriber.statuses.values()].filter((statuses) => statuses.join() === 'QUEUED,RUNNING,COMPLETED').length
  report.add({
    name: `2 instances, ${JOBS} watched runs of one workflow: reads of Cortex per second`,
    measured: perSecond,
    atMost: 2,
    unit: 'per second',
  })
  report.add({
    name: '  leader killed: jobs whose updates the follower misses',
    measured: JOBS - finals(second),
    atMost: 0,
    unit: 'of 20 jobs',
  })
  report.add({
    name: '  time until the follower ends its subscriptions',
    measured: tookMs / 1000,
    atMost: 10,
    unit: 's',
  })
  first.disconnect()
  second.disconnect()
  follower.child.kill()
  await redis.close()
  await vendors.close()
}
