import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, it, vi } from 'vitest'
import type { GatewayOptions } from '../../src/gateway.js'
import { encodeJobId } from '../../src/job/job-id.js'
import { silentLog } from '../../src/job/log.js'
import { createSharedState, type SharedState } from '../../src/reads/shared-state.js'
import { closeAfterTest } from '../support/close-after-test.js'
import { openGateway } from '../support/gateway.js'
import {
  cortexAt,
  json,
  kodexaAt,
  emptySharedState,
  startScriptedVendor,
  type Script,
  type ScriptedVendor,
} from '../support/scripted-vendor.js'
import { fetchOperation, serve, subscribeRaw, subscribeTo, type StreamEvent } from '../support/served-gateway.js'

vi.setConfig({ testTimeout: 30_000 })

const idOf = {
  record: (id: string) => encodeJobId({ type: 'Record', path: ['c', 'col_1', id] }),
  run: (id: string) => encodeJobId({ type: 'WorkflowRun', path: ['c', 'work_1', id] }),
  execution: (at: number) =>
    encodeJobId({ type: 'Execution', path: [`00000000-0000-4000-8000-${String(at).padStart(12, '0')}`] }),
}
const EXECUTION = encodeJobId({ type: 'Execution', path: ['exe'] })

const WATCH = 'subscription ($id: ID!) { jobUpdated(id: $id) { id status } }'
const WATCH_MANY = 'subscription ($ids: [ID!]!) { jobsUpdated(ids: $ids) { id status vendor } }'
const WATCH_NAMED =
  'subscription ($id: ID!) { jobUpdated(id: $id) { status name state { ... on JobRunning { progress } } } }'

const times = (count: number, prefix: string) => Array.from({ length: count }, (_, at) => `${prefix}${at + 1}`)
const statusOf = (event: StreamEvent | null) => event?.data?.jobUpdated?.status as string | undefined

interface SceneOptions extends Partial<GatewayOptions> {
  readonly sharing?: SharedState
}

/** A gateway that listens, in front of both vendors. */
async function open(
  scripts: { cortex?: Script; kodexa?: Script },
  { sharing = emptySharedState(), ...options }: SceneOptions = {},
) {
  const [cortex, kodexa] = [await startScriptedVendor(scripts.cortex), await startScriptedVendor(scripts.kodexa)]
  const opened = openGateway(
    [cortexAt(cortex.url, {}, { sharedState: sharing }), kodexaAt(kodexa.url, {}, { sharedState: sharing })],
    {
      pollMs: 10,
      ...options,
    },
  )
  let closing: Promise<void> | undefined
  const close = () => (closing ??= opened.close())
  closeAfterTest(close, cortex.close, kodexa.close)
  return { cortex, kodexa, opened, close, gateway: opened.gateway, served: await serve(opened.gateway) }
}

describe('a crowd of subscribers', () => {
  it('sees every change of a run, with at most two vendor reads a second', async () => {
    let status = 'PENDING'
    const run: Script = (request, response) => json(200, { id: 'run_1', status })(request, response)
    const { cortex, served, gateway } = await open(
      { cortex: run },
      { pollMs: 600, sharing: createSharedState({ log: silentLog }) },
    )
    const began = performance.now()
    const streams = await Promise.all(
      Array.from({ length: 50 }, () => subscribeTo(served.url, WATCH, { id: idOf.run('run_1') })),
    )
    const events: (string | undefined)[][] = streams.map(() => [])
    const allTakeOne = () =>
      Promise.all(streams.map(async ({ next }, at) => void events[at]!.push(statusOf(await next()))))
    await allTakeOne()
    expect(gateway.watching()).toEqual({ jobs: 1, subscribers: 50 })
    await delay(1500)
    status = 'RUNNING'
    await allTakeOne()
    await delay(1500)
    status = 'COMPLETED'
    await allTakeOne()
    const seconds = (performance.now() - began) / 1000
    expect(events).toEqual(Array(50).fill(['QUEUED', 'RUNNING', 'COMPLETED']))
    // All that is left is the end.
    expect(await Promise.all(streams.map(({ rest }) => rest()))).toEqual(Array(50).fill([]))
    expect(cortex.requests.length).toBeGreaterThanOrEqual(4)
    expect(cortex.requests.length).toBeLessThanOrEqual(2 * seconds)
    expect(gateway.watching()).toEqual({ jobs: 0, subscribers: 0 })
    await delay(1000)
    expect(cortex.requests.length).toBeLessThanOrEqual(2 * seconds)
  })

  it('gets what each of them selects', async () => {
    const run = { id: 'run_1', status: 'RUNNING', origin: 'TRIGGER' }
    const { cortex, served } = await open({
      cortex: (request, response) =>
        json(200, request.url!.includes('verbose=all') ? { ...run, input: { page: 7 } } : run)(request, response),
    })
    const id = idOf.run('run_1')
    const poor = await subscribeTo(served.url, WATCH, { id })
    expect(statusOf(await poor.next())).toBe('RUNNING')
    await expect.poll(() => cortex.requests.length).toBeGreaterThan(3)
    const rich = await subscribeTo(
      served.url,
      'subscription ($id: ID!) { jobUpdated(id: $id) { status ... on WorkflowRun { input } } }',
      { id },
    )
    expect((await rich.next())?.data.jobUpdated).toEqual({ status: 'RUNNING', input: { page: 7 } })
    run.status = 'COMPLETED'
    expect(await rich.rest()).toMatchObject([{ data: { jobUpdated: { status: 'COMPLETED', input: { page: 7 } } } }])
    expect((await poor.rest()).map(statusOf)).toEqual(['COMPLETED'])
  })
})

describe('many jobs of one container', () => {
  const POLL_MS = 150
  let status = 'RUNNING'
  const row = (id: string) => ({ id, status, name: id })
  const cortexRows: Script = (request, response) => {
    const [, kind, id] = /\/(records|runs)(?:\/([\w-]+))?/.exec(request.url!) ?? []
    const rows = times(40, kind === 'runs' ? 'run_' : 'rec_').map(row)
    json(200, id ? row(id) : rows)(request, response)
  }
  const uuid = /[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/g
  const kodexaRows: Script = (request, response) => {
    const ids = decodeURIComponent(request.url!).match(uuid) ?? []
    const rows = ids.map((id) => ({ ...row(id), status: status === 'RUNNING' ? status : 'SUCCEEDED' }))
    json(200, /executions\//.test(request.url!) ? rows[0] : { content: rows })(request, response)
  }

  it.each([
    ['records', 'cortex', times(20, 'rec_').map(idOf.record)],
    ['runs', 'cortex', times(20, 'run_').map(idOf.run)],
    ['executions', 'kodexa', Array.from({ length: 20 }, (_, at) => idOf.execution(at))],
  ] as const)('are polled together: %s', async (_kind, name, ids) => {
    status = 'RUNNING'
    const scene = await open({ cortex: cortexRows, kodexa: kodexaRows }, { pollMs: POLL_MS })
    const vendor: ScriptedVendor = scene[name]
    const stream = await subscribeTo(scene.served.url, WATCH_MANY, { ids })
    for (const id of ids) expect((await stream.next())?.data.jobsUpdated).toMatchObject({ id, status: 'RUNNING' })
    // All of them came together, and went out together.
    expect(vendor.requests).toHaveLength(1)
    const began = performance.now()
    await expect.poll(() => vendor.requests.length, { timeout: 10_000 }).toBeGreaterThan(8)
    const moments = Math.ceil((performance.now() - began) / POLL_MS) + 1
    expect(vendor.requests.length).toBeLessThanOrEqual(moments + 1)
    status = 'COMPLETED'
    expect(await stream.rest()).toHaveLength(20)
    expect(vendor.requests.filter((line) => !/records\/|runs\/|executions\//.test(line)).length).toBeGreaterThan(3)
  })
})

describe('a subscriber over a socket', () => {
  const running: Script = (request, response) => json(200, { id: 'exe', status: 'RUNNING' })(request, response)

  it('that disconnects stops the polling', async () => {
    const { kodexa, served, gateway, opened } = await open({ kodexa: running })
    const socket = await subscribeRaw(served, WATCH, { id: EXECUTION })
    socket.resume()
    await once(socket, 'data')
    await expect.poll(() => kodexa.requests.length).toBeGreaterThan(3)
    expect(gateway.watching()).toEqual({ jobs: 1, subscribers: 1 })
    socket.destroy()
    await expect.poll(() => gateway.watching()).toEqual({ jobs: 0, subscribers: 0 })
    // What was on its way when they left may still arrive.
    await delay(50)
    const sent = kodexa.requests.length
    await delay(150)
    expect(kodexa.requests.length).toBe(sent)
    expect(opened.lines).toEqual([])
  })

  it('that disconnects before reading anything stops the polling as well', async () => {
    const { kodexa, served, gateway } = await open({ kodexa: running })
    const socket = await subscribeRaw(served, WATCH, { id: EXECUTION })
    await expect.poll(() => kodexa.requests.length).toBeGreaterThan(3)
    socket.destroy()
    await expect.poll(() => gateway.watching()).toEqual({ jobs: 0, subscribers: 0 })
  })

  it('that does not read gets no backlog, and the current state in the end', { timeout: 60_000 }, async () => {
    const CHANGES = 300
    const BYTES = 100_000
    let change = 0
    let isOver = false
    const name = 'x'.repeat(BYTES)
    const { served, gateway } = await open({
      cortex: (request, response) =>
        json(200, { id: 'rec_1', name: `${name}${++change}`, status: isOver ? 'COMPLETED' : `WORD_${change}` })(
          request,
          response,
        ),
    })
    const query = 'subscription ($id: ID!) { jobUpdated(id: $id) { vendorStatus name } }'
    const socket = await subscribeRaw(served, query, { id: idOf.record('rec_1') })
    await expect.poll(() => change, { timeout: 30_000 }).toBeGreaterThan(CHANGES)
    isOver = true
    await expect.poll(() => gateway.watching().jobs).toBe(0)
    let bytes = 0
    let text = ''
    socket.setEncoding('latin1')
    socket.on('data', (chunk) => {
      bytes += chunk.length
      text += String(chunk).replace(/x+/g, '')
    })
    socket.resume()
    await expect.poll(() => text, { timeout: 10_000 }).toContain('event: complete')
    const words = [...text.matchAll(/"vendorStatus":"(\w+)"/g)].map(([, word]) => word!)
    expect(words.at(-1)).toBe('COMPLETED')
    const seen = words.slice(0, -1).map((word) => Number(word.slice('WORD_'.length)))
    expect(seen).toEqual([...seen].sort((a, b) => a - b))
    expect(new Set(words).size).toBe(words.length)
    // What the system keeps for a socket is some megabytes; all of it would be thirty.
    expect(words.length).toBeLessThan(CHANGES / 2)
    expect(bytes).toBeLessThan((CHANGES / 2) * BYTES)
  })

  it('that does not read and disconnects is removed', async () => {
    let change = 0
    const name = 'x'.repeat(200_000)
    const { served, gateway, cortex } = await open({
      cortex: (request, response) => json(200, { id: 'rec_1', name, status: `WORD_${++change}` })(request, response),
    })
    const socket = await subscribeRaw(served, WATCH_NAMED, { id: idOf.record('rec_1') })
    await expect.poll(() => change, { timeout: 20_000 }).toBeGreaterThan(100)
    socket.destroy()
    await expect.poll(() => gateway.watching()).toEqual({ jobs: 0, subscribers: 0 })
    const sent = cortex.requests.length
    await delay(150)
    expect(cortex.requests.length).toBe(sent)
  })

  it('is not affected by the failure of another vendor', async () => {
    const answers = { cortex: 'RUNNING', isKodexaWell: true }
    const { served, kodexa } = await open(
      {
        cortex: (request, response) => json(200, { id: 'rec_1', status: answers.cortex })(request, response),
        kodexa: (request, response) =>
          answers.isKodexaWell ? running(request, response) : json(503, {})(request, response),
      },
      { outageGraceMs: 100 },
    )
    const ids = [idOf.record('rec_1'), EXECUTION]
    const both = await subscribeTo(served.url, WATCH_MANY, { ids })
    const single = await subscribeTo(served.url, WATCH, { id: ids[0] })
    await both.next()
    await both.next()
    expect(statusOf(await single.next())).toBe('RUNNING')
    answers.isKodexaWell = false
    expect((await both.next())?.errors).toMatchObject([
      { extensions: { code: 'VENDOR_UNAVAILABLE', vendor: 'KODEXA' } },
    ])
    answers.cortex = 'COMPLETED'
    expect((await both.next())?.data.jobsUpdated).toMatchObject({ id: ids[0], status: 'COMPLETED' })
    expect((await single.rest()).map(statusOf)).toEqual(['COMPLETED'])
    kodexa.answer(json(200, { id: 'exe', status: 'SUCCEEDED' }))
    expect((await both.rest()).map(({ data }) => data.jobsUpdated.status as string)).toEqual(['COMPLETED'])
  })

  it.each([
    ['CANCELLED', 'CANCELLED'],
    ['CANCELLING', 'CANCELLING'],
  ])('sees the result of a cancel at once, however rarely the job is polled: %s', async (word, status) => {
    let now = 'RUNNING'
    const { served, kodexa } = await open(
      {
        kodexa(request, response) {
          if (request.method === 'PUT') now = word
          json(200, { id: 'exe', status: now })(request, response)
        },
      },
      // The next look is a minute away.
      { pollMs: 60_000, sharing: createSharedState({ log: silentLog, liveMs: 60_000 }) },
    )
    const id = EXECUTION
    const stream = await subscribeTo(served.url, WATCH, { id })
    expect(statusOf(await stream.next())).toBe('RUNNING')
    await fetchOperation(served.url, 'mutation ($ids: [ID!]!) { cancelJobs(ids: $ids) { outcome } }', { ids: [id] })
    expect(statusOf(await stream.next())).toBe(status)
    expect(kodexa.requests.filter((line) => line.startsWith('GET'))).toHaveLength(2)
  })

  it('gets a complete event when the gateway closes', async () => {
    const { served, close, gateway } = await open({ kodexa: running })
    const stream = await subscribeTo(served.url, WATCH, { id: EXECUTION })
    await stream.next()
    await close()
    expect(await stream.rest()).toEqual([])
    expect(gateway.watching()).toEqual({ jobs: 0, subscribers: 0 })
  })
})
