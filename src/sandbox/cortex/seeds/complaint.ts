import type { WireFieldError } from '../../../vendors/cortex/wire.js'

/** Why a rule's input was refused, so that its workflow was never run. */
export interface Complaint {
  readonly message: string
  readonly issues: WireFieldError[]
}

/**
 * Takes a rule's key; gives what is wrong with its input. They look like Zod issues: only one kind has `expected` and
 * `received`, and a path may hold numbers.
 */
export function complaintAbout(ruleKey: string): Complaint {
  const issues = ruleKey.startsWith('EXTRACT') ? [wrongType, tooSmall] : [missing]
  return { message: `The input of ${ruleKey} is not valid`, issues }
}

const wrongType: WireFieldError = {
  code: 'invalid_type',
  expected: 'number',
  received: 'string',
  path: ['facts', 'amounts', 1, 'net'],
  message: 'Expected number, received string',
}

const tooSmall: WireFieldError = {
  code: 'too_small',
  path: ['document', 'pages'],
  message: 'Number must be greater than or equal to 1',
}

const missing: WireFieldError = {
  code: 'invalid_type',
  expected: 'string',
  received: 'undefined',
  path: ['facts', 'parcel_number'],
  message: 'Required',
}
