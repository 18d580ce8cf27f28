import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BadInputError } from '../../src/job/errors.js'
import type { JobAddress } from '../../src/job/job.js'
import { decodeJobId, decodeJobIdOf, encodeJobId } from '../../src/job/job-id.js'
import { runCount } from '../support/run-count.js'

const part = fc.stringMatching(/^[A-Za-z0-9._~!$&'()*+,;=:@-]{1,200}$/).filter((text) => text !== '.' && text !== '..')
const address: fc.Arbitrary<JobAddress> = fc.oneof(
  fc.record({ type: fc.constant('Execution'), path: fc.tuple(part) }),
  fc.record({ type: fc.constant('Record'), path: fc.tuple(part, part, part) }),
  fc.record({ type: fc.constant('WorkflowRun'), path: fc.tuple(part, part, part) }),
  fc.record({ type: fc.constant('WorkflowRun'), path: fc.tuple(part, part, part, fc.constant('discover')) }),
)

/** A valid id with one character put in, taken out or exchanged. */
const mutatedId = fc
  .tuple(
    address,
    fc.nat(),
    fc.constantFrom('insert', 'remove', 'replace'),
    fc.oneof(
      fc.constantFrom('=', '+', '/', ' ', '\n', '.', '-', '_', 'A', '9'),
      fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
    ),
  )
  .map(([from, at, how, character]) => {
    const id = encodeJobId(from)
    const place = at % id.length
    return id.slice(0, place) + (how === 'remove' ? '' : character) + id.slice(how === 'insert' ? place : place + 1)
  })

/** base64url of something that looks like an address and is mostly none. */
const forgedId = fc
  .tuple(
    fc.constantFrom('Execution', 'Record', 'execution', '', 'Exec ution', 'X'.repeat(65)),
    fc.constantFrom(':', '', '/', '::'),
    fc.string({ unit: fc.constantFrom('a', '/', '.', '%', '2', 'e', ':', '?', '#', '\0', ' ', 'é', '\ud800') }),
  )
  .map((pieces) => base64url(pieces.join('')))

const anyId = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.base64String(),
  fc.stringMatching(/^[\w-]*$/),
  mutatedId,
  forgedId,
)

describe('a global id', () => {
  it('decodes to the address that it encodes', () => {
    fc.assert(fc.property(address, (from) => void expect(decodeJobId(encodeJobId(from))).toEqual(from)))
  })

  it('needs no escaping anywhere', () => {
    fc.assert(fc.property(address, (from) => /^[\w-]+$/.test(encodeJobId(from))))
  })

  it('has one spelling: whatever decodes is encoded the same way', () => {
    fc.assert(
      fc.property(fc.oneof(anyId, address.map(encodeJobId)), (id) => {
        const decoded = decoding(id)
        if (decoded !== null) expect(encodeJobId(decoded)).toBe(id)
      }),
      { numRuns: runCount(2000) },
    )
  })

  it('that is invalid throws BadInputError and nothing else', () => {
    fc.assert(
      fc.property(anyId, (id) => void decoding(id)),
      { numRuns: runCount(2000) },
    )
  })

  it('is unique per address', () => {
    fc.assert(
      fc.property(
        address,
        address,
        (one, other) => (encodeJobId(one) === encodeJobId(other)) === (JSON.stringify(one) === JSON.stringify(other)),
      ),
    )
  })
})

describe('decodeJobId', () => {
  const execution = encodeJobId({ type: 'Execution', path: ['abc1'] })

  it.each([
    ['nothing', ''],
    ['what is no base64', '%%%'],
    ["a vendor's own id", 'rec_completed'],
    ['a padded id', `${execution}=`],
    ['an id with a space before it', ` ${execution}`],
    ['an id with a line break behind it', `${execution}\n`],
    ['an id broken in the middle', `${execution.slice(0, 5)}\n${execution.slice(5)}`],
    ['an id with stray bits at its end', strayBits(encodeJobId({ type: 'Execution', path: ['abcd'] }))],
    ['ten kilobytes', 'A'.repeat(10_240)],
    ['ten kilobytes of an address', base64url(`Execution:${'x/'.repeat(5000)}x`)],
    ['an address without a type', base64url(':abc')],
    ['a type without an address', base64url('Execution')],
    ['an empty address', base64url('Execution:')],
    ['a type in lower case', base64url('execution:abc')],
    ['a type that is no name', base64url('__proto__:abc')],
    ['an empty part', base64url('Record:c//rec_1')],
    ['a part too many by a slash', base64url('Execution:abc/')],
    ['two dots as a part', base64url('Record:c/../rec_1')],
    ['a dot as a part', base64url('Record:c/./rec_1')],
    ['an encoded dot', base64url('Execution:%2e%2e')],
    ['a query', base64url('Execution:abc?verbose=all')],
    ['a fragment', base64url('Execution:abc#x')],
    ['white space', base64url('Execution:a b')],
    ['a control character', base64url('Execution:abc\0')],
    ['a line break behind the address', base64url('Execution:abc\n')],
    ['a part of 201 characters', base64url(`Execution:${'x'.repeat(201)}`)],
    ['bytes that are no UTF-8', Buffer.from([0xff, 0xfe, 0x3a, 0x61]).toString('base64url')],
    ['what standard base64 makes of an address', Buffer.from('Execution:~~~???').toString('base64')],
  ])('rejects %s', (_what, id) => {
    expect(() => decodeJobId(id)).toThrow(BadInputError)
    expect(() => decodeJobIdOf('Execution', id)).toThrow(BadInputError)
  })

  it('accepts any type and any number of parts', () => {
    expect(decodeJobId(base64url('Task:a/b'))).toEqual({ type: 'Task', path: ['a', 'b'] })
  })
})

describe('decodeJobIdOf', () => {
  it('returns the address of an id of that type', () => {
    fc.assert(fc.property(address, (from) => void expect(decodeJobIdOf(from.type, encodeJobId(from))).toEqual(from)))
  })

  it('rejects the id of another type, and names both types', () => {
    const id = encodeJobId({ type: 'Execution', path: ['abc'] })
    expect(() => decodeJobIdOf('Record', id)).toThrow(BadInputError)
    expect(() => decodeJobIdOf('Record', id)).toThrow('This is the id of a Execution, not of a Record.')
  })
})

describe('encodeJobId', () => {
  it.each(['', '.', '..', 'a/b', '%2e', 'a?b', 'a#b', 'a b', 'a\n', 'é', 'x'.repeat(10_240)])(
    'refuses an address with a part that is no id: %j',
    (bad) => {
      expect(() => encodeJobId({ type: 'Record', path: ['c', bad, 'rec_1'] })).toThrow(BadInputError)
    },
  )
})

/** The address, or null when it is refused; anything else that is thrown fails the test. */
function decoding(id: string): JobAddress | null {
  try {
    return decodeJobId(id)
  } catch (error) {
    expect(error).toBeInstanceOf(BadInputError)
    return null
  }
}

function base64url(text: string): string {
  return Buffer.from(text).toString('base64url')
}

/** The same bytes spelled differently: the last character of an id whose length is no multiple of four has bits to spare. */
function strayBits(id: string): string {
  const other = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_']
    .map((character) => id.slice(0, -1) + character)
    .find((candidate) => candidate !== id && Buffer.from(candidate, 'base64url').equals(Buffer.from(id, 'base64url')))
  if (other === undefined) throw new Error('this id has no bits to spare')
  return other
}
