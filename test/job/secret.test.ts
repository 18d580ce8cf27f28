import { format, inspect } from 'node:util'
import pino from 'pino'
import { describe, expect, it } from 'vitest'
import { revealAll, Secret } from '../../src/job/secret.js'

const VALUE = 'nobody-may-see-this'
const secret = new Secret(VALUE)

describe('a secret', () => {
  it.each<[how: string, shown: () => string]>([
    ['in a template', () => `${secret as unknown as string}`],
    ['joined to text', () => 'key: ' + String(secret)],
    ['as JSON', () => JSON.stringify({ secret })],
    ['inspected', () => inspect({ deep: [secret] }, { depth: 9, showHidden: true })],
    ['as the console formats it', () => format('%s %o %j', secret, secret, secret)],
    ['in the message of an error', () => new Error(String(secret)).stack!],
    ['copied', () => JSON.stringify({ ...secret }) + inspect(structuredClone({ ...secret }))],
    ['by its properties', () => JSON.stringify(Object.getOwnPropertyNames(secret)) + Reflect.ownKeys(secret).join()],
    [
      'in a log line',
      () => {
        let line = ''
        pino({}, { write: (text: string) => void (line += text) }).info({ secret, in: { it: [secret] } }, 'said')
        return line
      },
    ],
  ])('does not show %s', (_how, shown) => {
    expect(shown()).not.toBe('')
    expect(shown()).not.toContain(VALUE)
  })

  it('prints as [secret]', () => {
    expect(String(secret)).toBe('[secret]')
    expect(JSON.stringify({ secret })).toBe('{"secret":"[secret]"}')
    expect(inspect(secret)).toBe('[secret]')
  })

  it('can be revealed', () => {
    expect(secret.reveal()).toBe(VALUE)
    expect(revealAll({ a: secret })).toEqual({ a: VALUE })
  })
})
