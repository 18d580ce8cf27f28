import { APP_ID } from '../app.js'
import { inputOf } from '../subjects/subject.js'
import { DOCUMENT_INPUT, INPUT_STEP } from './document-input.js'
import type { WorkflowDefinition } from './workflow-definition.js'

/** `work_verify`: compares with an outside register. A step's definition and output hold HTTP headers. */
export const verify: WorkflowDefinition = {
  id: 'work_verify',
  appId: APP_ID,
  name: 'Verify against register',
  description: 'Compares what was read with an outside register.',
  version: 2,
  deployedOn: '2025-01-20',
  notes: 'First version with the new register.',
  retention: { max_age_in_seconds: -1 },
  blueprint: {
    key: 'VERIFY_AGAINST_REGISTER',
    input: DOCUMENT_INPUT,
    input_default: null,
    steps: [
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
    ],
  },
  outputs: (subject) => ({
    INPUT: inputOf(subject),
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
