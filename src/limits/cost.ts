import { complexityFromQuery } from '@pothos/plugin-complexity'
import { Kind, type ExecutionArgs, type OperationDefinitionNode } from 'graphql'

/**
 * The requests to vendors that an operation comes to at worst, as its fields say: see `complexity` where they are defined.
 * @throws {GraphQLError} when an argument has no value that can be used
 */
export function costOf(operation: OperationDefinitionNode, args: ExecutionArgs): number {
  const fragments = args.document.definitions.filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION)
  return complexityFromQuery(
    { kind: Kind.DOCUMENT, definitions: [operation, ...fragments] },
    {
      schema: args.schema,
      variables: { ...args.variableValues },
      ctx: args.contextValue as object,
    },
  ).complexity
}
