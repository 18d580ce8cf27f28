import { getVariableValues, type ExecutionArgs, type OperationDefinitionNode } from 'graphql'

/**
 * Coerces the variables of an operation. It stops at the first error, because each carries a stack trace and a body has
 * room for hundreds of thousands.
 */
export function variablesOf(
  { variableDefinitions = [] }: OperationDefinitionNode,
  { schema, variableValues }: Pick<ExecutionArgs, 'schema' | 'variableValues'>,
): ReturnType<typeof getVariableValues> {
  return getVariableValues(schema, variableDefinitions, { ...variableValues }, { maxErrors: 1 })
}
