import { buildSchema, graphql, type GraphQLResolveInfo } from 'graphql'
import { describe, expect, it } from 'vitest'
import { selectionOf } from '../../src/graph/selection.js'

const schema = buildSchema(`
  interface Node { id: ID }
  type Run { id: ID status: String }
  type Rule { key: String run: Run other: Run }
  type Record implements Node { id: ID status: String rules: [Rule] usage: String }
  type Query { record: Record count: Int }
`)

/** What a query selects below `record`, or below `path` in it. */
async function selected(source: string, path: readonly string[] = [], variableValues?: object): Promise<string[]> {
  const seen: string[][] = []
  const look = (_args: unknown, _context: unknown, info: GraphQLResolveInfo) => {
    seen.push([...selectionOf(info)(...path)])
    return null
  }
  const rootValue = { record: look, count: look }
  const { errors } = await graphql({ schema, source, rootValue, variableValues: { ...variableValues } })
  expect(errors).toBeUndefined()
  expect(seen).toHaveLength(1)
  return seen[0]!.sort()
}

describe('the fields selected below a field', () => {
  it('are those of its selection, without nested ones', async () => {
    expect(await selected('{ record { id rules { key run { status } } } }')).toEqual(['id', 'rules'])
  })

  it('have their own names, not their aliases', async () => {
    expect(await selected('{ record { usage: id status: usage } }')).toEqual(['id', 'usage'])
  })

  it('are found when the field has an alias', async () => {
    expect(await selected('{ mine: record { id } }')).toEqual(['id'])
  })

  it('are found quickly through fragments that double with each level', async () => {
    const levels = Array.from({ length: 60 }, (_, at) => `fragment F${at} on Record { ...F${at + 1} ...F${at + 1} }`)
    const source = `{ record { ...F0 } } ${levels.join(' ')} fragment F60 on Record { id rules { key } }`
    expect(await selected(source)).toEqual(['id', 'rules'])
    expect(await selected(source, ['rules'])).toEqual(['key'])
  })

  it('count once, however often they are selected', async () => {
    expect(await selected('{ record { id a: id b: id ... { id } } }')).toEqual(['id'])
  })

  it('are those of every selection of the field', async () => {
    const source = '{ record { id } record { status } ...More } fragment More on Query { record { usage } }'
    expect(await selected(source)).toEqual(['id', 'status', 'usage'])
  })

  it('are found in fragments of any kind, and in fragments of fragments', async () => {
    const source = `
      { record { ...A ... on Record { usage } ... on Node { id } ... { __typename } } }
      fragment A on Record { ...B }
      fragment B on Record { status }
    `
    expect(await selected(source)).toEqual(['__typename', 'id', 'status', 'usage'])
  })

  it('count even with @skip or @include', async () => {
    const source = `query ($no: Boolean!) {
      record { id @include(if: $no) status @skip(if: true) ... @include(if: $no) { usage } }
    }`
    expect(await selected(source, undefined, { no: false })).toEqual(['id', 'status', 'usage'])
  })

  it('are none for a leaf field', async () => {
    expect(await selected('{ count }')).toEqual([])
  })
})

describe('the fields selected further below', () => {
  it('are those at the end of the path', async () => {
    expect(await selected('{ record { id rules { key run { status id } } } }', ['rules'])).toEqual(['key', 'run'])
    expect(await selected('{ record { rules { key run { status id } } } }', ['rules', 'run'])).toEqual(['id', 'status'])
  })

  it('are those of every field at the path', async () => {
    const source = `
      { record { rules { key } more: rules { run { id } } ...A } }
      fragment A on Record { rules { ... on Rule { other { status } } } }
    `
    expect(await selected(source, ['rules'])).toEqual(['key', 'other', 'run'])
    expect(await selected(source, ['rules', 'run'])).toEqual(['id'])
  })

  it('are not those of another field with that alias', async () => {
    expect(await selected('{ record { rules { run: other { status } } } }', ['rules', 'run'])).toEqual([])
  })

  it('are none when nothing is at the path', async () => {
    expect(await selected('{ record { id } }', ['rules'])).toEqual([])
    expect(await selected('{ record { id rules { key } } }', ['rules', 'run'])).toEqual([])
    expect(await selected('{ record { id } }', ['nonsense'])).toEqual([])
  })
})
