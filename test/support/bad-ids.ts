import fc from 'fast-check'
import { encodeJobId } from '../../src/job/job-id.js'

/** What may be part of an id, in the words of the documentation and not of the code. */
const isPart = (text: string) => /^[A-Za-z0-9._~!$&'()*+,;=:@-]{1,200}$/.test(text) && !/^\.\.?$/.test(text)

/** Whether a vendor could be asked for this id of its own. */
export const isValidVendorId = isPart

/** Whether the gateway could have given out this id, of one of these types. */
export function isValidJobId(id: string, types: readonly string[]): boolean {
  const text = Buffer.from(id, 'base64url').toString('utf8')
  if (Buffer.from(text, 'utf8').toString('base64url') !== id) return false
  const [, type, path] = /^([^:]*):(.*)$/s.exec(text) ?? []
  if (type === undefined || path === undefined || !types.includes(type)) return false
  const parts = path.split('/')
  if (!parts.every(isPart)) return false
  if (type === 'Execution') return parts.length === 1
  return parts.length === 3 || (type === 'WorkflowRun' && parts.length === 4 && parts[3] === 'discover')
}

const GOOD = [
  encodeJobId({ type: 'Execution', path: ['00000000-0000-4000-8000-000000000001'] }),
  encodeJobId({ type: 'Record', path: ['c', 'col_1', 'rec_1'] }),
  encodeJobId({ type: 'WorkflowRun', path: ['c', 'work_1', 'run_1'] }),
  encodeJobId({ type: 'WorkflowRun', path: ['c', 'work_1', 'run_1', 'discover'] }),
]

/** Ways up, out, around and into other languages. */
export const NASTY_STRINGS = [
  ...['', '.', '..', '../..', '..\\', '/', '//', '\\', '...', './a', 'a/', '/a', 'a//b', '..;/', '.%00.', '~root/..'],
  ...['%2e', '%2e%2e', '%2E%2E%2F', '%252e%252e', '%2f', '%5c', '%00', '%0d%0a', '%u002e', '%c0%ae', '%', 'a%zz'],
  ...['\0', 'a\0', '\r\n', 'a\r\nHost: evil.test', '\t', ' ', ' a', 'a ', '\u007f', '\u0085', '\ufeff', '\u2028'],
  ...[
    '․․',
    '．．',
    '‥',
    '…',
    '∕',
    '／',
    '⁄',
    '＼',
    '％',
    'ｅｘｅｃ',
    'ехес_1',
    'a\u0301',
    'ß',
    'İ',
    '\u202e',
    '\ud800',
    '🎉',
  ],
  ...['a?b', '?x=1', 'a#b', '#', 'a"b', '<a>', '{a}', '[a]', 'a|b', '^', '`id`', '$(id)', '${id}', '{{1}}', 'a b'],
  ...['\' OR "1"="1', '1; DROP TABLE jobs', '{"$ne":null}', '*)(uid=*))', '<!ENTITY x SYSTEM "file:///etc/passwd">'],
  ...[
    'http://169.254.169.254/',
    '//evil.test/',
    'file:///etc/passwd',
    '\\\\evil.test\\a',
    '${jndi:ldap://evil.test/a}',
  ],
  ...[
    '/api/admin',
    'x/y/z',
    '../../../etc/passwd',
    'x'.repeat(201),
    'x'.repeat(5000),
    '/'.repeat(300),
    '../'.repeat(99),
  ],
]

/** What is well for a vendor and means something to JavaScript, so that no id may be looked up in an object. */
const WORDS = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  'null',
  'undefined',
  'NaN',
  '0',
  '-1',
]

const nasty = fc.oneof(
  fc.constantFrom(...NASTY_STRINGS),
  fc
    .array(fc.constantFrom(...NASTY_STRINGS.filter((text) => text.length < 9), 'a', '1', '_'), {
      minLength: 1,
      maxLength: 5,
    })
    .map(join),
  fc.string({ unit: 'binary', maxLength: 24 }),
)
const word = fc.oneof({ weight: 3, arbitrary: nasty }, { weight: 1, arbitrary: fc.constantFrom(...WORDS) })

/** Texts where a vendor's own id should be. Some may be well. */
export const vendorIds = fc.oneof(
  nasty,
  fc.tuple(fc.constantFrom('col_1', 'rec-1', 'a'), nasty).map(join),
  fc.tuple(nasty, fc.constantFrom('col_1', 'rec-1', 'a')).map(join),
)

/** Texts where an id of the gateway's should be: what was one, changed. Some may be well. */
export const jobIds = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(fc.constantFrom(...GOOD), changes()).map(([id, change]) => change(id)) },
  { weight: 4, arbitrary: addresses().map(base64url) },
  { weight: 1, arbitrary: fc.tuple(addresses(), spellings()).map(([text, spell]) => spell(text)) },
  { weight: 1, arbitrary: fc.oneof(word, fc.constantFrom(...GOOD)) },
)

/** Addresses as they lie in an id, with something wrong: another type, other parts, more of them or fewer. */
function addresses(): fc.Arbitrary<string> {
  const type = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom('Execution', 'Record', 'WorkflowRun') },
    {
      weight: 2,
      arbitrary: fc.constantFrom('execution', 'RECORD', 'Workflowrun', 'Job', 'Query', 'Node', 'Invoice', ' Record'),
    },
    { weight: 1, arbitrary: word },
  )
  const part = fc.oneof(word, fc.constantFrom('c', 'col_1', 'rec_1', 'discover', 'public'))
  const separator = fc.constantFrom(':', ':', ':', ':', '', '::', ';', '：', '/')
  return fc
    .tuple(type, separator, fc.array(part, { maxLength: 6 }), fc.constantFrom('/', '/', '/', '\\', '//', '%2f', ':'))
    .map(([name, colon, parts, slash]) => name + colon + parts.join(slash))
}

/** The same text, spelled otherwise than the gateway spells it. */
function spellings(): fc.Arbitrary<(text: string) => string> {
  return fc.constantFrom(
    (text: string) => text,
    (text: string) => Buffer.from(text).toString('base64'),
    (text: string) => `${base64url(text)}==`,
    (text: string) => Buffer.from(text).toString('hex'),
    (text: string) => base64url(base64url(text)),
    (text: string) => encodeURIComponent(base64url(text)) + '%3D',
    (text: string) => Buffer.from(text, 'utf16le').toString('base64url'),
    (text: string) => base64url(`\ufeff${text}`),
    (text: string) => base64url(text).split('').join('\n'),
    (text: string) => `data:;base64,${base64url(text)}`,
  )
}

/** Changes to an id as it was given out. */
function changes(): fc.Arbitrary<(id: string) => string> {
  const at = fc.nat({ max: 80 })
  const bit = fc.nat({ max: 7 })
  return fc.oneof(
    fc.tuple(at, bit).map(
      ([place, flip]) =>
        (id: string) =>
          flipped(Buffer.from(id), place, flip).toString('latin1'),
    ),
    fc.tuple(at, bit).map(
      ([place, flip]) =>
        (id: string) =>
          flipped(Buffer.from(id, 'base64url'), place, flip).toString('base64url'),
    ),
    fc.tuple(at, at).map(
      ([from, to]) =>
        (id: string) =>
          id.slice(from % id.length, (to % id.length) + 1),
    ),
    fc.tuple(at, nasty).map(
      ([place, text]) =>
        (id: string) =>
          spliced(id, place, text),
    ),
    fc.tuple(at, nasty).map(
      ([place, text]) =>
        (id: string) =>
          base64url(spliced(Buffer.from(id, 'base64url').toString(), place, text)),
    ),
    fc.constantFrom(
      (id: string) => `${id}=`,
      (id: string) => `${id}==`,
      (id: string) => ` ${id}`,
      (id: string) => `${id}\n`,
      (id: string) => id + id,
      (id: string) => id.toLowerCase(),
      (id: string) => id.toUpperCase(),
      (id: string) => id.split('').reverse().join(''),
      // The same bytes to a decoder that does not look at the last bits.
      (id: string) => id.slice(0, -1) + String.fromCharCode(id.charCodeAt(id.length - 1) + 1),
    ),
  )
}

function flipped(bytes: Buffer, place: number, bit: number): Buffer {
  const copy = Buffer.from(bytes)
  copy[place % copy.length]! ^= 1 << bit
  return copy
}

function spliced(text: string, place: number, piece: string): string {
  const at = place % (text.length + 1)
  return text.slice(0, at) + piece + text.slice(at)
}

function join(pieces: readonly string[]): string {
  return pieces.join('')
}

function base64url(text: string): string {
  return Buffer.from(text).toString('base64url')
}
