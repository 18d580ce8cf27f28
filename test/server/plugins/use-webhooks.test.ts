import { createYoga } from 'graphql-yoga'
import { describe, expect, it } from 'vitest'
import { readConfig, type ConfigError } from '../../../src/config/config.js'
import { encodeJobId } from '../../../src/job/job-id.js'
import { useWebhooks } from '../../../src/server/plugins/use-webhooks.js'
import { closeAfterTest } from '../../support/close-after-test.js'
import { createFakeVendor } from '../../support/fake-vendor.js'
import { openGateway } from '../../support/gateway.js'
import { API_KEY, cortexAt, json, kodexaAt, startScriptedVendor } from '../../support/scripted-vendor.js'
import { serve, subscribeTo } from '../../support/served-gateway.js'
import { Secret } from '../../../src/job/secret.js'

const TOKEN = 'a-token_that-Nobody-could-guess-0123456789'
const PATH = `/webhooks/cortex/${TOKEN}`

/** The plugin alone, with the strings that it passes to the watcher. */
function openPlugin(token: string | undefined = TOKEN) {
  const mentions: { readonly vendor: string; readonly strings: readonly string[] }[] = []
  const vendors = [
    createFakeVendor({ name: 'CORTEX', webhookToken: token === undefined ? undefined : new Secret(token) }),
    createFakeVendor({ name: 'KODEXA', webhookToken: undefined }),
  ]
  const notifyMentioned = (vendor: string, strings: readonly string[]) => void mentions.push({ vendor, strings })
  const yoga = createYoga({ plugins: [useWebhooks(vendors, { notifyMentioned })], logging: false, cors: false })
  return {
    mentions,
    async send(init: RequestInit, path = PATH) {
      const response = await yoga.fetch(`http://gateway.test${path}`, init)
      expect(JSON.stringify([...response.headers])).not.toContain(TOKEN)
      return { status: response.status, text: await response.text(), allow: response.headers.get('allow') }
    },
    /** Posts a body and returns the status. */
    async post(body: unknown, path = PATH) {
      const text = typeof body === 'string' ? body : JSON.stringify(body)
      const response = await this.send({ method: 'POST', body: text }, path)
      return response.status
    },
  }
}

const nested = (depth: number, value: unknown): unknown => (depth === 0 ? value : { data: [nested(depth - 1, value)] })

describe('a webhook', () => {
  it.each([
    ['an object', { id: 'rec_1', status: 'COMPLETED' }, ['rec_1', 'COMPLETED']],
    ['objects in it', { event: 'updated', payload: [{ record: { key: { value: 'rec_1' } } }] }, ['updated', 'rec_1']],
    ['deep nesting', nested(50, 'rec_1'), ['rec_1']],
    ['a string alone', '"rec_1"', ['rec_1']],
    ['a number alone', '4711', ['4711']],
    ['a list', ['rec_0', 'rec_1', 'rec_0'], ['rec_0', 'rec_1']],
    ['numbers', { run: { id: 4711 }, half: 0.5 }, ['0.5', '4711']],
    ['a repeated name', '{"id":"rec_1","id":"rec_2"}', ['rec_2']],
    ['a string among other values', [null, true, 'a b', '', {}, [], 'rec_1'], ['rec_1']],
    ['a value of __proto__', '{"__proto__":{"id":"rec_1"},"constructor":"rec_2"}', ['rec_2', 'rec_1']],
  ])('is read for its strings: %s', async (_what, body, strings) => {
    const plugin = openPlugin()
    expect(await plugin.post(body)).toBe(202)
    expect(plugin.mentions).toEqual([{ vendor: 'CORTEX', strings }])
    expect(({} as { id?: string }).id).toBeUndefined()
  })

  it.each([
    ['is not JSON', '{"id": "rec_1"'],
    ['is a form', 'id=rec_1'],
    ['is empty', ''],
    ['is null', 'null'],
    ['is binary', '\u0000\u0001rec_1'],
    ['is tens of thousands of brackets', '['.repeat(30_000) + ']'.repeat(30_000)],
    ['is thousands of nested objects', `${'{"a":'.repeat(10_000)}null${'}'.repeat(10_000)}`],
    ['is a long list without strings', JSON.stringify(Array(13_000).fill(null))],
    [
      'has only strings that could change a path',
      ['..', '.', '../rec_1', 'a/b', 'a?b', 'a#b', 'a%2fb', 'a b', 'x'.repeat(201)],
    ],
    ['has a URL', { url: 'http://127.0.0.1:1/steal', callback: '//evil.test/x' }],
    ['has strings as names only', { rec_1: null }],
  ])('is accepted without strings when it %s', async (_what, body) => {
    const plugin = openPlugin()
    expect(await plugin.post(body)).toBe(202)
    expect(plugin.mentions).toEqual([{ vendor: 'CORTEX', strings: [] }])
  })

  it('is read for at most 500 strings, shallowest first', async () => {
    const plugin = openPlugin()
    const many = Array.from({ length: 5000 }, (_, at) => `w${at}`)
    expect(await plugin.post({ deep: { many }, id: 'rec_1' })).toBe(202)
    const { strings } = plugin.mentions[0]!
    expect(strings).toHaveLength(500)
    expect(strings.slice(0, 3)).toEqual(['rec_1', 'w0', 'w1'])
  })

  it('counts repeated numbers once and booleans never', async () => {
    const plugin = openPlugin()
    expect(await plugin.post({ flags: Array(5000).fill(true), zeros: Array(5000).fill(0), last: ['rec_1'] })).toBe(202)
    expect(plugin.mentions[0]?.strings).toEqual(['0', 'rec_1'])
  })

  it.each([
    ['one byte too many', 64 * 1024 + 1],
    ['a megabyte', 1_000_000],
  ])('gets 413 and is not read with %s', async (_what, bytes) => {
    const plugin = openPlugin()
    const bodyOf = (length: number) => `["rec_1","${'x'.repeat(length - 12)}"]`
    expect(bodyOf(bytes)).toHaveLength(bytes)
    expect(await plugin.post(bodyOf(bytes))).toBe(413)
    expect(plugin.mentions).toEqual([])
    expect(await plugin.post(bodyOf(64 * 1024))).toBe(202)
    expect(plugin.mentions).toEqual([{ vendor: 'CORTEX', strings: ['rec_1'] }])
  })

  it('is limited by bytes, not by characters', async () => {
    const plugin = openPlugin()
    expect(await plugin.post(`"${'ü'.repeat(33_000)}"`)).toBe(413)
  })
})

describe('the webhook path', () => {
  it.each([
    ['a wrong token', '/webhooks/cortex/another-token-0123456789'],
    ['a part of the token', PATH.slice(0, -1)],
    ['more than the token', `${PATH}x`],
    ['the token in another case', `/webhooks/cortex/${TOKEN.toUpperCase()}`],
    ['the token with a percent escape', `/webhooks/cortex/${TOKEN.replace('a', '%61')}`],
    ['no token', '/webhooks/cortex/'],
    ['no token and no slash', '/webhooks/cortex'],
    ['a trailing slash', `${PATH}/`],
    ['a prefix', `/x${PATH}`],
    ['a vendor without a token', `/webhooks/kodexa/${TOKEN}`],
    ['a vendor without a token, and the string undefined', '/webhooks/kodexa/undefined'],
    ['an unknown vendor', `/webhooks/other/${TOKEN}`],
    ['the name of an inherited property', `/webhooks/constructor/${TOKEN}`],
    ['the vendor in another case', `/webhooks/CORTEX/${TOKEN}`],
    ['the token as a query parameter', `/webhooks/cortex?token=${TOKEN}`],
  ])('gets 404 with %s', async (_what, path) => {
    const plugin = openPlugin()
    expect(await plugin.post({ id: 'rec_1' }, path)).toBe(404)
    expect(plugin.mentions).toEqual([])
  })

  it.each(['undefined', 'null', 'false', TOKEN, '%00'])('gets 404 when the vendor has no token: %s', async (guess) => {
    for (const token of [undefined, '']) {
      const vendor = createFakeVendor({
        name: 'CORTEX',
        webhookToken: token === undefined ? undefined : new Secret(token),
      })
      const mentions: string[] = []
      const plugin = useWebhooks([vendor], { notifyMentioned: (name) => void mentions.push(name) })
      const yoga = createYoga({ plugins: [plugin], logging: false, cors: false })
      const response = await yoga.fetch(`http://gateway.test/webhooks/cortex/${guess}`, { method: 'POST', body: '{}' })
      expect(response.status).toBe(404)
      expect(mentions).toEqual([])
    }
  })

  it('accepts the right token with any query string', async () => {
    const plugin = openPlugin()
    expect(await plugin.post({ id: 'rec_1' }, `${PATH}?source=cortex`)).toBe(202)
    expect(plugin.mentions).toHaveLength(1)
  })

  it.each(['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])('rejects %s with 405', async (method) => {
    const plugin = openPlugin()
    expect(await plugin.send({ method })).toEqual({ status: 405, text: '', allow: 'POST' })
    // Without the token, the response does not reveal that one exists.
    const { status, allow } = await plugin.send({ method }, '/webhooks/cortex/another-token-0123456789')
    expect([status, allow]).toEqual([404, null])
    expect(plugin.mentions).toEqual([])
  })

  it('answers with a status only', async () => {
    const plugin = openPlugin()
    const post = (body: string, path = PATH) => plugin.send({ method: 'POST', body }, path)
    const responses = [await post('{}'), await post('x'.repeat(100_000)), await post('{}', `${PATH}x`)]
    expect(responses).toEqual([202, 413, 404].map((status) => ({ status, text: '', allow: null })))
  })
})

describe('a gateway that receives webhooks from Cortex', () => {
  const RECORD = encodeJobId({ type: 'Record', path: ['c', 'col_1', 'rec_1'] })
  const SENTINEL = encodeJobId({ type: 'Record', path: ['c', 'col_9', 'sentinel'] })
  const RUN = encodeJobId({ type: 'WorkflowRun', path: ['c', 'work_1', '4711'] })
  const EXECUTION = encodeJobId({ type: 'Execution', path: ['rec_1'] })
  const WATCH = 'subscription ($ids: [ID!]!) { jobsUpdated(ids: $ids) { id status } }'
  const READ_RECORD = 'GET /apps/c/collections/col_1/records/rec_1/status'
  const READ_SENTINEL = 'GET /apps/c/collections/col_9/records/sentinel/status'
  const READ_RUN = 'GET /apps/c/workflows/work_1/runs/4711'

  /** A gateway that polls once a minute, in front of a vendor whose jobs all have the status in `now`. */
  async function open() {
    const now = { status: 'RUNNING' }
    const vendor = await startScriptedVendor((request, response) => {
      const id = /(?:records|runs|executions)\/(\w+)/.exec(request.url!)?.[1]
      json(200, { id, status: now.status })(request, response)
    })
    const opened = openGateway(
      (log) => [cortexAt(vendor.url, { webhookToken: new Secret(TOKEN) }, { log }), kodexaAt(vendor.url, {}, { log })],
      { pollMs: 60_000 },
    )
    closeAfterTest(opened.close, vendor.close)
    const { url, port } = await serve(opened.gateway)
    const hook = `http://127.0.0.1:${port}${PATH}`
    const post = (body: unknown, to = hook) =>
      fetch(to, { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body) })
    /** A subscriber that has received the current status of each job. */
    async function subscriber(...ids: string[]) {
      const stream = await subscribeTo(url, WATCH, { ids })
      for (const _ of ids) expect((await stream.next())?.data.jobsUpdated.status).toBe('RUNNING')
      return stream
    }
    return {
      now,
      vendor,
      opened,
      hook,
      post,
      subscriber,
      /** The reads that `act` causes, up to the poll of a job whose webhook is posted after it. */
      async readsAfter(act: () => Promise<unknown>) {
        await subscriber(SENTINEL)
        const before = vendor.requests.length
        await act()
        await post({ id: 'sentinel' })
        const reads = () => vendor.requests.slice(before)
        await expect.poll(reads, { timeout: 5000 }).toContain(READ_SENTINEL)
        return reads().filter((request) => request !== READ_SENTINEL)
      },
    }
  }

  it.each([
    ['record', RECORD, READ_RECORD, { event: 'record.updated', record: { id: 'rec_1' } }],
    ['run', RUN, READ_RUN, { run: 4711 }],
  ])('polls a watched %s at once instead of after a minute', async (_what, id, read, body) => {
    const { now, vendor, post, subscriber } = await open()
    const stream = await subscriber(id)
    now.status = 'COMPLETED'
    expect((await post(body)).status).toBe(202)
    expect((await stream.next())?.data.jobsUpdated).toEqual({ id, status: 'COMPLETED' })
    expect(await stream.next()).toBeNull()
    expect(vendor.requests).toEqual([read, read])
  })

  it('trusts the vendor, not the webhook', async () => {
    const { now, post, subscriber, readsAfter } = await open()
    const stream = await subscriber(RECORD)
    expect(await readsAfter(() => post({ id: 'rec_1', status: 'COMPLETED' }))).toContain(READ_RECORD)
    now.status = 'FAILED'
    await post({ id: 'rec_1', status: 'COMPLETED' })
    expect((await stream.rest()).map(({ data }) => data.jobsUpdated.status as string)).toEqual(['FAILED'])
  })

  it('reads only the watched jobs that are mentioned, each at its own URL', async () => {
    const { vendor, post, subscriber, readsAfter } = await open()
    await subscriber(RECORD, RUN, EXECUTION)
    const body = {
      id: 'rec_1',
      url: `${vendor.url.href}apps/c/evil`,
      callback: 'http://127.0.0.1:1/steal',
      path: '/apps/c/collections/col_2/records/rec_1',
      collectionId: 'col_2',
      workflowId: 'work_1',
      appId: 'evil',
      others: ['rec_3', 'rec_4', 'col_1', '../4711', '4711/../4711', '4711?x', '%34711'],
    }
    expect(new Set(await readsAfter(() => post(body)))).toEqual(new Set([READ_RECORD]))
  })

  it('reads nothing without subscribers', async () => {
    const { post, readsAfter } = await open()
    expect(await readsAfter(() => post({ ids: ['rec_1', '4711'] }))).toEqual([])
  })

  it('reads nothing when the token is wrong', async () => {
    const { post, hook, subscriber, readsAfter } = await open()
    await subscriber(RECORD, EXECUTION)
    const reads = await readsAfter(async () => {
      for (const wrong of [`${hook}x`, hook.replace('cortex', 'kodexa'), hook.slice(0, -1)])
        expect((await post({ id: 'rec_1' }, wrong)).status).toBe(404)
    })
    expect(reads).toEqual([])
  })

  it('polls at most three times for a hundred webhooks at once', async () => {
    const { post, subscriber, readsAfter } = await open()
    await subscriber(RECORD)
    const reads = await readsAfter(() => Promise.all(Array.from({ length: 100 }, () => post({ id: 'rec_1' }))))
    expect(reads.length).toBeGreaterThanOrEqual(1)
    expect(reads.length).toBeLessThanOrEqual(3)
  })

  it.each([70_000, 900_000, 5_000_000])('answers 413 to %i bytes, and does not poll', async (bytes) => {
    const { post, subscriber, readsAfter } = await open()
    await subscriber(RECORD)
    const reads = await readsAfter(async () => {
      const response = await post(`["rec_1","${'x'.repeat(bytes)}"]`)
      expect([response.status, await response.text()]).toEqual([413, ''])
    })
    expect(reads).toEqual([])
  })

  it('does not reveal the token in responses or in the log', async () => {
    const { opened, post, subscriber, vendor, hook } = await open()
    const stream = await subscriber(RECORD)
    vendor.answer(json(401, { message: `bad key ${API_KEY}` }))
    const output: string[] = []
    const record = async (response: Response) =>
      void output.push(await response.text(), JSON.stringify([...response.headers]))
    await record(await post({ id: 'rec_1', token: TOKEN }))
    await record(await post(`no JSON ${TOKEN}`))
    await record(await post('x'.repeat(100_000)))
    await record(await fetch(hook))
    await record(await post('{}', `${hook}x`))
    output.push(JSON.stringify(await stream.rest()))
    output.push((await opened.query('{ vendors { vendor mode status } }')).text)
    expect(output.join()).toContain('VENDOR_UNAUTHORIZED')
    expect(output.join()).not.toContain(TOKEN)
    expect(JSON.stringify(opened.lines)).not.toContain(TOKEN)
  })

  it('answers all other requests', async () => {
    const { opened } = await open()
    expect((await opened.query('{ vendors { mode } }')).data.vendors).toHaveLength(2)
    expect((await opened.gateway.fetch(new Request('http://gateway.test/health'))).status).toBe(200)
  })
})

describe('CORTEX_WEBHOOK_TOKEN', () => {
  const readWith = (token: string) => readConfig({ CORTEX_API_KEY: 'key', CORTEX_WEBHOOK_TOKEN: token })

  it.each([
    ['too short', 'a'.repeat(19)],
    ['too long', 'a'.repeat(201)],
    ['with a slash', `${'a'.repeat(20)}/b`],
    ['with a space', `${'a'.repeat(20)} b`],
    ['with a percent sign', `${'a'.repeat(20)}%2f`],
    ['with a line break', `${'a'.repeat(20)}\n`],
    ['with a letter outside ASCII', `${'a'.repeat(20)}ü`],
  ])('must not be %s, and is not quoted in the error', (_what, token) => {
    const problems = () => {
      try {
        readWith(token)
        return []
      } catch (error) {
        return (error as ConfigError).problems
      }
    }
    expect(problems()).toEqual(['CORTEX_WEBHOOK_TOKEN: must be 20 to 200 letters, digits, - and _'])
  })

  it.each(['a'.repeat(20), 'Z'.repeat(200), TOKEN])(
    'may be %s, and is not part of the serialised configuration',
    (token) => {
      const config = readWith(token)
      expect(config.vendors).toHaveLength(2)
      expect(JSON.stringify(config)).not.toContain(token)
    },
  )

  it.each(['', '  '])('is unset when it is "%s"', (token) => {
    expect(readWith(token).vendors).toHaveLength(2)
  })
})
