import { describe, expect, it } from 'vitest'
import { parseWithTokenLimit } from '../../../src/server/limits/parse.js'

const parse = parseWithTokenLimit(1000)
const name = (length: number) => 'n'.repeat(length)

describe('a name in a document', () => {
  it.each<[where: string, document: (name: string) => string]>([
    ['of the operation', (name) => `query ${name} { a }`],
    ['of a field', (name) => `{ ${name} }`],
    ['by which a field is called', (name) => `{ ${name}: a }`],
    ['of a variable', (name) => `query ($${name}: Int) { a }`],
    ['of an argument', (name) => `{ a(${name}: 1) }`],
    ['of a directive', (name) => `{ a @${name} }`],
    ['of a fragment', (name) => `{ ...${name} } fragment ${name} on A { a }`],
    ['that is a value', (name) => `{ a(b: ${name}) }`],
  ])('%s has at most two hundred characters', (_where, document) => {
    expect(parse(document(name(200))).kind).toBe('Document')
    expect(() => parse(document(name(201)))).toThrow('a name of more than 200 characters')
  })

  it('is not what stands in a text or a comment', () => {
    expect(parse(`{ a(b: "${name(5000)}") } # ${name(5000)}`).kind).toBe('Document')
  })
})
