import { readFileSync } from 'node:fs'
import {
  buildSchema,
  findBreakingChanges,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isSpecifiedScalarType,
  isUnionType,
  validateSchema,
  type GraphQLNamedType,
} from 'graphql'
import { describe, expect, it } from 'vitest'
import { gatewaySchema, printGatewaySchema } from '../src/schema.js'
import { JOB_STATUSES } from '../src/job/state.js'

const schema = gatewaySchema()
const ownTypes = Object.values(schema.getTypeMap()).filter(
  (type) => !isIntrospectionType(type) && !isSpecifiedScalarType(type),
)

describe('the schema', () => {
  it('is valid, and built with a single copy of graphql', () => {
    expect(validateSchema(schema)).toEqual([])
  })

  it('matches the committed schema/schema.graphql', () => {
    expect(readFileSync(new URL('../schema/schema.graphql', import.meta.url), 'utf8')).toBe(printGatewaySchema())
  })

  it('has no breaking change against the core', () => {
    const core = buildSchema(readFileSync(new URL('fixtures/core.graphql', import.meta.url), 'utf8'))
    expect(findBreakingChanges(core, schema)).toEqual([])
  })

  it('describes every type, field, argument and enum value', () => {
    expect(ownTypes.flatMap(undescribed)).toEqual([])
  })

  it('has a member of JobState and a value of JobStatus for every state', () => {
    const status = schema.getType('JobStatus')
    const state = schema.getType('JobState')
    if (!isEnumType(status) || !isUnionType(state)) throw new Error('missing')
    expect(status.getValues().map(({ name }) => name)).toEqual([...JOB_STATUSES].sort())
    expect(state.getTypes()).toHaveLength(JOB_STATUSES.length)
  })

  it('gives fields of the same name in JobState one type, so that they can be selected together', () => {
    const state = schema.getType('JobState')
    if (!isUnionType(state)) throw new Error('missing')
    const types = new Map<string, Set<string>>()
    for (const member of state.getTypes()) {
      for (const field of Object.values(member.getFields())) {
        types.set(field.name, (types.get(field.name) ?? new Set()).add(String(field.type)))
      }
    }
    expect([...types].filter(([, seen]) => seen.size > 1)).toEqual([])
  })

  it('has no unreachable type', () => {
    const roots = [schema.getQueryType()!, schema.getMutationType()!, schema.getSubscriptionType()!]
    const reached = new Set<GraphQLNamedType>()
    roots.forEach((root) => reach(root, reached))
    expect(ownTypes.filter((type) => !reached.has(type)).map(({ name }) => name)).toEqual([])
  })
})

function undescribed(type: GraphQLNamedType): string[] {
  const missing = type.description ? [] : [type.name]
  if (isEnumType(type))
    missing.push(
      ...type
        .getValues()
        .filter((value) => !value.description)
        .map((value) => `${type.name}.${value.name}`),
    )
  if (isInputObjectType(type))
    missing.push(
      ...Object.values(type.getFields())
        .filter((field) => !field.description)
        .map((field) => `${type.name}.${field.name}`),
    )
  if (isObjectType(type) || isInterfaceType(type)) {
    for (const field of Object.values(type.getFields())) {
      if (!field.description) missing.push(`${type.name}.${field.name}`)
      missing.push(
        ...field.args.filter((arg) => !arg.description).map((arg) => `${type.name}.${field.name}(${arg.name})`),
      )
    }
  }
  return missing
}

function reach(type: GraphQLNamedType, reached: Set<GraphQLNamedType>): void {
  if (reached.has(type)) return
  reached.add(type)
  if (isUnionType(type)) type.getTypes().forEach((member) => reach(member, reached))
  if (isInterfaceType(type)) schema.getPossibleTypes(type).forEach((member) => reach(member, reached))
  if (isObjectType(type)) type.getInterfaces().forEach((base) => reach(base, reached))
  if (isInputObjectType(type))
    Object.values(type.getFields()).forEach((field) => reach(getNamedType(field.type), reached))
  if (isObjectType(type) || isInterfaceType(type)) {
    for (const field of Object.values(type.getFields())) {
      reach(getNamedType(field.type), reached)
      field.args.forEach((arg) => reach(getNamedType(arg.type), reached))
    }
  }
}
