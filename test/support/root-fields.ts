import {
  getNamedType,
  isCompositeType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isRequiredArgument,
  isRequiredInputField,
  type GraphQLArgument,
  type GraphQLInputType,
  type GraphQLOutputType,
} from 'graphql'
import { gatewaySchema } from '../../src/schema.js'

/** A field that an operation can begin with. */
export interface RootField {
  readonly kind: 'query' | 'mutation' | 'subscription'
  readonly name: string
  readonly args: readonly GraphQLArgument[]
  /** An operation that is this field, with a variable for each of its arguments, of the same name and type. */
  readonly document: string
}

/** A place where a caller writes an id. */
export interface IdArgument {
  /** `cancelRecord by.ref.recordId` */
  readonly name: string
  readonly field: RootField
  /** Whether it takes an id that the gateway gave out, rather than a vendor's own. */
  readonly isGlobal: boolean
  /** Variables with which everything else is well and this id stands there. */
  variables(id: string): Readonly<Record<string, unknown>>
}

/** All of them, by the schema, so that none that comes is forgotten. */
export function rootFields(): RootField[] {
  const schema = gatewaySchema()
  const types = [
    ['query', schema.getQueryType()!],
    ['mutation', schema.getMutationType()!],
    ['subscription', schema.getSubscriptionType()!],
  ] as const
  return types.flatMap(([kind, type]) =>
    Object.values(type.getFields()).map(({ name, args, type: result }) => {
      const declared = args.map((arg) => `$${arg.name}: ${String(arg.type)}`).join(', ')
      const passed = args.map((arg) => `${arg.name}: $${arg.name}`).join(', ')
      const document = `${kind} ${declared && `(${declared})`} { ${name}${passed && `(${passed})`} ${selectionOf(result)} }`
      return { kind, name, args, document }
    }),
  )
}

/** Every place of an id in their arguments. */
export function idArguments(): IdArgument[] {
  return rootFields().flatMap((field) =>
    field.args.flatMap((arg) =>
      idsIn(arg.type).map(({ path, fill }) => {
        const others = field.args.filter((other) => other !== arg && isRequiredArgument(other))
        const names = [arg.name, ...path]
        return {
          name: `${field.name} ${names.join('.')}`,
          field,
          isGlobal: /^ids?$/.test(names.at(-1)!),
          variables: (id: string) => ({
            ...Object.fromEntries(others.map((other) => [other.name, filled(other.type)])),
            [arg.name]: fill(id),
          }),
        }
      }),
    ),
  )
}

/** Enough of a result for a vendor to be asked for it. */
function selectionOf(type: GraphQLOutputType): string {
  const named = getNamedType(type)
  if (!isCompositeType(named)) return ''
  const fields = 'getFields' in named ? Object.keys(named.getFields()) : []
  if (fields.includes('nodes')) return '{ nodes { id } }'
  if (fields.includes('outcome') && fields.includes('error')) return '{ id outcome error { code } }'
  // Of a job, more than its id tells.
  if (fields.includes('vendorStatus')) return '{ id name vendorStatus }'
  return named.name === 'Node' ? '{ id ... on Job { name vendorStatus } }' : '{ __typename }'
}

interface Place {
  readonly path: readonly string[]
  fill(id: string): unknown
}

function idsIn(type: GraphQLInputType): Place[] {
  if (isNonNullType(type)) return idsIn(type.ofType)
  if (isListType(type)) return idsIn(type.ofType).map(({ path, fill }) => ({ path, fill: (id) => [fill(id)] }))
  if (!isInputObjectType(type)) return type.name === 'ID' ? [{ path: [], fill: (id) => id }] : []
  const fields = Object.values(type.getFields())
  return fields.flatMap((field) =>
    idsIn(field.type).map(({ path, fill }) => ({
      path: [field.name, ...path],
      fill: (id: string) => ({
        ...Object.fromEntries(
          fields
            .filter((other) => other !== field && isRequiredInputField(other))
            .map((other) => [other.name, filled(other.type)]),
        ),
        [field.name]: fill(id),
      }),
    })),
  )
}

/** Something that is well there. */
function filled(type: GraphQLInputType): unknown {
  if (isNonNullType(type)) return filled(type.ofType)
  if (isListType(type)) return [filled(type.ofType)]
  if (isInputObjectType(type))
    return Object.fromEntries(
      Object.values(type.getFields())
        .filter(isRequiredInputField)
        .map((field) => [field.name, filled(field.type)]),
    )
  return 'a'
}
