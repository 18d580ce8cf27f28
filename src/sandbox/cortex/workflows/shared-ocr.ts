import { SHARED_APP_ID } from '../app.js'
import { inputOf } from '../subjects/subject.js'
import { DOCUMENT_INPUT, INPUT_STEP } from './document-input.js'
import type { WorkflowDefinition } from './workflow-definition.js'

/** `work_shared_ocr`: discoverable, of another app. Its runs can be cancelled but not read. */
export const sharedOcr: WorkflowDefinition = {
  id: 'work_shared_ocr',
  appId: SHARED_APP_ID,
  name: 'Read scanned text',
  description: 'Turns scanned pages into text. Shared with everyone.',
  version: 7,
  deployedOn: '2025-02-02',
  notes: null,
  retention: null,
  blueprint: {
    key: 'READ_SCANNED_TEXT',
    input: DOCUMENT_INPUT,
    input_default: null,
    steps: [
      INPUT_STEP,
      {
        type: 'model',
        key: 'READ',
        provider: { provider: 'cortex', model: 'scan', messages: '{{INPUT.document}}' },
        destinations: ['JOIN'],
      },
      { type: 'code', key: 'JOIN', code: 'return { text: READ.message }' },
    ],
  },
  outputs: (subject) => ({
    INPUT: inputOf(subject),
    READ: { provider: 'cortex', model: 'scan', message: subject.title },
    JOIN: { text: subject.title },
  }),
  failure: { step: 'READ', message: 'READ: the file is password-protected' },
}
