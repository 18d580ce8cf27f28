import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLResolveInfo,
  Kind,
  type SelectionSetNode,
} from 'graphql'
import type { Selection } from '../job/selection.js'

/**
 * The fields selected below the field being resolved, through fragments of any type. Fields with `@skip` or `@include`
 * count as selected: this decides what to request from a vendor, and too much is better than too little.
 */
export function selectionOf(info: GraphQLResolveInfo): Selection {
  return (...path) => {
    let fields: Iterable<FieldNode> = info.fieldNodes
    for (const name of path)
      fields = [...fieldsBelow(fields, info.fragments)].filter((field) => field.name.value === name)
    return new Set([...fieldsBelow(fields, info.fragments)].map((field) => field.name.value))
  }
}

/** Visits each selection set once: nested fragments can double with each level, and would take exponential time. */
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
