import { APP_ID } from '../app.js'
import { inputOf } from '../subjects/subject.js'
import { DOCUMENT_INPUT, INPUT_STEP } from './document-input.js'
import type { WorkflowDefinition } from './workflow-definition.js'

const MAX_PAGES = 3

/** `work_extract`: reads the fields; its model step loops over the pages, so that step's output is a list. */
export const extract: WorkflowDefinition = {
  id: 'work_extract',
  appId: APP_ID,
  name: 'Extract fields',
  description: 'Reads the fields of a document page by page and merges them.',
  version: 11,
  deployedOn: '2025-04-28',
  notes: null,
  retention: { max_age_in_seconds: 30 * 24 * 3600, preserve_on_failure: true },
  blueprint: {
    key: 'EXTRACT_FIELDS',
    input: DOCUMENT_INPUT,
    input_default: { max_pages: MAX_PAGES },
    steps: [
      INPUT_STEP,
      {
        type: 'model',
        key: 'READ_PAGES',
        loop: '{{INPUT.document.pages}}',
        conditional: '{{INPUT.document.pages}} > 0',
        provider: {
          provider: 'cortex',
          model: 'document-large',
          messages: [{ role: 'user', content: 'Read the fields of page {{LOOP.index}}.' }],
          temperature: 0,
          response_format: 'json',
          max_tokens: 4000,
        },
        destinations: ['MERGE'],
      },
      { type: 'code', key: 'MERGE', code: 'return { result: { fields: merge(READ_PAGES) } }' },
    ],
  },
  outputs: (subject) => ({
    INPUT: inputOf(subject),
    READ_PAGES: Array.from({ length: Math.min(subject.document.pages, MAX_PAGES) }, (_, index) => ({
      provider: 'cortex',
      model: 'document-large',
      message: index === 0 ? subject.facts : {},
      index,
    })),
    MERGE: { result: { fields: subject.facts } },
  }),
  failure: { step: 'READ_PAGES', message: 'READ_PAGES: page 2 could not be read: the image is empty' },
}
