import { GraphQLError, NoSchemaIntrospectionCustomRule } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import type { ServerContext } from '../server-context.js'
import { isAdmin } from './is-admin.js'

/** Shows the schema to admins alone: no introspection for others, and no suggestions in the errors they get. */
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

/** Five names at most. Messages repeat what was sent, so without an end to it, some texts would take minutes. */
const SUGGESTION = / ?Did you mean [^?]{0,500}\?(?= |$)/g

/** GraphQL's own, for a document or for variables. Errors of documents are remembered and shown again, so they stay as they are. */
function withoutSuggestion(error: GraphQLError): GraphQLError {
  const message = error.message.replace(SUGGESTION, '')
  if (message === error.message) return error
  const { nodes, source, positions, path, originalError, extensions } = error
  return new GraphQLError(message, { nodes, source, positions, path, originalError, extensions })
}
