import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createUnlimitedLimiter } from '../../../src/upstream/budget/unlimited-limiter.js'
import { VendorError } from '../../../src/job/errors.js'
import { silentLog } from '../../../src/job/log.js'
import { createItemLoader, type ItemLoader } from '../../../src/reads/item-loader.js'
import { createSharedReads } from '../../../src/reads/shared-reads.js'
import { createBatchSupport, type BatchSupport } from '../../../src/vendors/kodexa/batch-support.js'
import { parseErrorBody } from '../../../src/vendors/kodexa/error-body.js'
import { createDialect, type Dialect, type DialectSettings } from '../../../src/vendors/kodexa/dialect.js'
import { createExecutionSource, type DetailLevel } from '../../../src/vendors/kodexa/execution-source.js'
import type { Execution } from '../../../src/vendors/kodexa/normalise/execution.js'
import { createNormaliser } from '../../../src/vendors/kodexa/normalise/index.js'
import { startKodexaSandbox, type KodexaSandbox, type KodexaSandboxOptions } from '../../../src/sandbox/kodexa/index.js'
import type { WirePage } from '../../../src/vendors/kodexa/wire.js'
import { testContext } from '../../support/test-context.js'
import { openUpstream } from '../../support/upstream.js'
import {
  byRoute,
  json,
  emptySharedState,
  startScriptedVendor,
  type Script,
  type ScriptedVendor,
} from '../../support/scripted-vendor.js'

type ExecutionLoader = ItemLoader<string, Execution, DetailLevel>

const HOUR = 60 * 60 * 1000
const COLON: DialectSettings = { filter: 'colon', sort: 'comma', pageBase: 1 }

const closers: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

interface Circumstances {
  readonly apiKey?: string
  readonly settings?: DialectSettings
  readonly now?: () => number
}

/** What lives as long as the gateway; `request` gives the loader of one request. */
function gatewayAt(url: URL, { apiKey = 'key', settings = COLON, now = Date.now }: Circumstances = {}) {
  const upstream = openUpstream({
    vendor: 'KODEXA',
    baseUrl: url,
    headers: { 'x-api-key': apiKey },
    timeoutMs: 5000,
    maxRetries: 0,
    limiter: createUnlimitedLimiter(),
    parseErrorBody,
  })
  closers.push(upstream.close)
  const support: BatchSupport = createBatchSupport(now)
  const dialect: Dialect = createDialect(settings)
  const normaliser = createNormaliser(silentLog)
  const source = createExecutionSource(normaliser, dialect, () => support)
  const executions = createSharedReads({
    vendor: 'KODEXA',
    upstream,
    sharedState: emptySharedState(),
    credentialKey: '',
    source,
  })
  const request = (): ExecutionLoader => createItemLoader(executions, testContext())
  return { support, request }
}

/** The ids that were found, null for those that were not, and the code of what failed. */
async function load(loader: ExecutionLoader, ids: readonly string[]): Promise<(string | null)[]> {
  const answers = await Promise.all(ids.map((id) => loader.load(id, 'whole').catch((error: Error) => error)))
  return answers.map((answer) => {
    if (answer instanceof VendorError) return answer.code
    if (answer instanceof Error) throw answer
    return answer?.vendorId ?? null
  })
}

const numbered = (count: number) => Array.from({ length: count }, (_, at) => `exe-${at + 1}`)

describe('executions by their ids', () => {
  let vendor: ScriptedVendor
  beforeEach(async () => {
    vendor = await startScriptedVendor()
  })
  afterEach(() => vendor.close())

  type ListAnswer = (ids: readonly string[], query: URLSearchParams) => Script

  /** An instance that has these executions and answers lists so. */
  function instance(known: readonly string[], list: ListAnswer): Script {
    return (request, response) => {
      const { pathname, searchParams } = new URL(request.url!, vendor.url)
      const id = /^\/api\/executions\/([^/]+)$/.exec(pathname)?.[1]
      if (id === undefined) return list(idsIn(searchParams), searchParams)(request, response)
      const single = known.includes(id) ? json(200, { id, status: 'RUNNING' }) : json(404, { message: 'not found' })
      single(request, response)
    }
  }

  const idsIn = (query: URLSearchParams) => [...(query.get('filter') ?? '').matchAll(/'([^']+)'/g)].map(([, id]) => id!)
  const rowsOf = (ids: readonly string[]) => ids.map((id) => ({ id, status: 'RUNNING' }))
  const pageOf = (ids: readonly string[]) => json(200, { content: rowsOf(ids), totalElements: ids.length, last: true })
  const batching = (known: readonly string[]) =>
    instance(known, (ids) => pageOf(known.filter((id) => ids.includes(id))))

  const refusing = (known: readonly string[]) => instance(known, () => json(400, { message: 'Cannot filter by id' }))

  const queryOf = (line: string) => new URL(line.split(' ')[1]!, vendor.url).searchParams
  const lists = () => vendor.requests.filter((line) => line.startsWith('GET /api/executions?'))
  const gets = () => vendor.requests.filter((line) => line.startsWith('GET /api/executions/'))

  it('are a hundred in two lists of fifty', async () => {
    const ids = numbered(100)
    vendor.answer(batching(ids))
    expect(await load(gatewayAt(vendor.url).request(), ids)).toEqual(ids)
    const asked = vendor.requests.map((line) => new URL(line.split(' ')[1]!, vendor.url))
    expect(asked.map(({ pathname }) => pathname)).toEqual(['/api/executions', '/api/executions'])
    expect(asked.map(({ searchParams }) => searchParams.get('pageSize'))).toEqual(['50', '50'])
    expect(asked.map(({ searchParams }) => idsIn(searchParams))).toEqual([ids.slice(0, 50), ids.slice(50)])
  })

  it('is one by its own path', async () => {
    vendor.answer(batching(numbered(1)))
    expect(await load(gatewayAt(vendor.url).request(), ['exe-1'])).toEqual(['exe-1'])
    expect(vendor.requests).toEqual(['GET /api/executions/exe-1'])
  })

  it('are fifty-one in a list and one by its own path', async () => {
    const ids = numbered(51)
    vendor.answer(batching(ids))
    expect(await load(gatewayAt(vendor.url).request(), ids)).toEqual(ids)
    expect(lists()).toHaveLength(1)
    expect(gets()).toEqual(['GET /api/executions/exe-51'])
  })

  it('are asked for in as many words as there are ids, so that the list is whole', async () => {
    vendor.answer(batching(numbered(3)))
    await load(gatewayAt(vendor.url).request(), numbered(3))
    expect(Object.fromEntries(queryOf(vendor.requests[0]!))).toEqual({
      page: '1',
      pageSize: '3',
      sort: 'createdOn,desc',
      filter: "id in ('exe-1','exe-2','exe-3')",
    })
  })

  it('are told apart by their ids, not by their places', async () => {
    vendor.answer(instance([], (ids) => pageOf([...ids].reverse())))
    expect(await load(gatewayAt(vendor.url).request(), numbered(7))).toEqual(numbered(7))
  })

  it('are null where the vendor leaves them out', async () => {
    vendor.answer(batching(['exe-1', 'exe-3']))
    expect(await load(gatewayAt(vendor.url).request(), numbered(4))).toEqual(['exe-1', null, 'exe-3', null])
    expect(gets()).toEqual([])
  })

  it('are the same in either case, and asked for once', async () => {
    vendor.answer(instance([], (ids) => pageOf(ids.map((id) => id.toUpperCase()))))
    const loader = gatewayAt(vendor.url).request()
    const answers = await Promise.all(['ab-1', 'AB-1', 'ab-2'].map((id) => loader.load(id, 'whole')))
    expect(answers).toMatchObject([{ vendorId: 'AB-1' }, { vendorId: 'AB-1' }, { vendorId: 'AB-2' }])
    expect(lists()).toHaveLength(1)
    expect(idsIn(queryOf(lists()[0]!))).toEqual(['ab-1', 'ab-2'])
  })

  it('are remembered within a request and not beyond it', async () => {
    vendor.answer(batching(numbered(2)))
    const { request } = gatewayAt(vendor.url)
    const loader = request()
    await load(loader, numbered(2))
    await load(loader, numbered(2))
    expect(vendor.requests).toHaveLength(1)
    await load(request(), numbered(2))
    expect(vendor.requests).toHaveLength(2)
  })

  describe('of an instance that refuses to filter by id', () => {
    it('are each read by their own path', async () => {
      const ids = numbered(60)
      vendor.answer(refusing(ids.slice(1)))
      expect(await load(gatewayAt(vendor.url).request(), ids)).toEqual([null, ...ids.slice(1)])
      expect(new Set(gets())).toEqual(new Set(ids.map((id) => `GET /api/executions/${id}`)))
      expect(gets()).toHaveLength(60)
    })

    it('are read at the same time', async () => {
      const waiting: (() => void)[] = []
      // Answers nobody before all five have asked.
      vendor.answer((request, response) => {
        if (request.url!.includes('?')) return json(400, {})(request, response)
        waiting.push(() => json(200, { id: request.url!.split('/').at(-1) })(request, response))
        if (waiting.length === 5) for (const answer of waiting) answer()
      })
      expect(await load(gatewayAt(vendor.url).request(), numbered(5))).toEqual(numbered(5))
    })

    it('are read so by all requests from then on, without asking for a list again', async () => {
      vendor.answer(refusing(numbered(3)))
      const { request } = gatewayAt(vendor.url)
      await load(request(), numbered(3))
      const asked = lists().length
      expect(await load(request(), numbered(3))).toEqual(numbered(3))
      expect(lists()).toHaveLength(asked)
      expect(gets()).toHaveLength(6)
    })

    it('are asked for in either spelling before it is believed, and in no more', async () => {
      vendor.answer(refusing(numbered(2)))
      await load(gatewayAt(vendor.url).request(), numbered(2))
      const filters = lists().map((line) => queryOf(line).get('filter'))
      expect(filters).toEqual(["id in ('exe-1','exe-2')", "id in ['exe-1','exe-2']"])
    })

    it('are found out about once, however many are wanted', async () => {
      vendor.answer(refusing(numbered(100)))
      expect(await load(gatewayAt(vendor.url).request(), numbered(100))).toEqual(numbered(100))
      expect(lists()).toHaveLength(2)
      expect(gets()).toHaveLength(100)
    })

    it('are asked for by a list again after an hour, and not before', async () => {
      let time = 0
      vendor.answer(refusing(numbered(2)))
      const { request } = gatewayAt(vendor.url, { now: () => time })
      await load(request(), numbered(2))
      time = HOUR - 1
      await load(request(), numbered(2))
      expect(lists()).toHaveLength(2)
      time = HOUR
      await load(request(), numbered(2))
      expect(lists()).toHaveLength(4)
      time = 2 * HOUR - 1
      await load(request(), numbered(2))
      expect(lists()).toHaveLength(4)
    })

    it('come by lists for good once it has learnt to', async () => {
      let time = 0
      vendor.answer(refusing(numbered(2)))
      const { request } = gatewayAt(vendor.url, { now: () => time })
      await load(request(), numbered(2))
      expect(gets()).toHaveLength(2)
      vendor.answer(batching(numbered(2)))
      for (time = HOUR; time < HOUR + 3; time++) expect(await load(request(), numbered(2))).toEqual(numbered(2))
      expect(lists()).toHaveLength(2 + 3)
      expect(gets()).toHaveLength(2)
    })
  })

  describe('of an instance that understands lists in brackets only', () => {
    const byBrackets: Script = (request, response) => {
      const filter = new URL(request.url!, vendor.url).searchParams.get('filter')!
      const answer = filter.includes('[') ? pageOf(idsIn(new URLSearchParams({ filter }))) : json(400, {})
      answer(request, response)
    }

    it('come by such lists, and are asked for in no other from then on', async () => {
      vendor.answer(byBrackets)
      const { request } = gatewayAt(vendor.url)
      expect(await load(request(), numbered(100))).toEqual(numbered(100))
      expect(lists()).toHaveLength(1 + 2)
      expect(await load(request(), numbered(100))).toEqual(numbered(100))
      expect(lists()).toHaveLength(1 + 2 + 2)
      expect(gets()).toEqual([])
    })
  })

  describe('of an instance that pays no heed to the filter', () => {
    it('are each read by their own path, and never taken from among the others', async () => {
      vendor.answer(instance(numbered(3), () => pageOf(['stranger-1', 'exe-1', 'stranger-2'])))
      const { request } = gatewayAt(vendor.url)
      expect(await load(request(), numbered(4))).toEqual(['exe-1', 'exe-2', 'exe-3', null])
      expect(gets()).toHaveLength(4)
      const asked = lists().length
      expect(await load(request(), numbered(2))).toEqual(['exe-1', 'exe-2'])
      expect(lists()).toHaveLength(asked)
    })
  })

  describe('of an instance that answers nothing to the filter', () => {
    it('are each read by their own path as long as it has never answered anything', async () => {
      vendor.answer(instance(numbered(3), () => pageOf([])))
      const { request } = gatewayAt(vendor.url)
      for (let turn = 1; turn <= 4; turn++) {
        expect(await load(request(), numbered(4))).toEqual(['exe-1', 'exe-2', 'exe-3', null])
        expect(gets()).toHaveLength(4 * turn)
      }
      expect(lists().length).toBeLessThanOrEqual(2)
    })

    it('are taken to be unknown once it has answered something', async () => {
      vendor.answer(batching(['exe-1']))
      const { request } = gatewayAt(vendor.url)
      await load(request(), numbered(2))
      expect(await load(request(), ['exe-8', 'exe-9'])).toEqual([null, null])
      expect(lists()).toHaveLength(2)
      expect(gets()).toEqual([])
    })

    it('may all be unknown, which says nothing of whether it understands', async () => {
      vendor.answer(batching(numbered(2)))
      const { request } = gatewayAt(vendor.url)
      expect(await load(request(), ['exe-8', 'exe-9'])).toEqual([null, null])
      expect(await load(request(), numbered(2))).toEqual(numbered(2))
      expect(lists()).toHaveLength(2)
      expect(gets()).toHaveLength(2)
    })
  })

  describe('of an instance that gives less on a page than it is asked for', () => {
    const capped = (known: readonly string[], size: number): Script =>
      instance([], (ids, query) => {
        const found = known.filter((id) => ids.includes(id))
        const offset = (Number(query.get('page')) - 1) * size
        const content = rowsOf(found.slice(offset, offset + size))
        return json(200, { content, size, totalElements: found.length, last: offset + size >= found.length })
      })

    const askedPages = () => lists().map((line) => Number(queryOf(line).get('page')))

    it('are read page after page', async () => {
      vendor.answer(capped(numbered(50), 20))
      expect(await load(gatewayAt(vendor.url).request(), numbered(50))).toEqual(numbered(50))
      expect(askedPages()).toEqual([1, 2, 3])
      expect(gets()).toEqual([])
    })

    it('are null where no page has them', async () => {
      vendor.answer(capped(numbered(25), 10))
      const answers = await load(gatewayAt(vendor.url).request(), numbered(28))
      expect(answers).toEqual([...numbered(25), null, null, null])
      expect(askedPages()).toEqual([1, 2, 3])
    })

    it('are not looked for without end where every page is the same', async () => {
      const oneOf = (ids: readonly string[]) => json(200, { content: rowsOf(ids.slice(0, 1)), totalElements: 900 })
      vendor.answer(instance([], oneOf))
      expect(await load(gatewayAt(vendor.url).request(), numbered(4))).toEqual(['exe-1', null, null, null])
      expect(lists().length).toBeLessThanOrEqual(4)
    })
  })

  describe('when the vendor fails', () => {
    /** Lists with this execution in them are answered so; every execution can be read by itself. */
    const failingFor = (id: string, script: Script) =>
      instance(numbered(150), (ids) => (ids.includes(id) ? script : pageOf(ids)))
    const DOWN = json(500, {})

    it('fail with their list when it is down, and no others do', async () => {
      const ids = numbered(150)
      const lists = failingFor('exe-60', DOWN)
      vendor.answer((request, response) => {
        const isBroken = /exe-(5[1-9]|[6-9]\d|100)$/.test(request.url!)
        ;(isBroken ? DOWN : lists)(request, response)
      })
      const answers = await load(gatewayAt(vendor.url).request(), ids)
      expect(answers.slice(0, 50)).toEqual(ids.slice(0, 50))
      expect(new Set(answers.slice(50, 100))).toEqual(new Set(['VENDOR_UNAVAILABLE']))
      expect(answers.slice(100)).toEqual(ids.slice(100))
      expect(gets().length).toBeLessThanOrEqual(1)
    })

    it('are asked for by lists all the same once it is well again', async () => {
      vendor.answer(DOWN)
      const { request } = gatewayAt(vendor.url)
      expect(await load(request(), numbered(2))).toEqual(['VENDOR_UNAVAILABLE', 'VENDOR_UNAVAILABLE'])
      vendor.answer(batching(numbered(2)))
      const before = gets().length
      expect(await load(request(), numbered(2))).toEqual(numbered(2))
      expect(gets()).toHaveLength(before)
    })

    it('are each read by their own path when its way to refuse the filter is to fail', async () => {
      vendor.answer(instance(numbered(5), () => DOWN))
      const { request } = gatewayAt(vendor.url)
      expect(await load(request(), numbered(5))).toEqual(numbered(5))
      expect(new Set(gets())).toEqual(new Set(numbered(5).map((id) => `GET /api/executions/${id}`)))
      expect(gets()).toHaveLength(5)
      const asked = lists().length
      expect(await load(request(), numbered(5))).toEqual(numbered(5))
      expect(lists()).toHaveLength(asked)
    })

    it('are asked for by lists still when it failed but once, and had understood them before', async () => {
      vendor.answer(batching(numbered(4)))
      const { request } = gatewayAt(vendor.url)
      await load(request(), numbered(4))
      vendor.answer(instance(numbered(4), () => DOWN))
      await load(request(), numbered(4))
      vendor.answer(batching(numbered(4)))
      const before = gets().length
      expect(await load(request(), numbered(4))).toEqual(numbered(4))
      expect(gets()).toHaveLength(before)
    })

    it.each([
      [401, 'VENDOR_UNAUTHORIZED'],
      [429, 'VENDOR_RATE_LIMITED'],
    ])('are not asked for one by one when it was a %d', async (status, code) => {
      vendor.answer(failingFor('exe-1', json(status, {})))
      expect(await load(gatewayAt(vendor.url).request(), numbered(2))).toEqual([code, code])
      expect(gets()).toEqual([])
    })

    it('fail alone when they are read one by one', async () => {
      vendor.answer(
        byRoute({
          'GET /api/executions': json(400, {}),
          'GET /api/executions/exe-2': json(500, {}),
          'GET /api/executions/exe-3': json(200, { id: 'another' }),
          'GET /api/executions/exe-1': json(200, { id: 'exe-1' }),
        }),
      )
      const answers = await load(gatewayAt(vendor.url).request(), numbered(4))
      expect(answers).toEqual(['exe-1', 'VENDOR_UNAVAILABLE', 'VENDOR_BAD_RESPONSE', null])
    })
  })
})

describe("the sandbox's executions by their ids", () => {
  let sandbox: KodexaSandbox
  let ids: string[]
  /** How many requests it took to learn the ids. */
  let learning: number

  async function start(options: KodexaSandboxOptions = {}): Promise<void> {
    sandbox = await startKodexaSandbox({ now: () => Date.parse('2026-03-01T12:00:00.000Z'), ...options })
    closers.push(sandbox.close)
    ids = []
    for (let page = options.pageBase ?? 1; ids.length < 100; page++) {
      const url = new URL(`/api/executions?page=${page}&pageSize=100&sort=id,asc`, sandbox.baseUrl)
      const answer = await fetch(url, { headers: { 'x-api-key': sandbox.apiKey } })
      ids.push(...((await answer.json()) as WirePage).content!.map(({ id }) => id))
    }
    learning = sandbox.requests.length
  }

  const UNSET: DialectSettings = { filter: null, sort: 'comma', pageBase: null }
  const gateway = (settings = UNSET) => gatewayAt(sandbox.baseUrl, { apiKey: sandbox.apiKey, settings })
  const asked = () => sandbox.requests.slice(learning).map(({ url }) => url.split('?')[0])

  it('are a hundred in two lists, with nothing known of the instance', async () => {
    await start()
    expect(await load(gateway().request(), ids)).toEqual(ids)
    expect(ids).toHaveLength(100)
    expect(asked()).toEqual(['/api/executions', '/api/executions'])
  })

  it.each(['equals', 'eq'] as const)(
    'come by lists of an instance that spells filters by %s',
    async (filterDialect) => {
      await start({ filterDialect })
      const { request } = gateway()
      expect(await load(request(), ids)).toEqual(ids)
      const before = asked().length
      expect(await load(request(), ids)).toEqual(ids)
      expect(asked().length - before).toBe(2)
      expect(new Set(asked())).toEqual(new Set(['/api/executions']))
    },
  )

  it('come one by one of an instance that refuses to filter by id', async () => {
    await start({ unfilterableFields: ['id'] })
    const { request } = gateway(COLON)
    expect(await load(request(), ids.slice(0, 40))).toEqual(ids.slice(0, 40))
    expect(asked()).toEqual([
      '/api/executions',
      '/api/executions',
      ...ids.slice(0, 40).map(() => expect.stringMatching(/^\/api\/executions\/./) as string),
    ])
    expect(await load(request(), ids.slice(0, 10))).toEqual(ids.slice(0, 10))
    expect(asked()).toHaveLength(2 + 40 + 10)
  })

  it('come by several pages of an instance that caps them', async () => {
    await start({ maxPageSize: 20 })
    expect(await load(gateway().request(), ids)).toEqual(ids)
    expect(asked()).toEqual(Array.from({ length: 6 }, () => '/api/executions'))
  })

  it('come of an instance that counts its pages from 0', async () => {
    await start({ pageBase: 0 })
    expect(await load(gateway().request(), ids)).toEqual(ids)
  })

  it('come of an instance that counts its pages from 0 when only its spelling is known', async () => {
    await start({ pageBase: 0 })
    expect(await load(gateway({ ...COLON, pageBase: null }).request(), ids)).toEqual(ids)
    expect(new Set(asked())).toEqual(new Set(['/api/executions']))
  })

  it('are null where the sandbox has none such', async () => {
    await start()
    const unknown = 'ffffffff-ffff-4fff-8fff-ffffffffffff'
    expect(await load(gateway().request(), [ids[0]!, unknown, ids[1]!])).toEqual([ids[0], null, ids[1]])
    expect(await load(gateway().request(), [unknown])).toEqual([null])
  })
})
