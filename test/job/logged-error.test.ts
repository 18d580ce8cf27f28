import pino from 'pino'
import { describe, expect, it } from 'vitest'
import { loggedError } from '../../src/job/logged-error.js'

const SECRET = 'canary-3f9a'

/** What pino writes of it. */
function written(error: unknown): string {
  const lines: string[] = []
  const log = pino({ base: null }, { write: (line: string) => void lines.push(line) })
  log.error({ err: loggedError(error) }, 'failed')
  return lines.join('')
}

function thrownBy(work: () => unknown): unknown {
  try {
    work()
  } catch (error) {
    return error
  }
  throw new Error('Nothing was thrown.')
}

describe('what is logged of an error', () => {
  it.each<[what: string, error: unknown]>([
    ['its message', new Error(`no ${SECRET}`)],
    ['a message of several lines', new Error(`no\n    at ${SECRET} (file.js:1:1)\n`)],
    ['a message that was changed', Object.assign(new Error('no'), { message: `no ${SECRET}` })],
    ['its properties', Object.assign(new Error('no'), { headers: { authorization: SECRET }, command: [SECRET] })],
    ['its code, where that is none', Object.assign(new Error('no'), { code: SECRET })],
    ['its name', Object.assign(new Error('no'), { name: SECRET })],
    ['its cause', new Error('no', { cause: Object.assign(new Error(SECRET), { request: SECRET }) })],
    ['the errors it stands for', new AggregateError([new Error(SECRET)], SECRET)],
    ['what could not be parsed', thrownBy(() => JSON.parse(`"${SECRET}`) as unknown)],
    ['a header that is none', thrownBy(() => new Headers({ authorization: `${SECRET}\n!` }))],
    ['an address that is none', thrownBy(() => new URL(`http://${SECRET}@:80:`))],
    ['what is no error', SECRET],
    ['what looks like one', { message: SECRET, stack: SECRET }],
  ])('does not contain %s', (_what, error) => {
    expect(JSON.stringify([error, String(error), Object.entries(error as object), (error as Error).stack])).toBeTruthy()
    expect(written(error)).toContain('"msg":"failed"')
    expect(written(error)).not.toContain(SECRET)
  })

  it('has the type, the code and the stack frames', () => {
    const cause = Object.assign(new TypeError(SECRET), { code: 'ECONNRESET' })
    const logged = loggedError(new Error(SECRET, { cause }))
    expect(logged).toMatchObject({ type: 'Error', cause: { type: 'TypeError', code: 'ECONNRESET' } })
    expect(logged.stack).toMatch(/^ +at .*logged-error\.test\.ts:\d+:\d+\)?/)
    expect(written(new Error(SECRET))).toContain('logged-error.test.ts')
  })

  it('ends even when its causes are circular', () => {
    const error = new Error('no')
    error.cause = error
    expect(JSON.stringify(loggedError(error)).length).toBeLessThan(20_000)
  })
})
