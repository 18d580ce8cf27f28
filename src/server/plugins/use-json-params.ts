import { GraphQLError } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import { parseJson } from '../../job/json-text.js'

/** Refuses a GET whose variables or extensions are no JSON, which Yoga would take for a fault of the gateway's own. */
export function useJsonParams(): Plugin {
  return {
    onRequestParse({ request, url }) {
      if (request.method !== 'GET') return
      for (const name of ['variables', 'extensions']) {
        const text = url.searchParams.get(name)
        if (text && parseJson(text) === undefined)
          throw new GraphQLError(`\`${name}\` is not JSON.`, {
            extensions: { code: 'BAD_INPUT', http: { status: 400 } },
          })
      }
    },
  }
}
