import { GraphQLError, parse, TokenKind, type DocumentNode, type ParseOptions, type Source, type Token } from 'graphql'
import { limitError } from './limit-error.js'

type Parse = (source: string | Source, options?: ParseOptions) => DocumentNode

/** Errors repeat names, up to a hundred times; so does every item of a list. */
const MAX_NAME_LENGTH = 200

/**
 * graphql-js' parser with limits: it stops at `maxTokens` tokens, and rejects names over 200 characters.
 * @throws {GraphQLError} BAD_INPUT beyond a limit, or graphql-js' own syntax error
 */
export function parseWithTokenLimit(maxTokens: number): Parse {
  return (source, options) => {
    try {
      const document = parse(source, { ...options, maxTokens })
      if (hasLongName(document))
        throw limitError(`The document has a name of more than ${MAX_NAME_LENGTH} characters. Use shorter names.`)
      return document
    } catch (error) {
      if (error instanceof GraphQLError && TOO_MANY_TOKENS.test(error.message))
        throw limitError(`The document has more than ${maxTokens} tokens. Split it into smaller operations.`)
      throw error
    }
  }
}

function hasLongName({ loc }: DocumentNode): boolean {
  for (let token: Token | null = loc?.startToken ?? null; token; token = token.next)
    if (token.kind === TokenKind.NAME && token.end - token.start > MAX_NAME_LENGTH) return true
  return false
}

/** graphql-js' message; the error has no code to recognise it by. */
const TOO_MANY_TOKENS = /contains more tha. \d+ tokens/
