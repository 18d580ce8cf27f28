import { getOperationAST, GraphQLError, type ExecutionArgs } from 'graphql'
import { countCancels } from './cancel-fields.js'
import { operationCost } from './operation-cost.js'
import type { Limits } from './limits.js'
import { limitError } from './limit-error.js'
import { variablesOf } from './variables.js'

/** The limit that an operation with these variables exceeds, as an error; null when it exceeds none. Its document is valid. */
export function findViolation(args: ExecutionArgs, limits: Limits): GraphQLError | null {
  const operation = getOperationAST(args.document, args.operationName)
  if (!operation) return null
  const variables = variablesOf(operation, args)
  // Execution reports invalid variables and executes nothing.
  if (variables.errors) return null
  try {
    const cost = operationCost(operation, args)
    // Negated, so that NaN is over the limit too.
    if (!(cost <= limits.cost))
      return limitError(
        `This could take ${cost} vendor requests; the limit is ${limits.cost}. Ask for fewer jobs at a time.`,
        operation,
      )
    const cancels = countCancels(operation, args, variables.coerced)
    if (cancels <= limits.cancels) return null
    return limitError(`This would cancel ${cancels} jobs; the limit is ${limits.cancels} at a time.`, operation)
  } catch (error) {
    // An argument is not usable. An operation that cannot be measured is not executed at all.
    if (error instanceof GraphQLError) return limitError(error.message, operation)
    throw error
  }
}
