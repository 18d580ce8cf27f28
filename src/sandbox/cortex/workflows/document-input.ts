import type { WireStep } from '../../../vendors/cortex/wire.js'

/** The input every workflow of the sandbox takes: a file, and what is known of it. */
export const DOCUMENT_INPUT = {
  document: { type: 'file', name: 'Document', desc: 'The file to read.', order: 0 },
  facts: { type: 'object', name: 'Facts', optional: true, order: 1, fields: {} },
}

/** The step in which that input arrives. */
export const INPUT_STEP: WireStep = { type: 'input', key: 'INPUT', input: DOCUMENT_INPUT, position: [0, 0] }
