import { fork } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { beforeEach, describe, expect, it } from 'vitest'
import { encodeJobId } from '../../src/job/job-id.js'
import { silentLog } from '../../src/job/log.js'
import type { Vendor } from '../../src/job/vendor.js'
import { createSharedState } from '../../src/reads/shared-state.js'
import { connectClusterBus } from '../../src/watch/redis-cluster-bus.js'
import { closeAfterTest } from '../support/close-after-test.js'
import { openGateway } from '../support/gateway.js'
import type { GatewayProcessOptions } from '../support/gateway-process.js'
import { startRedis, type PrivateRedis } from '../support/redis-server.js'
import { cortexAt, json, startScriptedVendor, type ScriptedVendor } from '../support/scripted-vendor.js'
import { fetchOperation, serve, subscribeTo, type EventStream } from '../support/served-gateway.js'
import { Secret } from '../../src/job/secret.js'

const TOKEN = 'a-token-that-cannot-be-guessed'
const RECORD = encodeJobId({ type: 'Record', path: ['c', 'col_1', 'rec_1'] })
const WATCH = 'subscription ($id: ID!) { jobUpdated(id: $id) { status vendorStatus } }'
const CANCEL = 'mutation ($ids: [ID!]!) { cancelJobs(ids: $ids) { outcome } }'
const POLL_MS = 50
/** So long that what is seen within a test was not found by looking now and then. */
const SELDOM_MS = 60_000
/** A lease and some more, for a machine that is busy. */
const PATIENT = { timeout: 20_000, interval: 20 }
const SLOW_TEST = { timeout: 60_000 }

describe('gateways that watch through one Redis', () => {
  let redis: PrivateRedis
  let vendor: ScriptedVendor
  let client: Redis
  let now = { status: 'RUNNING' }
  beforeEach(async () => {
    now = { status: 'QUEUED' }
    redis = await startRedis()
    vendor = await startScriptedVendor((request, response) => {
      if (request.method === 'POST') now.status = 'CANCELLED'
      json(200, { id: 'rec_1', status: now.status })(request, response)
    })
    client = new Redis(redis.url)
    client.on('error', () => {})
    closeAfterTest(() => Promise.resolve(client.disconnect()), redis.close, vendor.close)
  })

  /** A gateway with what it shares with the others, and how often it looked for nobody in particular. */
  async function instance({ pollMs = POLL_MS }: { pollMs?: number } = {}) {
    const sharing = createSharedState({ redisUrl: new Secret(redis.url), log: silentLog })
    const peers = connectClusterBus(new Secret(redis.url), silentLog)
    let polls = 0
    const cortex = cortexAt(vendor.url, { webhookToken: new Secret(TOKEN) }, { sharedState: sharing })
    const counted: Vendor = {
      ...cortex,
      open(request) {
        if (request.background && request.maxAge === 'new') polls++
        return cortex.open(request)
      },
    }
    const opened = openGateway([counted], { clusterBus: peers, pollMs })
    let closing: Promise<void> | undefined
    const closeAll = async () => {
      await opened.close()
      await Promise.all([peers.close(), sharing.close()])
    }
    const close = () => (closing ??= closeAll())
    closeAfterTest(close)
    const served = await serve(opened.gateway)
    return { close, polls: () => polls, url: served.url, port: served.port, watch: () => watchAt(served.url) }
  }
  type Instance = Awaited<ReturnType<typeof instance>>

  /** A subscriber who has seen the present. */
  async function watchAt(url: string) {
    const stream = await subscribeTo(url, WATCH, { id: RECORD })
    expect(await statusIn(stream)).toBe(now.status)
    return stream
  }

  const statusIn = async (stream: EventStream) =>
    (await stream.next())?.data?.jobUpdated.vendorStatus as string | undefined

  /** What each of them sees next. */
  const seenBy = (...streams: readonly EventStream[]) => Promise.all(streams.map(statusIn))

  /** There is a time in which one looks again and again, and the others do not look at all. */
  async function isAlone(one: Instance, ...others: readonly Instance[]): Promise<void> {
    const looksOfOthers = () => others.reduce((sum, { polls }) => sum + polls(), 0)
    await expect
      .poll(async () => {
        const [own, theirs] = [one.polls(), looksOfOthers()]
        for (let waited = 0; waited < 100 && one.polls() < own + 6; waited++) await delay(50)
        return [one.polls() >= own + 6, looksOfOthers() - theirs]
      }, PATIENT)
      .toEqual([true, 0])
  }

  /** Everyone of them looks by itself. */
  async function allLook(...instances: readonly Instance[]): Promise<void> {
    const before = instances.map(({ polls }) => polls())
    await expect.poll(() => instances.every(({ polls }, at) => polls() > before[at]! + 5), PATIENT).toBe(true)
  }

  /** Two of which the first leads. */
  async function leaderAndOther(options: { pollMs?: number } = {}) {
    const leader = await instance(options)
    const first = await leader.watch()
    await expect.poll(() => client.keys('docket:{lease}:*'), PATIENT).toHaveLength(1)
    const other = await instance(options)
    const second = await other.watch()
    return { leader, first, other, second }
  }

  it('poll from one instance, and see every change on all', SLOW_TEST, async () => {
    const { leader, first, other, second } = await leaderAndOther()
    const third = await other.watch()
    await isAlone(leader, other)
    for (const status of ['RUNNING', 'PAUSED', 'COMPLETED']) {
      now.status = status
      expect(await seenBy(first, second, third)).toEqual([status, status, status])
    }
    expect(await Promise.all([first.rest(), second.rest(), third.rest()])).toEqual([[], [], []])
    await expect.poll(() => client.keys('docket:{lease}:*'), PATIENT).toEqual([])
  })

  it('send no more requests than one instance alone', SLOW_TEST, async () => {
    const instances = [await instance(), await instance(), await instance(), await instance()]
    const streams = await Promise.all(instances.map(({ watch }) => watch()))
    await expect.poll(() => client.keys('docket:{lease}:*'), PATIENT).toHaveLength(1)
    // Time in which Redis was slow to answer does not count.
    await expect
      .poll(async () => {
        const [began, before] = [performance.now(), vendor.requests.length]
        await delay(2000)
        const moments = Math.ceil((performance.now() - began) / POLL_MS)
        const reads = vendor.requests.length - before
        return reads >= 3 && reads <= moments + 1
      }, PATIENT)
      .toBe(true)
    now.status = 'COMPLETED'
    expect(await seenBy(...streams)).toEqual(Array(4).fill('COMPLETED'))
  })

  it('continue when the polling instance is closed', SLOW_TEST, async () => {
    const { leader, first, other, second } = await leaderAndOther()
    await isAlone(leader, other)
    await leader.close()
    expect(await first.rest()).toEqual([])
    await allLook(other)
    now.status = 'COMPLETED'
    expect(await seenBy(second)).toEqual(['COMPLETED'])
  })

  it('continue when the subscribers of the polling instance have left', SLOW_TEST, async () => {
    const { leader, first, other, second } = await leaderAndOther()
    await isAlone(leader, other)
    first.disconnect()
    await isAlone(other, leader)
    now.status = 'COMPLETED'
    expect(await seenBy(second)).toEqual(['COMPLETED'])
  })

  it('continue on their own while Redis is down, and share again when it is back', SLOW_TEST, async () => {
    const { leader, first, other, second } = await leaderAndOther()
    await isAlone(leader, other)
    await redis.kill()
    await allLook(leader, other)
    now.status = 'RUNNING'
    expect(await seenBy(first, second)).toEqual(['RUNNING', 'RUNNING'])
    await redis.restart()
    await expect
      .poll(async () => {
        const before = [leader.polls(), other.polls()]
        await delay(1000)
        return [leader.polls() - before[0]!, other.polls() - before[1]!].filter((polls) => polls > 0)
      }, PATIENT)
      .toHaveLength(1)
    now.status = 'PAUSED'
    expect(await seenBy(first, second)).toEqual(['PAUSED', 'PAUSED'])
    await redis.kill()
    now.status = 'COMPLETED'
    expect(await seenBy(first, second)).toEqual(['COMPLETED', 'COMPLETED'])
    expect(await Promise.all([first.rest(), second.rest()])).toEqual([[], []])
  })

  /** What each of them sees next, because of what is done there: again and again, for a message may get lost. */
  async function seenAfter(happen: () => Promise<unknown>, ...streams: readonly EventStream[]) {
    let isSeen = false
    const seen = seenBy(...streams).finally(() => (isSeen = true))
    while (!isSeen) {
      await happen()
      await Promise.race([seen, delay(3000)])
    }
    return seen
  }

  it('see the result of a cancel by any instance at once', SLOW_TEST, async () => {
    const { first, second } = await leaderAndOther({ pollMs: SELDOM_MS })
    const third = await instance({ pollMs: SELDOM_MS })
    const cancel = () => fetchOperation(third.url, CANCEL, { ids: [RECORD] })
    expect(await seenAfter(cancel, first, second)).toEqual(['CANCELLED', 'CANCELLED'])
    expect(third.polls()).toBe(0)
  })

  it('see a change at once after a webhook to any instance', SLOW_TEST, async () => {
    const { other, first, second } = await leaderAndOther({ pollMs: SELDOM_MS })
    const third = await instance({ pollMs: SELDOM_MS })
    const postTo =
      ({ port }: Instance) =>
      async () => {
        const url = `http://127.0.0.1:${port}/webhooks/cortex/${TOKEN}`
        expect((await fetch(url, { method: 'POST', body: '{"id":"rec_1"}' })).status).toBe(202)
      }
    now.status = 'RUNNING'
    expect(await seenAfter(postTo(other), first, second)).toEqual(['RUNNING', 'RUNNING'])
    now.status = 'COMPLETED'
    expect(await seenAfter(postTo(third), first, second)).toEqual(['COMPLETED', 'COMPLETED'])
    expect(third.polls()).toBe(0)
  })

  it('catch up on updates that they could not receive', SLOW_TEST, async () => {
    const { leader, first, other, second } = await leaderAndOther()
    await isAlone(leader, other)
    const listeners = async () => String(await client.call('CLIENT', 'LIST', 'TYPE', 'pubsub')).trim()
    await client.call('ACL', 'SETUSER', 'default', '-subscribe')
    await client.client('KILL', 'TYPE', 'pubsub')
    await expect.poll(listeners, PATIENT).toBe('')
    now.status = 'RUNNING'
    expect(await seenBy(first)).toEqual(['RUNNING'])
    await isAlone(leader, other)
    expect(await listeners()).toBe('')
    await client.call('ACL', 'SETUSER', 'default', '+subscribe')
    expect(await seenBy(second)).toEqual(['RUNNING'])
    now.status = 'COMPLETED'
    expect(await seenBy(first, second)).toEqual(['COMPLETED', 'COMPLETED'])
  })

  it('catch up on updates that could not be published', SLOW_TEST, async () => {
    const { leader, first, other, second } = await leaderAndOther()
    await isAlone(leader, other)
    await client.call('ACL', 'SETUSER', 'default', '-publish')
    now.status = 'RUNNING'
    expect(await seenBy(first)).toEqual(['RUNNING'])
    await client.call('ACL', 'SETUSER', 'default', '+publish')
    expect(await seenBy(second)).toEqual(['RUNNING'])
  })

  it('do not poll for subscribers with another credential', SLOW_TEST, async () => {
    const { first, second } = await leaderAndOther()
    const stranger = openGateway([cortexAt(vendor.url, { apiKey: new Secret('another key') })], {
      clusterBus: connectPeersForTest(),
      pollMs: POLL_MS,
    })
    closeAfterTest(stranger.close)
    const third = await watchAt((await serve(stranger.gateway)).url)
    await expect.poll(() => client.keys('docket:{lease}:*'), PATIENT).toHaveLength(2)
    now.status = 'COMPLETED'
    expect(await seenBy(first, second, third)).toEqual(['COMPLETED', 'COMPLETED', 'COMPLETED'])
  })

  function connectPeersForTest() {
    const peers = connectClusterBus(new Secret(redis.url), silentLog)
    closeAfterTest(peers.close)
    return peers
  }

  it.each([
    ['dies', 'SIGKILL'],
    ['hangs', 'SIGSTOP'],
  ] as const)('continue when the polling process %s without notice', SLOW_TEST, async (_how, signal) => {
    const leader = await startGatewayProcess({ cortexUrl: vendor.url.href, redisUrl: redis.url, pollMs: POLL_MS })
    const first = await watchAt(leader.url)
    await expect.poll(() => client.keys('docket:{lease}:*'), PATIENT).toHaveLength(1)
    const other = await instance()
    const second = await other.watch()
    now.status = 'RUNNING'
    expect(await seenBy(first, second)).toEqual(['RUNNING', 'RUNNING'])
    leader.send(signal)
    now.status = 'PAUSED'
    expect(await seenBy(second)).toEqual(['PAUSED'])
    await allLook(other)
    if (signal === 'SIGSTOP') {
      leader.send('SIGCONT')
      // It has lost the job meanwhile, and finds that out.
      expect(await seenBy(first)).toEqual(['PAUSED'])
      now.status = 'COMPLETED'
      expect(await seenBy(first, second)).toEqual(['COMPLETED', 'COMPLETED'])
    } else {
      now.status = 'COMPLETED'
      expect(await seenBy(second)).toEqual(['COMPLETED'])
      expect(await second.rest()).toEqual([])
    }
  })
})

/** A gateway in a process of its own, killed when the running test is over. */
async function startGatewayProcess(options: GatewayProcessOptions) {
  const child = fork(new URL('../support/gateway-process.ts', import.meta.url), [JSON.stringify(options)], {
    execArgv: ['--import', 'tsx'],
  })
  closeAfterTest(() => Promise.resolve(void child.kill('SIGKILL')))
  const [port] = (await once(child, 'message')) as [number]
  return { url: `http://127.0.0.1:${port}/graphql`, send: (signal: NodeJS.Signals) => void child.kill(signal) }
}
