import { parse } from 'graphql'
import { describe, expect, it } from 'vitest'
import { welcomeLines } from '../../src/cli/welcome.js'
import { readConfig, type Config } from '../../src/config/config.js'

const URL = 'http://127.0.0.1:4000/graphql'
const SANDBOX = readConfig({})
const hintsOf = (config: Partial<Config>) => welcomeLines({ ...SANDBOX, ...config }, URL).hints

describe('the lines that npm start prints', () => {
  it('name the address of GraphiQL and a curl command with a valid query', () => {
    const [graphiql, curl] = hintsOf({})
    expect(graphiql).toBe(`GraphiQL: open ${URL} in a browser`)
    expect(curl).toContain(`curl ${URL} -H 'content-type: application/json' -d '`)
    const { query } = JSON.parse(/-d '(.*)'$/.exec(curl!)![1]!) as { query: string }
    expect(() => parse(query)).not.toThrow()
  })

  it('leave out GraphiQL when it is off', () => {
    expect(hintsOf({ graphiql: false })).toEqual([expect.stringMatching(/^or try: curl /)])
  })

  it('show where the credential goes when callers must authenticate', () => {
    expect(hintsOf({ auth: { keys: [], tokens: null } })[1]).toContain("-H 'authorization: Bearer <API key or token>'")
    expect(hintsOf({})[1]).not.toContain('authorization')
  })

  it('suggest no query when only persisted operations are executed', () => {
    expect(hintsOf({ persistedOperations: { documents: new Map(), only: true } })).toHaveLength(1)
    expect(hintsOf({ persistedOperations: { documents: new Map(), only: false } })).toHaveLength(2)
  })
})
