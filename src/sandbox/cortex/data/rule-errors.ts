import type { WireFieldError } from '../../../vendors/cortex/wire.js'

const WRONG_TYPE: WireFieldError = {
  code: 'invalid_type',
  expected: 'number',
  received: 'string',
  path: ['facts', 'amounts', 1, 'net'],
  message: 'Expected number, received string',
}
const TOO_SMALL: WireFieldError = {
  code: 'too_small',
  path: ['document', 'pages'],
  message: 'Number must be greater than or equal to 1',
}
const MISSING: WireFieldError = {
  code: 'invalid_type',
  expected: 'string',
  received: 'undefined',
  path: ['facts', 'parcel_number'],
  message: 'Required',
}

/** Why the input of a rule was rejected, so that its workflow never ran. */
export interface RuleError {
  readonly key: string
  readonly message: string
  readonly errors: WireFieldError[]
}

/** Returns the validation errors of a rule. They look like Zod issues: only some have `expected` and `received`. */
export function ruleError(key: string): RuleError {
  const errors = key.startsWith('EXTRACT') ? [WRONG_TYPE, TOO_SMALL] : [MISSING]
  return { key, message: `The input of ${key} is not valid`, errors }
}
