import type { GraphQLError } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import { errorResponse } from './error-response.js'

/** Answers 500 with a masked error for anything thrown outside Yoga's own masking, where Yoga would send a stack trace. */
export function useErrorBoundary(maskError: (error: unknown) => GraphQLError): Plugin {
  return {
    onRequest({ requestHandler, setRequestHandler, fetchAPI }) {
      setRequestHandler(async (request, context) => {
        try {
          return await requestHandler(request, context)
        } catch (error) {
          return errorResponse(fetchAPI, 500, maskError(error))
        }
      })
    },
  }
}
