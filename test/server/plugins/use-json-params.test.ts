import { describe, expect, it } from 'vitest'
import { openSandboxedForTest } from '../../support/close-after-test.js'

const PARAMS = ['variables', 'extensions']

describe('a GET', () => {
  it.each(PARAMS)('with %s that are not JSON gets 400, and no error is logged', async (name) => {
    const { gateway, lines } = await openSandboxedForTest()
    for (const text of ['{', '__proto__', "{'a':1}", '[[', 'undefined', '{}{}']) {
      const response = await gateway.fetch(
        new Request(`http://gateway.test/graphql?query={__typename}&${name}=${encodeURIComponent(text)}`),
      )
      expect([response.status, await response.json()]).toEqual([
        400,
        {
          errors: [
            {
              message: `The URL parameter \`${name}\` is not valid JSON. Send a JSON object, URL-encoded.`,
              extensions: { code: 'BAD_INPUT' },
            },
          ],
        },
      ])
    }
    expect(lines.filter(({ level }) => level === 'error')).toEqual([])
  })

  it.each(PARAMS)('with %s that are JSON or empty is answered', async (name) => {
    const { gateway } = await openSandboxedForTest()
    for (const text of ['{}', '', 'null', ' {"a":1} ']) {
      const response = await gateway.fetch(
        new Request(`http://gateway.test/graphql?query={__typename}&${name}=${encodeURIComponent(text)}`),
      )
      expect([response.status, await response.json()]).toEqual([200, { data: { __typename: 'Query' } }])
    }
  })
})
