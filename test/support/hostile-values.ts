import fc from 'fast-check'
import { isEnumType, isInputObjectType, isListType, isNonNullType, type GraphQLInputType } from 'graphql'
import { NASTY_STRINGS, vendorIds } from './bad-ids.js'
import type { RootField } from './root-fields.js'

/** Keys that mean something to JavaScript; written as JSON, `__proto__` is one like any other. */
const KEYS = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'then', 'length', '']

/** What is JSON, and neither deep nor small. */
export const anyJson = fc.oneof(
  fc.jsonValue({ maxDepth: 4 }),
  fc
    .tuple(fc.constantFrom(...KEYS), fc.jsonValue({ maxDepth: 2 }))
    .map(([key, value]): unknown => JSON.parse(`{${JSON.stringify(key)}:${JSON.stringify(value)}}`)),
  fc.integer({ min: 1, max: 300 }).map((depth): unknown => JSON.parse('['.repeat(depth) + ']'.repeat(depth))),
  fc.integer({ min: 1, max: 300 }).map((depth): unknown => JSON.parse('{"a":'.repeat(depth) + '1' + '}'.repeat(depth))),
)

/** Cursors: of no list, of another, and texts like them. */
const cursors = fc
  .tuple(
    fc.constantFrom('jobs', 'AAAAAAAA', 'abcdefgh', '__proto__', ''),
    fc.array(
      fc.oneof(fc.constantFrom('0', '1', '-1', '999999999', '1e9', 'abcdefn0.0.abcdef', '', '..'), fc.string()),
      {
        maxLength: 4,
      },
    ),
  )
  .map(([name, parts]) => Buffer.from([name, ...parts].join(':')).toString('base64url'))

const FILTERS = [
  "status='RUNNING'",
  'priority > 5',
  "a:'x' or 1:1",
  "name ~~ '*'",
  ')',
  "'",
  'a'.repeat(2001),
  'a\u0000',
]

const texts = fc.oneof(
  vendorIds,
  cursors,
  fc.constantFrom(...FILTERS, 'x'.repeat(20_000)),
  fc.string({ unit: 'binary' }),
)
const numbers = fc.constantFrom(
  0,
  -0,
  1,
  20,
  100,
  101,
  -1,
  1.5,
  2_147_483_647,
  2_147_483_648,
  -2_147_483_649,
  1e308,
  5e-324,
)

/** Values for a variable of this type: most of the right form with a wrong content, some of no form at all. */
export function valuesOf(type: GraphQLInputType): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 9, arbitrary: formed(type) }, { weight: 1, arbitrary: anyJson })
}

/** Hostile variables for an operation. */
export function variablesOf({ args }: RootField): fc.Arbitrary<Readonly<Record<string, unknown>>> {
  const required = args.filter(({ type }) => isNonNullType(type)).map(({ name }) => name)
  return fc.record(Object.fromEntries(args.map(({ name, type }) => [name, valuesOf(type)])), { requiredKeys: required })
}

function formed(type: GraphQLInputType): fc.Arbitrary<unknown> {
  if (isNonNullType(type)) return formed(type.ofType)
  if (isListType(type)) {
    const item = formed(type.ofType)
    return fc.oneof(
      { weight: 6, arbitrary: fc.array(item, { maxLength: 4 }) },
      { weight: 1, arbitrary: item },
      {
        weight: 1,
        arbitrary: fc
          .tuple(item, fc.constantFrom(51, 101, 1000))
          .map(([one, size]) => Array.from({ length: size }, () => one)),
      },
    )
  }
  if (isInputObjectType(type)) {
    const fields = Object.values(type.getFields())
    const record = fc.record(Object.fromEntries(fields.map((field) => [field.name, formed(field.type)])), {
      requiredKeys: fields.filter((field) => isNonNullType(field.type)).map(({ name }) => name),
    })
    const one = fc
      .constantFrom(...fields)
      .chain((field) => formed(field.type).map((value) => ({ [field.name]: value })))
    return fc.oneof(
      { weight: 4, arbitrary: type.isOneOf ? one : record },
      { weight: 1, arbitrary: type.isOneOf ? record : one },
    )
  }
  if (isEnumType(type)) {
    const names = type.getValues().map(({ name }) => name)
    return fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom<unknown>(...names) },
      {
        weight: 1,
        arbitrary: fc.constantFrom<unknown>(
          ...KEYS,
          ...NASTY_STRINGS.slice(0, 5),
          names[0]!.toLowerCase(),
          0,
          null,
          [],
        ),
      },
    )
  }
  if (type.name === 'Boolean') return fc.constantFrom<unknown>(true, false, true, false, 'true', 1, null)
  if (type.name === 'Int') return fc.oneof({ weight: 6, arbitrary: numbers }, { weight: 1, arbitrary: texts })
  return fc.oneof(
    { weight: 8, arbitrary: texts },
    { weight: 1, arbitrary: fc.constantFrom<unknown>('a', 'id_1', 1, 1e21, true, null, {}, []) },
  )
}
