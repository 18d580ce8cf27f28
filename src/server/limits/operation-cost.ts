import { complexityFromQuery } from '@pothos/plugin-complexity'
import { Kind, visit, type DocumentNode, type ExecutionArgs, type OperationDefinitionNode } from 'graphql'

/**
 * The requests to vendors that an operation comes to at worst, as its fields say: see `complexity` where they are defined.
 * @throws {GraphQLError} when an argument has no value that can be used
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

/** Documents are kept after they have been parsed, so this is not done again for each operation. */
const stripped = new WeakMap<DocumentNode, DocumentNode>()

/** The plugin charges one for `__typename`, which clients write everywhere and which takes no request. */
function withoutIntrospection(document: DocumentNode): DocumentNode {
  const known = stripped.get(document)
  if (known) return known
  const copy = visit(document, { Field: ({ name }) => (name.value.startsWith('__') ? null : undefined) })
  stripped.set(document, copy)
  return copy
}
