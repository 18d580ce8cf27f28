import { describe, expect, it } from 'vitest'
import { getIntrospectionQuery } from 'graphql'
import type { Identity } from '../../src/auth/identity.js'
import { encodeJobId } from '../../src/job/job-id.js'
import { closeAfterTest } from '../support/close-after-test.js'
import { openGateway } from '../support/gateway.js'
import { byRoute, cortexAt, json, kodexaAt, startScriptedVendor } from '../support/scripted-vendor.js'
import { openRawClient, serve } from '../support/websocket.js'

const ID = encodeJobId({ type: 'Execution', path: ['exe_1'] })
const BY = 'by: { executionId: "exe_1" }'
const ROLES = [null, 'read', 'cancel', 'admin'] as const

const QUERIES = {
  execution: `{ execution(${BY}) { status } }`,
  executions: '{ executions { nodes { status } } }',
  record: '{ record(by: { ref: { collectionId: "col_1", recordId: "rec_1" } }) { status } }',
  jobs: '{ jobs { nodes { id } } }',
  job: `{ job(id: "${ID}") { status } }`,
  node: `{ node(id: "${ID}") { id ... on Execution { name } } }`,
  nodes: `{ nodes(ids: ["${ID}"]) { id ... on Execution { name } } }`,
  vendors: '{ vendors { reachable } }',
}
const MUTATIONS = {
  cancelExecution: `mutation { cancelExecution(${BY}) { __typename } }`,
  cancelRecord: 'mutation { cancelRecord(by: { ref: { collectionId: "col_1", recordId: "rec_1" } }) { __typename } }',
  cancelJobs: `mutation { cancelJobs(ids: ["${ID}"]) { id } }`,
}
const SUBSCRIPTIONS = {
  jobUpdated: `subscription { jobUpdated(id: "${ID}") { status } }`,
  jobsUpdated: `subscription { jobsUpdated(ids: ["${ID}"]) { status } }`,
}

async function open(role: Identity['role']) {
  const ended = { id: 'exe_1', name: 'a name', status: 'SUCCEEDED' }
  const vendor = await startScriptedVendor(
    byRoute({ 'GET /api/executions': json(200, { content: [ended], totalElements: 1 }), '.*': json(200, ended) }),
  )
  const gateway = openGateway([cortexAt(vendor.url), kodexaAt(vendor.url)], {
    pollMs: 5,
    authenticate: () => ({ name: 'alice', role, via: 'key' }),
  })
  closeAfterTest(gateway.close, vendor.close)
  return { ...gateway, vendor }
}

async function stream(gateway: Awaited<ReturnType<typeof open>>, query: string): Promise<string> {
  const response = await gateway.gateway.fetch(
    new Request('http://gateway.test/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
      body: JSON.stringify({ query }),
    }),
  )
  return response.text()
}

function forbidden(field: string) {
  const extensions = { code: 'FORBIDDEN' }
  return [
    {
      path: [field.split('.')[1]!],
      message: `Your role does not allow \`${field}\`. Use a credential with a higher role.`,
      extensions,
    },
  ]
}

describe.each(ROLES)('a caller with the role %s', (role) => {
  const reads = role !== null
  const cancels = role === 'cancel' || role === 'admin'

  it.each(Object.entries(QUERIES))(`${reads ? 'may' : 'may not'} read %s`, async (field, query) => {
    const gateway = await open(role)
    const { status, errors } = await gateway.query(query)
    expect(status).toBe(200)
    if (reads) {
      expect(errors).toEqual([])
      expect(gateway.vendor.requests).not.toEqual([])
    } else {
      expect(errors).toMatchObject(forbidden(`Query.${field}`))
      expect(gateway.vendor.requests).toEqual([])
    }
  })

  it.each(Object.entries(MUTATIONS))(`${cancels ? 'may' : 'may not'} %s`, async (field, query) => {
    const gateway = await open(role)
    const { status, data, errors } = await gateway.query(query)
    expect(status).toBe(200)
    if (cancels) {
      expect(errors).toEqual([])
      expect(gateway.vendor.requests).not.toEqual([])
    } else {
      expect(data).toEqual(null)
      expect(errors).toMatchObject(forbidden(`Mutation.${field}`))
      expect(gateway.vendor.requests).toEqual([])
    }
  })

  it.each(Object.entries(SUBSCRIPTIONS))(
    `${reads ? 'may' : 'may not'} subscribe to %s, on either transport`,
    async (field, query) => {
      const gateway = await open(role)
      const text = await stream(gateway, query)
      const client = await openRawClient((await serve(gateway.gateway)).url)
      client.subscribe('one', query)
      const first = await client.next('one')
      if (reads) {
        expect(text).toContain('COMPLETED')
        expect(first).toMatchObject({ type: 'next', payload: { data: { [field]: { status: 'COMPLETED' } } } })
      } else {
        expect(text).toContain('"code":"FORBIDDEN"')
        expect(first).toMatchObject({ type: 'error', payload: forbidden(`Subscription.${field}`) })
        expect(gateway.vendor.requests).toEqual([])
        expect(gateway.gateway.watching()).toMatchObject({ jobs: 0 })
      }
    },
  )

  it('may introspect the schema', async () => {
    const gateway = await open(role)
    const { data, errors } = await gateway.query(getIntrospectionQuery())
    expect(errors).toEqual([])
    expect(data).toHaveProperty('__schema')
    expect((await gateway.query('{ __typename }')).data).toEqual({ __typename: 'Query' })
    expect((await gateway.query('mutation { __typename }')).data).toEqual({ __typename: 'Mutation' })
  })

  it(`${role === 'admin' ? 'is' : 'is not'} told its usage`, async () => {
    const gateway = await open(role)
    const { extensions } = await gateway.query(QUERIES.execution, {}, { headers: { 'x-upstream-trace': '1' } })
    if (role === 'admin') expect(extensions).toMatchObject({ upstream: { KODEXA: { calls: 1 } } })
    else expect(extensions).toBeUndefined()
  })
})

describe('a document with several operations', () => {
  const DOCUMENT = `query Look { execution(${BY}) { status } } mutation Stop { cancelExecution(${BY}) { __typename } }`
  const run = async (gateway: Awaited<ReturnType<typeof open>>, operationName: string) => {
    const body = JSON.stringify({ query: DOCUMENT, operationName })
    const headers = { 'content-type': 'application/json' }
    const request = new Request('http://gateway.test/graphql', { method: 'POST', headers, body })
    return (await gateway.gateway.fetch(request)).json() as Promise<object>
  }

  it('requires the role of the operation that runs', async () => {
    const gateway = await open('read')
    expect(await run(gateway, 'Stop')).toMatchObject({ data: null, errors: forbidden('Mutation.cancelExecution') })
    expect(gateway.vendor.requests).toEqual([])
    expect(await run(gateway, 'Look')).toEqual({ data: { execution: { status: 'COMPLETED' } } })
  })
})

describe('a forbidden field', () => {
  it('leaves the other fields', async () => {
    const gateway = await open(null)
    const { data, errors } = await gateway.query(`{ __typename job(id: "${ID}") { id } __type(name: "Job") { name } }`)
    expect(data).toEqual({ __typename: 'Query', job: null, __type: { name: 'Job' } })
    expect(errors).toMatchObject(forbidden('Query.job'))
  })

  it('is rejected under every alias and in every fragment', async () => {
    const gateway = await open('read')
    const { errors } = await gateway.query(
      `mutation { a: cancelJobs(ids: ["${ID}"]) { id } ... on Mutation { b: cancelJobs(ids: []) { id } } ...F } fragment F on Mutation { c: cancelJobs(ids: ["x"]) { id } }`,
    )
    expect(errors.map(({ extensions }) => extensions)).toContainEqual({ code: 'FORBIDDEN' })
    expect(new Set(errors.map(({ extensions }) => extensions?.['code']))).toEqual(new Set(['FORBIDDEN']))
    expect(gateway.vendor.requests).toEqual([])
  })

  it('is not logged, except for one audit line per cancel', async () => {
    const gateway = await open(null)
    for (const query of [QUERIES.job, MUTATIONS.cancelJobs]) await gateway.query(query)
    expect(gateway.lines).toMatchObject([{ level: 'info', fields: { audit: 'cancel', outcome: 'FORBIDDEN' } }])
  })
})
