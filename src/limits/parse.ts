import { GraphQLError, parse, type DocumentNode, type ParseOptions, type Source } from 'graphql'
import { refusal } from './refusal.js'

type Parse = (source: string | Source, options?: ParseOptions) => DocumentNode

/** GraphQL's parser, which gives up as soon as a document turns out to have more tokens than these. */
export function parseWithin(maxTokens: number): Parse {
  return (source, options) => {
    try {
      return parse(source, { ...options, maxTokens })
    } catch (error) {
      if (error instanceof GraphQLError && TOO_MANY.test(error.message))
        throw refusal(`The document has more than ${maxTokens} tokens, which is the limit.`)
      throw error
    }
  }
}

/** As graphql says it, which has no other sign for it. */
const TOO_MANY = /contains more tha. \d+ tokens/
