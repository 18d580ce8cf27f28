import { describe, expect, it } from 'vitest'
import { unconfiguredVendor } from '../../src/job/unconfigured-vendor.js'
import { closeAfterTest, openSandboxedForTest } from '../support/close-after-test.js'
import { execution, kodexaPages, record } from '../support/feed-rows.js'
import { openGateway, type TestGateway } from '../support/gateway.js'
import { openFeed, type Outage, readJobs, sortedRequest, vendorIds } from '../support/job-feed.js'
import {
  byRoute,
  cortexAt,
  hang,
  resetConnection,
  json,
  type Script,
  type ScriptedVendor,
  startScriptedVendor,
  text,
} from '../support/scripted-vendor.js'

describe('a vendor that is down', () => {
  const RECORDS = json(200, [record('r_2', 2), record('r_1', 1)])
  const EXECUTIONS = kodexaPages([execution('e_2', 2), execution('e_1', 1)])

  it.each<[string, Script, Partial<Outage>]>([
    ['fails', json(500, {}), { code: 'VENDOR_UNAVAILABLE' }],
    ['responds 503', json(503, {}, { 'retry-after': '12' }), { code: 'VENDOR_UNAVAILABLE', retryAfterSeconds: 12 }],
    ['closes the connection', resetConnection, { code: 'VENDOR_UNAVAILABLE' }],
    ['does not respond', hang, { code: 'VENDOR_TIMEOUT' }],
    ['rejects the credential', json(401, {}), { code: 'VENDOR_UNAUTHORIZED' }],
    ['responds 429', json(429, {}, { 'retry-after': '7' }), { code: 'VENDOR_RATE_LIMITED', retryAfterSeconds: 7 }],
    ['rejects the request', json(422, {}), { code: 'VENDOR_REJECTED' }],
    ['responds with HTML', text(200, '<html></html>'), { code: 'VENDOR_BAD_RESPONSE' }],
    ['responds with other JSON', json(200, { rows: 3 }), { code: 'VENDOR_BAD_RESPONSE' }],
  ])('is an outage, and the jobs of the other are listed: it %s', async (_what, script, outage) => {
    const withoutKodexa = await readJobs((await openFeed({ cortex: RECORDS, kodexa: script })).gateway)
    expect(vendorIds([withoutKodexa])).toEqual(['r_2', 'r_1'])
    expect(withoutKodexa.outages).toEqual([
      { vendor: 'KODEXA', source: 'executions', retryAfterSeconds: null, ...outage },
    ])
    const withoutCortex = await readJobs((await openFeed({ cortex: script, kodexa: EXECUTIONS })).gateway)
    expect(vendorIds([withoutCortex])).toEqual(['e_2', 'e_1'])
    expect(withoutCortex.outages).toEqual([
      { vendor: 'CORTEX', source: 'collection col_1', retryAfterSeconds: null, ...outage },
    ])
  })

  it('is an outage per list, and an empty page when both are down', async () => {
    const { gateway } = await openFeed({
      cortex: json(500, {}),
      kodexa: resetConnection,
      settings: { collectionIds: ['col_1', 'col_2'], workflowIds: ['work_1'] },
    })
    const page = await readJobs(gateway)
    expect(page).toMatchObject({ nodes: [], edges: [], pageInfo: { hasNextPage: false, endCursor: null } })
    expect(page.outages.map(({ vendor, source, code }) => `${vendor} ${source}: ${code}`).sort()).toEqual([
      'CORTEX collection col_1: VENDOR_UNAVAILABLE',
      'CORTEX collection col_2: VENDOR_UNAVAILABLE',
      'CORTEX workflow work_1: VENDOR_UNAVAILABLE',
      'KODEXA executions: VENDOR_UNAVAILABLE',
    ])
  })

  it('for one container only is an outage of that container', async () => {
    const cortex = byRoute({
      'GET /apps/c/collections/col_1/records': RECORDS,
      'GET /apps/c/collections/col_2/records': json(500, {}),
    })
    const { gateway } = await openFeed({ cortex, settings: { collectionIds: ['col_1', 'col_2'] } })
    const { nodes, outages } = await readJobs(gateway)
    expect(nodes.map(({ vendorId }) => vendorId)).toEqual(['r_2', 'r_1'])
    expect(outages).toMatchObject([{ vendor: 'CORTEX', source: 'collection col_2', code: 'VENDOR_UNAVAILABLE' }])
  })

  it('is an outage on a later page as well', async () => {
    const rows = Array.from({ length: 10 }, (_, at) => execution(`e_${at}`, 100 - at))
    const { gateway, cortex } = await openFeed({ cortex: RECORDS, kodexa: kodexaPages(rows) })
    const { pageInfo } = await readJobs(gateway, { first: 5 })
    cortex.answer(resetConnection)
    const page = await readJobs(gateway, { first: 5, after: pageInfo.endCursor })
    expect(vendorIds([page])).toEqual(['e_5', 'e_6', 'e_7', 'e_8', 'e_9'])
    expect(page.outages).toMatchObject([{ vendor: 'CORTEX', source: 'collection col_1' }])
  })
})

describe('a container that Cortex does not have', () => {
  it('is an outage, and the jobs of the others are listed', async () => {
    const gateway = await openSandboxedForTest()
    const { nodes, outages } = await readJobs(gateway, {
      filter: { cortexCollectionIds: ['col_none', 'col_loans'], cortexWorkflowIds: ['work_none'] },
    })
    expect(outages.map(({ vendor, source, code }) => `${vendor} ${source}: ${code}`).sort()).toEqual([
      'CORTEX collection col_none: NOT_FOUND',
      'CORTEX workflow work_none: NOT_FOUND',
    ])
    expect(new Set(nodes.map(({ vendor }) => vendor))).toEqual(new Set(['CORTEX', 'KODEXA']))
  })
})

describe('Cortex without configured containers', () => {
  const settings = { collectionIds: [], workflowIds: [] }

  it('has its containers discovered', async () => {
    const cortex = byRoute({
      'GET /apps/c/collections': json(200, [{ id: 'col_a' }, { id: 'col_b' }]),
      'GET /apps/c/workflows': json(200, [{ id: 'work_a' }]),
      'GET /apps/c/collections/col_a/records': json(200, [record('r_a', 3)]),
      'GET /apps/c/collections/col_b/records': json(200, [record('r_b', 2)]),
      'GET /apps/c/workflows/work_a/runs': json(200, [record('w_a', 4)]),
    })
    const { gateway } = await openFeed({ cortex, kodexa: kodexaPages([execution('e_1', 1)]), settings })
    for (const filter of [undefined, { vendors: ['CORTEX', 'KODEXA'] }, { statuses: ['COMPLETED'] }]) {
      const { nodes, outages } = await readJobs(gateway, { ...(filter && { filter }) })
      expect(nodes.map(({ vendorId }) => vendorId)).toEqual(['w_a', 'r_a', 'r_b', 'e_1'])
      expect(outages).toEqual([])
    }
  })

  it('is an outage per kind of container while it is down, and the jobs of the other are listed', async () => {
    const { gateway } = await openFeed({
      cortex: resetConnection,
      kodexa: kodexaPages([execution('e_1', 1)]),
      settings,
    })
    const { nodes, outages } = await readJobs(gateway)
    expect(nodes.map(({ vendorId }) => vendorId)).toEqual(['e_1'])
    expect(outages).toMatchObject([
      { vendor: 'CORTEX', source: 'collections', code: 'VENDOR_UNAVAILABLE' },
      { vendor: 'CORTEX', source: 'workflows', code: 'VENDOR_UNAVAILABLE' },
    ])
  })

  it('does not delay the other vendor while discovery hangs', async () => {
    const kodexa = kodexaPages([execution('e_1', 1)])
    const { gateway } = await openFeed({ cortex: hang, kodexa, settings, options: { deadlineMs: 500 } })
    const { nodes, outages } = await readJobs(gateway)
    expect(nodes.map(({ vendorId }) => vendorId)).toEqual(['e_1'])
    expect(outages).toMatchObject([{ code: 'VENDOR_TIMEOUT' }, { code: 'VENDOR_TIMEOUT' }])
    expect(outages.map(({ vendor }) => vendor)).toEqual(['CORTEX', 'CORTEX'])
  })

  it('is read in the named containers without discovery', async () => {
    const { gateway, cortex } = await openFeed({ cortex: json(200, [record('r_1', 1)]), settings })
    const { nodes } = await readJobs(gateway, { filter: { cortexCollectionIds: ['col_9'] }, first: 3 })
    expect(nodes.map(({ vendorId }) => vendorId)).toEqual(['r_1'])
    expect(cortex.requests.map(sortedRequest)).toEqual(['/apps/c/collections/col_9/records?page=1&take=20'])
  })
})

describe('a vendor that is not configured', () => {
  async function withoutKodexa(): Promise<{ gateway: TestGateway; cortex: ScriptedVendor }> {
    const cortex = await startScriptedVendor(json(200, [record('r_1', 1)]))
    const gateway = openGateway([
      cortexAt(cortex.url, { workflowIds: [] }),
      unconfiguredVendor('KODEXA', ['Execution']),
    ])
    closeAfterTest(gateway.close, cortex.close)
    return { gateway, cortex }
  }

  it('is not an outage by default', async () => {
    const { nodes, outages } = await readJobs((await withoutKodexa()).gateway)
    expect(nodes.map(({ vendorId }) => vendorId)).toEqual(['r_1'])
    expect(outages).toEqual([])
  })

  it('is an outage when it is named, and the jobs of the other are listed', async () => {
    const { gateway } = await withoutKodexa()
    const both = await readJobs(gateway, { filter: { vendors: ['CORTEX', 'KODEXA'] } })
    expect(both.nodes.map(({ vendorId }) => vendorId)).toEqual(['r_1'])
    expect(both.outages).toEqual([
      { vendor: 'KODEXA', source: null, code: 'VENDOR_NOT_CONFIGURED', retryAfterSeconds: null },
    ])
    const alone = await readJobs(gateway, { filter: { vendors: ['KODEXA'] } })
    expect(alone.nodes).toEqual([])
    expect(alone.outages).toEqual([
      { vendor: 'KODEXA', source: null, code: 'VENDOR_NOT_CONFIGURED', retryAfterSeconds: null },
    ])
  })
})
