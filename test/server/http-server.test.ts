import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { openGateway, type TestGateway } from '../support/gateway.js'
import { cortexAt, hang, json, kodexaAt, startScriptedVendor, type ScriptedVendor } from '../support/scripted-vendor.js'

const EXECUTION = '{ execution(by: { executionId: "e1" }) { status } }'
const CANCEL = 'mutation { cancelExecution(by: { executionId: "e1" }) { __typename } }'

let vendor: ScriptedVendor
let opened: TestGateway
let server: Server

async function start(): Promise<string> {
  vendor = await startScriptedVendor(hang)
  opened = openGateway([cortexAt(vendor.url), kodexaAt(vendor.url)])
  server = createServer(opened.gateway.listener)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`
}

afterEach(async () => {
  server.closeAllConnections()
  server.close()
  await vendor.close()
  await opened.close()
})

function post(url: string, query: string, signal?: AbortSignal): Promise<Response> {
  const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ query }) }
  return fetch(url, signal ? { ...init, signal } : init)
}

/** A vendor that takes the request and tells when the connection is closed on it. */
function holding(): { readonly taken: Promise<void>; readonly closed: Promise<void>; release(): void } {
  let release = () => {}
  let closed: Promise<void> = Promise.resolve()
  const taken = new Promise<void>((resolve) => {
    vendor.answer((request, response) => {
      closed = once(response, 'close').then(() => undefined)
      release = () => json(200, { id: 'e1', status: 'CANCELLED' })(request, response)
      resolve()
    })
  })
  return {
    taken,
    get closed() {
      return closed
    },
    release: () => release(),
  }
}

describe('a caller who goes away', () => {
  it('ends the read at the vendor', async () => {
    const url = await start()
    const held = holding()
    const leaving = new AbortController()
    const asked = post(url, EXECUTION, leaving.signal).catch((error: Error) => error.name)
    await held.taken
    leaving.abort()
    await held.closed
    expect(await asked).toBe('AbortError')
    expect(opened.lines.filter(({ level }) => level === 'error')).toEqual([])
  })

  it('does not end a cancel that was sent', async () => {
    const url = await start()
    const held = holding()
    const leaving = new AbortController()
    const asked = post(url, CANCEL, leaving.signal).catch((error: Error) => error.name)
    await held.taken
    leaving.abort()
    expect(await asked).toBe('AbortError')
    // The connection is still there to be answered on, and nothing is read or sent again.
    const state = await Promise.race([
      held.closed.then(() => 'closed'),
      new Promise((resolve) => setTimeout(resolve, 100, 'open')),
    ])
    expect(state).toBe('open')
    held.release()
    expect(vendor.requests).toEqual(['PUT /api/executions/e1/cancel'])
  })
})

describe('an answer', () => {
  it('has its fields in the order in which they were asked for', async () => {
    const url = await start()
    vendor.answer((request, response) =>
      setTimeout(() => json(200, { id: 'e1', status: 'RUNNING' })(request, response), 20),
    )
    const answer = await post(url, '{ slow: execution(by: { executionId: "e1" }) { status name } vendors { mode } }')
    expect(Object.keys(((await answer.json()) as { data: object }).data)).toEqual(['slow', 'vendors'])
  })

  it('is kept from pages of other sites', async () => {
    const url = await start()
    const answer = await fetch(url, {
      method: 'OPTIONS',
      headers: { origin: 'http://evil.test', 'access-control-request-method': 'POST' },
    })
    expect(answer.headers.get('access-control-allow-origin')).toBeNull()
  })
})
