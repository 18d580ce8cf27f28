import { describe, expect, it } from 'vitest'
import { API_KEY } from '../support/scripted-vendor.js'
import { runOperation, openFaultyGateway } from './faulty-gateway.js'
import type { Exchange, Fault } from './fault.js'
import { operations } from './operations.js'

/** What stands in a field instead of what belongs there; undefined leaves it out. */
const JUNK: Readonly<Record<string, unknown>> = {
  'a number': -1.5,
  'a text': 'junk',
  'a giant text': 'x'.repeat(100_000),
  'a list': [null, 7, 'junk', {}],
  'an object': { id: {}, status: [] },
  true: true,
  null: null,
  nothing: undefined,
}

/** What may come of an answer that cannot be trusted. */
const FAIR = ['DATA', 'NOTHING', 'CANCELLING', 'NOT_CANCELLABLE', 'VENDOR_BAD_RESPONSE']
const trials = operations.filter(({ kind }) => kind !== 'watch')

describe('an answer with one field of another type', () => {
  it.each(trials.map((operation) => [operation.vendor, operation.name, operation.kind, operation] as const))(
    '%s: %s (%s): is data, or an error that says so, and costs nothing else',
    async (_vendor, _name, _kind, operation) => {
      let change: (body: unknown) => unknown = (body) => body
      const paths = new Set<string>()
      const attack = ({ response, healthy }: Exchange) => {
        for (const path of pathsOf(healthy.body)) paths.add(path)
        response.writeHead(200, healthy.headers).end(JSON.stringify(change(healthy.body)))
      }
      const fault: Fault = { name: 'wrong types', attack, outcome: 'DATA' }
      const fixture = await openFaultyGateway({ ...operation, fault })
      try {
        expect(operation.find(await runOperation(fixture, operation)).outcome).toBe('DATA')
        expect(paths.size).toBeGreaterThan(0)
        for (const path of paths) {
          for (const [what, junk] of Object.entries(JUNK)) {
            change = (body) => replaced(body, path, junk)
            const answer = await runOperation(fixture, operation)
            const { outcome } = operation.find(answer)
            expect(FAIR, `${path} is ${what}: ${outcome}`).toContain(outcome)
            expect(operation.isOtherWhole(answer), `${path} is ${what}`).toBe(true)
            expect(answer.text).not.toContain('INTERNAL')
            expect(answer.text).not.toContain(API_KEY)
          }
        }
        expect(fixture.lines.filter(({ level }) => level === 'error')).toEqual([])
      } finally {
        await fixture.close()
      }
    },
  )
})

const SEPARATOR = '/'

/** Every place in some JSON, `rules/A/run/status`; of the items of a list, the first. The empty one is all of it. */
function pathsOf(value: unknown, path = ''): string[] {
  if (typeof value !== 'object' || value === null) return [path]
  const entries = Array.isArray(value) ? value.slice(0, 1).entries() : Object.entries(value)
  return [path, ...[...entries].flatMap(([name, part]) => pathsOf(part, `${path}${SEPARATOR}${name}`))]
}

/** The same JSON with something else there; itself where it has no such place. */
function replaced(value: unknown, path: string, by: unknown): unknown {
  if (path === '') return by === undefined ? null : by
  const [, name, ...rest] = path.split(SEPARATOR)
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name!)) return value
  const part = (value as Record<string, unknown>)[name!]
  const next = rest.length === 0 ? by : replaced(part, `${SEPARATOR}${rest.join(SEPARATOR)}`, by)
  return Array.isArray(value) ? value.with(Number(name), next) : { ...value, [name!]: next }
}
