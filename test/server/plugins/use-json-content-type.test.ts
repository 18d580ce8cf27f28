import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { openGateway, type TestGateway } from '../../support/gateway.js'
import { cortexAt, json, kodexaAt, startScriptedVendor, type ScriptedVendor } from '../../support/scripted-vendor.js'

const MUTATION = 'mutation { cancelExecution(by: { executionId: "exec_1" }) { __typename } }'
const QUERY = '{ execution(by: { executionId: "exec_1" }) { status } }'
const OPERATION = JSON.stringify({ query: MUTATION })

let vendor: ScriptedVendor
let opened: TestGateway
beforeAll(async () => {
  vendor = await startScriptedVendor(json(200, { id: 'exec_1', status: 'CANCELLING' }))
  opened = openGateway([cortexAt(vendor.url), kodexaAt(vendor.url)])
})
afterAll(async () => {
  await opened.close()
  await vendor.close()
})

let before = 0
const sent = () => vendor.requests.slice(before)
afterEach(() => {
  before = vendor.requests.length
})

function fetchGraphQL(init: RequestInit, path = '/graphql'): Promise<Response> {
  return opened.gateway.fetch(new Request(`http://gateway.test${path}`, init))
}

function post(contentType: string, body: BodyInit = OPERATION): Promise<Response> {
  const init: RequestInit = { method: 'POST', body, headers: { 'content-type': contentType } }
  return fetchGraphQL(init)
}

function form(): FormData {
  const data = new FormData()
  data.set('operations', OPERATION)
  data.set('map', '{}')
  data.set('query', MUTATION)
  return data
}

describe('a POST as JSON', () => {
  it.each([
    'application/json',
    'application/json; charset=utf-8',
    'application/json;charset=UTF-8',
    'application/graphql+json',
  ])('with the content type %j is accepted', async (type) => {
    const response = await post(type)
    expect(response.status).toBe(200)
    expect(await response.json()).toEqual({ data: { cancelExecution: { __typename: 'CancelExecutionSuccess' } } })
    expect(sent()).toEqual(['PUT /api/executions/exec_1/cancel'])
  })
})

describe('a POST that a page of another site can make a browser send', () => {
  const posts: [string, () => Promise<Response>][] = [
    ['JSON as plain text', () => post('text/plain')],
    ['JSON as plain text with a character set', () => post('text/plain;charset=UTF-8')],
    ['JSON with two content types', () => post('text/plain, application/json')],
    ['JSON with its content type as a parameter', () => post('text/plain; application/json')],
    ['a form', () => post('application/x-www-form-urlencoded', new URLSearchParams({ query: MUTATION }))],
    ['a form whose body is JSON', () => post('application/x-www-form-urlencoded')],
    ['a multipart form', () => fetchGraphQL({ method: 'POST', body: form() })],
    ['JSON without a content type', () => fetchGraphQL({ method: 'POST', body: new Blob([OPERATION]) })],
    ['a bare document', () => post('application/graphql', MUTATION)],
    ['a content type that only starts like JSON', () => post('application/jsonp')],
    ['an empty content type', () => post('')],
    ['nothing', () => fetchGraphQL({ method: 'POST' })],
  ]
  it.each(posts)('gets 415 and changes nothing: %s', async (_what, send) => {
    const response = await send()
    expect(response.status).toBe(415)
    expect(response.headers.get('content-type')).toMatch(/^application\/json/)
    expect(await response.json()).toEqual({
      errors: [
        {
          message: 'The Content-Type is not application/json. Send the operation as JSON.',
          extensions: { code: 'BAD_INPUT' },
        },
      ],
    })
    expect(sent()).toEqual([])
  })
})

describe('a request from another site', () => {
  const ORIGIN = { origin: 'https://evil.test' }
  const corsHeaders = ({ headers }: Response) =>
    [...headers.keys()].filter((name) => name.startsWith('access-control-'))

  it('does not pass the preflight', async () => {
    const response = await fetchGraphQL({
      method: 'OPTIONS',
      headers: { ...ORIGIN, 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type' },
    })
    expect(response.ok).toBe(false)
    expect(corsHeaders(response)).toEqual([])
  })

  it('is rejected without CORS headers', async () => {
    const responses = [
      await fetchGraphQL({
        method: 'POST',
        body: JSON.stringify({ query: QUERY }),
        headers: { ...ORIGIN, 'content-type': 'application/json' },
      }),
      await fetchGraphQL({ headers: ORIGIN }, `/graphql?query=${encodeURIComponent('{ __typename }')}`),
      await fetchGraphQL({ method: 'POST', body: OPERATION, headers: { ...ORIGIN, 'content-type': 'text/plain' } }),
      await fetchGraphQL({ headers: ORIGIN }, '/health'),
      await fetchGraphQL({ headers: ORIGIN }, '/ready'),
    ]
    expect(responses.map(({ status }) => status)).toEqual([403, 403, 403, 200, 403])
    expect(responses.flatMap(corsHeaders)).toEqual([])
  })
})

describe('a GET', () => {
  const get = (query: string) => fetchGraphQL({}, `/graphql?query=${encodeURIComponent(query)}`)

  it('may run a query', async () => {
    const response = await get(QUERY)
    expect([response.status, await response.json()]).toEqual([200, { data: { execution: { status: 'CANCELLING' } } }])
    expect(sent()).toEqual(['GET /api/executions/exec_1'])
  })

  it('may not run a mutation', async () => {
    const response = await get(MUTATION)
    expect(response.status).toBe(405)
    expect(sent()).toEqual([])
  })

  it('may not run a mutation that is in a document with a query', async () => {
    const document = encodeURIComponent(`query A ${QUERY} ${MUTATION.replace('mutation', 'mutation B')}`)
    const response = await fetchGraphQL({}, `/graphql?query=${document}&operationName=B`)
    expect(response.status).toBe(405)
    expect(sent()).toEqual([])
  })
})

describe('other methods', () => {
  it.each(['PUT', 'PATCH', 'DELETE'])('%s is rejected', async (method) => {
    const response = await fetchGraphQL({ method, body: OPERATION, headers: { 'content-type': 'application/json' } })
    expect(response.status).toBe(405)
    expect(sent()).toEqual([])
  })
})

it('several operations in one POST are rejected', async () => {
  const response = await post('application/json', JSON.stringify([{ query: MUTATION }, { query: MUTATION }]))
  expect(response.status).toBe(400)
  expect(sent()).toEqual([])
})
