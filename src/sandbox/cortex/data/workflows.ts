import { OWN_APP, SHARED_APP } from './app.js'
import { blueprint, INPUT_STEP, jsonModel, type WorkflowDefinition } from './workflow-definition.js'

const MAX_PAGES = 3

/** Names the kind of a document. Its branch leaves the last step out. */
export const classify: WorkflowDefinition = {
  id: 'work_classify',
  app: OWN_APP,
  name: 'Classify document',
  description: 'Says what kind of document was uploaded.',
  version: 4,
  versionId: 'workv_classify_4',
  deployedOn: '2025-03-11',
  notes: 'Raised the threshold for a second look.',
  retention: null,
  blueprint: blueprint('CLASSIFY_DOCUMENT', [
    { type: 'note', key: 'ABOUT', note: 'Anything below 0.8 goes to a person.' },
    INPUT_STEP,
    { type: 'code', key: 'SPLIT_PAGES', code: 'return { pages: INPUT.document.pages }', destinations: ['CLASSIFY'] },
    {
      type: 'model',
      key: 'CLASSIFY',
      provider: jsonModel('document-small', 'What kind of document is {{INPUT.document}}?'),
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
  ]),
  outputs({ kind, input }) {
    const message = { label: kind, confidence: 0.97 }
    return {
      INPUT: input,
      SPLIT_PAGES: { pages: input.document.pages },
      CLASSIFY: { provider: 'cortex', model: 'document-small', message },
      ROUTE: { SURE: true },
      LABEL: { result: message },
    }
  },
  failure: { step: 'CLASSIFY', message: 'CLASSIFY: the model gave no valid JSON after 3 attempts' },
}

/** Reads the fields of a document. Its model step loops over the pages, so the output of that step is a list. */
export const extract: WorkflowDefinition = {
  id: 'work_extract',
  app: OWN_APP,
  name: 'Extract fields',
  description: 'Reads the fields of a document page by page and merges them.',
  version: 11,
  versionId: 'workv_extract_11',
  deployedOn: '2025-04-28',
  notes: null,
  retention: { max_age_in_seconds: 30 * 24 * 3600, preserve_on_failure: true },
  blueprint: blueprint(
    'EXTRACT_FIELDS',
    [
      INPUT_STEP,
      {
        type: 'model',
        key: 'READ_PAGES',
        loop: '{{INPUT.document.pages}}',
        conditional: '{{INPUT.document.pages}} > 0',
        provider: { ...jsonModel('document-large', 'Read the fields of page {{LOOP.index}}.'), max_tokens: 4000 },
        destinations: ['MERGE'],
      },
      { type: 'code', key: 'MERGE', code: 'return { result: { fields: merge(READ_PAGES) } }' },
    ],
    { max_pages: MAX_PAGES },
  ),
  outputs: ({ input }) => ({
    INPUT: input,
    READ_PAGES: Array.from({ length: Math.min(input.document.pages, MAX_PAGES) }, (_, index) => {
      return { provider: 'cortex', model: 'document-large', message: index === 0 ? input.facts : {}, index }
    }),
    MERGE: { result: { fields: input.facts } },
  }),
  failure: { step: 'READ_PAGES', message: 'READ_PAGES: page 2 could not be read: the image is empty' },
}

/** Compares the facts with an external register. A step's definition and its output hold HTTP headers. */
export const verify: WorkflowDefinition = {
  id: 'work_verify',
  app: OWN_APP,
  name: 'Verify against register',
  description: 'Compares what was read with an outside register.',
  version: 2,
  versionId: 'workv_verify_2',
  deployedOn: '2025-01-20',
  notes: 'First version with the new register.',
  retention: { max_age_in_seconds: -1 },
  blueprint: blueprint('VERIFY_AGAINST_REGISTER', [
    INPUT_STEP,
    {
      type: 'http_request',
      key: 'LOOK_UP',
      url: 'https://register.invalid/search',
      method: 'POST',
      headers: { authorization: 'Bearer {{VARIABLES.REGISTER_TOKEN}}' },
      body: '{{INPUT.facts}}',
      destinations: ['FOUND'],
    },
    {
      type: 'branch',
      key: 'FOUND',
      conditions: { YES: { condition: '{{LOOK_UP.ok}}', destinations: ['COMPARE'], order: 0 } },
      else: ['REPORT_MISSING'],
    },
    { type: 'code', key: 'REPORT_MISSING', code: 'throw new Error("not in the register")' },
    { type: 'code', key: 'COMPARE', code: 'return { result: compare(LOOK_UP.body, INPUT.facts) }' },
  ]),
  outputs: ({ input }) => ({
    INPUT: input,
    LOOK_UP: {
      ok: true,
      status: 200,
      headers: { 'content-type': 'application/json', 'set-cookie': 'register_session=sandbox' },
      body: { matches: 1 },
    },
    FOUND: { YES: true },
    COMPARE: { result: { verified: true, differences: [] } },
  }),
  failure: { step: 'LOOK_UP', message: 'LOOK_UP: the register answered 503 Service Unavailable' },
}

/** A discoverable workflow of another app: its runs can be cancelled but not read. */
export const sharedOcr: WorkflowDefinition = {
  id: 'work_shared_ocr',
  app: SHARED_APP,
  name: 'Read scanned text',
  description: 'Turns scanned pages into text. Shared with everyone.',
  version: 7,
  versionId: 'workv_shared_ocr_7',
  deployedOn: '2025-02-02',
  notes: null,
  retention: null,
  blueprint: blueprint('READ_SCANNED_TEXT', [
    INPUT_STEP,
    {
      type: 'model',
      key: 'READ',
      provider: { provider: 'cortex', model: 'scan', messages: '{{INPUT.document}}' },
      destinations: ['JOIN'],
    },
    { type: 'code', key: 'JOIN', code: 'return { text: READ.message }' },
  ]),
  outputs: ({ title, input }) => ({
    INPUT: input,
    READ: { provider: 'cortex', model: 'scan', message: title },
    JOIN: { text: title },
  }),
  failure: { step: 'READ', message: 'READ: the file is password-protected' },
}

/** The app's own workflows. */
export const WORKFLOWS = [classify, extract, verify] as const

/** The workflows that other apps share. */
export const DISCOVERABLE_WORKFLOWS = [sharedOcr] as const

/** @throws {Error} the sandbox has no such workflow */
export function workflowById(id: string): WorkflowDefinition {
  const workflow = [...WORKFLOWS, ...DISCOVERABLE_WORKFLOWS].find((candidate) => candidate.id === id)
  if (!workflow) throw new Error(`The sandbox has no workflow ${id}.`)
  return workflow
}
