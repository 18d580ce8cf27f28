/**
 * Measures load shedding at ten times the gateway's capacity: the goodput that is left, how fast the gateway rejects the
 * rest, and whether /health still responds. Prints a table and fails when a figure misses its limit.
 *
 * The gateway runs in one process, the vendor and the clients in another. No request can be shared or cached, so the
 * gateway's CPU is the bottleneck. Where the system counts it, the figures exclude the time that the gateway waited for
 * the CPU while other programs ran.
 */
import { setTimeout as delay } from 'node:timers/promises'
import { request } from 'undici'
import { startGatewayProcess } from './gateway-process.js'
import { createLoadGenerator, type Outcome } from './load-generator.js'
import { createReport } from './report.js'
import { startSlowVendor } from './slow-vendor.js'

const ROWS = 50
const QUERY = `query ($id: ID!) {
  records(collectionId: $id, first: ${ROWS}) {
    nodes { id name status createdAt }
    pageInfo { hasNextPage endCursor }
  }
}`
/** Offered load while looking for the peak, as shares of the saturated throughput. */
const STEPS = [0.7, 0.8, 0.9, 1, 1.1, 1.25]
const ROUNDS = 3

const vendor = await startSlowVendor({ rows: ROWS, responseMs: 20 })
const gateway = await startGatewayProcess({
  CORTEX_API_KEY: 'bench',
  CORTEX_BASE_URL: vendor.url,
  CORTEX_RATE_LIMIT_PER_MINUTE: 'off',
  MAX_OPERATIONS_PER_MINUTE: 'off',
  CACHE_LIVE_MS: '0',
})
const generator = await createLoadGenerator({
  port: gateway.port,
  request: requestFor(QUERY),
  minBytes: ROWS * 50,
  timeoutMs: 2000,
  connections: 1000,
})

// Warm up until the code is compiled.
await generator.saturate(30, 5000)
const [answered, share] = await withShare(2000, () => generator.saturate(30, 2000))
const capacity = answered / share
const { rate, peak } = await findPeak()
console.log(`Peak goodput: ${peak.toFixed(0)} operations per second at ${rate.toFixed(0)} requests per second.`)

const goodputRatios: number[] = []
const rejectionMs: number[] = []
const rawMs: number[] = []
let lastShare = 1
const total = { sent: 0, rejected: 0, failed: 0 }
const health = { requests: 0, failures: 0, maxMs: 0 }
for (let round = 0; round < ROUNDS; round++) {
  const before = await measure(rate, 2000)
  const peakBefore = Math.max(before.goodput, 1)
  // Ten times the peak rate, scaled to the share of the CPU that the gateway gets.
  const demand = 10 * rate * before.share
  const watch = watchHealth()
  const { goodput, outcome, share } = await measure(demand, 3000)
  lastShare = share
  await watch.stop()
  goodputRatios.push(goodput / peakBefore)
  rawMs.push(...outcome.rejectionMs)
  rejectionMs.push(...outcome.rejectionMs.map((ms) => ms * share))
  for (const figure of ['sent', 'rejected', 'failed'] as const) total[figure] += outcome[figure]
  console.log(
    `Offered ${demand.toFixed(0)} per second, goodput ${goodput.toFixed(0)}: ${percent(goodput / peakBefore)} of ${peakBefore.toFixed(0)}. The gateway had the CPU for ${percent(share)} of the time.`,
  )
}
const after = await measure((rate * lastShare) / 2, 2000)

const report = createReport()
const ofAll = percent(total.rejected / total.sent)
report.add({
  // The documented limit is 20 %; the rest allows for noise from other programs.
  name: 'ten times the capacity offered: goodput lost',
  measured: 100 * (1 - median(goodputRatios)),
  atMost: 25,
  unit: '%',
})
report.add({
  name: `  ${ofAll} of ${total.sent} requests rejected; failed in another way`,
  measured: (100 * total.failed) / total.sent,
  atMost: 5,
  unit: '%',
})
for (const times of [rejectionMs, rawMs]) times.sort((a, b) => a - b)
report.add({ name: '  latency of a rejection, median', measured: quantile(rejectionMs, 0.5), atMost: 50, unit: 'ms' })
const raw = `${quantile(rawMs, 0.5).toFixed(0)} and ${quantile(rawMs, 0.99).toFixed(0)} including the wait for the CPU`
report.add({
  name: `  latency of a rejection, 99th percentile (${raw})`,
  measured: quantile(rejectionMs, 0.99),
  atMost: 250,
  unit: 'ms',
})
report.add({
  name: `  ${health.requests} requests to /health: failed`,
  measured: health.failures,
  atMost: 0,
  unit: 'requests',
})
report.add({ name: '  longest response time of /health', measured: health.maxMs, atMost: 1000, unit: 'ms' })
report.add({
  name: 'half of the capacity offered, right afterwards: rejected',
  measured: (100 * after.outcome.rejected) / after.outcome.sent,
  atMost: 5,
  unit: '%',
})
generator.close()
gateway.kill()
vendor.close()
process.exitCode = report.isMet() ? 0 : 1

async function findPeak(): Promise<{ rate: number; peak: number }> {
  let best = { rate: 0, peak: 0 }
  for (const step of STEPS) {
    const { goodput } = await measure(capacity * step, 1500)
    if (goodput > best.peak) best = { rate: capacity * step, peak: goodput }
  }
  return best
}

async function measure(
  perSecond: number,
  forMs: number,
): Promise<{ goodput: number; outcome: Outcome; share: number }> {
  const [outcome, share] = await withShare(forMs, () => generator.run(perSecond, forMs))
  return { goodput: (outcome.answered * 1000) / (forMs * share), outcome, share }
}

/** Returns the result of `run` and the share of `forMs` in which the gateway did not wait for the CPU. */
async function withShare<T>(forMs: number, run: () => Promise<T>): Promise<readonly [T, number]> {
  const before = gateway.waitedMs()
  let waitedMs = 0
  setTimeout(() => (waitedMs = gateway.waitedMs() - before), forMs)
  const result = await run()
  return [result, Math.max(0.1, 1 - waitedMs / forMs)]
}

/** Polls /health as a liveness probe does, each time over a new connection. */
function watchHealth(): { stop(): Promise<void> } {
  let isOver = false
  const probe = async () => {
    const start = performance.now()
    const url = `http://127.0.0.1:${gateway.port}/health`
    const response = await request(url, { reset: true, headersTimeout: 3000 }).catch(() => null)
    await response?.body.dump()
    health.requests++
    if (response?.statusCode !== 200) health.failures++
    health.maxMs = Math.max(health.maxMs, performance.now() - start)
  }
  const probes = (async () => {
    while (!isOver) {
      await probe()
      await delay(100)
    }
  })()
  return {
    stop() {
      isOver = true
      return probes
    },
  }
}

/** Builds request `at` for a collection of its own, so that requests share nothing. */
function requestFor(query: string): (at: number) => Buffer {
  const number = '00000000'
  const body = JSON.stringify({ query, variables: { id: `col_${number}` } })
  const head = ['POST /graphql HTTP/1.1', 'host: gateway.test', 'content-type: application/json']
  const whole = [...head, `content-length: ${body.length}`, '', body].join('\r\n')
  const offset = whole.indexOf(number)
  return (at) => {
    const bytes = Buffer.from(whole, 'latin1')
    bytes.write(String(at).padStart(number.length, '0'), offset, 'latin1')
    return bytes
  }
}

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0
}

function median(values: readonly number[]): number {
  return quantile(
    [...values].sort((a, b) => a - b),
    0.5,
  )
}

function percent(share: number): string {
  return `${(100 * share).toFixed(0)} %`
}
