import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { Lexer, Source, TokenKind } from 'graphql'

const OPERATIONS = new URL('../../schema/operations/', import.meta.url)

/** The documents of the example operations. */
export const exampleDocuments = readdirSync(OPERATIONS).map((file) => readFileSync(new URL(file, OPERATIONS), 'utf8'))

/** Tokens and fragments that the changes insert. */
const PIECES = [
  ...[
    '{',
    '}',
    '(',
    ')',
    '[',
    ']',
    '!',
    '$',
    '$id',
    '@',
    '@skip(if: true)',
    '@include(if: $x)',
    '@defer',
    '@oneOf',
    '...',
    '... on Job',
    '&',
    '|',
    '=',
    ':',
  ],
  ...[
    'query',
    'mutation',
    'subscription',
    'fragment F on Job',
    'null',
    'true',
    '0',
    '-1',
    '1e99',
    '99999999999',
    '"',
    '""',
    '"""',
    '"\\u{110000}"',
  ],
  ...[
    '__typename',
    '__schema { types { name } }',
    '__type(name: "Job") { name }',
    'nodes',
    'id',
    'jobs(first: 100)',
    'a: id',
    'Job',
    '__proto__',
  ],
  ...['#', '\\', '\0', '\u00e9', '?', ';', '%', 'type Query { a: Int }', 'extend schema { query: Query }', 'scalar ID'],
]

/** Example operations with tokens removed, repeated, replaced, inserted or moved. */
export const brokenDocuments = fc
  .tuple(
    fc.constantFrom(...exampleDocuments.map(tokensOf)),
    fc.array(fc.tuple(fc.nat(), fc.nat({ max: 5 }), fc.constantFrom(...PIECES)), { minLength: 1, maxLength: 6 }),
  )
  .map(([tokens, changes]) => {
    const copy = [...tokens]
    for (const [position, change, piece] of changes) {
      const at = position % copy.length
      if (change === 0) copy.splice(at, 1)
      else if (change === 1) copy.splice(at, 0, copy[at]!)
      else if (change === 2) copy[at] = piece
      else if (change === 3) copy.splice(at, 0, piece)
      else if (change === 4) copy.splice(at, 0, ...copy.slice(at, at + 5))
      else copy.push(...copy.splice(at, 2))
      if (copy.length === 0) copy.push('{')
    }
    return copy.join(' ')
  })

/** Returns the tokens of a document. */
function tokensOf(document: string): string[] {
  const lexer = new Lexer(new Source(document))
  const tokens: string[] = []
  for (let token = lexer.advance(); token.kind !== TokenKind.EOF; token = lexer.advance())
    tokens.push(document.slice(token.start, token.end))
  return tokens
}
