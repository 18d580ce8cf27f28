import { complexityFromQuery } from '@pothos/plugin-complexity'
import { Kind, visit, type DocumentNode, type ExecutionArgs, type OperationDefinitionNode } from 'graphql'

/**
 * The vendor requests of an operation in the worst case, as the `complexity` of its fields declares them.
 * @throws {GraphQLError} when an argument has no usable value
 */
export function operationCost(operation: OperationDefinitionNode, args: ExecutionArgs): number {
  const { definitions } = withoutIntrospection(args.document)
  const fragments = definitions.filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION)
  const measured = definitions[args.document.definitions.indexOf(operation)]!
  return complexityFromQuery(
    { kind: Kind.DOCUMENT, definitions: [measured, ...fragments] },
    {
      schema: args.schema,
      variables: { ...args.variableValues },
      ctx: args.contextValue as object,
    },
  ).complexity
}

/** Parsed documents are cached, so this is done once for each document. */
const stripped = new WeakMap<DocumentNode, DocumentNode>()

/** Pothos' plugin counts `__typename` as one, which clients add everywhere and which costs no request. */
function withoutIntrospection(document: DocumentNode): DocumentNode {
  const known = stripped.get(document)
  if (known) return known
  const copy = visit(document, { Field: ({ name }) => (name.value.startsWith('__') ? null : undefined) })
  stripped.set(document, copy)
  return copy
}
