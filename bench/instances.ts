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

/** A minute cut to ten seconds, and a limit of 500 to 100: enough for all to be spent several times over. */
const WINDOW_MS = 10_000
const LIMIT = 100
const RUN_MS = 22_000
const KILL_AFTER_MS = 9000

interface Run {
  readonly name: string
  readonly instances: number
  /** Queries a second, each of which costs a call. */
  readonly demand: number
  readonly killRedis: boolean
  /** How long a query waits for its turn. */
  readonly deadlineMs: number
}

const RUNS: readonly Run[] = [
  ...[1, 2, 4].map((instances) => ({
    name: `${instances} instance${instances > 1 ? 's' : ''} on one Redis, asked for three times the limit`,
    instances,
    demand: 30,
    killRedis: false,
    deadlineMs: 2000,
  })),
  {
    name: '4 instances, asked for three times the limit, Redis killed on the way',
    instances: 4,
    demand: 30,
    killRedis: true,
    deadlineMs: 2000,
  },
  {
    name: '4 instances, asked for half the limit, Redis killed on the way',
    instances: 4,
    demand: 5,
    killRedis: true,
    deadlineMs: 10_000,
  },
]

/** How many requests several processes send together in any window. Needs a redis-server. */
export async function measureInstances(report: Report): Promise<void> {
  if (!isRedisInstalled()) return console.log('Skipped: several instances, because redis-server is not installed.')
  for (const run of RUNS) await measureRun(run, report)
}

async function measureRun(run: Run, report: Report): Promise<void> {
  const vendors = await startBenchVendors({ jobsPerPlace: 80 })
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
  const codes = await ask(instances, run, redis)
  // Too late, or with too little time left when its turn came.
  const refused = codes.filter((code) => code === 'VENDOR_RATE_LIMITED' || code === 'VENDOR_TIMEOUT').length
  const others = codes.filter((code) => code !== null).length - refused
  const sent = vendors.cortex.arrivals
  report.add({
    name: run.name,
    measured: slidingMaximum(sent, WINDOW_MS),
    atMost: LIMIT,
    unit: 'in any window',
  })
  const name = `  of ${codes.length} queries ${refused} were refused for the limit; failed otherwise`
  report.add({ name, measured: others, atMost: 0, unit: 'errors' })
  if (run.demand * (WINDOW_MS / 1000) < LIMIT)
    report.add({ name: '  refused for the limit', measured: refused, atMost: 0, unit: 'errors' })
  for (const { child } of instances) child.kill()
  await redis.close()
  await vendors.close()
}

export interface Instance {
  readonly child: ChildProcess
  readonly url: string
}

/** A gateway in a process of its own. */
export async function startInstance(options: InstanceOptions): Promise<Instance> {
  const child = fork(new URL('instance.ts', import.meta.url), [JSON.stringify(options)], {
    execArgv: ['--import', 'tsx'],
  })
  const [port] = (await once(child, 'message')) as [number]
  return { child, url: `http://127.0.0.1:${port}/graphql` }
}

/** The error code of each query, null when it went well. */
async function ask(instances: readonly Instance[], run: Run, redis: PrivateRedis): Promise<(string | null)[]> {
  const start = performance.now()
  const queries: Promise<string | null>[] = []
  let isKilled = !run.killRedis
  for (let at = 0; performance.now() - start < RUN_MS; at++) {
    // Each in a collection of its own, so that nothing is read together or kept.
    const query = `{ job(id: "${idOf.record(at, `col_${at}`)}") { name } }`
    queries.push(askOne(instances[at % instances.length]!.url, query))
    if (!isKilled && performance.now() - start > KILL_AFTER_MS) {
      isKilled = true
      await redis.kill()
    }
    await delay(1000 / run.demand)
  }
  return Promise.all(queries)
}

async function askOne(url: string, query: string): Promise<string | null> {
  const { body } = await request(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  })
  const { errors } = (await body.json()) as { errors?: { extensions?: { code?: string } }[] }
  return errors?.[0] ? (errors[0].extensions?.code ?? 'NONE') : null
}
