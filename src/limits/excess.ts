import { getOperationAST, GraphQLError, type ExecutionArgs } from 'graphql'
import { cancelsOf } from './cancels.js'
import { costOf } from './cost.js'
import type { Limits } from './limits.js'
import { refusal } from './refusal.js'
import { variablesOf } from './variables.js'

/** Why an operation with these variables is not begun, or null. Before this, its document has been found valid. */
export function excessOf(args: ExecutionArgs, limits: Limits): GraphQLError | null {
  const operation = getOperationAST(args.document, args.operationName)
  if (!operation) return null
  const variables = variablesOf(operation, args)
  // Execution says what is wrong with them, and begins nothing either.
  if (variables.errors) return null
  try {
    const cost = costOf(operation, args)
    // Said so that what is no number is too much.
    if (!(cost <= limits.cost))
      return refusal(
        `This could take ${cost} requests to vendors; the limit is ${limits.cost}. Ask for fewer jobs at a time.`,
        operation,
      )
    const cancels = cancelsOf(operation, args, variables.coerced)
    if (cancels <= limits.cancels) return null
    return refusal(`This would cancel ${cancels} jobs; the limit is ${limits.cancels} at a time.`, operation)
  } catch (error) {
    // An argument cannot be used. What cannot be measured is not begun, not even its other fields.
    if (error instanceof GraphQLError) return refusal(error.message, operation)
    throw error
  }
}
