import { GraphQLError } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import { parseJson } from '../../job/json-text.js'

/** Rejects a GET whose `variables` or `extensions` are not JSON with 400. Yoga would answer with an internal error. */
export function useJsonParams(): Plugin {
  return {
    onRequestParse({ request, url }) {
      if (request.method !== 'GET') return
      for (const name of ['variables', 'extensions']) {
        const text = url.searchParams.get(name)
        if (text && parseJson(text) === undefined)
          throw new GraphQLError(`The URL parameter \`${name}\` is not valid JSON. Send a JSON object, URL-encoded.`, {
            extensions: { code: 'BAD_INPUT', http: { status: 400 } },
          })
      }
    },
  }
}
