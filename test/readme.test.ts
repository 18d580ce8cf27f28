import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { authEnvironment } from '../src/auth/environment.js'
import { gatewayEnvironment } from '../src/config/config.js'
import { cortexEnvironment } from '../src/vendors/cortex/index.js'
import { kodexaEnvironment } from '../src/vendors/kodexa/index.js'
import { openSandboxedGateway, type SandboxedGateway } from './support/sandboxes.js'

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
const scripts = (
  JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { scripts: Record<string, string> }
).scripts

let gateway: SandboxedGateway
beforeAll(async () => {
  gateway = await openSandboxedGateway()
})
afterAll(() => gateway.close())

describe('the README', () => {
  const examples = [...readme.matchAll(/```graphql\n([^`]*)```(?:\n+[^`]*?```json\n([^`]*)```)?/g)]

  it('shows a query and a cancel with their answers', () => {
    expect(examples.filter(([, , answer]) => answer).length).toBeGreaterThanOrEqual(2)
  })

  for (const [, operation, answer] of examples) {
    it(`answers as it says: ${operation!.trim().split('\n')[0]}`, async () => {
      const { data, errors } = await gateway.query(operation!)
      expect(errors).toEqual([])
      if (answer) expect({ data }).toEqual(JSON.parse(answer))
    })
  }

  it('lists every variable of the environment, and none that does not exist', () => {
    const known = [gatewayEnvironment, authEnvironment, cortexEnvironment, kodexaEnvironment].flatMap((schema) =>
      Object.keys(schema.shape),
    )
    const listed = [...readme.matchAll(/^\| `([A-Z_]+)`/gm)].map(([, name]) => name)
    expect(listed.sort()).toEqual(known.sort())
  })

  it('names npm scripts that exist', () => {
    const named = [
      ...readme.matchAll(
        /npm (?:run )?(start|test|[a-z]+:[a-z]+|run [a-z:]+|coverage|lint|types|generate|build|dev)\b/g,
      ),
    ].map(([, name]) => name!.replace('run ', ''))
    expect(named.length).toBeGreaterThan(1)
    expect(named.filter((name) => !(name in scripts))).toEqual([])
  })
})
