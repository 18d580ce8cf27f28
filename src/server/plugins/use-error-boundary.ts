import type { GraphQLError } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import { errorResponse } from './error-response.js'

/**
 * Answers in place of whatever fails where nothing should: while an operation is run, but outside of what Yoga masks. By
 * itself it would send the trace of its stack.
 */
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
