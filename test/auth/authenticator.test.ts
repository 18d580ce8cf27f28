import { describe, expect, it } from 'vitest'
import { createApiKey } from '../../src/auth/api-key.js'
import { createAuthenticator } from '../../src/auth/authenticate.js'
import { silentLog } from '../../src/job/log.js'
import { closeAfterTest } from '../support/close-after-test.js'
import { openGateway } from '../support/gateway.js'
import { sign, signingKey, tokenSettings } from '../support/issuer.js'
import { json, kodexaAt, startScriptedVendor } from '../support/scripted-vendor.js'
import { clientOf, serve } from '../support/websocket.js'

const one = createApiKey({ name: 'one', role: 'cancel' })
const other = createApiKey({ name: 'other', role: 'cancel' })
const WATCH = 'subscription ($id: ID!) { jobUpdated(id: $id) { status } }'
const EXECUTION = '{ execution(by: { executionId: "exe_1" }) { id status } }'

const shown = (key: string) => ({ get: (name: string) => (name === 'x-api-key' ? key : null) })

/** A gateway with two callers, one of whom is about to be revoked. */
async function open() {
  const callers = createAuthenticator({ keys: [one.entry, other.entry], tokens: null }, silentLog)
  const vendor = await startScriptedVendor(json(200, { id: 'exe_1', status: 'RUNNING' }))
  const gateway = openGateway([kodexaAt(vendor.url)], { pollMs: 5, authenticate: callers.authenticate })
  closeAfterTest(gateway.close, vendor.close)
  const { data } = await gateway.query(EXECUTION, {}, { headers: { 'x-api-key': one.key } })
  return { callers, id: data.execution.id as string, ...gateway, ...(await serve(gateway.gateway)) }
}

describe('revoked callers', () => {
  it('are no longer authenticated, and the others are unaffected', async () => {
    const { authenticate, reload } = createAuthenticator({ keys: [one.entry, other.entry], tokens: null }, silentLog)
    const [before, kept] = [await authenticate(shown(one.key)), await authenticate(shown(other.key))]
    reload({ keys: [other.entry], tokens: null })
    expect(await authenticate(shown(one.key))).toBeNull()
    expect(before!.revoked!.aborted).toBe(true)
    expect(await authenticate(shown(other.key))).toBe(kept)
    expect(kept!.revoked!.aborted).toBe(false)
  })

  it('include those whose role changes', async () => {
    const { authenticate, reload } = createAuthenticator({ keys: [one.entry], tokens: null }, silentLog)
    const before = await authenticate(shown(one.key))
    reload({ keys: [{ ...one.entry, role: 'read' }], tokens: null })
    expect(before!.revoked!.aborted).toBe(true)
    expect(await authenticate(shown(one.key))).toMatchObject({ role: 'read' })
  })

  it('are none when a reload would disable an authentication method', async () => {
    const { authenticate, reload } = createAuthenticator({ keys: [one.entry], tokens: null }, silentLog)
    reload({ keys: null, tokens: null })
    expect(await authenticate(shown(one.key))).toMatchObject({ name: 'one' })
    expect(await authenticate(shown('anything'))).toBeNull()
  })

  it('are all token callers when the token settings change, and none when they do not', async () => {
    const [before, after] = [signingKey('before'), signingKey('after')]
    const settings = (key: typeof before) => ({ keys: null, tokens: tokenSettings({ keys: key.publicKey }) })
    const { authenticate, reload } = createAuthenticator(settings(before), silentLog)
    const token = await sign(before, {})
    const bearer = { get: (name: string) => (name === 'authorization' ? `Bearer ${token}` : null) }
    const identity = await authenticate(bearer)
    reload(settings(before))
    expect(identity!.revoked!.aborted).toBe(false)
    reload(settings(after))
    expect(identity!.revoked!.aborted).toBe(true)
    expect(await authenticate(bearer)).toBeNull()
  })

  it('lose their WebSockets, and the others keep theirs', async () => {
    const { callers, url, id, gateway } = await open()
    const closed: unknown[] = []
    const watch = (key: string) => {
      const on = { closed: (event: unknown) => void closed.push((event as { code: number }).code) }
      const client = clientOf(url, { connectionParams: { 'x-api-key': key }, on })
      return client.iterate({ query: WATCH, variables: { id } }).next()
    }
    await Promise.all([watch(one.key), watch(other.key)])
    expect(gateway.watching().subscribers).toBe(2)
    callers.reload({ keys: [other.entry], tokens: null })
    await expect.poll(() => closed).toEqual([4403])
    await expect.poll(() => gateway.watching().subscribers).toBe(1)
  })

  it('receive UNAUTHENTICATED at the end of their server-sent events', async () => {
    const { callers, port, id } = await open()
    const response = await fetch(`http://127.0.0.1:${port}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream', 'x-api-key': one.key },
      body: JSON.stringify({ query: WATCH, variables: { id } }),
    })
    let text = ''
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
      text += chunk
      if (text.includes('RUNNING')) callers.reload({ keys: [other.entry], tokens: null })
    }
    expect(text).toMatch(/RUNNING[^]*UNAUTHENTICATED/)
  })
})
