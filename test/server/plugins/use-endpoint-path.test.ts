import { describe, expect, it } from 'vitest'
import { Secret } from '../../../src/job/secret.js'
import { closeAfterTest } from '../../support/close-after-test.js'
import { openGateway } from '../../support/gateway.js'
import { cortexAt, startScriptedVendor } from '../../support/scripted-vendor.js'

const RECORD = '{ record(by: { ref: { collectionId: "a", recordId: "a" } }) { name } }'

async function open() {
  const vendor = await startScriptedVendor()
  const opened = openGateway([cortexAt(vendor.url, { webhookToken: new Secret('an-unguessable-webhook-token') })])
  closeAfterTest(opened.close, vendor.close)
  return {
    vendor,
    post: (path: string) =>
      opened.gateway.fetch(
        new Request(`http://gateway.test${path}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ query: RECORD }),
        }),
      ),
    /** Keeps the end of the URL, because that is what Yoga checks. */
    get(path: string) {
      const [start, end] = path.split('?')
      const query = `query=${encodeURIComponent(RECORD)}`
      return opened.gateway.fetch(new Request(`http://gateway.test${start}?${end ? `${query}&${end}` : query}`))
    },
  }
}

/** Paths that a proxy may forward for vendors or load balancers. */
const PATHS = [
  ...['/webhooks/graphql', '/webhooks/cortex/graphql', '/webhooks/cortex/x/graphql', '/webhooks/cortex/x/graphql/'],
  ...['/x/graphql', '//graphql', '/graphql/', '/graphql/graphql', '/health/graphql', '/ready/graphql', '/%2e/graphql/'],
]
const QUERIES = ['?x=/graphql', '?x=/graphql/']

describe('an operation', () => {
  it.each([
    ...PATHS,
    ...['/', '/health', '/ready', '/webhooks/cortex/x'].flatMap((path) => QUERIES.map((query) => path + query)),
  ])('is not served at %s', async (path) => {
    const { post, get, vendor } = await open()
    for (const response of [await post(path), await get(path)]) expect(await response.text()).not.toContain('data')
    expect(vendor.requests).toEqual([])
  })

  it('is served at /graphql with any query string', async () => {
    const { post, get, vendor } = await open()
    expect(await (await post('/graphql')).json()).toMatchObject({ data: { record: null } })
    expect(await (await get('/graphql?x=/graphql')).json()).toMatchObject({ data: { record: null } })
    expect(vendor.requests.length).toBeGreaterThan(1)
  })
})
