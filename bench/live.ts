/**
 * What live updates come to, in counts: events that arrive, calls that they cost, and what is left behind when all have
 * gone. Prints a table and fails when a figure is missed. No figure is a speed.
 */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { slidingMaximum } from '../test/support/sliding-window.js'
import { idOf, openBenchGateway, type BenchGatewayOptions } from './gateway.js'
import { measureSuccession } from './succession.js'
import { createReport } from './report.js'
import { subscribe, subscribeByWebSocket, type Subscriber } from './subscriber.js'
import { startBenchVendors, type BenchVendorOptions, type Stage } from './vendors.js'

const report = createReport()
const range = <T>(length: number, item: (at: number) => T) => Array.from({ length }, (_, at) => item(at))
const LIFE = ['QUEUED', 'RUNNING', 'COMPLETED']

await measureOneRun()
await measureCrowd()
await measureCancels()
await measureSuccession(report)
process.exitCode = report.isGood() ? 0 : 1

async function measureOneRun(): Promise<void> {
  let stage: Stage = 'waiting'
  const scene = await open({ jobsPerPlace: 1, stageOf: () => stage }, { limit: 500 })
  const start = performance.now()
  const subscribers = range(50, () => subscribe(scene.url, [idOf.run(0)]))
  await delay(4000)
  stage = 'running'
  await delay(4000)
  stage = 'done'
  await Promise.all(subscribers.map(({ ended }) => ended))
  const seconds = (performance.now() - start) / 1000
  const name = '50 subscribers on one run: of 150 events in order, missing or wrong'
  report.add({ name, measured: missing(subscribers), atMost: 0, unit: 'events' })
  const reads = scene.vendors.cortex.arrivals.length
  report.add({ name: '  reads of Cortex a second', measured: reads / seconds, atMost: 2, unit: 'a second' })
  await scene.close()
}

/** A minute cut to 15 s, and the limit with it. */
async function measureCrowd(): Promise<void> {
  const [windowMs, clients] = [15_000, 1000]
  const limit = (500 * windowMs) / 60_000
  const begins = new Map<string, number>()
  let bornAt = 0
  const stageOf = (id: string): Stage => {
    const begin = begins.get(id) ?? begins.set(id, 3000 + Math.random() * 3000).get(id)!
    const age = performance.now() - bornAt
    return age < begin ? 'waiting' : age < begin * 2 ? 'running' : 'done'
  }
  const scene = await open({ jobsPerPlace: 17, stageOf }, { limit, rateWindowMs: windowMs })
  const jobs = [
    ...range(34, (at) => idOf.record(at % 17, `col_${at % 2}`)),
    ...range(33, (at) => idOf.run(at % 17, `work_${at % 2}`)),
    ...range(33, idOf.execution),
  ]
  // The first crowd warms everything up; what the second leaves behind is a leak.
  const round = async () => {
    begins.clear()
    bornAt = performance.now()
    const subscribers = range(clients, (at) =>
      (at % 2 === 0 ? subscribe : subscribeByWebSocket)(scene.url, [jobs[Math.floor(at / 2) % jobs.length]!]),
    )
    await Promise.all(subscribers.map(({ ended }) => ended))
    return { missing: missing(subscribers), left: await scene.left() }
  }
  const first = await round()
  const second = await round()
  const name = `${clients} subscribers over ${jobs.length} jobs, half by WebSocket, twice: of ${clients * 6} events missing or wrong`
  report.add({ name, measured: first.missing + second.missing, atMost: 0, unit: 'events' })
  const sent = slidingMaximum(scene.vendors.cortex.arrivals, windowMs)
  report.add({ name: '  requests to Cortex in any 15 s', measured: sent, atMost: limit, unit: 'of the limit' })
  const { left } = second
  report.add({ name: '  afterwards: jobs watched', measured: left.jobs, atMost: 0, unit: 'jobs' })
  report.add({ name: '  afterwards: connections of subscribers', measured: left.sockets, atMost: 0, unit: 'sockets' })
  report.add({ name: '  afterwards: timers more than before', measured: left.timers, atMost: 0, unit: 'timers' })
  const grown = left.heapMB - first.left.heapMB
  report.add({ name: '  afterwards: more memory than after the first crowd', measured: grown, atMost: 3, unit: 'MB' })
  await scene.close()
}

async function measureCancels(): Promise<void> {
  const failsToCancel = (id: string) => Number(/\d+$/.exec(id)![0]) % 5 === 0
  const scene = await open({ jobsPerPlace: 1, failsToCancel }, { limit: 500 })
  const ids = range(100, (at) => [idOf.record, idOf.run, idOf.execution][at % 3]!(at))
  const answer = await fetch(scene.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      query: 'mutation ($ids: [ID!]!) { cancelJobs(ids: $ids) { id outcome error { code } } }',
      variables: { ids },
    }),
  })
  const { data } = (await answer.json()) as { data: { cancelJobs: Outcome[] } }
  const wrong = ids.filter((id, at) => {
    const outcome = data.cancelJobs[at]
    if (outcome?.id !== id) return true
    return at % 5 === 0 ? outcome.error?.code !== 'VENDOR_UNAVAILABLE' : outcome.outcome !== 'CANCELLED'
  })
  const name = '100 cancels, of which the vendors fail every fifth: outcomes that are wrong'
  report.add({ name, measured: wrong.length, atMost: 0, unit: 'outcomes' })
  const sent = scene.vendors.cortex.cancels.length + scene.vendors.kodexa.cancels.length
  report.add({ name: '  cancels sent', measured: sent, atMost: 100, unit: 'cancels' })
  await scene.close()
}

interface Outcome {
  readonly id: string
  readonly outcome: string | null
  readonly error: { readonly code: string } | null
}

/** A gateway that listens, in front of vendors of its own. */
async function open(vendorOptions: BenchVendorOptions, options: Pick<BenchGatewayOptions, 'limit' | 'rateWindowMs'>) {
  const vendors = await startBenchVendors(vendorOptions)
  const gateway = openBenchGateway({ cortexUrl: vendors.cortex.url, kodexaUrl: vendors.kodexa.url, ...options })
  const server = createServer(gateway.listener)
  server.on('upgrade', gateway.upgrade)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const timersAtFirst = timers()
  return {
    vendors,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`,
    /** What is there when everybody has gone. */
    async left() {
      await delay(1500)
      collectGarbage()
      const sockets = await new Promise<number>((resolve) => server.getConnections((_error, count) => resolve(count)))
      return {
        jobs: gateway.watching().jobs,
        sockets,
        timers: Math.max(0, timers() - timersAtFirst),
        heapMB: process.memoryUsage().heapUsed / 1_000_000,
      }
    },
    async close() {
      server.closeAllConnections()
      server.close()
      await gateway.close()
      await vendors.close()
    },
  }
}

function timers(): number {
  return process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length
}

function collectGarbage(): void {
  setFlagsFromString('--expose_gc')
  const collect = runInNewContext('gc') as () => void
  collect()
}

/** Events that did not come, came twice, or in another order. */
function missing(subscribers: readonly Subscriber[]): number {
  return subscribers
    .flatMap(({ seen }) => [...seen.values()])
    .reduce((sum, statuses) => sum + LIFE.length - matching(statuses), 0)
}

function matching(statuses: readonly string[]): number {
  return statuses.length > LIFE.length ? 0 : statuses.filter((status, at) => status === LIFE[at]).length
}
