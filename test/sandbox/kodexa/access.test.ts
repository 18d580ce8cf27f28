import { describe, expect, test } from 'vitest'
import { DOCUMENTED_IDS } from '../../../src/sandbox/kodexa/executions.js'
import { cancel, send, useKodexaSandboxes } from '../../support/kodexa-sandbox.js'

const UNKNOWN_ID = '00000000-0000-4000-8000-0000000000ff'

const { start } = useKodexaSandboxes()

describe('authentication', () => {
  test('a request without a key gets 401', async () => {
    const { baseUrl } = await start()
    const response = await fetch(new URL('/api/executions', baseUrl))
    expect(response.status).toBe(401)
  })

  test('both headers are accepted, and the newer one wins', async () => {
    const { baseUrl, apiKey } = await start()
    const status = async (headers: Record<string, string>) =>
      (await fetch(new URL('/api/account/me', baseUrl), { headers })).status
    expect(await status({ 'x-api-key': apiKey })).toBe(200)
    expect(await status({ 'x-access-token': apiKey })).toBe(200)
    expect(await status({ 'x-api-key': apiKey, 'x-access-token': 'wrong' })).toBe(200)
    expect(await status({ 'x-api-key': 'wrong', 'x-access-token': apiKey })).toBe(401)
  })

  test('every start makes a new key', async () => {
    const [one, other] = [await start(), await start()]
    expect(one.apiKey).not.toBe(other.apiKey)
  })
})

describe('errors', () => {
  test('are platform exceptions with an incident and a stack trace', async () => {
    const sandbox = await start()
    const { status, body } = await send<Record<string, unknown>>(sandbox, 'GET', `/api/executions/${UNKNOWN_ID}`)
    expect(status).toBe(404)
    expect(body).toMatchObject({
      dateTime: '2026-05-04T12:00:00.000Z',
      message: `Execution ${UNKNOWN_ID} not found`,
      contextPath: `/api/executions/${UNKNOWN_ID}`,
    })
    expect(body.incidentId).toMatch(/^[\da-f-]{36}$/)
    expect(body.stackTrace).toContain('SandboxStackFrame')
  })

  test('name the invalid parameter', async () => {
    const sandbox = await start()
    const { status, body } = await send(sandbox, 'GET', '/api/executions?page=one')
    expect(status).toBe(400)
    expect(body).toMatchObject({ errors: { page: 'must be an int32' } })
  })

  test.each(['/api/executions/nonsense', '/api/executions/nonsense/status-messages'])(
    '%s gets 400 because the id is no UUID',
    async (path) => {
      expect((await send(await start(), 'GET', path)).status).toBe(400)
    },
  )

  test.each([
    `/api/executions/${UNKNOWN_ID}/status-messages`,
    `/api/executions/${DOCUMENTED_IDS.succeeded}/logs`,
    '/api/nothing',
  ])('%s gets 404', async (path) => {
    expect((await send(await start(), 'GET', path)).status).toBe(404)
  })
})

test('the sandbox records the requests it receives', async () => {
  const sandbox = await start()
  await cancel(sandbox, DOCUMENTED_IDS.runningForDays)
  expect(sandbox.requests.map(({ method, url }) => `${method} ${url}`)).toEqual([
    `PUT /api/executions/${DOCUMENTED_IDS.runningForDays}/cancel`,
  ])
})
