import { GraphQLError, parse, TokenKind, type DocumentNode, type ParseOptions, type Source, type Token } from 'graphql'
import { limitError } from './limit-error.js'

type Parse = (source: string | Source, options?: ParseOptions) => DocumentNode

/** Each error repeats names, and there can be a hundred errors; so does each job of a list that is answered. */
const MAX_NAME_LENGTH = 200

/**
 * GraphQL's parser, which gives up as soon as a document turns out to have more tokens than these, and takes no names
 * that nobody would write.
 */
export function parseWithTokenLimit(maxTokens: number): Parse {
  return (source, options) => {
    try {
      const document = parse(source, { ...options, maxTokens })
      if (hasLongName(document))
        throw limitError(`The document has a name of more than ${MAX_NAME_LENGTH} characters, which is the limit.`)
      return document
    } catch (error) {
      if (error instanceof GraphQLError && TOO_MANY_TOKENS.test(error.message))
        throw limitError(`The document has more than ${maxTokens} tokens, which is the limit.`)
      throw error
    }
  }
}

function hasLongName({ loc }: DocumentNode): boolean {
  for (let token: Token | null = loc?.startToken ?? null; token; token = token.next)
    if (token.kind === TokenKind.NAME && token.end - token.start > MAX_NAME_LENGTH) return true
  return false
}

/** As graphql says it, which has no other sign for it. */
const TOO_MANY_TOKENS = /contains more tha. \d+ tokens/
