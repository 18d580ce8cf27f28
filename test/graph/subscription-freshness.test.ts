import { afterEach, expect, it } from 'vitest'
import { encodeJobId } from '../../src/job/job-id.js'
import { openGateway, type TestGateway } from '../support/gateway.js'
import {
  byRoute,
  inSequence,
  json,
  kodexaAt,
  startScriptedVendor,
  type ScriptedVendor,
} from '../support/scripted-vendor.js'

let vendor: ScriptedVendor
let opened: TestGateway

afterEach(async () => {
  await opened.close()
  await vendor.close()
})

it('reads nested fields again with each event', async () => {
  vendor = await startScriptedVendor(
    byRoute({
      'GET .*/status-messages': inSequence(json(200, [{ title: 'Reading' }]), json(200, [{ title: 'Writing' }])),
      'GET /api/executions/e1': inSequence(
        json(200, { id: 'e1', status: 'RUNNING' }),
        json(200, { id: 'e1', status: 'SUCCEEDED' }),
      ),
    }),
  )
  opened = openGateway([kodexaAt(vendor.url)], { pollMs: 5 })
  const id = encodeJobId({ type: 'Execution', path: ['e1'] })
  const query = `subscription { jobUpdated(id: "${id}") { status ... on Execution { statusMessages { title } } } }`
  const response = await opened.gateway.fetch(
    new Request('http://gateway.test/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
      body: JSON.stringify({ query }),
    }),
  )
  const events = [...(await response.text()).matchAll(/^data: (\{.*\})$/gm)].map(
    ([, data]) => JSON.parse(data!) as object,
  )
  expect(events).toEqual([
    { data: { jobUpdated: { status: 'RUNNING', statusMessages: [{ title: 'Reading' }] } } },
    { data: { jobUpdated: { status: 'COMPLETED', statusMessages: [{ title: 'Writing' }] } } },
  ])
})
