import { Refusal } from './refusal.js'

/** The smallest part of a filter that means something. */
export type FilterToken =
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'number'; readonly value: number }
  /** A field or a keyword. */
  | { readonly kind: 'word'; readonly value: string }
  | { readonly kind: 'sign'; readonly value: string }

/** A backslash escapes a quote or itself and nothing else; only spaces and tabs separate (Spring Filter's grammar). */
const TOKEN =
  /[ \t]*(?:'((?:[^'\\]|\\['\\])*)'|(\d+(?:\.\d+)?)|([A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)*)|([()[\],:=<>]))/y

/**
 * Takes the text of a filter, gives its tokens.
 *
 * @throws {Refusal} 400, at the first character that begins none
 */
export function filterTokens(text: string): readonly FilterToken[] {
  const trimmed = text.replace(/[ \t]+$/, '')
  const tokens: FilterToken[] = []
  let end = 0
  while (end < trimmed.length) {
    TOKEN.lastIndex = end
    const match = TOKEN.exec(trimmed)
    if (match === null) throw new Refusal(400, `Filter: syntax error at character ${end + 1}`)
    tokens.push(tokenOf(match))
    end = TOKEN.lastIndex
  }
  return tokens
}

function tokenOf([, text, number, word, sign]: RegExpExecArray): FilterToken {
  if (text !== undefined) return { kind: 'text', value: text.replace(/\\(['\\])/g, '$1') }
  if (number !== undefined) return { kind: 'number', value: Number(number) }
  if (word !== undefined) return { kind: 'word', value: word }
  return { kind: 'sign', value: sign ?? '' }
}
