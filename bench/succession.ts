import { setTimeout as delay } from 'node:timers/promises'
import { isRedisInstalled, startRedis } from '../test/support/redis-server.js'
import { idOf } from './gateway.js'
import { startInstance } from './instances.js'
import type { Report } from './report.js'
import { subscribe } from './subscriber.js'
import { startBenchVendors, type Stage } from './vendors.js'

const JOBS = 20

/** Two instances on one Redis, of which the one that looks is killed. Needs a redis-server. */
export async function measureSuccession(report: Report): Promise<void> {
  if (!isRedisInstalled()) return console.log('Skipped: two instances, because redis-server is not installed.')
  let stage: Stage = 'waiting'
  const vendors = await startBenchVendors({ jobsPerPlace: JOBS, stageOf: () => stage })
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
    [...subscriber.seen.values()].filter((statuses) => statuses.join() === 'QUEUED,RUNNING,COMPLETED').length
  report.add({
    name: `2 instances, ${JOBS} watched runs of one workflow: reads of Cortex a second`,
    measured: perSecond,
    atMost: 2,
    unit: 'a second',
  })
  report.add({
    name: '  the one that looks is killed: subscribers of the other miss',
    measured: JOBS - finals(second),
    atMost: 0,
    unit: 'of 20 lives',
  })
  report.add({ name: '  and know the end after', measured: tookMs / 1000, atMost: 10, unit: 's' })
  first.leave()
  second.leave()
  follower.child.kill()
  await redis.close()
  await vendors.close()
}
