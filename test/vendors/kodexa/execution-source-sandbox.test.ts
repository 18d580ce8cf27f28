import { describe, expect, it } from 'vitest'
import { type DialectSettings } from '../../../src/vendors/kodexa/dialect.js'
import { startKodexaSandbox, type KodexaSandbox, type KodexaSandboxOptions } from '../../../src/sandbox/kodexa/index.js'
import type { WirePage } from '../../../src/vendors/kodexa/wire.js'
import { closeAfterTest } from '../../support/close-after-test.js'
import { COLON, load, openExecutionLoaders } from '../../support/execution-loader.js'

describe("the sandbox's executions by their ids", () => {
  let sandbox: KodexaSandbox
  let ids: string[]
  /** The number of requests that listed the ids. */
  let setupRequests: number

  async function start(options: KodexaSandboxOptions = {}): Promise<void> {
    sandbox = await startKodexaSandbox({ now: () => Date.parse('2026-03-01T12:00:00.000Z'), ...options })
    closeAfterTest(sandbox.close)
    ids = []
    for (let page = options.pageBase ?? 1; ids.length < 100; page++) {
      const url = new URL(`/api/executions?page=${page}&pageSize=100&sort=id,asc`, sandbox.baseUrl)
      const response = await fetch(url, { headers: { 'x-api-key': sandbox.apiKey } })
      ids.push(...((await response.json()) as WirePage).content!.map(({ id }) => id))
    }
    setupRequests = sandbox.requests.length
  }

  const DEFAULTS: DialectSettings = { filter: null, sort: 'comma', pageBase: null }
  const openLoaders = (settings = DEFAULTS) =>
    openExecutionLoaders(sandbox.baseUrl, { apiKey: sandbox.apiKey, settings })
  const requestedPaths = () => sandbox.requests.slice(setupRequests).map(({ url }) => url.split('?')[0])

  it('are read by two lists for 100 ids, with default settings', async () => {
    await start()
    expect(await load(openLoaders()(), ids)).toEqual(ids)
    expect(ids).toHaveLength(100)
    expect(requestedPaths()).toEqual(['/api/executions', '/api/executions'])
  })

  it.each(['equals', 'eq'] as const)(
    'are read by lists when the instance uses the filter dialect %s',
    async (filterDialect) => {
      await start({ filterDialect })
      const request = openLoaders()
      expect(await load(request(), ids)).toEqual(ids)
      const before = requestedPaths().length
      expect(await load(request(), ids)).toEqual(ids)
      expect(requestedPaths().length - before).toBe(2)
      expect(new Set(requestedPaths())).toEqual(new Set(['/api/executions']))
    },
  )

  it('are read by single gets when the instance rejects filters by id', async () => {
    await start({ unfilterableFields: ['id'] })
    const request = openLoaders(COLON)
    expect(await load(request(), ids.slice(0, 40))).toEqual(ids.slice(0, 40))
    expect(requestedPaths()).toEqual([
      '/api/executions',
      '/api/executions',
      ...ids.slice(0, 40).map(() => expect.stringMatching(/^\/api\/executions\/./) as string),
    ])
    expect(await load(request(), ids.slice(0, 10))).toEqual(ids.slice(0, 10))
    expect(requestedPaths()).toHaveLength(2 + 40 + 10)
  })

  it('are read from several pages when the instance caps the page size', async () => {
    await start({ maxPageSize: 20 })
    expect(await load(openLoaders()(), ids)).toEqual(ids)
    expect(requestedPaths()).toEqual(Array.from({ length: 6 }, () => '/api/executions'))
  })

  it('are found when the instance counts pages from 0', async () => {
    await start({ pageBase: 0 })
    expect(await load(openLoaders()(), ids)).toEqual(ids)
  })

  it('are found when the instance counts pages from 0 and only its filter dialect is set', async () => {
    await start({ pageBase: 0 })
    expect(await load(openLoaders({ ...COLON, pageBase: null })(), ids)).toEqual(ids)
    expect(new Set(requestedPaths())).toEqual(new Set(['/api/executions']))
  })

  it('are null when the sandbox does not have them', async () => {
    await start()
    const unknown = 'ffffffff-ffff-4fff-8fff-ffffffffffff'
    expect(await load(openLoaders()(), [ids[0]!, unknown, ids[1]!])).toEqual([ids[0], null, ids[1]])
    expect(await load(openLoaders()(), [unknown])).toEqual([null])
  })
})
