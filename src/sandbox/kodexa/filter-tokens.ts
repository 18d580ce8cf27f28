import { Rejection } from './rejection.js'

export type FilterToken =
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'number'; readonly value: number }
  /** A field or a keyword. */
  | { readonly kind: 'word'; readonly value: string }
  | { readonly kind: 'symbol'; readonly value: string }

/** A backslash escapes only a quote or itself; only spaces and tabs separate tokens (Spring Filter's grammar). */
const TOKEN =
  /[ \t]*(?:'((?:[^'\\]|\\['\\])*)'|(\d+(?:\.\d+)?)|([A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)*)|([()[\],:=<>]))/y

/** @throws {Rejection} 400 at the first character that starts no token */
export function filterTokens(filter: string): readonly FilterToken[] {
  const trimmed = filter.replace(/[ \t]+$/, '')
  const tokens: FilterToken[] = []
  let end = 0
  while (end < trimmed.length) {
    TOKEN.lastIndex = end
    const match = TOKEN.exec(trimmed)
    if (match === null) throw new Rejection(400, `Filter: syntax error at character ${end + 1}`)
    tokens.push(tokenOf(match))
    end = TOKEN.lastIndex
  }
  return tokens
}

function tokenOf([, text, number, word, symbol]: RegExpExecArray): FilterToken {
  if (text !== undefined) return { kind: 'text', value: text.replace(/\\(['\\])/g, '$1') }
  if (number !== undefined) return { kind: 'number', value: Number(number) }
  return word === undefined ? { kind: 'symbol', value: symbol ?? '' } : { kind: 'word', value: word }
}
