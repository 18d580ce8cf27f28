import { describe, expect, it } from 'vitest'
import { Secret } from '../../../src/job/secret.js'
import { closeAfterTest } from '../../support/close-after-test.js'
import { openGateway } from '../../support/gateway.js'
import { cortexAt, startScriptedVendor } from '../../support/scripted-vendor.js'

const RECORD = '{ record(by: { ref: { collectionId: "a", recordId: "a" } }) { name } }'

async function open() {
  const vendor = await startScriptedVendor()
  const opened = openGateway([
    cortexAt(vendor.url, { webhookToken: new Secret('token-of-the-webhook-nobody-can-guess') }),
  ])
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
    /** It still ends as it did, for that is what is looked at. */
    get(path: string) {
      const [start, end] = path.split('?')
      const query = `query=${encodeURIComponent(RECORD)}`
      return opened.gateway.fetch(new Request(`http://gateway.test${start}?${end ? `${query}&${end}` : query}`))
    },
  }
}

/** What a proxy may let through that is to be reached by vendors or load balancers alone. */
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
    for (const answer of [await post(path), await get(path)]) expect(await answer.text()).not.toContain('data')
    expect(vendor.requests).toEqual([])
  })

  it('is served at /graphql, whatever comes behind it', async () => {
    const { post, get, vendor } = await open()
    expect(await (await post('/graphql')).json()).toMatchObject({ data: { record: null } })
    expect(await (await get('/graphql?x=/graphql')).json()).toMatchObject({ data: { record: null } })
    expect(vendor.requests.length).toBeGreaterThan(1)
  })
})
