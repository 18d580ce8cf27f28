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
    let fields: readonly FieldNode[] = info.fieldNodes
    for (const name of path) {
      fields = fields
        .flatMap((field) => fieldsOf(field.selectionSet, info.fragments))
        .filter((field) => field.name.value === name)
    }
    return new Set(
      fields.flatMap((field) => fieldsOf(field.selectionSet, info.fragments)).map((field) => field.name.value),
    )
  }
}

function fieldsOf(
  set: SelectionSetNode | undefined,
  fragments: Readonly<Record<string, FragmentDefinitionNode>>,
): FieldNode[] {
  return (set?.selections ?? []).flatMap((selection) => {
    switch (selection.kind) {
      case Kind.FIELD:
        return [selection]
      case Kind.INLINE_FRAGMENT:
        return fieldsOf(selection.selectionSet, fragments)
      case Kind.FRAGMENT_SPREAD:
        return fieldsOf(fragments[selection.name.value]?.selectionSet, fragments)
    }
  })
}
