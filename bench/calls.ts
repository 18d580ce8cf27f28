/**
 * Counts vendor calls: for a page of jobs, for 1,000 polling clients, and for several instances on one Redis. Prints a
 * table and fails when a figure misses its limit. No figure is a speed.
 */
import { setTimeout as delay } from 'node:timers/promises'
import { idOf, NODES_QUERY, openBenchGateway, type BenchGateway } from './gateway.js'
import { measureInstances } from './instances.js'
import { createReport } from './report.js'
import { slidingMaximum } from '../test/support/sliding-window.js'
import { startBenchVendors } from './vendors.js'

const report = createReport()
const range = <T>(length: number, item: (at: number) => T) => Array.from({ length }, (_, at) => item(at))

await measurePages()
await measurePollingClients()
await measureCancel()
await measureInstances(report)
process.exitCode = report.isMet() ? 0 : 1

/** Measures one query each on a cold cache. */
async function measurePages(): Promise<void> {
  const records = 'query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Record { id status name } } }'
  const alias = `{ ${range(20, (at) => `a${at}: job(id: "${idOf.record(0)}") { id name status }`).join('\n')} }`
  await measureQueries('100 executions by id', 3, (gateway) =>
    gateway.ask(NODES_QUERY, { ids: range(100, idOf.execution) }),
  )
  await measureQueries('60 records of one collection: id, status, name', 2, (gateway) =>
    gateway.ask(records, { ids: range(60, (at) => idOf.record(at)) }),
  )
  await measureQueries('60 runs over 3 workflows', 6, (gateway) =>
    gateway.ask(NODES_QUERY, { ids: range(60, (at) => idOf.run(at % 20, `work_${Math.floor(at / 20)}`)) }),
  )
  await measureQueries('the same job under 20 aliases', 1, (gateway) => gateway.ask(alias))
  await measureQueries('200 identical queries at the same time', 2, async (gateway) => {
    const ids = range(50, (at) => idOf.record(at))
    return (await Promise.all(range(200, () => gateway.ask(NODES_QUERY, { ids })))).flat()
  })
}

async function measureQueries(
  name: string,
  atMost: number,
  run: (gateway: BenchGateway) => Promise<readonly string[]>,
): Promise<void> {
  const vendors = await startBenchVendors({ jobsPerContainer: 80 })
  const gateway = openBenchGateway({ cortexUrl: vendors.cortex.url, kodexaUrl: vendors.kodexa.url, limit: 500 })
  const errors = await run(gateway)
  if (errors.length > 0) throw new Error(`${name}: ${errors.join()}`)
  const measured = vendors.cortex.arrivals.length + vendors.kodexa.arrivals.length
  report.add({ name, measured, atMost, unit: 'calls' })
  await gateway.close()
  await vendors.close()
}

/** Scales a minute and its limit down to 15 s. Clients poll once per second, each with a random offset. */
async function measurePollingClients(): Promise<void> {
  const [clients, windowMs] = [1000, 15_000]
  const limit = (500 * windowMs) / 60_000
  const vendors = await startBenchVendors({ jobsPerContainer: 80 })
  const gateway = openBenchGateway({
    cortexUrl: vendors.cortex.url,
    kodexaUrl: vendors.kodexa.url,
    limit,
    rateWindowMs: windowMs,
  })
  const jobs = [
    ...range(20, (at) => idOf.record(at)),
    ...range(20, (at) => idOf.run(at, `work_${at % 2}`)),
    ...range(10, idOf.execution),
  ]
  const end = performance.now() + windowMs
  const errors: string[] = []
  let queries = 0
  const poll = async (client: number) => {
    const query = `{ job(id: "${jobs[client % jobs.length]}") { id status name } }`
    await delay(Math.random() * 1000)
    for (let next = performance.now() + 1000; performance.now() < end; next += 1000) {
      errors.push(...(await gateway.ask(query)))
      queries++
      await delay(Math.max(0, next - performance.now()))
    }
  }
  await Promise.all(range(clients, poll))
  const name = `${clients} clients poll one of 50 live jobs each, once per second for 15 s: ${queries} queries`
  report.add({ name, measured: errors.length, atMost: 0, unit: 'errors' })
  const measured = slidingMaximum(vendors.cortex.arrivals, windowMs)
  report.add({ name: '  requests to Cortex in any 15 s', measured, atMost: limit, unit: 'requests' })
  const perSecond = vendors.kodexa.arrivals.length / (windowMs / 1000)
  report.add({
    name: '  requests per second to Kodexa, which has 10 of the jobs',
    measured: perSecond,
    atMost: 10,
    unit: 'per second',
  })
  await gateway.close()
  await vendors.close()
}

async function measureCancel(): Promise<void> {
  const vendors = await startBenchVendors({ jobsPerContainer: 80 })
  const gateway = openBenchGateway({
    cortexUrl: vendors.cortex.url,
    kodexaUrl: vendors.kodexa.url,
    limit: 500,
    deadlineMs: 600_000,
  })
  // Each job is in a collection of its own, so that reads cannot be batched.
  const disconnect = new AbortController()
  const reads = range(1000, (at) =>
    gateway.ask(`{ job(id: "${idOf.record(at, `col_${at}`)}") { name } }`, {}, disconnect.signal),
  )
  await delay(1000)
  const start = performance.now()
  const errors = await gateway.ask(`mutation { cancelRecord(by: { id: "${idOf.record(0)}" }) { __typename } }`)
  if (errors.length > 0) throw new Error(errors.join())
  const measured = vendors.cortex.cancels[0]! - start
  report.add({
    name: 'time until a cancel behind 1,000 queued reads reaches the vendor',
    measured,
    atMost: 1000,
    unit: 'ms',
  })
  disconnect.abort()
  await Promise.allSettled(reads)
  await gateway.close()
  await vendors.close()
}
