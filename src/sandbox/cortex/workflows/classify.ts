import { APP_ID } from '../app.js'
import { inputOf } from '../subjects/subject.js'
import { DOCUMENT_INPUT, INPUT_STEP } from './document-input.js'
import type { WorkflowDefinition } from './workflow-definition.js'

/** `work_classify`: says what kind of document this is; its branch leaves the last step out. */
export const classify: WorkflowDefinition = {
  id: 'work_classify',
  appId: APP_ID,
  name: 'Classify document',
  description: 'Says what kind of document was uploaded.',
  version: 4,
  deployedOn: '2025-03-11',
  notes: 'Raised the threshold for a second look.',
  retention: null,
  blueprint: {
    key: 'CLASSIFY_DOCUMENT',
    input: DOCUMENT_INPUT,
    input_default: null,
    steps: [
      { type: 'note', key: 'ABOUT', note: 'Anything below 0.8 goes to a person.' },
      INPUT_STEP,
      { type: 'code', key: 'SPLIT_PAGES', code: 'return { pages: INPUT.document.pages }', destinations: ['CLASSIFY'] },
      {
        type: 'model',
        key: 'CLASSIFY',
        provider: {
          provider: 'cortex',
          model: 'document-small',
          messages: [{ role: 'user', content: 'What kind of document is {{INPUT.document}}?' }],
          temperature: 0,
          response_format: 'json',
        },
        destinations: ['ROUTE'],
      },
      {
        type: 'branch',
        key: 'ROUTE',
        conditions: { SURE: { condition: '{{CLASSIFY.message.confidence}} > 0.8', destinations: ['LABEL'], order: 0 } },
        else: ['ASK_PERSON'],
      },
      { type: 'code', key: 'LABEL', code: 'return { result: CLASSIFY.message }' },
      {
        type: 'service',
        key: 'ASK_PERSON',
        service: { type: 'SLACK', action: 'SEND_MESSAGE', input: { channel: '#review' } },
      },
    ],
  },
  outputs(subject) {
    const message = { label: subject.kind, confidence: 0.97 }
    return {
      INPUT: inputOf(subject),
      SPLIT_PAGES: { pages: subject.document.pages },
      CLASSIFY: { provider: 'cortex', model: 'document-small', message },
      ROUTE: { SURE: true },
      LABEL: { result: message },
    }
  },
  failure: { step: 'CLASSIFY', message: 'CLASSIFY: the model gave no valid JSON after 3 attempts' },
}
