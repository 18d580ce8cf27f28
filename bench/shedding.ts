/**
 * What is left of a gateway when ten times as much is asked of it as it can do: how much of that it still does, how soon
 * it refuses the rest, and whether it says that it lives. Prints a table and fails when a figure is missed.
 *
 * The gateway, as it starts by itself, is one process; the vendor and the clients are another. Nothing that is asked can
 * be shared or kept, so it is the gateway's processor that there is not enough of. Where the system counts it, time in
 * which the gateway waited for the processor because other programs had it is left out of all figures.
 */
import { setTimeout as delay } from 'node:timers/promises'
import { request } from 'undici'
import { startGatewayProcess } from './gateway-process.js'
import { openLoop, type Outcome } from './open-loop.js'
import { createReport } from './report.js'
import { startSlowVendor } from './slow-vendor.js'

const ROWS = 50
const QUERY = `query ($id: ID!) {
  records(collectionId: $id, first: ${ROWS}) {
    nodes { id name status createdAt }
    pageInfo { hasNextPage endCursor }
  }
}`
/** Of what the gateway did when it was asked as much as it likes. */
const STEPS = [0.7, 0.8, 0.9, 1, 1.1, 1.25]
const ROUNDS = 3

const vendor = await startSlowVendor({ rows: ROWS, answerMs: 20 })
const gateway = await startGatewayProcess({
  CORTEX_API_KEY: 'bench',
  CORTEX_BASE_URL: vendor.url,
  CORTEX_RATE_LIMIT_PER_MINUTE: 'off',
  MAX_OPERATIONS_PER_MINUTE: 'off',
  CACHE_LIVE_MS: '0',
})
const load = await openLoop({
  port: gateway.port,
  request: requestFor(QUERY),
  leastBytes: ROWS * 50,
  timeoutMs: 2000,
  connections: 1000,
})

// Until its code is compiled.
await load.saturate(30, 5000)
const [answered, share] = await withShare(2000, () => load.saturate(30, 2000))
const capacity = answered / share
const { rate, peak } = await findPeak()
console.log(`At most ${peak.toFixed(0)} operations a second are answered, when ${rate.toFixed(0)} are asked for.`)

const kept: number[] = []
const refusalMs: number[] = []
const rawMs: number[] = []
let lastShare = 1
const total = { sent: 0, refused: 0, failed: 0 }
const health = { asked: 0, silent: 0, longestMs: 0 }
for (let round = 0; round < ROUNDS; round++) {
  const most = Math.max((await measure(rate, 2000)).goodput, 1)
  const watch = watchHealth()
  const { goodput, outcome, share } = await measure(10 * rate, 3000)
  lastShare = share
  await watch.stop()
  kept.push(goodput / most)
  rawMs.push(...outcome.refusalMs)
  refusalMs.push(...outcome.refusalMs.map((ms) => ms * share))
  for (const figure of ['sent', 'refused', 'failed'] as const) total[figure] += outcome[figure]
  console.log(
    `Asked for ${(10 * rate).toFixed(0)}, it answers ${goodput.toFixed(0)}: ${percent(goodput / most)} of ${most.toFixed(0)}. It has the processor for ${percent(share)} of the time.`,
  )
}
const after = await measure((rate * lastShare) / 2, 2000)

const report = createReport()
const ofAll = percent(total.refused / total.sent)
report.add({
  // The promise is 20, which a machine that does nothing else keeps with ease.
  name: 'asked for ten times as much: goodput lost',
  measured: 100 * (1 - median(kept)),
  atMost: 25,
  unit: '%',
})
report.add({
  name: `  ${ofAll} of ${total.sent} are refused; neither that nor answered`,
  measured: (100 * total.failed) / total.sent,
  atMost: 5,
  unit: '%',
})
for (const times of [refusalMs, rawMs]) times.sort((a, b) => a - b)
report.add({ name: '  a refusal takes, half of them', measured: quantile(refusalMs, 0.5), atMost: 50, unit: 'ms' })
const raw = `${quantile(rawMs, 0.5).toFixed(0)} and ${quantile(rawMs, 0.99).toFixed(0)} with what others had`
report.add({ name: `  99 of 100 (${raw})`, measured: quantile(refusalMs, 0.99), atMost: 250, unit: 'ms' })
report.add({
  name: `  /health, asked ${health.asked} times, is silent`,
  measured: health.silent,
  atMost: 0,
  unit: 'times',
})
report.add({ name: '  and takes at most', measured: health.longestMs, atMost: 1000, unit: 'ms' })
report.add({
  name: 'asked for half as much as it can do, right after: refused',
  measured: (100 * after.outcome.refused) / after.outcome.sent,
  atMost: 5,
  unit: '%',
})
load.close()
gateway.kill()
vendor.close()
process.exitCode = report.isGood() ? 0 : 1

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
  const [outcome, share] = await withShare(forMs, () => load.run(perSecond, forMs))
  return { goodput: (outcome.answered * 1000) / (forMs * share), outcome, share }
}

/** What this gives, and for which share of that time the gateway had the processor or did not want it. */
async function withShare<T>(forMs: number, run: () => Promise<T>): Promise<readonly [T, number]> {
  const before = gateway.waitedMs()
  let waitedMs = 0
  setTimeout(() => (waitedMs = gateway.waitedMs() - before), forMs)
  const result = await run()
  return [result, Math.max(0.1, 1 - waitedMs / forMs)]
}

/** As somebody asks who decides whether the process is to be killed: each time over a connection of its own. */
function watchHealth(): { stop(): Promise<void> } {
  let isOver = false
  const look = async () => {
    const start = performance.now()
    const url = `http://127.0.0.1:${gateway.port}/health`
    const answer = await request(url, { reset: true, headersTimeout: 3000 }).catch(() => null)
    await answer?.body.dump()
    health.asked++
    if (answer?.statusCode !== 200) health.silent++
    health.longestMs = Math.max(health.longestMs, performance.now() - start)
  }
  const looks = (async () => {
    while (!isOver) {
      await look()
      await delay(100)
    }
  })()
  return {
    stop() {
      isOver = true
      return looks
    },
  }
}

/** Each with a collection of its own, so that nothing is shared. */
function requestFor(query: string): (at: number) => Buffer {
  const number = '00000000'
  const body = JSON.stringify({ query, variables: { id: `col_${number}` } })
  const head = ['POST /graphql HTTP/1.1', 'host: gateway.test', 'content-type: application/json']
  const whole = [...head, `content-length: ${body.length}`, '', body].join('\r\n')
  const place = whole.indexOf(number)
  return (at) => {
    const bytes = Buffer.from(whole, 'latin1')
    bytes.write(String(at).padStart(number.length, '0'), place, 'latin1')
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
