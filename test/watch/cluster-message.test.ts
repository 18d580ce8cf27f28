import { describe, expect, it } from 'vitest'
import { VENDOR_ERROR_CODES } from '../../src/job/errors.js'
import { decodeClusterMessage, encodeClusterMessage, type ClusterMessage } from '../../src/watch/cluster-message.js'

const JOB = 'scope RXhlY3V0aW9uOjE'
const MESSAGES: readonly ClusterMessage[] = [
  { kind: 'update', job: JOB, fingerprint: '["RUNNING","RUNNING",0.5]' },
  ...VENDOR_ERROR_CODES.map((code) => ({ kind: 'outage', job: JOB, code, message: 'Out of order. “ü”' }) as const),
  { kind: 'changed', job: JOB },
  { kind: 'mentioned', vendor: 'CORTEX', strings: ['rec_1', '17'] },
  { kind: 'mentioned', vendor: 'CORTEX', strings: [] },
]

const sent = (message: unknown, from: unknown = 'other') => JSON.stringify({ from, message })

describe('a cluster message', () => {
  it.each(MESSAGES)('survives a round trip: %j', (message) => {
    expect(decodeClusterMessage('me', encodeClusterMessage('other', message))).toEqual(message)
  })

  it.each(MESSAGES)('is ignored by its sender: %j', (message) => {
    expect(decodeClusterMessage('me', encodeClusterMessage('me', message))).toBeNull()
  })

  it('may have unknown fields', () => {
    const text = JSON.stringify({ from: 'other', at: 1, message: { kind: 'changed', job: JOB, why: 'because' } })
    expect(decodeClusterMessage('me', text)).toEqual({ kind: 'changed', job: JOB })
  })

  it.each([
    ['nothing', ''],
    ['no JSON', '{"from":'],
    ['a bare word', 'changed'],
    ['a number', '1'],
    ['null', 'null'],
    ['a list', '[]'],
    ['an empty object', '{}'],
    ['no sender', JSON.stringify({ message: { kind: 'changed', job: JOB } })],
    ['a sender that is no string', sent({ kind: 'changed', job: JOB }, 1)],
    ['no message', JSON.stringify({ from: 'other' })],
    ['an unknown kind', sent({ kind: 'shutdown', job: JOB })],
    ['a kind that every object has', sent({ kind: 'constructor', job: JOB })],
    ['no kind', sent({ job: JOB })],
    ['no job', sent({ kind: 'changed' })],
    ['a job that is no string', sent({ kind: 'changed', job: { toString: 'x' } })],
    ['no fingerprint', sent({ kind: 'update', job: JOB })],
    ['a fingerprint that is no string', sent({ kind: 'update', job: JOB, fingerprint: ['RUNNING'] })],
    ['an unknown code', sent({ kind: 'outage', job: JOB, code: 'VENDOR_ON_FIRE', message: '' })],
    ['a code that is not a vendor error', sent({ kind: 'outage', job: JOB, code: 'INTERNAL', message: '' })],
    ['an outage without a message', sent({ kind: 'outage', job: JOB, code: 'VENDOR_TIMEOUT' })],
    ['strings that are no list', sent({ kind: 'mentioned', vendor: 'CORTEX', strings: 'rec_1' })],
    ['strings that are not all strings', sent({ kind: 'mentioned', vendor: 'CORTEX', strings: ['rec_1', 1] })],
    ['no vendor', sent({ kind: 'mentioned', strings: [] })],
    ['a hundred thousand brackets', '['.repeat(100_000)],
  ])('is null when it is or has %s', (_what, text) => {
    expect(decodeClusterMessage('me', text)).toBeNull()
  })

  it('cannot pollute the prototype of objects', () => {
    const hostile = `{"from":"other","__proto__":{"polluted":1},"message":{"kind":"changed","job":"j","__proto__":{"polluted":1}}}`
    expect(decodeClusterMessage('me', hostile)).toEqual({ kind: 'changed', job: 'j' })
    expect(({} as { polluted?: number }).polluted).toBeUndefined()
    expect(
      decodeClusterMessage('me', '{"from":"other","message":{"__proto__":{"kind":"changed","job":"j"}}}'),
    ).toBeNull()
  })
})
