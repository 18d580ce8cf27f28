import { getOperationAST, GraphQLError, type ExecutionArgs } from 'graphql'
import { countCancels } from './cancel-fields.js'
import { operationCost } from './operation-cost.js'
import type { Limits } from './limits.js'
import { limitError } from './limit-error.js'
import { variablesOf } from './variables.js'

/** Why an operation with these variables is not begun, or null. Before this, its document has been found valid. */
export function findViolation(args: ExecutionArgs, limits: Limits): GraphQLError | null {
  const operation = getOperationAST(args.document, args.operationName)
  if (!operation) return null
  const variables = variablesOf(operation, args)
  // Execution says what is wrong with them, and begins nothing either.
  if (variables.errors) return null
  try {
    const cost = operationCost(operation, args)
    // Said so that what is no number is too much.
    if (!(cost <= limits.cost))
      return limitError(
        `This could take ${cost} requests to vendors; the limit is ${limits.cost}. Ask for fewer jobs at a time.`,
        operation,
      )
    const cancels = countCancels(operation, args, variables.coerced)
    if (cancels <= limits.cancels) return null
    return limitError(`This would cancel ${cancels} jobs; the limit is ${limits.cancels} at a time.`, operation)
  } catch (error) {
    // An argument cannot be used. What cannot be measured is not begun, not even its other fields.
    if (error instanceof GraphQLError) return limitError(error.message, operation)
    throw error
  }
}
