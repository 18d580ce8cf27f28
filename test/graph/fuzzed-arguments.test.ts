import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { useEmptyVendors } from '../support/empty-vendors.js'
import { base64url, GLOBAL_ID_ARGUMENTS, VENDOR_ID_ARGUMENTS } from '../support/id-arguments.js'
import { LISTS } from '../support/list-queries.js'
import { runCount } from '../support/run-count.js'

const setup = useEmptyVendors()

describe('random text', () => {
  const isSafe = (id: string) => /^[A-Za-z0-9._~!$&'()*+,;=:@-]{1,200}$/.test(id) && id !== '.' && id !== '..'
  const special = fc.constantFrom(
    '.',
    '..',
    '/',
    '\\',
    '%',
    '%2e',
    '%2f',
    '?',
    '#',
    '&',
    ';',
    ':',
    '@',
    ' ',
    '\t',
    '\r\n',
    '\0',
    "'",
    '"',
    'é',
    '\u2028',
    '\ud800',
    'a',
    '0',
  )
  const anyId = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 210 }),
    fc.array(special, { maxLength: 8 }).map((pieces) => pieces.join('')),
    fc.stringMatching(/^[A-Za-z0-9._~!$&'()*+,;=:@-]{0,210}$/),
  )

  it('as an id is rejected before anything is sent, or sent as one path segment', { timeout: 60_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...Object.values(VENDOR_ID_ARGUMENTS)), anyId, async (query, id) => {
        const before = [setup.cortex.requests.length, setup.kodexa.requests.length]
        const { status, text, errors } = await setup.gateway.query(query, { id })
        const urls = [...setup.cortex.requests.slice(before[0]), ...setup.kodexa.requests.slice(before[1])].map(
          (line) => new URL(line.split(' ')[1]!, 'http://vendor.test'),
        )
        expect(status).toBe(200)
        expect(text).not.toContain('INTERNAL')
        if (!isSafe(id)) {
          expect(errors.map(({ extensions }) => extensions?.code)).toEqual(['BAD_INPUT'])
          expect(urls).toEqual([])
          return
        }
        expect(urls.length).toBeGreaterThan(0)
        // An unknown id may cause a second request, but never one to another kind of path.
        for (const url of urls)
          expect(url.pathname).toMatch(
            /^\/(apps\/[^/]+\/(collections|workflows(\/discover)?)\/[^/]+\/(records|runs)(\/[^/]+(\/status|\/cancel)?)?|api\/executions(\/[^/]+(\/cancel)?)?)$/,
          )
        // A filter escapes quotes with a backslash.
        expect(urls.some((url) => decodeURIComponent(url.href).replaceAll("\\'", "'").includes(id))).toBe(true)
      }),
      { numRuns: runCount(500) },
    )
  })

  it('as a global id is rejected before anything is sent', { timeout: 60_000 }, async () => {
    const forged = fc
      .tuple(fc.constantFrom('Execution:', 'Record:c/', 'WorkflowRun:c/work_1/', ''), anyId)
      .map(([head, tail]) => base64url(head + tail))
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...Object.values(GLOBAL_ID_ARGUMENTS)),
        fc.oneof(anyId, forged),
        async (query, id) => {
          const before = setup.sent()
          const { status, text, errors } = await setup.gateway.query(query, { id })
          expect(status).toBe(200)
          expect(text).not.toContain('INTERNAL')
          const address = Buffer.from(id, 'base64url').toString()
          const parts = address.slice(address.indexOf(':') + 1).split('/')
          if (parts.every(isSafe) && errors.length === 0) return
          expect(errors.map(({ extensions }) => extensions?.code)).toEqual(['BAD_INPUT'])
          expect(setup.sent()).toBe(before)
        },
      ),
      { numRuns: runCount(500) },
    )
  })

  it('as a cursor is rejected before anything is sent', { timeout: 60_000 }, async () => {
    const cursor = fc.oneof(
      anyId,
      anyId.map(base64url),
      anyId.map((text) => base64url(`records:${text}`)),
      anyId.map((text) => base64url(`jobs:5:${text}`)),
    )
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...Object.values(LISTS)), cursor, async (query, after) => {
        const before = setup.sent()
        const { status, text, errors } = await setup.gateway.query(query, { after })
        expect(status).toBe(200)
        expect(text).not.toContain('INTERNAL')
        if (errors.some(({ extensions }) => extensions?.code === 'BAD_INPUT')) expect(setup.sent()).toBe(before)
      }),
      { numRuns: runCount(300) },
    )
  })
})
