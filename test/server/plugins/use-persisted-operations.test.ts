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
const byHash = (document: string) => ({
  variables: { id: ID },
  extensions: { persistedQuery: { version: 1, sha256Hash: hashOf(document) } },
})
const documents = new Map([KNOWN, CANCEL, WATCH].map((document) => [hashOf(document), document]))

const openAlsoArbitrary = () => openSandboxedForTest({ gateway: { persistedOperations: { documents, only: false } } })
const openPersistedOnly = () => openSandboxedForTest({ gateway: { persistedOperations: { documents, only: true } } })
const REJECTED = [{ extensions: { code: 'BAD_INPUT' } }]

describe('a gateway with persisted operations', () => {
  it.each(TRANSPORTS)('runs them and all others, by %s', async (way) => {
    const gateway = await openAlsoArbitrary()
    expect(await sendOperation(gateway, way, byHash(KNOWN))).toMatchObject({
      data: { __typename: 'Query', node: { id: ID } },
    })
    expect((await sendOperation(gateway, way, { query: OTHER })).errors).toBeUndefined()
  })

  it.each(TRANSPORTS)('answers an unknown hash with PersistedQueryNotFound, by %s', async (way) => {
    const gateway = await openAlsoArbitrary()
    const { data, errors } = await sendOperation(gateway, way, byHash(OTHER))
    expect(data).toBeUndefined()
    expect(errors).toMatchObject([{ message: 'PersistedQueryNotFound', ...REJECTED[0] }])
    const again = await sendOperation(gateway, way, { ...byHash(OTHER), query: OTHER })
    expect(again.errors).toBeUndefined()
  })

  it('accepts the hash as in the GraphQL over HTTP draft', async () => {
    const gateway = await openAlsoArbitrary()
    for (const documentId of [hashOf(KNOWN), `sha256:${hashOf(KNOWN)}`]) {
      const params = { documentId, variables: { id: ID } } as object
      expect((await sendOperation(gateway, 'POST', params)).errors).toBeUndefined()
    }
  })

  it.each([
    {},
    { extensions: {} },
    { extensions: { persistedQuery: null } },
    { extensions: { persistedQuery: { version: 1, sha256Hash: 5 } } },
  ])('rejects %j with 400', async (params) => {
    const { status, errors } = await sendOperation(await openAlsoArbitrary(), 'POST', params)
    expect(status).toBe(400)
    expect(errors).toMatchObject(REJECTED)
  })
})

describe('a gateway with persisted operations only', () => {
  it.each(TRANSPORTS)('runs them and rejects all others, by %s', async (way) => {
    const gateway = await openPersistedOnly()
    expect((await sendOperation(gateway, way, byHash(KNOWN))).errors).toBeUndefined()
    gateway.takeRequests()
    for (const params of [
      { query: OTHER },
      { query: KNOWN, variables: { id: ID } },
      { ...byHash(KNOWN), query: OTHER },
      { ...byHash(KNOWN), query: KNOWN },
      byHash(OTHER),
      { query: '{ __schema { types { name } } }' },
      { query: `${CANCEL}` },
      {},
    ]) {
      const { data, errors } = await sendOperation(gateway, way, params)
      expect(data).toBeUndefined()
      expect(errors).toMatchObject(REJECTED)
    }
    expect(gateway.takeRequests()).toEqual({ cortex: [], kodexa: [] })
  })

  it.each(['SSE', 'WebSocket'] as const)('subscribes by a hash, by %s', async (way) => {
    expect(await sendOperation(await openPersistedOnly(), way, byHash(WATCH))).toMatchObject({
      data: { jobUpdated: { __typename: 'Execution' } },
    })
  })

  it('runs no mutation by GET, even by hash', async () => {
    const gateway = await openPersistedOnly()
    const { status, data } = await sendOperation(gateway, 'GET', byHash(CANCEL))
    expect([status, data]).toEqual([405, undefined])
    expect(gateway.takeRequests()).toEqual({ cortex: [], kodexa: [] })
    expect((await sendOperation(gateway, 'POST', byHash(CANCEL))).errors).toBeUndefined()
  })

  it('applies the limits', async () => {
    const limits = { cost: 1 }
    const gateway = await openSandboxedForTest({ gateway: { limits, persistedOperations: { documents, only: true } } })
    expect((await sendOperation(gateway, 'POST', byHash(KNOWN))).errors).toMatchObject([
      { message: expect.stringContaining('the limit is 1') },
    ])
  })
})
