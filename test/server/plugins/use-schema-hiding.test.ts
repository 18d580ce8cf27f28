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

describe('a reticent gateway', () => {
  it.each(TRANSPORTS)('does not show its schema, by %s', async (way) => {
    const gateway = await openSandboxedForTest({ gateway: { introspection: false } })
    for (const query of INTROSPECTION) {
      const { data, errors } = await sendOperation(gateway, way, { query })
      expect(data).toBeUndefined()
      expect(errors?.[0]?.message).toContain('introspection has been disabled')
    }
    expect(await sendOperation(gateway, way, { query: '{ __typename }' })).toMatchObject({ data: { __typename: 'Query' } })
  })

  it.each(MISSPELT)('does not help who misspells %s, the first time or the second', async (_what, asked) => {
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

describe('a reticent gateway that knows its callers', () => {
  const open = (identity: Identity) => openSandboxedForTest({ gateway: { introspection: false, authenticate: () => identity } })

  it.each(TRANSPORTS)('shows its schema to admins, and helps them, by %s', async (way) => {
    const gateway = await open({ name: 'ops', role: 'admin', via: 'key' })
    for (const query of INTROSPECTION) expect((await sendOperation(gateway, way, { query })).errors).toBeUndefined()
    const [, misspelt] = MISSPELT[0]!
    expect(JSON.stringify((await sendOperation(gateway, way, misspelt)).errors)).toMatch(/Did you mean/)
  })

  it.each<Identity>([
    { name: 'ops', role: 'cancel', via: 'key' },
    { name: 'nobody', role: null, via: 'jwt' },
    ANONYMOUS,
  ])('shows it to no other: %j', async (identity) => {
    const gateway = await open(identity)
    for (const query of INTROSPECTION) {
      const { errors } = await sendOperation(gateway, 'POST', { query })
      expect(errors?.[0]?.message).toContain('introspection has been disabled')
    }
    for (const [, asked] of MISSPELT)
      expect(JSON.stringify((await sendOperation(gateway, 'POST', asked)).errors)).not.toMatch(/did you mean/i)
  })
})

describe('a text that looks like many suggestions', () => {
  it('takes no longer than another', async () => {
    const gateway = await openSandboxedForTest({ gateway: { introspection: false } })
    const query = 'query ($s: [JobStatus!]) { executions(status: $s) { nodes { id } } }'
    const start = performance.now()
    const { errors } = await sendOperation(gateway, 'POST', { query, variables: { s: ['Did you mean '.repeat(70_000)] } })
    expect(errors).toHaveLength(1)
    expect(performance.now() - start).toBeLessThan(2000)
  })
})

describe('any other', () => {
  it('shows its schema, and helps', async () => {
    const gateway = await openSandboxedForTest()
    for (const query of INTROSPECTION) expect((await sendOperation(gateway, 'POST', { query })).errors).toBeUndefined()
    for (const [, asked] of MISSPELT)
      expect(JSON.stringify((await sendOperation(gateway, 'POST', asked)).errors)).toMatch(/Did you mean/)
  })
})
