import type { WireRun, WireStep, WireWorkflowDraft } from '../../../vendors/cortex/wire.js'
import type { App } from './app.js'
import type { Subject } from './subjects.js'

/** A workflow of the sandbox, and what its steps put out. */
export interface WorkflowDefinition {
  readonly id: string
  /** The owner. */
  readonly app: App
  readonly name: string
  readonly description: string
  /** The deployed version. */
  readonly version: number
  readonly versionId: string
  readonly deployedOn: string
  readonly notes: string | null
  readonly retention: NonNullable<WireRun['retention']> | null
  readonly blueprint: WireWorkflowDraft
  /** The outputs of a successful run, by step key, in order of execution. A step that is missing here was skipped. */
  outputs(subject: Subject): Readonly<Record<string, unknown>>
  /** Where and why failing runs fail. */
  readonly failure: { readonly step: string; readonly message: string }
}

/** The input that every workflow takes: a file, and what is known of it. */
const DOCUMENT_INPUT = {
  document: { type: 'file', name: 'Document', desc: 'The file to read.', order: 0 },
  facts: { type: 'object', name: 'Facts', optional: true, order: 1, fields: {} },
}

/** The step that receives it. */
export const INPUT_STEP: WireStep = { type: 'input', key: 'INPUT', input: DOCUMENT_INPUT, position: [0, 0] }

/** Returns the blueprint of a workflow that takes the document input. */
export function blueprint(key: string, steps: WireStep[], inputDefault: unknown = null): WireWorkflowDraft {
  return { key, input: DOCUMENT_INPUT, input_default: inputDefault, steps }
}

/** Returns the provider of a model step that replies in JSON. */
export function jsonModel(model: string, content: string) {
  const messages = [{ role: 'user', content }]
  return { provider: 'cortex', model, messages, temperature: 0, response_format: 'json' }
}
