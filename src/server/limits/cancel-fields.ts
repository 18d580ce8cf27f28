import {
  getArgumentValues,
  getDirectiveValues,
  GraphQLIncludeDirective,
  GraphQLSkipDirective,
  Kind,
  OperationTypeNode,
  type ExecutionArgs,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql'

/** A root field that cancels jobs, with its arguments. */
export interface CancelField {
  readonly definition: GraphQLField<unknown, unknown>
  readonly args: Readonly<Record<string, unknown>>
}

/**
 * The root fields of an operation that cancel jobs, in document order, without those skipped by directives.
 * @throws {GraphQLError} when an argument has no usable value
 */
export function cancelFieldsOf(
  operation: OperationDefinitionNode,
  { schema, document }: Pick<ExecutionArgs, 'schema' | 'document'>,
  variables: Readonly<Record<string, unknown>>,
): readonly CancelField[] {
  if (operation.operation !== OperationTypeNode.MUTATION) return []
  const definitions = schema.getMutationType()?.getFields() ?? {}
  const fragments = document.definitions.filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION)
  const isIncluded = (node: SelectionNode) =>
    getDirectiveValues(GraphQLSkipDirective, node, variables)?.if !== true &&
    getDirectiveValues(GraphQLIncludeDirective, node, variables)?.if !== false
  return fieldsOf(operation.selectionSet, fragments, isIncluded)
    .filter((field) => field.name.value.startsWith('cancel'))
    .map((field) => {
      const definition = definitions[field.name.value]!
      return { definition, args: getArgumentValues(definition, field, variables) }
    })
}

/** How many jobs an operation asks to cancel: the ids of each list, and one for each other field. */
export function countCancels(
  operation: OperationDefinitionNode,
  args: ExecutionArgs,
  variables: Readonly<Record<string, unknown>>,
): number {
  return cancelFieldsOf(operation, args, variables)
    .map(({ args: { ids } }) => (Array.isArray(ids) ? ids.length : 1))
    .reduce((sum, cancels) => sum + cancels, 0)
}

function fieldsOf(
  set: SelectionSetNode,
  fragments: readonly FragmentDefinitionNode[],
  isIncluded: (node: SelectionNode) => boolean,
): FieldNode[] {
  return set.selections.filter(isIncluded).flatMap((selection) => {
    if (selection.kind === Kind.FIELD) return [selection]
    if (selection.kind === Kind.INLINE_FRAGMENT) return fieldsOf(selection.selectionSet, fragments, isIncluded)
    const fragment = fragments.find(({ name }) => name.value === selection.name.value)
    return fragment ? fieldsOf(fragment.selectionSet, fragments, isIncluded) : []
  })
}
