import { mkdtempSync, rmSync } from 'node:fs'
import { Agent, request, type IncomingHttpHeaders } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, describe, expect, it } from 'vitest'
import { encodeJobId } from '../../src/job/job-id.js'
import { closeAfterTest } from '../support/close-after-test.js'
import { startMain } from '../support/main-process.js'
import { hang, json, startScriptedVendor, type Script } from '../support/scripted-vendor.js'

const folder = mkdtempSync(join(tmpdir(), 'docket-'))
afterAll(() => rmSync(folder, { recursive: true }))

const NUMBERS = Array.from({ length: 50 }, (_, at) => at)

describe('a process that is told to stop', { timeout: 30_000 }, () => {
  it('answers all fifty requests that are in flight, closes their connections, and ends well', async () => {
    const { vendor, gateway, origin } = await start((request, response) => {
      const id = request.url!.split('?')[0]!.split('/').at(-1)
      setTimeout(() => json(200, { id, name: `Job ${id}`, status: 'RUNNING' })(request, response), 1500)
    })
    const agent = new Agent({ keepAlive: true })
    closeAfterTest(() => Promise.resolve(agent.destroy()))
    // So that all connections are kept, and known to be.
    const warm = await Promise.all(NUMBERS.map(() => ask(`${origin}/graphql`, { agent, body: '{ __typename }' })))
    expect(new Set(warm.map(({ headers }) => headers.connection))).toEqual(new Set(['keep-alive']))
    const answers = NUMBERS.map((at) =>
      ask(`${origin}/graphql`, { agent, body: `{ record(by: { id: "${idOf(at)}" }) { name status } }` }),
    )
    await expect.poll(() => vendor.requests.length).toBe(50)

    gateway.child.kill('SIGTERM')
    await gateway.said(/draining/)
    const ready = await ask(`${origin}/ready`)
    expect([ready.status, ready.headers.connection]).toEqual([503, 'close'])
    expect((await ask(`${origin}/health`)).status).toBe(200)
    const answered = await Promise.all(answers)
    expect(answered.map(({ status }) => status)).toEqual(NUMBERS.map(() => 200))
    expect(answered.map(({ text }) => JSON.parse(text) as unknown)).toEqual(
      NUMBERS.map((at) => ({ data: { record: { name: `Job rec_${at}`, status: 'RUNNING' } } })),
    )
    expect(answered.map(({ headers }) => headers.connection)).toEqual(NUMBERS.map(() => 'close'))
    expect(vendor.requests).toHaveLength(50)
    expect(await gateway.exited).toBe(0)
    expect(gateway.output()).not.toMatch(/"level":[45]0/)
  })

  it('finishes a cancel whose caller has left, and ends after that', async () => {
    let isCancelled = false
    const { vendor, gateway, origin } = await start((request, response) => {
      setTimeout(() => {
        isCancelled = true
        json(200, { id: 'rec_1', status: 'CANCELLED' })(request, response)
      }, 1500)
    })
    const leaving = new AbortController()
    const body = `mutation { cancelRecord(by: { id: "${idOf(1)}" }) { __typename } }`
    const answer = ask(`${origin}/graphql`, { body, signal: leaving.signal })
    await expect.poll(() => vendor.requests.length).toBe(1)
    leaving.abort()
    await expect(answer).rejects.toThrow()
    gateway.child.kill('SIGTERM')
    expect(await gateway.exited).toBe(0)
    expect(isCancelled).toBe(true)
    expect(vendor.requests).toEqual([expect.stringMatching(/^POST /)])
  })

  it('does not wait for those who offered HTTP/2 and use their connections no more', async () => {
    const { gateway, origin } = await start(hang)
    const agent = new Agent({ keepAlive: true })
    closeAfterTest(() => Promise.resolve(agent.destroy()))
    const offer = { connection: 'Upgrade, HTTP2-Settings', upgrade: 'h2c' }
    expect((await ask(`${origin}/health`, { agent, headers: offer })).status).toBe(200)
    const begunAt = performance.now()
    gateway.child.kill('SIGTERM')
    expect(await gateway.exited).toBe(0)
    expect(performance.now() - begunAt).toBeLessThan(4000)
  })

  it('cuts off what takes longer than it may', async () => {
    const { vendor, gateway, origin } = await start(hang, { DRAIN_MS: '100' })
    const answer = ask(`${origin}/graphql`, { body: `{ record(by: { id: "${idOf(1)}" }) { name } }` })
    await expect.poll(() => vendor.requests.length).toBe(1)
    gateway.child.kill('SIGTERM')
    await expect(answer).rejects.toThrow('socket hang up')
    expect(await gateway.exited).toBe(0)
    expect(gateway.output()).toContain('drain timeout')
  })

  it('ends at once when it is told again, says so, and does not say that all went well', async () => {
    const { vendor, gateway, origin } = await start(hang)
    const answer = ask(`${origin}/graphql`, { body: `{ record(by: { id: "${idOf(1)}" }) { name } }` })
    await expect.poll(() => vendor.requests.length).toBe(1)
    gateway.child.kill('SIGTERM')
    await gateway.said(/draining/)
    // What comes at the same moment is an echo of the first.
    gateway.child.kill('SIGTERM')
    await delay(300)
    expect(gateway.child.exitCode).toBeNull()
    gateway.child.kill('SIGTERM')
    await expect(answer).rejects.toThrow()
    expect(await gateway.exited).toBe(143)
    expect(gateway.output().match(/second signal/g)).toHaveLength(1)
  })
})

async function start(script: Script, env: Record<string, string> = {}) {
  const vendor = await startScriptedVendor(script)
  closeAfterTest(vendor.close)
  const gateway = startMain(folder, {
    PORT: '0',
    CORTEX_API_KEY: 'key',
    CORTEX_BASE_URL: vendor.url.href,
    CORTEX_COLLECTION_IDS: 'col_1',
    ...env,
  })
  return { vendor, gateway, origin: await gateway.origin() }
}

/** Each in a collection of its own, so that each costs a request. */
function idOf(at: number): string {
  return encodeJobId({ type: 'Record', path: ['c', `col_${at}`, `rec_${at}`] })
}

interface Asked {
  readonly agent?: Agent
  /** An operation. */
  readonly body?: string
  readonly signal?: AbortSignal
  readonly headers?: Record<string, string>
}

/** By Node's own client, which shows what is said of the connection. */
function ask(url: string, { agent = new Agent(), body, signal, headers }: Asked = {}) {
  return new Promise<{ status: number | undefined; headers: IncomingHttpHeaders; text: string }>((resolve, reject) => {
    const sent = request(
      url,
      {
        agent,
        method: body === undefined ? 'GET' : 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        ...(signal && { signal }),
      },
      (response) => {
        let text = ''
        response.on('data', (chunk: Buffer) => (text += chunk.toString()))
        response.once('end', () => resolve({ status: response.statusCode, headers: response.headers, text }))
      },
    )
    sent.once('error', reject)
    sent.end(body === undefined ? undefined : JSON.stringify({ query: body }))
  })
}
