import type { ValidationRule } from 'graphql'
import type { Limits } from './limits.js'
import { limitError } from './limit-error.js'
import { measureOperation, type OperationSize } from './operation-size.js'

const MESSAGES: Readonly<Record<keyof OperationSize, (size: number, limit: number) => string>> = {
  depth: (size, limit) => `Fields are nested ${size} levels deep; the limit is ${limit}.`,
  aliases: (size, limit) => `The operation has ${size} aliases; the limit is ${limit}.`,
  directives: (size, limit) => `The operation has ${size} directives; the limit is ${limit}.`,
  rootFields: (size, limit) => `The operation has ${size} root fields; the limit is ${limit}.`,
}

/** A validation rule that rejects documents with an operation over a limit, whichever operation is executed. */
export function createSizeRule(limits: Limits): ValidationRule {
  // Yoga's validation cache identifies rules by their names.
  return function SizeRule(context) {
    return {
      OperationDefinition(operation) {
        const size = measureOperation(operation, (name) => context.getFragment(name))
        for (const measure of Object.keys(MESSAGES) as (keyof OperationSize)[])
          if (size[measure] > limits[measure])
            context.reportError(limitError(MESSAGES[measure](size[measure], limits[measure]), operation))
      },
    }
  }
}
