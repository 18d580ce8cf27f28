import { describe, expect, it } from 'vitest'
import { openSandboxedForTest } from '../../support/close-after-test.js'

const get = async (path: string, accept: string) =>
  (await openSandboxedForTest()).gateway.fetch(new Request(`http://docket.test${path}`, { headers: { accept } }))

describe('the GraphiQL page', () => {
  it('runs only its own script, connects only to the gateway, and may not be framed', async () => {
    const { headers } = await get('/graphql', 'text/html')
    expect(headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; script-src 'sha256-[\w+/]{43}='; worker-src blob:; style-src 'unsafe-inline'; font-src data:; img-src data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'$/,
    )
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('referrer-policy')).toBe('no-referrer')
    expect(headers.get('x-frame-options')).toBe('DENY')
  })
})

describe('any other response', () => {
  it.each([
    ['/graphql?query={__typename}', 'application/json'],
    ['/graphql?query={', 'application/json'],
    ['/graphql?query={__typename}', 'text/event-stream'],
    ['/ready', '*/*'],
    ['/nothing', '*/*'],
  ])('is not sniffed for another content type: %s as %s', async (path, accept) => {
    const response = await get(path, accept)
    expect(response.headers.get('x-content-type-options')).toBe('nosniff')
    expect(response.headers.get('content-security-policy')).toBeNull()
    await response.text()
  })
})
