import { afterEach, expect, it } from 'vitest'
import { openGateway, type TestGateway } from '../support/gateway.js'
import {
  byRoute,
  cortexAt,
  json,
  kodexaAt,
  startScriptedVendor,
  type ScriptedVendor,
} from '../support/scripted-vendor.js'
import { Secret } from '../../src/job/secret.js'

let vendor: ScriptedVendor
let opened: TestGateway

afterEach(async () => {
  await opened.close()
  await vendor.close()
})

async function open(routes: Parameters<typeof byRoute>[0]): Promise<void> {
  vendor = await startScriptedVendor(byRoute(routes))
  opened = openGateway([cortexAt(vendor.url), kodexaAt(vendor.url)])
}

it('leaves out records of a status that Cortex was not asked for', async () => {
  const rows = [
    { id: 'r1', status: 'RUNNING' },
    { id: 'r2', status: 'FAILED' },
  ]
  await open({ 'GET .*/records': json(200, rows, { 'pagination-count': '2' }) })
  const { data } = await opened.query(
    '{ records(collectionId: "col_1", status: [FAILED]) { nodes { vendorId } totalCount } }',
  )
  expect(data.records).toEqual({ nodes: [{ vendorId: 'r2' }], totalCount: null })
  expect(vendor.requests).toEqual(['GET /apps/c/collections/col_1/records?status=FAILED&page=1&take=20'])
})

it('gives no total for executions whose statuses the instance refuses to filter by', async () => {
  await open({
    'GET /api/executions': (request, response) =>
      request.url!.includes('filter=')
        ? json(400, { message: 'No such status' })(request, response)
        : json(200, {
            content: [
              { id: 'e1', status: 'FAILED' },
              { id: 'e2', status: 'FAILED' },
            ],
            number: 0,
            totalElements: 500,
          })(request, response),
  })
  const { data } = await opened.query('{ executions(first: 2, status: [FAILED]) { nodes { vendorId } totalCount } }')
  expect(data.executions).toEqual({ nodes: [{ vendorId: 'e1' }, { vendorId: 'e2' }], totalCount: null })
})

it('sends one credential, whatever further headers are set', async () => {
  vendor = await startScriptedVendor(json(200, { id: 'e1', status: 'RUNNING' }))
  opened = openGateway([
    kodexaAt(vendor.url, { headers: { 'X-Api-Key': new Secret('other'), 'X-Proxy': new Secret('p') } }),
  ])
  await opened.query('{ execution(by: { executionId: "e1" }) { status } }')
  expect(vendor.headers[0]).toMatchObject({ 'x-api-key': 'key-that-must-never-show', 'x-proxy': 'p' })
})
