import { Kind, type FragmentDefinitionNode, type OperationDefinitionNode, type SelectionSetNode } from 'graphql'

/** How large an operation is, with its fragments written out wherever they are spread. */
export interface OperationSize {
  readonly depth: number
  readonly aliases: number
  readonly directives: number
  /** Fields at the root. */
  readonly rootFields: number
}

type FragmentOf = (name: string) => FragmentDefinitionNode | null | undefined

/**
 * Measures an operation. Each fragment is measured once and counted wherever it is spread, because fragments that
 * spread each other can double with each level. A cycle is counted as if it ended: another rule rejects it.
 */
export function measureOperation(operation: OperationDefinitionNode, fragmentOf: FragmentOf): OperationSize {
  const measured = new Map<SelectionSetNode, OperationSize>()

  function sizeOfSet(set: SelectionSetNode | undefined): OperationSize {
    if (!set) return EMPTY
    const known = measured.get(set)
    if (known) return known
    measured.set(set, EMPTY)
    const size = set.selections.map(sizeOfSelection).reduce(sum, EMPTY)
    measured.set(set, size)
    return size
  }

  function sizeOfSelection(selection: SelectionSetNode['selections'][number]): OperationSize {
    const own = { ...EMPTY, directives: selection.directives?.length ?? 0 }
    switch (selection.kind) {
      case Kind.INLINE_FRAGMENT:
        return sum(own, sizeOfSet(selection.selectionSet))
      case Kind.FRAGMENT_SPREAD: {
        const fragment = fragmentOf(selection.name.value)
        const size = sum(own, sizeOfSet(fragment?.selectionSet))
        return { ...size, directives: size.directives + (fragment?.directives?.length ?? 0) }
      }
      case Kind.FIELD: {
        const below = sizeOfSet(selection.selectionSet)
        return {
          depth: 1 + (INTROSPECTION.has(selection.name.value) ? 0 : below.depth),
          aliases: below.aliases + (selection.alias ? 1 : 0),
          directives: below.directives + own.directives,
          rootFields: 1,
        }
      }
    }
  }

  const size = sizeOfSet(operation.selectionSet)
  return { ...size, directives: size.directives + (operation.directives?.length ?? 0) }
}

const EMPTY: OperationSize = { depth: 0, aliases: 0, directives: 0, rootFields: 0 }

/** Introspection nests as deep as types are wrapped; graphql-js has its own rule for that. */
const INTROSPECTION: ReadonlySet<string> = new Set(['__schema', '__type'])

function sum(one: OperationSize, other: OperationSize): OperationSize {
  return {
    depth: Math.max(one.depth, other.depth),
    aliases: one.aliases + other.aliases,
    directives: one.directives + other.directives,
    rootFields: one.rootFields + other.rootFields,
  }
}
