import { describe, expect, it } from 'vitest'
import { openSandboxedForTest } from '../../support/close-after-test.js'
import { openRawClient, serve } from '../../support/websocket.js'

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
const CANCEL = 'mutation { cancelJobs(ids: ["none"]) { id } }'

describe('the id of a request', () => {
  it.each(['7', 'req_01J9', '4bf92f3577b34da6a3ce929d0e0e4736', 'a'.repeat(128)])(
    'is the one that the caller sent, in the response and in the log: %s',
    async (id) => {
      const { gateway, query, lines } = await openSandboxedForTest()
      const health = await gateway.fetch(new Request('http://gateway.test/health', { headers: { 'x-request-id': id } }))
      expect(health.headers.get('x-request-id')).toBe(id)
      await query(CANCEL, {}, { headers: { 'x-request-id': id } })
      expect(lines).toMatchObject([{ fields: { requestId: id } }])
    },
  )

  it.each(['', 'two words', 'a, b', 'a"b', '<b>', 'é', 'a'.repeat(129)])(
    'is a new one when the one sent is invalid: %s',
    async (id) => {
      const { gateway } = await openSandboxedForTest()
      const send = () => gateway.fetch(new Request('http://gateway.test/health', { headers: { 'x-request-id': id } }))
      const ids = [await send(), await send()].map(({ headers }) => headers.get('x-request-id'))
      for (const newId of ids) expect(newId).toMatch(UUID)
      expect(ids[0]).not.toBe(ids[1])
    },
  )

  it('is a new one for each operation on a WebSocket', async () => {
    const { gateway, lines } = await openSandboxedForTest()
    const client = await openRawClient((await serve(gateway)).url, { headers: { 'x-request-id': 'handshake' } })
    for (const id of ['1', '2']) {
      client.subscribe(id, CANCEL)
      await client.next(id)
    }
    const ids = lines.map(({ fields }) => (fields as { requestId: string }).requestId)
    expect(ids).toEqual([expect.stringMatching(UUID), expect.stringMatching(UUID)])
    expect(ids[0]).not.toBe(ids[1])
  })
})
