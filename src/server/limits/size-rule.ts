import type { ValidationRule } from 'graphql'
import type { Limits } from './limits.js'
import { limitError } from './limit-error.js'
import { measureOperation, type OperationSize } from './operation-size.js'

const LIMIT_NAMES: Readonly<Record<keyof OperationSize, (size: number, limit: number) => string>> = {
  depth: (size, limit) => `Fields are nested ${size} deep here; the limit is ${limit}.`,
  aliases: (size, limit) => `There are ${size} aliases here; the limit is ${limit}.`,
  directives: (size, limit) => `There are ${size} directives here; the limit is ${limit}.`,
  rootFields: (size, limit) => `There are ${size} fields at the root of this operation; the limit is ${limit}.`,
}

/** Refuses documents with an operation that is too large, whichever of them is to be run. */
export function createSizeRule(limits: Limits): ValidationRule {
  // The name tells this rule from others where it is remembered what was validated.
  return function SizeRule(context) {
    return {
      OperationDefinition(operation) {
        const size = measureOperation(operation, (name) => context.getFragment(name))
        for (const what of Object.keys(LIMIT_NAMES) as (keyof OperationSize)[])
          if (size[what] > limits[what])
            context.reportError(limitError(LIMIT_NAMES[what](size[what], limits[what]), operation))
      },
    }
  }
}
