import { serverAudits } from 'graphql-http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openSandboxedGateway, type SandboxedGateway } from './support/sandboxes.js'

let sandboxed: SandboxedGateway
beforeAll(async () => {
  sandboxed = await openSandboxedGateway()
})
afterAll(() => sandboxed.close())

describe('GraphQL over HTTP', () => {
  const audits = serverAudits({
    url: 'http://gateway.test/graphql',
    fetchFn: (url: string, init?: RequestInit) => sandboxed.gateway.fetch(new Request(url, init)),
  })

  for (const { name, fn } of audits.filter((audit) => !audit.name.startsWith('MAY'))) {
    it(name, async () => {
      expect(await fn()).toMatchObject({ status: 'ok' })
    })
  }

  it('is audited in full', () => {
    expect(audits.length).toBeGreaterThan(60)
  })
})
