import { getIntrospectionQuery } from 'graphql'
import { describe, expect, it } from 'vitest'
import { ANONYMOUS, type Identity } from '../../../src/auth/identity.js'
import { openSandboxedForTest } from '../../support/close-after-test.js'
import { sendOperation, TRANSPORTS, type OperationParams } from '../../support/transports.js'

const MISSPELT: readonly (readonly [what: string, asked: OperationParams])[] = [
  ['a field', { query: '{ job(id: "a") { vendr } }' }],
  ['a type', { query: '{ node(id: "a") { ... on Exection { id } } }' }],
  ['an argument', { query: '{ jobs(frst: 1) { nodes { id } } }' }],
  ['a value', { query: '{ jobs(filter: { statuses: [RUNING] }) { nodes { id } } }' }],
  ['a field of an input', { query: '{ jobs(filter: { statusses: [] }) { nodes { id } } }' }],
  [
    'a field of a variable',
    { query: 'query ($f: JobFilter) { jobs(filter: $f) { nodes { id } } }', variables: { f: { statusses: [] } } },
  ],
  [
    'a value of a variable',
    { query: 'query ($s: [JobStatus!]) { executions(status: $s) { nodes { id } } }', variables: { s: ['RUNING'] } },
  ],
]
const INTROSPECTION = ['{ __schema { types { name } } }', '{ __type(name: "Job") { name } }', getIntrospectionQuery()]

describe('a gateway with introspection off', () => {
  it.each(TRANSPORTS)('rejects introspection, by %s', async (way) => {
    const gateway = await openSandboxedForTest({ gateway: { introspection: false } })
    for (const query of INTROSPECTION) {
      const { data, errors } = await sendOperation(gateway, way, { query })
      expect(data).toBeUndefined()
      expect(errors?.[0]?.message).toContain('introspection has been disabled')
    }
    expect(await sendOperation(gateway, way, { query: '{ __typename }' })).toMatchObject({
      data: { __typename: 'Query' },
    })
  })

  it.each(MISSPELT)('suggests nothing for a misspelt name in %s, the first time or again', async (_what, asked) => {
    const gateway = await openSandboxedForTest({ gateway: { introspection: false } })
    for (const way of ['POST', 'POST', 'WebSocket'] as const) {
      const { errors } = await sendOperation(gateway, way, asked)
      expect(errors?.length).toBeGreaterThan(0)
      expect(JSON.stringify(errors)).not.toMatch(/did you mean|INTERNAL/i)
      expect(errors![0]!.message).toMatch(/\.$|"$/)
    }
    expect(gateway.takeRequests()).toEqual({ cortex: [], kodexa: [] })
  })
})

describe('a gateway with introspection off and authentication', () => {
  const open = (identity: Identity) =>
    openSandboxedForTest({ gateway: { introspection: false, authenticate: () => identity } })

  it.each(TRANSPORTS)('allows introspection and suggestions for admins, by %s', async (way) => {
    const gateway = await open({ name: 'ops', role: 'admin', via: 'key' })
    for (const query of INTROSPECTION) expect((await sendOperation(gateway, way, { query })).errors).toBeUndefined()
    const [, misspelt] = MISSPELT[0]!
    expect(JSON.stringify((await sendOperation(gateway, way, misspelt)).errors)).toMatch(/Did you mean/)
  })

  it.each<Identity>([
    { name: 'ops', role: 'cancel', via: 'key' },
    { name: 'nobody', role: null, via: 'jwt' },
    ANONYMOUS,
  ])('hides the schema from others: %j', async (identity) => {
    const gateway = await open(identity)
    for (const query of INTROSPECTION) {
      const { errors } = await sendOperation(gateway, 'POST', { query })
      expect(errors?.[0]?.message).toContain('introspection has been disabled')
    }
    for (const [, asked] of MISSPELT)
      expect(JSON.stringify((await sendOperation(gateway, 'POST', asked)).errors)).not.toMatch(/did you mean/i)
  })
})

describe('a string that looks like many suggestions', () => {
  it('is handled within two seconds', async () => {
    const gateway = await openSandboxedForTest({ gateway: { introspection: false } })
    const query = 'query ($s: [JobStatus!]) { executions(status: $s) { nodes { id } } }'
    const start = performance.now()
    const { errors } = await sendOperation(gateway, 'POST', {
      query,
      variables: { s: ['Did you mean '.repeat(70_000)] },
    })
    expect(errors).toHaveLength(1)
    expect(performance.now() - start).toBeLessThan(2000)
  })
})

describe('a gateway with introspection on', () => {
  it('allows introspection and suggestions', async () => {
    const gateway = await openSandboxedForTest()
    for (const query of INTROSPECTION) expect((await sendOperation(gateway, 'POST', { query })).errors).toBeUndefined()
    for (const [, asked] of MISSPELT)
      expect(JSON.stringify((await sendOperation(gateway, 'POST', asked)).errors)).toMatch(/Did you mean/)
  })
})
