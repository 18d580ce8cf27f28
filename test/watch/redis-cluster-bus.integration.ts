import { setTimeout as delay } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { silentLog } from '../../src/job/log.js'
import type { ClusterMessage } from '../../src/watch/cluster-message.js'
import { connectClusterBus } from '../../src/watch/redis-cluster-bus.js'
import { closeAfterTest } from '../support/closing.js'
import { startRedis, type PrivateRedis } from '../support/redis-server.js'
import { Secret } from '../../src/job/secret.js'

/** Longer than a lease, and some more for a machine that is busy. */
const TAKEOVER = { timeout: 10_000, interval: 20 }
vi.setConfig({ testTimeout: 30_000 })

const LEASES = 'docket:{lease}:*'
const LEASE = 'docket:{lease}:job'

/** An instance with all that it hears, and who leads what. */
function instanceAt(url: string) {
  const peers = connectClusterBus(new Secret(url), silentLog)
  const heard: ClusterMessage[] = []
  const leads: Record<string, boolean> = {}
  let gaps = 0
  peers.subscribe({ onMessage: (message) => void heard.push(message), onGap: () => void gaps++ })
  let closing: Promise<void> | undefined
  const close = () => (closing ??= peers.close())
  closeAfterTest(close)
  return {
    ...peers,
    close,
    heard,
    gaps: () => gaps,
    leads,
    campaign: (job: string) => peers.acquireLeadership(job, (isLeader) => void (leads[job] = isLeader)),
  }
}

describe('an instance whose Redis is not there', () => {
  it('leads every job itself, and goes without messages', async () => {
    const { campaign, leads, publish, close, gaps } = instanceAt('redis://127.0.0.1:1')
    const resign = campaign('job')
    await expect.poll(() => leads, TAKEOVER).toEqual({ job: true })
    publish({ kind: 'wake', job: 'job' })
    resign()
    expect(gaps()).toBe(0)
    await close()
  })
})

describe('instances on one Redis', () => {
  let redis: PrivateRedis
  let client: Redis
  beforeEach(async () => {
    redis = await startRedis()
    client = new Redis(redis.url)
    client.on('error', () => {})
    closeAfterTest(() => Promise.resolve(client.disconnect()), redis.close)
  })

  /** One that stands, and hears. */
  async function instance() {
    const opened = instanceAt(redis.url)
    await expect.poll(opened.gaps, TAKEOVER).toBe(1)
    return opened
  }
  type Instance = Awaited<ReturnType<typeof instance>>

  /** One leads each of these jobs, and the other none. */
  const isLedBy = (one: Instance, other: Instance, ...jobs: string[]) =>
    expect
      .poll(() => jobs.map((job) => [one.leads[job], other.leads[job]]), TAKEOVER)
      .toEqual(jobs.map(() => [true, false]))

  it('agree on one of them for each job', async () => {
    const instances = [await instance(), await instance(), await instance()]
    const jobs = Array.from({ length: 30 }, (_, at) => `job ${at}`)
    for (const { campaign } of instances) jobs.forEach(campaign)
    await expect
      .poll(() => jobs.map((job) => instances.filter(({ leads }) => leads[job] === true).length), TAKEOVER)
      .toEqual(Array(30).fill(1))
    expect(await client.keys(LEASES)).toHaveLength(30)
  })

  it('leave a job with who has it, for as long as it wants', async () => {
    const [one, other] = [await instance(), await instance()]
    one.campaign('job')
    await expect.poll(() => one.leads, TAKEOVER).toEqual({ job: true })
    other.campaign('job')
    await isLedBy(one, other, 'job')
    // Longer than a lease lasts when it is not renewed.
    const holder = await client.get(LEASE)
    await delay(3500)
    expect(await client.get(LEASE)).toBe(holder)
  })

  it('take over what another one resigns, well before its lease is over', async () => {
    const [one, other] = [await instance(), await instance()]
    const resign = one.campaign('job')
    await expect.poll(() => one.leads, TAKEOVER).toEqual({ job: true })
    other.campaign('job')
    await expect.poll(() => other.leads, TAKEOVER).toEqual({ job: false })
    const holder = await client.get(LEASE)
    resign()
    // At least two seconds of the lease were left.
    await expect.poll(() => client.get(LEASE), { timeout: 1500, interval: 20 }).not.toBe(holder)
    await expect.poll(() => other.leads, TAKEOVER).toEqual({ job: true })
  })

  it('leave nothing behind when nobody wants a job', async () => {
    const one = await instance()
    const resigns = ['a', 'b', 'c'].map((job) => one.campaign(job))
    await expect.poll(() => client.keys(LEASES), TAKEOVER).toHaveLength(3)
    resigns.forEach((resign) => resign())
    await expect.poll(() => client.keys(LEASES), { timeout: 2000, interval: 20 }).toEqual([])
    const again = one.campaign('a')
    await expect.poll(() => client.keys(LEASES), TAKEOVER).toHaveLength(1)
    again()
  })

  it('resign and campaign again in one breath without losing the job', async () => {
    const one = await instance()
    one.campaign('job')()
    one.campaign('job')()
    one.campaign('job')
    await expect.poll(() => one.leads, TAKEOVER).toEqual({ job: true })
    await delay(1500)
    expect(await client.exists(LEASE)).toBe(1)
    expect(one.leads).toEqual({ job: true })
  })

  it('do not give away what another one holds', async () => {
    const [one, other] = [await instance(), await instance()]
    one.campaign('job')
    await expect.poll(() => one.leads, TAKEOVER).toEqual({ job: true })
    const resign = other.campaign('job')
    await isLedBy(one, other, 'job')
    resign()
    await delay(300)
    expect(await client.exists(LEASE)).toBe(1)
  })

  it('take more jobs than go into one call', async () => {
    const one = await instance()
    const jobs = Array.from({ length: 1200 }, (_, at) => `job ${at}`)
    const resigns = jobs.map((job) => one.campaign(job))
    await expect.poll(() => Object.values(one.leads).filter(Boolean).length, TAKEOVER).toBe(1200)
    await expect.poll(async () => (await client.keys(LEASES)).length, TAKEOVER).toBe(1200)
    resigns.forEach((resign) => resign())
  })

  it('hear what the others tell, and not what they tell themselves', async () => {
    const [one, other, third] = [await instance(), await instance(), await instance()]
    const messages: ClusterMessage[] = [
      { kind: 'news', job: 'job', print: '["RUNNING","RUNNING",0.5]' },
      { kind: 'outage', job: 'job', code: 'VENDOR_TIMEOUT', message: 'Slow.' },
      { kind: 'wake', job: 'job' },
      { kind: 'hint', vendor: 'CORTEX', words: ['rec_1'] },
    ]
    messages.forEach(one.publish)
    await expect.poll(() => [other.heard, third.heard], TAKEOVER).toEqual([messages, messages])
    expect(one.heard).toEqual([])
  })

  it('look for themselves while they may not listen to each other', async () => {
    await client.call('ACL', 'SETUSER', 'default', '-subscribe')
    const [one, other] = [instanceAt(redis.url), instanceAt(redis.url)]
    one.campaign('job')
    other.campaign('job')
    await expect.poll(() => [one.leads, other.leads], TAKEOVER).toEqual([{ job: true }, { job: true }])
    await client.call('ACL', 'SETUSER', 'default', '+subscribe')
    await expect.poll(() => [one.leads.job, other.leads.job].filter(Boolean).length, TAKEOVER).toBe(1)
  })

  it('pay no heed to what is no message', async () => {
    const [one, other] = [await instance(), await instance()]
    for (const text of ['', 'null', '{', '{"from":"x","message":{"kind":"quit"}}', '['.repeat(100_000)])
      await client.publish('docket:watch', text)
    one.publish({ kind: 'wake', job: 'last' })
    await expect.poll(() => other.heard, TAKEOVER).toEqual([{ kind: 'wake', job: 'last' }])
  })

  it('say that messages may be missing when they hear again', async () => {
    const [one, other] = [await instance(), await instance()]
    await client.client('KILL', 'TYPE', 'pubsub')
    await expect.poll(() => [one.gaps(), other.gaps()], TAKEOVER).toEqual([2, 2])
    one.publish({ kind: 'wake', job: 'job' })
    await expect.poll(() => other.heard, TAKEOVER).toEqual([{ kind: 'wake', job: 'job' }])
  })

  it('go on hearing on one connection as long as it stands', async () => {
    const [one] = [await instance()]
    const listeners = async () => String(await client.call('CLIENT', 'LIST', 'TYPE', 'pubsub')).match(/\bid=\d+/g)
    const before = await listeners()
    expect(before).toHaveLength(1)
    // Twice as long as it takes until the connection is asked whether it is still there.
    await delay(4500)
    expect(await listeners()).toEqual(before)
    expect(one.gaps()).toBe(1)
  })

  it('find out that Redis hangs, and hear again afterwards', async () => {
    const [one, other] = [await instance(), await instance()]
    one.campaign('job')
    other.campaign('job')
    await expect.poll(() => Object.keys({ ...one.leads, ...other.leads }), TAKEOVER).toEqual(['job'])
    redis.freeze()
    await expect.poll(() => [one.leads, other.leads], TAKEOVER).toEqual([{ job: true }, { job: true }])
    await delay(3500)
    redis.thaw()
    await expect
      .poll(() => [one.leads, other.leads].filter((leads) => leads['job']).length, { timeout: 15_000, interval: 20 })
      .toBe(1)
    await expect.poll(() => Math.min(one.gaps(), other.gaps()), { timeout: 15_000 }).toBeGreaterThan(1)
    one.publish({ kind: 'wake', job: 'last' })
    await expect.poll(() => other.heard.at(-1), TAKEOVER).toEqual({ kind: 'wake', job: 'last' })
  })

  it('all lead while Redis is dead, and one of them when it is back', async () => {
    const [one, other] = [await instance(), await instance()]
    one.campaign('job')
    await expect.poll(() => one.leads, TAKEOVER).toEqual({ job: true })
    other.campaign('job')
    await isLedBy(one, other, 'job')
    await redis.kill()
    await expect.poll(() => [one.leads, other.leads], TAKEOVER).toEqual([{ job: true }, { job: true }])
    await redis.restart()
    await expect
      .poll(() => [one.leads, other.leads].filter((leads) => leads['job']).length, { timeout: 15_000, interval: 20 })
      .toBe(1)
    await expect.poll(() => [one.gaps(), other.gaps()], TAKEOVER).toEqual([2, 2])
  })

  it('leave no connection and no timer when they are closed', async () => {
    const open = () => process.getActiveResourcesInfo().filter((name) => /Timeout|TCPSocket/.test(name)).length
    const before = open()
    const one = await instance()
    one.campaign('job')
    await expect.poll(() => one.leads, TAKEOVER).toEqual({ job: true })
    await one.close()
    await expect.poll(open, TAKEOVER).toBeLessThanOrEqual(before)
    await expect
      .poll(
        async () =>
          String(await client.client('LIST'))
            .trim()
            .split('\n').length,
        TAKEOVER,
      )
      .toBe(1)
  })
})
