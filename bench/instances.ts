import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { request } from 'undici'
import { isRedisInstalled, startRedis, type PrivateRedis } from '../test/support/redis-server.js'
import { idOf } from './gateway.js'
import type { InstanceOptions } from './instance.js'
import type { Report } from './report.js'
import { slidingMaximum } from '../test/support/sliding-window.js'
import { startBenchVendors } from './vendors.js'

/** Scales a minute down to 10 s and the limit to 100, so that a run uses up several windows. */
const WINDOW_MS = 10_000
const LIMIT = 100
const RUN_MS = 22_000
const KILL_AFTER_MS = 9000

interface Run {
  readonly name: string
  readonly instances: number
  /** Queries per second, each of which costs one call. */
  readonly demand: number
  readonly killRedis: boolean
  /** Deadline of a query in ms. */
  readonly deadlineMs: number
}

const RUNS: readonly Run[] = [
  ...[1, 2, 4].map((instances) => ({
    name: `${instances} instance${instances > 1 ? 's' : ''} on one Redis, load three times the limit`,
    instances,
    demand: 30,
    killRedis: false,
    deadlineMs: 2000,
  })),
  {
    name: '4 instances, load three times the limit, Redis killed during the run',
    instances: 4,
    demand: 30,
    killRedis: true,
    deadlineMs: 2000,
  },
  {
    name: '4 instances, load half the limit, Redis killed during the run',
    instances: 4,
    demand: 5,
    killRedis: true,
    deadlineMs: 10_000,
  },
]

/** Measures the most requests that several instances send in any window. Needs a redis-server. */
export async function measureInstances(report: Report): Promise<void> {
  if (!isRedisInstalled()) return console.log('Skipped: several instances, because redis-server is not installed.')
  for (const run of RUNS) await measureRun(run, report)
}

async function measureRun(run: Run, report: Report): Promise<void> {
  const vendors = await startBenchVendors({ jobsPerContainer: 80 })
  const redis = await startRedis()
  const options: InstanceOptions = {
    cortexUrl: vendors.cortex.url.href,
    kodexaUrl: vendors.kodexa.url.href,
    redisUrl: redis.url,
    limit: LIMIT,
    rateWindowMs: WINDOW_MS,
    deadlineMs: run.deadlineMs,
  }
  const instances = await Promise.all(Array.from({ length: run.instances }, () => startInstance(options)))
  const codes = await sendQueries(instances, run, redis)
  const rejected = codes.filter((code) => code === 'VENDOR_RATE_LIMITED' || code === 'VENDOR_TIMEOUT').length
  const others = codes.filter((code) => code !== null).length - rejected
  const sent = vendors.cortex.arrivals
  report.add({
    name: run.name,
    measured: slidingMaximum(sent, WINDOW_MS),
    atMost: LIMIT,
    unit: 'per window',
  })
  const name = `  ${rejected} of ${codes.length} queries rejected for the limit; failed in another way`
  report.add({ name, measured: others, atMost: 0, unit: 'errors' })
  if (run.demand * (WINDOW_MS / 1000) < LIMIT)
    report.add({ name: '  rejected for the limit', measured: rejected, atMost: 0, unit: 'errors' })
  for (const { child } of instances) child.kill()
  await redis.close()
  await vendors.close()
}

export interface Instance {
  readonly child: ChildProcess
  readonly url: string
}

/** Starts a gateway in a process of its own. */
export async function startInstance(options: InstanceOptions): Promise<Instance> {
  const child = fork(new URL('instance.ts', import.meta.url), [JSON.stringify(options)], {
    execArgv: ['--import', 'tsx'],
  })
  const [port] = (await once(child, 'message')) as [number]
  return { child, url: `http://127.0.0.1:${port}/graphql` }
}

/** Returns the error code of each query; null on success. */
async function sendQueries(instances: readonly Instance[], run: Run, redis: PrivateRedis): Promise<(string | null)[]> {
  const start = performance.now()
  const queries: Promise<string | null>[] = []
  let isKilled = !run.killRedis
  for (let at = 0; performance.now() - start < RUN_MS; at++) {
    // Each in a collection of its own, so that reads are neither batched nor cached.
    const query = `{ job(id: "${idOf.record(at, `col_${at}`)}") { name } }`
    queries.push(sendQuery(instances[at % instances.length]!.url, query))
    if (!isKilled && performance.now() - start > KILL_AFTER_MS) {
      isKilled = true
      await redis.kill()
    }
    await delay(1000 / run.demand)
  }
  return Promise.all(queries)
}

async function sendQuery(url: string, query: string): Promise<string | null> {
  const { body } = await request(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  })
  const { errors } = (await body.json()) as { errors?: { extensions?: { code?: string } }[] }
  return errors?.[0] ? (errors[0].extensions?.code ?? 'NONE') : null
}
