import type { Wire } from './wire-jobs.js'

/** Which of the official spellings an instance takes. */
export interface Spelling {
  readonly equality: readonly (':' | '=' | 'eq')[]
  readonly list: readonly ('(' | '[')[]
}

export type Literal = { readonly quoted: boolean; readonly text: string }

/** Decides one comparison; gives null when the instance refuses it. */
export type Compare = (field: string, values: readonly Literal[], row: Wire) => boolean | null

type Condition = (row: Wire) => boolean | null

const TOKEN = /\s*(?:'((?:[^'\\]|\\['\\])*)'|([()[\],:=])|([A-Za-z_$][\w$.]*)|(-?\d+(?:\.\d+)?))/y

interface Token {
  readonly kind: 'string' | 'sign' | 'word' | 'number'
  readonly text: string
}

/** The filter as a condition; null when it cannot be read by this instance. */
export function parseFilter(filter: string, spelling: Spelling, compare: Compare): Condition | null {
  const tokens = tokenize(filter)
  if (tokens === null) return null
  let next = 0
  const take = (text: string) => tokens[next]?.kind !== 'string' && tokens[next]?.text === text && next++ >= 0

  function either(): Condition | null {
    return chain(
      'or',
      (parts, row) => parts.some((part) => part(row)),
      () => chain('and', (parts, row) => parts.every((part) => part(row)), primary),
    )
  }

  function chain(
    word: string,
    join: (parts: readonly Condition[], row: Wire) => boolean,
    part: () => Condition | null,
  ): Condition | null {
    const parts = [part()]
    while (take(word)) parts.push(part())
    if (!parts.every((one) => one !== null)) return null
    return (row) => (parts.some((one) => one(row) === null) ? null : join(parts, row))
  }

  function primary(): Condition | null {
    if (take('(')) {
      const inner = either()
      return take(')') ? inner : null
    }
    const field = tokens![next]
    if (field?.kind !== 'word') return null
    next++
    if (take('in')) return inList(field.text)
    const operator = spelling.equality.find((sign) => take(sign))
    const value = operator && literal()
    return value ? (row) => compare(field.text, [value], row) : null
  }

  function inList(field: string): Condition | null {
    const open = spelling.list.find((sign) => take(sign))
    if (!open) return null
    const values: Literal[] = []
    do {
      const value = literal()
      if (!value) return null
      values.push(value)
    } while (take(','))
    return take(open === '(' ? ')' : ']') ? (row) => compare(field, values, row) : null
  }

  function literal(): Literal | null {
    const token = tokens![next]
    if (token?.kind !== 'string' && token?.kind !== 'number') return null
    next++
    return { quoted: token.kind === 'string', text: token.text }
  }

  const condition = either()
  return next === tokens.length ? condition : null
}

function tokenize(filter: string): Token[] | null {
  const tokens: Token[] = []
  const text = filter.trimEnd()
  TOKEN.lastIndex = 0
  while (TOKEN.lastIndex < text.length) {
    const match = TOKEN.exec(text)
    if (!match) return null
    const [, string, sign, word, number] = match
    if (string !== undefined) tokens.push({ kind: 'string', text: string.replace(/\\(.)/g, '$1') })
    else if (sign) tokens.push({ kind: 'sign', text: sign })
    else tokens.push({ kind: word ? 'word' : 'number', text: word ?? number ?? '' })
  }
  return tokens
}
