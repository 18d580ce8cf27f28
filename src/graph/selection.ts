import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLResolveInfo,
  Kind,
  type SelectionSetNode,
} from 'graphql'
import type { Selection } from '../job/selection.js'

/**
 * What is selected below the field being resolved, through fragments of any type. A field that `@skip` or `@include` may leave out counts as selected: this decides what to ask a
 * vendor for, and too much is better than too little.
 */
export function selectionOf(info: GraphQLResolveInfo): Selection {
  return (...path) => {
    let fields: Iterable<FieldNode> = info.fieldNodes
    for (const name of path)
      fields = [...fieldsBelow(fields, info.fragments)].filter((field) => field.name.value === name)
    return new Set([...fieldsBelow(fields, info.fragments)].map((field) => field.name.value))
  }
}

/** Each once: fragments can double with each level, and a few lines of them would never come to an end. */
function fieldsBelow(
  parents: Iterable<FieldNode>,
  fragments: Readonly<Record<string, FragmentDefinitionNode>>,
): ReadonlySet<FieldNode> {
  const fields = new Set<FieldNode>()
  const seen = new Set<SelectionSetNode>()

  function collect(set: SelectionSetNode | undefined): void {
    if (!set || seen.has(set)) return
    seen.add(set)
    for (const selection of set.selections) {
      if (selection.kind === Kind.FIELD) fields.add(selection)
      else if (selection.kind === Kind.INLINE_FRAGMENT) collect(selection.selectionSet)
      else collect(fragments[selection.name.value]?.selectionSet)
    }
  }

  for (const { selectionSet } of parents) collect(selectionSet)
  return fields
}
