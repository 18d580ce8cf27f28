import { GraphQLError, NoSchemaIntrospectionCustomRule } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import type { ServerContext } from '../server-context.js'
import { isAdmin } from './is-admin.js'

/** Hides the schema from all but admins: it rejects introspection and removes "Did you mean" suggestions from errors. */
export function useSchemaHiding(): Plugin<ServerContext, ServerContext> {
  return {
    onValidate({ addValidationRule, context }) {
      if (!isAdmin(context)) addValidationRule(NoSchemaIntrospectionCustomRule)
    },
    onExecutionResult({ result, setResult, context }) {
      if (!result || Array.isArray(result) || Symbol.asyncIterator in result || !result.errors) return
      if (isAdmin(context)) return
      setResult({ ...result, errors: result.errors.map(withoutSuggestion) })
    },
  }
}

/** Five names at most. The length is bounded because messages quote input, on which backtracking could take minutes. */
const SUGGESTION = / ?Did you mean [^?]{0,500}\?(?= |$)/g

/** Copies the error instead of changing it: validation errors may be cached and shown to an admin later. */
function withoutSuggestion(error: GraphQLError): GraphQLError {
  const message = error.message.replace(SUGGESTION, '')
  if (message === error.message) return error
  const { nodes, source, positions, path, originalError, extensions } = error
  return new GraphQLError(message, { nodes, source, positions, path, originalError, extensions })
}
