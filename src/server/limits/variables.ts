import { getVariableValues, type ExecutionArgs, type OperationDefinitionNode } from 'graphql'

/**
 * An operation's variables as its types have them, or that they cannot be used. The first mistake ends the search: each
 * is an error with a trace of its own, and a body has room for hundreds of thousands.
 */
export function variablesOf(
  { variableDefinitions = [] }: OperationDefinitionNode,
  { schema, variableValues }: Pick<ExecutionArgs, 'schema' | 'variableValues'>,
): ReturnType<typeof getVariableValues> {
  return getVariableValues(schema, variableDefinitions, { ...variableValues }, { maxErrors: 1 })
}
