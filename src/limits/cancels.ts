import {
  getArgumentValues,
  Kind,
  OperationTypeNode,
  type ExecutionArgs,
  type FieldNode,
  type FragmentDefinitionNode,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql'

/** How many jobs an operation asks to cancel: those in the lists of ids, and one for each other field. */
export function cancelsOf(
  operation: OperationDefinitionNode,
  { schema, document }: ExecutionArgs,
  variables: Readonly<Record<string, unknown>>,
): number {
  if (operation.operation !== OperationTypeNode.MUTATION) return 0
  const definitions = schema.getMutationType()?.getFields() ?? {}
  const fragments = document.definitions.filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION)
  return fieldsOf(operation.selectionSet, fragments)
    .filter((field) => field.name.value.startsWith('cancel'))
    .map((field) => {
      const { ids } = getArgumentValues(definitions[field.name.value]!, field, variables)
      return Array.isArray(ids) ? ids.length : 1
    })
    .reduce((sum, cancels) => sum + cancels, 0)
}

function fieldsOf(set: SelectionSetNode, fragments: readonly FragmentDefinitionNode[]): FieldNode[] {
  return set.selections.flatMap((selection) => {
    if (selection.kind === Kind.FIELD) return [selection]
    if (selection.kind === Kind.INLINE_FRAGMENT) return fieldsOf(selection.selectionSet, fragments)
    const fragment = fragments.find(({ name }) => name.value === selection.name.value)
    return fragment ? fieldsOf(fragment.selectionSet, fragments) : []
  })
}
