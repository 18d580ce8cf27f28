/**
 * Counts what live updates deliver and cost: events, vendor calls, and the resources left after all subscribers have
 * disconnected. Prints a table and fails when a figure misses its limit. No figure is a speed.
 */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { slidingMaximum } from '../test/support/sliding-window.js'
import { idOf, openBenchGateway, type BenchGatewayOptions } from './gateway.js'
import { measureFailover } from './failover.js'
import { createReport } from './report.js'
import { subscribe, subscribeByWebSocket, type Subscriber } from './subscriber.js'
import { startBenchVendors, type BenchVendorOptions, type Stage } from './vendors.js'

const report = createReport()
const range = <T>(length: number, item: (at: number) => T) => Array.from({ length }, (_, at) => item(at))
const LIFECYCLE = ['QUEUED', 'RUNNING', 'COMPLETED']

await measureOneRun()
await measureManySubscribers()
await measureCancels()
await measureFailover(report)
process.exitCode = report.isMet() ? 0 : 1

async function measureOneRun(): Promise<void> {
  let stage: Stage = 'waiting'
  const fixture = await openFixture({ jobsPerContainer: 1, stageOf: () => stage }, { limit: 500 })
  const start = performance.now()
  const subscribers = range(50, () => subscribe(fixture.url, [idOf.run(0)]))
  await delay(4000)
  stage = 'running'
  await delay(4000)
  stage = 'done'
  await Promise.all(subscribers.map(({ ended }) => ended))
  const seconds = (performance.now() - start) / 1000
  const name = '50 subscribers to one run: missing or wrong of 150 ordered events'
  report.add({ name, measured: missing(subscribers), atMost: 0, unit: 'events' })
  const reads = fixture.vendors.cortex.arrivals.length
  report.add({ name: '  reads of Cortex per second', measured: reads / seconds, atMost: 2, unit: 'per second' })
  await fixture.close()
}

/** Scales a minute and its limit down to 15 s. */
async function measureManySubscribers(): Promise<void> {
  const [windowMs, clients] = [15_000, 1000]
  const limit = (500 * windowMs) / 60_000
  const startTimes = new Map<string, number>()
  let roundStartedAt = 0
  const stageOf = (id: string): Stage => {
    // Not before all subscribers have connected, on a slow machine too.
    const startsAfterMs = startTimes.get(id) ?? startTimes.set(id, 6000 + Math.random() * 3000).get(id)!
    const age = performance.now() - roundStartedAt
    return age < startsAfterMs ? 'waiting' : age < startsAfterMs * 2 ? 'running' : 'done'
  }
  const fixture = await openFixture({ jobsPerContainer: 17, stageOf }, { limit, rateWindowMs: windowMs })
  const jobs = [
    ...range(34, (at) => idOf.record(at % 17, `col_${at % 2}`)),
    ...range(33, (at) => idOf.run(at % 17, `work_${at % 2}`)),
    ...range(33, idOf.execution),
  ]
  // The first round warms everything up; what the second leaves behind is a leak.
  const round = async () => {
    startTimes.clear()
    roundStartedAt = performance.now()
    const subscribers = range(clients, (at) =>
      (at % 2 === 0 ? subscribe : subscribeByWebSocket)(fixture.url, [jobs[Math.floor(at / 2) % jobs.length]!]),
    )
    await Promise.all(subscribers.map(({ ended }) => ended))
    return { missing: missing(subscribers), left: await fixture.leftResources() }
  }
  const first = await round()
  const second = await round()
  const name = `${clients} subscribers to ${jobs.length} jobs, half over WebSocket, twice: missing or wrong of ${clients * 6} events`
  report.add({ name, measured: first.missing + second.missing, atMost: 0, unit: 'events' })
  const sent = slidingMaximum(fixture.vendors.cortex.arrivals, windowMs)
  report.add({ name: '  requests to Cortex in any 15 s', measured: sent, atMost: limit, unit: 'requests' })
  const { left } = second
  report.add({ name: '  afterwards: watched jobs', measured: left.jobs, atMost: 0, unit: 'jobs' })
  report.add({ name: '  afterwards: open subscriber connections', measured: left.sockets, atMost: 0, unit: 'sockets' })
  report.add({ name: '  afterwards: additional timers', measured: left.timers, atMost: 0, unit: 'timers' })
  const grown = left.heapMB - first.left.heapMB
  report.add({ name: '  afterwards: heap growth since the first round', measured: grown, atMost: 3, unit: 'MB' })
  await fixture.close()
}

async function measureCancels(): Promise<void> {
  const failsToCancel = (id: string) => Number(/\d+$/.exec(id)![0]) % 5 === 0
  const fixture = await openFixture({ jobsPerContainer: 1, failsToCancel }, { limit: 500 })
  const ids = range(100, (at) => [idOf.record, idOf.run, idOf.execution][at % 3]!(at))
  const response = await fetch(fixture.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      query: 'mutation ($ids: [ID!]!) { cancelJobs(ids: $ids) { id outcome error { code } } }',
      variables: { ids },
    }),
  })
  const { data } = (await response.json()) as { data: { cancelJobs: Outcome[] } }
  const wrong = ids.filter((id, at) => {
    const outcome = data.cancelJobs[at]
    if (outcome?.id !== id) return true
    return at % 5 === 0 ? outcome.error?.code !== 'VENDOR_UNAVAILABLE' : outcome.outcome !== 'CANCELLED'
  })
  const name = '100 cancels, every fifth of which fails at the vendor: wrong outcomes'
  report.add({ name, measured: wrong.length, atMost: 0, unit: 'outcomes' })
  const sent = fixture.vendors.cortex.cancels.length + fixture.vendors.kodexa.cancels.length
  report.add({ name: '  cancels sent', measured: sent, atMost: 100, unit: 'cancels' })
  await fixture.close()
}

interface Outcome {
  readonly id: string
  readonly outcome: string | null
  readonly error: { readonly code: string } | null
}

/** Starts a gateway with a listening server, in front of its own vendors. */
async function openFixture(
  vendorOptions: BenchVendorOptions,
  options: Pick<BenchGatewayOptions, 'limit' | 'rateWindowMs'>,
) {
  const vendors = await startBenchVendors(vendorOptions)
  const gateway = openBenchGateway({ cortexUrl: vendors.cortex.url, kodexaUrl: vendors.kodexa.url, ...options })
  const server = createServer(gateway.listener)
  server.on('upgrade', gateway.upgrade)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const timersBefore = timers()
  return {
    vendors,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`,
    /** Resources that remain after all subscribers have disconnected. */
    async leftResources() {
      await delay(1500)
      collectGarbage()
      const sockets = await new Promise<number>((resolve) => server.getConnections((_error, count) => resolve(count)))
      return {
        jobs: gateway.watching().jobs,
        sockets,
        timers: Math.max(0, timers() - timersBefore),
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

/** Counts events that are missing, duplicated or out of order. */
function missing(subscribers: readonly Subscriber[]): number {
  return subscribers
    .flatMap(({ statuses }) => [...statuses.values()])
    .reduce((sum, statuses) => sum + LIFECYCLE.length - matching(statuses), 0)
}

function matching(statuses: readonly string[]): number {
  return statuses.length > LIFECYCLE.length ? 0 : statuses.filter((status, at) => status === LIFECYCLE[at]).length
}
