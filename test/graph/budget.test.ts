import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { idOf } from '../support/job-ids.js'
import { queryData } from '../support/query-data.js'
import { inSequence, json, type Script } from '../support/scripted-vendor.js'
import { LONG_TTL, openSharedGateway } from '../support/shared-gateway.js'
import {
  CANCEL_MUTATION,
  EXECUTION_QUERY,
  executionResponse,
  NODES_QUERY,
  numbered,
  recordsResponse,
} from '../support/shared-operations.js'
import { useSkippedTime } from '../support/skipped-time.js'

const advanceClock = useSkippedTime()

describe('a request budget', () => {
  const READ = 'query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Record { id name } } }'
  /** Each of its own collection, so that none are batched. */
  const recordIds = (count: number) => numbered(count, 'col_').map((collection) => idOf.record('rec_1', collection))
  const anyRecord: Script = (request, response) =>
    json(200, { id: 'rec_1', name: 'a name', status: request.method === 'POST' ? 'CANCELLED' : 'RUNNING' })(
      request,
      response,
    )

  it('is enforced: reads that cannot be sent before the deadline fail at once', async () => {
    const { gateway, cortex } = await openSharedGateway({
      cortex: anyRecord,
      cortexSettings: { requestsPerMinute: 20 },
      gateway: { deadlineMs: 1000 },
    })
    const { data, errors } = await gateway.query(READ, { ids: recordIds(50) })
    const sent = cortex.requests.length
    expect(sent).toBeGreaterThanOrEqual(1)
    expect(sent).toBeLessThanOrEqual(4)
    expect((data.nodes as unknown[]).filter((node) => node !== null)).toHaveLength(sent)
    expect(errors).toHaveLength(50 - sent)
    for (const { extensions } of errors) {
      expect(extensions).toMatchObject({ code: 'VENDOR_RATE_LIMITED', vendor: 'CORTEX' })
      expect(extensions!['retryAfterSeconds']).toBeGreaterThanOrEqual(1)
      expect(extensions!['retryAfterSeconds']).toBeLessThanOrEqual(300)
    }
  })

  it('is shared by many callers, whose waiting reads are batched', async () => {
    const rows = numbered(90, 'rec_').map((id) => ({ id, name: id, status: 'RUNNING' }))
    const { gateway, cortex } = await openSharedGateway({
      cortex: (request, response) => {
        const [, id] = /\/records\/(\w+)/.exec(request.url!) ?? []
        json(200, id ? rows.find((row) => row.id === id) : rows)(request, response)
      },
      cortexSettings: { requestsPerMinute: 20 },
      // The budget of a minute in three seconds.
      sharedState: { liveMs: 0, terminalMs: 0, rateWindowMs: 3000 },
    })
    const answers = await Promise.all(
      numbered(90, 'rec_').map((id) => queryData(gateway, READ, { ids: [idOf.record(id)] }) as Promise<object>),
    )
    expect(answers).toEqual(numbered(90, 'rec_').map((id) => ({ nodes: [{ id: idOf.record(id), name: id }] })))
    expect(cortex.requests.length).toBeLessThanOrEqual(4)
  })

  it('sends a cancel before a thousand waiting reads', async () => {
    const { gateway, cortex } = await openSharedGateway({
      cortex: anyRecord,
      cortexSettings: { requestsPerMinute: 20 },
      gateway: { deadlineMs: 3_600_000 },
    })
    const client = new AbortController()
    const ids = recordIds(1000)
    const reads = Array.from({ length: 10 }, (_, at) =>
      gateway.query(READ, { ids: ids.slice(at * 100, (at + 1) * 100) }, { signal: client.signal }).catch(() => null),
    )
    await expect.poll(() => cortex.requests.length).toBeGreaterThan(0)
    const before = cortex.requests.length
    const cancel = 'mutation ($id: ID!) { cancelJobs(ids: [$id]) { outcome } }'
    expect((await queryData(gateway, cancel, { id: ids[999] })).cancelJobs).toEqual([{ outcome: 'CANCELLED' }])
    const at = cortex.requests.findIndex((line) => line.startsWith('POST'))
    expect(at).toBeLessThanOrEqual(before + 1)
    client.abort()
    await Promise.all(reads)
  })

  it('is not spent on reads whose clients have disconnected', async () => {
    const { gateway, cortex } = await openSharedGateway({
      cortex: anyRecord,
      cortexSettings: { requestsPerMinute: 20 },
      sharedState: { ...LONG_TTL, rateWindowMs: 600 },
    })
    const client = new AbortController()
    const aborted = gateway.query(READ, { ids: recordIds(100) }, { signal: client.signal }).catch(() => null)
    await expect.poll(() => cortex.requests.length).toBeGreaterThan(0)
    client.abort()
    await aborted
    await delay(50)
    const sent = cortex.requests.length
    await delay(200)
    expect(cortex.requests).toHaveLength(sent)
    await queryData(gateway, READ, { ids: [idOf.record('rec_1', 'col_200')] })
    expect(cortex.requests).toHaveLength(sent + 1)
  })

  it('is reported with its remaining part', async () => {
    const { gateway, cortex, kodexa } = await openSharedGateway({
      cortex: anyRecord,
      cortexSettings: { requestsPerMinute: 500 },
    })
    const source = '{ vendors { vendor budget { limit remaining resetsInSeconds } } }'
    expect((await queryData(gateway, source)).vendors).toEqual([
      { vendor: 'CORTEX', budget: { limit: 500, remaining: 500, resetsInSeconds: 0 } },
      { vendor: 'KODEXA', budget: null },
    ])
    await queryData(gateway, READ, { ids: recordIds(20) })
    const [{ budget }] = (await queryData(gateway, source)).vendors
    expect(budget.limit).toBe(500)
    expect(budget.remaining).toBe(480)
    expect(budget.resetsInSeconds).toBeGreaterThan(0)
    expect(budget.resetsInSeconds).toBeLessThan(70)
    expect(cortex.requests).toHaveLength(20)
    expect(kodexa.requests).toEqual([])
  })
})

describe('a vendor that responds 429', () => {
  const tooManyRequests = json(429, {}, { 'retry-after': '60' })

  it('gets no reads and cancels until its Retry-After, unlike the other vendor', async () => {
    const { gateway, kodexa, cortex } = await openSharedGateway({ kodexa: tooManyRequests, cortex: recordsResponse })
    const first = await gateway.query(EXECUTION_QUERY, { id: 'exe_1' })
    expect(first.errors).toMatchObject([{ extensions: { code: 'VENDOR_RATE_LIMITED', retryAfterSeconds: 60 } }])
    for (const source of [EXECUTION_QUERY, '{ executions { nodes { id } } }']) {
      const { data, errors } = await gateway.query(source, { id: 'exe_2' })
      expect(Object.values(data as object)).toEqual([null])
      expect(errors).toMatchObject([{ extensions: { code: 'VENDOR_RATE_LIMITED', vendor: 'KODEXA' } }])
      expect(errors[0]!.extensions!['retryAfterSeconds']).toBeGreaterThan(30)
      expect(errors[0]!.extensions!['retryAfterSeconds']).toBeLessThanOrEqual(60)
    }
    expect((await queryData(gateway, CANCEL_MUTATION, { id: 'exe_1' })).cancelExecution).toEqual({
      code: 'VENDOR_RATE_LIMITED',
    })
    expect(kodexa.requests).toHaveLength(1)
    await queryData(gateway, NODES_QUERY, { ids: [idOf.record('rec_1')] })
    expect(cortex.requests).toHaveLength(1)

    kodexa.answer(executionResponse('RUNNING', 'exe_2'))
    await advanceClock(60_001)
    await queryData(gateway, EXECUTION_QUERY, { id: 'exe_2' })
    expect(kodexa.requests).toHaveLength(2)
  })

  it('does not affect cached jobs', async () => {
    const { gateway, kodexa } = await openSharedGateway({
      kodexa: inSequence(executionResponse('RUNNING'), tooManyRequests),
    })
    await queryData(gateway, EXECUTION_QUERY, { id: 'exe_1' })
    await gateway.query(EXECUTION_QUERY, { id: 'exe_2' })
    expect(await queryData(gateway, EXECUTION_QUERY, { id: 'exe_1' })).toMatchObject({
      execution: { status: 'RUNNING' },
    })
    expect(kodexa.requests).toHaveLength(2)
  })

  it('has no remaining budget until then', async () => {
    const { gateway } = await openSharedGateway({ kodexa: tooManyRequests, kodexaSettings: { requestsPerMinute: 500 } })
    await gateway.query(EXECUTION_QUERY, { id: 'exe_1' })
    const { vendors } = await queryData(gateway, '{ vendors { vendor budget { remaining resetsInSeconds } } }')
    const { budget } = (vendors as { vendor: string; budget: { resetsInSeconds: number } }[]).find(
      ({ vendor }) => vendor === 'KODEXA',
    )!
    expect(budget).toMatchObject({ remaining: 0 })
    expect(budget.resetsInSeconds).toBeGreaterThan(30)
  })
})
