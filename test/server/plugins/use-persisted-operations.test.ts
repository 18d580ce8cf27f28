import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { openSandboxedForTest } from '../../support/close-after-test.js'
import { sendOperation, TRANSPORTS } from '../../support/transports.js'

const KNOWN = 'query Known($id: ID!) { node(id: $id) { id } __typename }'
const OTHER = '{ vendors { vendor } }'
const CANCEL =
  'mutation { cancelExecution(by: { executionId: "00000000-0000-4000-8000-000000000001" }) { __typename } }'
const WATCH = 'subscription ($id: ID!) { jobUpdated(id: $id) { __typename } }'
const ID = 'RXhlY3V0aW9uOjAwMDAwMDAwLTAwMDAtNDAwMC04MDAwLTAwMDAwMDAwMDAwMQ'

const hashOf = (document: string) => createHash('sha256').update(document).digest('hex')
const named = (document: string) => ({
  variables: { id: ID },
  extensions: { persistedQuery: { version: 1, sha256Hash: hashOf(document) } },
})
const documents = new Map([KNOWN, CANCEL, WATCH].map((document) => [hashOf(document), document]))

const beside = () => openSandboxedForTest({ gateway: { persistedOperations: { documents, only: false } } })
const only = () => openSandboxedForTest({ gateway: { persistedOperations: { documents, only: true } } })
const REFUSED = [{ extensions: { code: 'BAD_INPUT' } }]

describe('a gateway that knows operations by their hashes', () => {
  it.each(TRANSPORTS)('runs them, and any other, by %s', async (way) => {
    const gateway = await beside()
    expect(await sendOperation(gateway, way, named(KNOWN))).toMatchObject({ data: { __typename: 'Query', node: { id: ID } } })
    expect((await sendOperation(gateway, way, { query: OTHER })).errors).toBeUndefined()
  })

  it.each(TRANSPORTS)(
    'answers a hash that it does not know with the word on which clients send the document, by %s',
    async (way) => {
      const gateway = await beside()
      const { data, errors } = await sendOperation(gateway, way, named(OTHER))
      expect(data).toBeUndefined()
      expect(errors).toMatchObject([{ message: 'PersistedQueryNotFound', ...REFUSED[0] }])
      const again = await sendOperation(gateway, way, { ...named(OTHER), query: OTHER })
      expect(again.errors).toBeUndefined()
    },
  )

  it('takes the hash as the draft of GraphQL over HTTP has it', async () => {
    const gateway = await beside()
    for (const documentId of [hashOf(KNOWN), `sha256:${hashOf(KNOWN)}`]) {
      const asked = { documentId, variables: { id: ID } } as object
      expect((await sendOperation(gateway, 'POST', asked)).errors).toBeUndefined()
    }
  })

  it.each([
    {},
    { extensions: {} },
    { extensions: { persistedQuery: null } },
    { extensions: { persistedQuery: { version: 1, sha256Hash: 5 } } },
  ])('says what it wants of %j', async (asked) => {
    const { status, errors } = await sendOperation(await beside(), 'POST', asked)
    expect(status).toBe(400)
    expect(errors).toMatchObject(REFUSED)
  })
})

describe('a gateway that knows nothing else', () => {
  it.each(TRANSPORTS)('runs what it knows, and refuses everything else, by %s', async (way) => {
    const gateway = await only()
    expect((await sendOperation(gateway, way, named(KNOWN))).errors).toBeUndefined()
    gateway.takeRequests()
    for (const asked of [
      { query: OTHER },
      { query: KNOWN, variables: { id: ID } },
      { ...named(KNOWN), query: OTHER },
      { ...named(KNOWN), query: KNOWN },
      named(OTHER),
      { query: '{ __schema { types { name } } }' },
      { query: `${CANCEL}` },
      {},
    ]) {
      const { data, errors } = await sendOperation(gateway, way, asked)
      expect(data).toBeUndefined()
      expect(errors).toMatchObject(REFUSED)
    }
    expect(gateway.takeRequests()).toEqual({ cortex: [], kodexa: [] })
  })

  it.each(['SSE', 'WebSocket'] as const)('subscribes by a hash, by %s', async (way) => {
    expect(await sendOperation(await only(), way, named(WATCH))).toMatchObject({
      data: { jobUpdated: { __typename: 'Execution' } },
    })
  })

  it('changes nothing by GET, whatever the hash says', async () => {
    const gateway = await only()
    const { status, data } = await sendOperation(gateway, 'GET', named(CANCEL))
    expect([status, data]).toEqual([405, undefined])
    expect(gateway.takeRequests()).toEqual({ cortex: [], kodexa: [] })
    expect((await sendOperation(gateway, 'POST', named(CANCEL))).errors).toBeUndefined()
  })

  it('keeps the limits', async () => {
    const limits = { cost: 1 }
    const gateway = await openSandboxedForTest({ gateway: { limits, persistedOperations: { documents, only: true } } })
    expect((await sendOperation(gateway, 'POST', named(KNOWN))).errors).toMatchObject([
      { message: expect.stringContaining('the limit is 1') },
    ])
  })
})
