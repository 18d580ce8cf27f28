import { once } from 'node:events'
import { connect } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startLoopbackServer, type LoopbackServer } from '../../src/sandbox/loopback-server.js'

let server: LoopbackServer
beforeEach(async () => {
  server = await startLoopbackServer({
    routes: {
      'GET /apps/:app/jobs/:job': ({ params, query }) => ({
        status: 200,
        headers: { 'x-total': '1' },
        body: { params, query: [...query] },
      }),
      'POST /apps/:app/jobs/:job/cancel': () => ({ status: 202 }),
    },
    guard: ({ headers }) => (headers.authorization === 'Bearer k' ? null : { status: 401, body: { message: 'no' } }),
    notFound: () => ({ status: 404, body: { message: 'nothing here' } }),
  })
})
afterEach(() => server.close())

const authorised = { headers: { authorization: 'Bearer k' } }
const send = (path: string, init: RequestInit = authorised) => fetch(new URL(path, server.url), init)

/** Sends a request line that no client library would send. Returns the status line of the response. */
async function sendTarget(target: string, method = 'GET'): Promise<string> {
  const socket = connect(Number(server.url.port), '127.0.0.1')
  socket.end(`${method} ${target} HTTP/1.1\r\nhost: sandbox\r\nauthorization: Bearer k\r\nconnection: close\r\n\r\n`)
  let response = ''
  socket.on('data', (chunk: Buffer) => (response += chunk.toString()))
  await once(socket, 'close')
  return response.split('\r\n', 1)[0]!
}

describe('a loopback server', () => {
  it('passes parameters and query to the handler, and sends its headers', async () => {
    const response = await send('/apps/c/jobs/a%20b?page=2&tag=x&tag=y')
    expect(response.status).toBe(200)
    expect(response.headers.get('x-total')).toBe('1')
    expect(response.headers.get('content-type')).toMatch(/^application\/json/)
    expect(await response.json()).toEqual({
      params: { app: 'c', job: 'a b' },
      query: [
        ['page', '2'],
        ['tag', 'x'],
        ['tag', 'y'],
      ],
    })
  })

  it('sends no body when the handler returns none', async () => {
    const response = await send('/apps/c/jobs/a/cancel', { ...authorised, method: 'POST', body: '{"ignored":true}' })
    expect([response.status, await response.text()]).toEqual([202, ''])
  })

  it('runs the guard first, also for unknown paths', async () => {
    expect((await send('/apps/c/jobs/a', {})).status).toBe(401)
    expect((await send('/nowhere', {})).status).toBe(401)
  })

  it('uses the notFound handler for unknown paths and methods', async () => {
    expect((await send('/nowhere')).status).toBe(404)
    expect((await send('/apps/c/jobs/a', { ...authorised, method: 'DELETE' })).status).toBe(404)
  })

  it('records the newest 1,000 requests exactly as sent', async () => {
    await send('/apps/c/jobs/a%2Fb?x=%20')
    expect(server.requests).toMatchObject([{ method: 'GET', url: '/apps/c/jobs/a%2Fb?x=%20' }])
    for (let sent = 0; sent < 20; sent++)
      await Promise.all(Array.from({ length: 50 }, (_, at) => send(`/apps/c/jobs/${sent * 50 + at}`)))
    expect(server.requests).toHaveLength(1000)
    expect(server.requests.some(({ url }) => url.includes('%2F'))).toBe(false)
  })

  it.each([
    '//',
    '//evil.test/apps',
    '///',
    '/?',
    '/%',
    '/%E0%A4%A',
    '/apps/%/jobs/%zz',
    '/apps/c/jobs/%ff',
    '/..',
    '/../../etc/passwd',
    'http://evil.test/apps',
    'http://[',
    '*',
    '/a?b?c#d',
    `/${'x'.repeat(8000)}`,
  ])('survives the target %s', async (target) => {
    expect(await sendTarget(target)).toMatch(/^HTTP\/1\.1 40[04] /)
    expect((await send('/apps/c/jobs/a')).status).toBe(200)
  })

  it.each(['OPTIONS', 'PATCH', 'PROPFIND', 'TRACE', 'NONSENSE'])('survives the method %s', async (method) => {
    expect(await sendTarget('/apps/c/jobs/a', method)).toMatch(/^HTTP\/1\.1 40[04] /)
    expect((await send('/apps/c/jobs/a')).status).toBe(200)
  })

  it('listens only on loopback', () => {
    expect(server.url.hostname).toBe('127.0.0.1')
  })

  it('closes while clients keep connections open', async () => {
    await (await send('/apps/c/jobs/a')).text()
    await server.close()
    await expect(send('/apps/c/jobs/a')).rejects.toThrow()
  })
})
