import { expect, it } from 'vitest'
import { readConfig } from '../../src/config/config.js'
import { connectVendors } from '../../src/config/connect-vendors.js'
import { encodeJobId } from '../../src/job/job-id.js'
import { silentLog } from '../../src/job/log.js'
import { Secret } from '../../src/job/secret.js'
import { createSharedState } from '../../src/reads/shared-state.js'
import type { ConnectedVendor } from '../../src/vendors/module.js'
import { closeAfterTest } from '../support/close-after-test.js'
import { openGateway } from '../support/gateway.js'
import { json, kodexaAt, startScriptedVendor } from '../support/scripted-vendor.js'
import { serve, subscribeTo } from '../support/served-gateway.js'

const EXECUTION = '{ execution(by: { executionId: "exe_1" }) { status } }'
const ID = encodeJobId({ type: 'Execution', path: ['exe_1'] })

/** A vendor that shows each key another status. */
async function open() {
  const statuses: Record<string, string> = { old: 'RUNNING', new: 'FAILED' }
  const kodexa = await startScriptedVendor((request, response) => {
    const status = statuses[String(request.headers['x-api-key'])]
    json(status ? 200 : 401, { id: 'exe_1', status })(request, response)
  })
  const sharing = createSharedState({ liveMs: 60_000, log: silentLog })
  const vendor = kodexaAt(kodexa.url, { apiKey: new Secret('old') }, { sharedState: sharing }) as ConnectedVendor
  const opened = openGateway([vendor], { pollMs: 5 })
  closeAfterTest(opened.close, kodexa.close)
  const rekey = (key: string) => vendor.updateCredential!({ apiKey: new Secret(key), headers: {}, isCallers: false })
  return { ...opened, kodexa, statuses, rekey }
}

it('asks with another key from then on, and shows nothing that was read with the one before', async () => {
  const { query, kodexa, rekey } = await open()
  expect((await query(EXECUTION)).data.execution.status).toBe('RUNNING')
  rekey('new')
  expect((await query(EXECUTION)).data.execution.status).toBe('FAILED')
  expect(kodexa.headers.map((headers) => headers['x-api-key'])).toEqual(['old', 'new'])
})

it('goes on watching with the other key', async () => {
  const { gateway, kodexa, statuses, rekey } = await open()
  const { url } = await serve(gateway)
  const stream = await subscribeTo(url, 'subscription ($id: ID!) { jobUpdated(id: $id) { status } }', { id: ID })
  expect(await stream.next()).toMatchObject({ data: { jobUpdated: { status: 'RUNNING' } } })
  statuses.new = 'SUCCEEDED'
  rekey('new')
  expect(await stream.next()).toMatchObject({ data: { jobUpdated: { status: 'COMPLETED' } } })
  expect(await stream.next()).toBeNull()
  expect(kodexa.headers.at(-1)).toMatchObject({ 'x-api-key': 'new' })
})

it('takes no key that is for another address, or is gone, and says which vendors go on with theirs', async () => {
  const { kodexa } = await open()
  const read = (env: Record<string, string>) => readConfig({ KODEXA_BASE_URL: kodexa.url.href, ...env })
  const connection = await connectVendors(read({ KODEXA_API_KEY: 'old', CACHE_LIVE_MS: '0' }), silentLog)
  const { query, close } = openGateway(connection.vendors)
  closeAfterTest(close, connection.close)
  const keyAfter = async (env: Record<string, string>) => {
    const outcome = connection.updateCredentials(readConfig(env))
    await query(EXECUTION)
    return { ...outcome, key: kodexa.headers.at(-1)!['x-api-key'] }
  }
  const here = { KODEXA_BASE_URL: kodexa.url.href }
  const kept = { updated: [], kept: ['KODEXA'], key: 'old' }
  expect(await keyAfter({ KODEXA_BASE_URL: 'http://127.0.0.1:9', KODEXA_API_KEY: 'elsewhere' })).toEqual(kept)
  expect(await keyAfter({ ...here, KODEXA_API_KEY: 'elsewhere', KODEXA_AUTH_HEADER: 'x-other' })).toEqual(kept)
  expect(await keyAfter({ CORTEX_API_KEY: 'another' })).toEqual(kept)
  expect(await keyAfter({ CREDENTIALS: 'passthrough' })).toEqual(kept)
  const updated = { updated: ['KODEXA'], kept: [], key: 'new' }
  expect(await keyAfter({ ...here, KODEXA_API_KEY: 'new' })).toEqual(updated)
})
