import { getNamedType, type GraphQLNamedType, isAbstractType, isLeafType, isObjectType } from 'graphql'
import { gatewaySchema } from '../../src/schema.js'

/** A selection of every field of a type, nested, except those named in `without`. */
export function selectAll(typeName: string, without: readonly string[], depth = 6): string {
  const type = gatewaySchema().getType(typeName)
  if (!isObjectType(type)) throw new Error(`${typeName} is not an object type`)
  const fields = Object.values(type.getFields())
    .filter(({ name }) => !without.includes(name))
    .flatMap(({ name, type: outer }) => {
      const inner = nestedSelection(getNamedType(outer), without, depth - 1)
      return inner === null ? [] : [`${name} ${inner}`]
    })
  return `{ __typename ${fields.join(' ')} }`
}

function nestedSelection(type: GraphQLNamedType, without: readonly string[], depth: number): string | null {
  if (isLeafType(type)) return ''
  if (depth === 0) return null
  if (isAbstractType(type))
    return `{ ${gatewaySchema()
      .getPossibleTypes(type)
      .map(({ name }) => `... on ${name} ${selectAll(name, without, depth)}`)
      .join(' ')} }`
  return selectAll(type.name, without, depth)
}
