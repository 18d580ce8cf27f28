import { setTimeout as delay } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { silentLog } from '../../src/job/log.js'
import type { ClusterMessage } from '../../src/watch/cluster-message.js'
import { connectClusterBus } from '../../src/watch/redis-cluster-bus.js'
import { closeAfterTest } from '../support/close-after-test.js'
import { startRedis, type PrivateRedis } from '../support/redis-server.js'
import { Secret } from '../../src/job/secret.js'

/** Longer than a lease, with a margin for a busy machine. */
const TAKEOVER = { timeout: 10_000, interval: 20 }
vi.setConfig({ testTimeout: 30_000 })

const LEASES = 'docket:{lease}:*'
const LEASE = 'docket:{lease}:job'

/** An instance, with the messages that it received and the jobs that it leads. */
function instanceAt(url: string) {
  const clusterBus = connectClusterBus(new Secret(url), silentLog)
  const received: ClusterMessage[] = []
  const leads: Record<string, boolean> = {}
  let gaps = 0
  clusterBus.subscribe({ onMessage: (message) => void received.push(message), onGap: () => void gaps++ })
  let closing: Promise<void> | undefined
  const close = () => (closing ??= clusterBus.close())
  closeAfterTest(close)
  return {
    ...clusterBus,
    close,
    received,
    gaps: () => gaps,
    leads,
    acquire: (job: string) => clusterBus.acquireLeadership(job, (isLeader) => void (leads[job] = isLeader)),
  }
}

describe('an instance without Redis', () => {
  it('leads every job and receives no messages', async () => {
    const { acquire, leads, publish, close, gaps } = instanceAt('redis://127.0.0.1:1')
    const release = acquire('job')
    await expect.poll(() => leads, TAKEOVER).toEqual({ job: true })
    publish({ kind: 'changed', job: 'job' })
    release()
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

  /** An instance that is connected and subscribed. */
  async function instance() {
    const opened = instanceAt(redis.url)
    await expect.poll(opened.gaps, TAKEOVER).toBe(1)
    return opened
  }
  type Instance = Awaited<ReturnType<typeof instance>>

  /** Expects one to lead all of these jobs, and the other none. */
  const isLedBy = (one: Instance, other: Instance, ...jobs: string[]) =>
    expect
      .poll(() => jobs.map((job) => [one.leads[job], other.leads[job]]), TAKEOVER)
      .toEqual(jobs.map(() => [true, false]))

  it('elect one leader per job', async () => {
    const instances = [await instance(), await instance(), await instance()]
    const jobs = Array.from({ length: 30 }, (_, at) => `job ${at}`)
    for (const { acquire } of instances) jobs.forEach(acquire)
    await expect
      .poll(() => jobs.map((job) => instances.filter(({ leads }) => leads[job] === true).length), TAKEOVER)
      .toEqual(Array(30).fill(1))
    expect(await client.keys(LEASES)).toHaveLength(30)
  })

  it('keep the leader while it renews its lease', async () => {
    const [one, other] = [await instance(), await instance()]
    one.acquire('job')
    await expect.poll(() => one.leads, TAKEOVER).toEqual({ job: true })
    other.acquire('job')
    await isLedBy(one, other, 'job')
    // Longer than a lease lasts without renewal.
    const holder = await client.get(LEASE)
    await delay(3500)
    expect(await client.get(LEASE)).toBe(holder)
  })

  it('take over a released job well before its lease expires', async () => {
    const [one, other] = [await instance(), await instance()]
    const release = one.acquire('job')
    await expect.poll(() => one.leads, TAKEOVER).toEqual({ job: true })
    other.acquire('job')
    await expect.poll(() => other.leads, TAKEOVER).toEqual({ job: false })
    const holder = await client.get(LEASE)
    release()
    // At least two seconds of the lease are left.
    await expect.poll(() => client.get(LEASE), { timeout: 1500, interval: 20 }).not.toBe(holder)
    await expect.poll(() => other.leads, TAKEOVER).toEqual({ job: true })
  })

  it('leave no lease behind when all have released a job', async () => {
    const one = await instance()
    const releases = ['a', 'b', 'c'].map((job) => one.acquire(job))
    await expect.poll(() => client.keys(LEASES), TAKEOVER).toHaveLength(3)
    releases.forEach((release) => release())
    await expect.poll(() => client.keys(LEASES), { timeout: 2000, interval: 20 }).toEqual([])
    const again = one.acquire('a')
    await expect.poll(() => client.keys(LEASES), TAKEOVER).toHaveLength(1)
    again()
  })

  it('can release and acquire a job in the same tick without losing it', async () => {
    const one = await instance()
    one.acquire('job')()
    one.acquire('job')()
    one.acquire('job')
    await expect.poll(() => one.leads, TAKEOVER).toEqual({ job: true })
    await delay(1500)
    expect(await client.exists(LEASE)).toBe(1)
    expect(one.leads).toEqual({ job: true })
  })

  it('do not release the lease of another instance', async () => {
    const [one, other] = [await instance(), await instance()]
    one.acquire('job')
    await expect.poll(() => one.leads, TAKEOVER).toEqual({ job: true })
    const release = other.acquire('job')
    await isLedBy(one, other, 'job')
    release()
    await delay(300)
    expect(await client.exists(LEASE)).toBe(1)
  })

  it('acquire more jobs than fit into one call', async () => {
    const one = await instance()
    const jobs = Array.from({ length: 1200 }, (_, at) => `job ${at}`)
    const releases = jobs.map((job) => one.acquire(job))
    await expect.poll(() => Object.values(one.leads).filter(Boolean).length, TAKEOVER).toBe(1200)
    await expect.poll(async () => (await client.keys(LEASES)).length, TAKEOVER).toBe(1200)
    releases.forEach((release) => release())
  })

  it('receive the messages of others, but not their own', async () => {
    const [one, other, third] = [await instance(), await instance(), await instance()]
    const messages: ClusterMessage[] = [
      { kind: 'update', job: 'job', fingerprint: '["RUNNING","RUNNING",0.5]' },
      { kind: 'outage', job: 'job', code: 'VENDOR_TIMEOUT', message: 'Slow.' },
      { kind: 'changed', job: 'job' },
      { kind: 'mentioned', vendor: 'CORTEX', strings: ['rec_1'] },
    ]
    messages.forEach(one.publish)
    await expect.poll(() => [other.received, third.received], TAKEOVER).toEqual([messages, messages])
    expect(one.received).toEqual([])
  })

  it('all lead while they may not subscribe', async () => {
    await client.call('ACL', 'SETUSER', 'default', '-subscribe')
    const [one, other] = [instanceAt(redis.url), instanceAt(redis.url)]
    one.acquire('job')
    other.acquire('job')
    await expect.poll(() => [one.leads, other.leads], TAKEOVER).toEqual([{ job: true }, { job: true }])
    await client.call('ACL', 'SETUSER', 'default', '+subscribe')
    await expect.poll(() => [one.leads.job, other.leads.job].filter(Boolean).length, TAKEOVER).toBe(1)
  })

  it('ignore invalid messages', async () => {
    const [one, other] = [await instance(), await instance()]
    for (const text of ['', 'null', '{', '{"from":"x","message":{"kind":"quit"}}', '['.repeat(100_000)])
      await client.publish('docket:watch', text)
    one.publish({ kind: 'changed', job: 'last' })
    await expect.poll(() => other.received, TAKEOVER).toEqual([{ kind: 'changed', job: 'last' }])
  })

  it('report a gap when they are subscribed again', async () => {
    const [one, other] = [await instance(), await instance()]
    await client.client('KILL', 'TYPE', 'pubsub')
    await expect.poll(() => [one.gaps(), other.gaps()], TAKEOVER).toEqual([2, 2])
    one.publish({ kind: 'changed', job: 'job' })
    await expect.poll(() => other.received, TAKEOVER).toEqual([{ kind: 'changed', job: 'job' }])
  })

  it('keep one subscriber connection while it works', async () => {
    const [one] = [await instance()]
    const listeners = async () => String(await client.call('CLIENT', 'LIST', 'TYPE', 'pubsub')).match(/\bid=\d+/g)
    const before = await listeners()
    expect(before).toHaveLength(1)
    // Twice the interval of the connection's health check.
    await delay(4500)
    expect(await listeners()).toEqual(before)
    expect(one.gaps()).toBe(1)
  })

  it('detect a hanging Redis, and subscribe again afterwards', async () => {
    const [one, other] = [await instance(), await instance()]
    one.acquire('job')
    other.acquire('job')
    await expect.poll(() => Object.keys({ ...one.leads, ...other.leads }), TAKEOVER).toEqual(['job'])
    redis.freeze()
    await expect.poll(() => [one.leads, other.leads], TAKEOVER).toEqual([{ job: true }, { job: true }])
    await delay(3500)
    redis.thaw()
    await expect
      .poll(() => [one.leads, other.leads].filter((leads) => leads['job']).length, { timeout: 15_000, interval: 20 })
      .toBe(1)
    await expect.poll(() => Math.min(one.gaps(), other.gaps()), { timeout: 15_000 }).toBeGreaterThan(1)
    one.publish({ kind: 'changed', job: 'last' })
    await expect.poll(() => other.received.at(-1), TAKEOVER).toEqual({ kind: 'changed', job: 'last' })
  })

  it('all lead while Redis is down, and one of them when it is back', async () => {
    const [one, other] = [await instance(), await instance()]
    one.acquire('job')
    await expect.poll(() => one.leads, TAKEOVER).toEqual({ job: true })
    other.acquire('job')
    await isLedBy(one, other, 'job')
    await redis.kill()
    await expect.poll(() => [one.leads, other.leads], TAKEOVER).toEqual([{ job: true }, { job: true }])
    await redis.restart()
    await expect
      .poll(() => [one.leads, other.leads].filter((leads) => leads['job']).length, { timeout: 15_000, interval: 20 })
      .toBe(1)
    await expect.poll(() => [one.gaps(), other.gaps()], TAKEOVER).toEqual([2, 2])
  })

  it('leave no connection and no timer after close', async () => {
    const open = () => process.getActiveResourcesInfo().filter((name) => /Timeout|TCPSocket/.test(name)).length
    const before = open()
    const one = await instance()
    one.acquire('job')
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
