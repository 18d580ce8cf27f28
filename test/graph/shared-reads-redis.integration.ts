import { Redis } from 'ioredis'
import { beforeEach, describe, expect, it } from 'vitest'
import { encodeJobId } from '../../src/job/job-id.js'
import { silentLog } from '../../src/job/log.js'
import { createSharedState } from '../../src/reads/shared-state.js'
import { closeAfterTest } from '../support/close-after-test.js'
import { openGateway, type TestGateway } from '../support/gateway.js'
import { startRedis, type PrivateRedis } from '../support/redis-server.js'
import { byRoute, cortexAt, json, startScriptedVendor, text, type ScriptedVendor } from '../support/scripted-vendor.js'
import { Secret } from '../../src/job/secret.js'

const recordId = (id: string) => encodeJobId({ type: 'Record', path: ['c', 'col_1', id] })
const RECORD = recordId('rec_1')
const READ = `{ job(id: "${RECORD}") { name status } }`
const CANCEL = `mutation { cancelRecord(by: { id: "${RECORD}" }) { __typename } }`
const running = (id: string) => json(200, { id, name: 'Invoice', status: 'RUNNING' })

describe('gateways on one Redis', () => {
  let redis: PrivateRedis
  let vendor: ScriptedVendor
  let client: Redis
  let probes = 0
  beforeEach(async () => {
    redis = await startRedis()
    vendor = await startScriptedVendor(
      byRoute({
        'GET .*/rec_1': running('rec_1'),
        'GET .*/rec_probe_.*': json(404, {}),
        'POST .*/cancel': json(200, { id: 'rec_1', name: 'Invoice', status: 'CANCELLED' }),
      }),
    )
    client = new Redis(redis.url)
    client.on('error', () => {})
    closeAfterTest(() => Promise.resolve(client.disconnect()), redis.close, vendor.close)
  })

  /** A gateway that has reached its Redis. */
  async function instance(apiKey = 'key', requestsPerMinute: number | null = null): Promise<TestGateway> {
    const sharing = createSharedState({ redisUrl: new Secret(redis.url), liveMs: 60_000, log: silentLog })
    const gateway = openGateway([
      cortexAt(vendor.url, { apiKey: new Secret(apiKey), requestsPerMinute }, { sharedState: sharing }),
    ])
    closeAfterTest(gateway.close, sharing.close)
    // What is read is kept in Redis as soon as the connection stands.
    await expect
      .poll(async () => {
        const name = `rec_probe_${probes++}`
        await gateway.query(`{ job(id: "${recordId(name)}") { name } }`)
        return client.keys(`*${name}`)
      })
      .toHaveLength(1)
    return gateway
  }

  const reads = () => vendor.requests.filter((line) => line.endsWith('/rec_1'))

  it('read a job once for all instances', async () => {
    const [one, other] = [await instance(), await instance()]
    expect((await one.query(READ)).data.job).toEqual({ name: 'Invoice', status: 'RUNNING' })
    expect((await other.query(READ)).data.job).toEqual({ name: 'Invoice', status: 'RUNNING' })
    expect(reads()).toHaveLength(1)
  })

  it('return the job of a cancel sent by any instance', async () => {
    const [one, other] = [await instance(), await instance()]
    await one.query(READ)
    await other.query(CANCEL)
    expect((await one.query(READ)).data.job.status).toBe('CANCELLED')
    expect(reads()).toHaveLength(1)
  })

  it('share nothing between credentials', async () => {
    const [one, other] = [await instance('key'), await instance('another key')]
    await one.query(READ)
    vendor.answer(text(404, ''))
    expect((await other.query(READ)).data.job).toBeNull()
    expect((await one.query(READ)).data.job.status).toBe('RUNNING')
  })

  it('continue on their own when Redis dies', async () => {
    const gateways = [await instance(), await instance()]
    await redis.kill()
    for (const gateway of gateways) {
      const { data, errors } = await gateway.query(READ)
      expect(errors).toEqual([])
      expect(data.job.status).toBe('RUNNING')
      await gateway.query(READ)
    }
    expect(reads()).toHaveLength(2)
  })

  it('report the shared remaining budget', async () => {
    const [one, other] = [await instance('key', 500), await instance('key', 500)]
    const left = async (gateway: TestGateway) => {
      const { data } = await gateway.query('{ vendors { budget { limit remaining } } }')
      return (data.vendors as { budget: { limit: number; remaining: number } }[])[0]!.budget
    }
    const before = await left(other)
    expect(before.limit).toBe(500)
    await one.query(READ)
    expect((await left(other)).remaining).toBe(before.remaining - 1)
    expect((await left(one)).remaining).toBe(before.remaining - 1)
  })
})
