import type { WireRecord, WireRun } from '../../src/vendors/cortex/wire.js'
import type { WireExecution } from '../../src/vendors/kodexa/wire.js'

const USER = { id: 'user_1', name: 'Somebody' }

export const DATE = '2026-03-01T12:00:00.000Z'

/** A Cortex run with every field. */
export const RUN: WireRun = {
  id: 'run_1',
  result: { ok: true },
  input: { file: 'a' },
  output: {
    read: {
      key: 'read',
      type: 'model',
      status: 'COMPLETED',
      output: { text: 'a' },
      error: 'none',
      start: 1772366400000,
      end: 1772366401000,
    },
  },
  status: 'FAILED',
  origin: 'RECORD',
  error: 'too large',
  started_at: DATE,
  ended_at: DATE,
  app_id: 'app_1',
  workflow_app_id: 'app_1',
  workflow_id: 'work_1',
  workflow_version_draft: {
    key: 'draft',
    input: { a: 1 },
    input_default: { a: 1 },
    steps: [{ type: 'code', key: 'read', conditional: 'x', loop: 'y', destinations: ['end'] }],
  },
  workflow_version: {
    id: 'version_1',
    app_id: 'app_1',
    workflow_id: 'work_1',
    description: 'First',
    version: 1,
    notes: 'None',
    created_by: USER,
    created_at: DATE,
    key: 'v1',
    input: { a: 1 },
    input_default: { a: 1 },
    steps: [{ type: 'code', key: 'read', conditional: 'x', loop: 'y', destinations: ['end'] }],
  },
  collection_id: 'col_1',
  record_id: 'rec_1',
  version: 1,
  usage: { credits: 1 },
  retention: { max_age_in_seconds: 60, preserve_on_failure: true },
  retention_due_at: DATE,
  created_at: DATE,
  updated_at: DATE,
}

/** The run of a rule. Its larger parts are left to RUN. */
const BARE_RUN: WireRun = {
  ...RUN,
  input: null,
  output: null,
  workflow_version: null,
  workflow_version_draft: null,
  retention: null,
}

/** A Cortex record with every field. */
export const RECORD: WireRecord = {
  id: 'rec_1',
  name: 'Loan',
  status: 'FAILED',
  source: 'API',
  usage: { credits: 1 },
  rules_count: 1,
  rules_pass_count: 0,
  rules_fail_count: 1,
  rules_warn_count: 0,
  rules: {
    income: {
      key: 'income',
      status: 'FAILED',
      result: { ok: false },
      error: 'too low',
      input: { income: 1 },
      run: BARE_RUN,
      created_at: DATE,
      updated_at: DATE,
    },
  },
  config: {
    id: 'config_1',
    rules: [
      {
        name: 'Income',
        key: 'income',
        execution_order: 'before-all',
        on_success: 'PASS',
        on_fail: 'FAIL',
        workflow_id: 'work_1',
        workflow_version_id: 'version_1',
        workflow_use_latest: true,
        workflow_input_default: { a: 1 },
        disabled: false,
      },
    ],
    mappings: [{ source_path: 'a', destination_paths: ['b', 'c'] }],
    created_at: DATE,
    updated_at: DATE,
  },
  collection_name: 'Loans',
  collection_id: 'col_1',
  created_by: USER,
  entity: {
    id: 'entity_1',
    entity_id: 'e1',
    status: 'SYNCED',
    type: 'PERSONA',
    trigger_id: 't1',
    record_id: 'rec_1',
    created_at: DATE,
    updated_at: DATE,
  },
  tags: [{ id: 'tag_1', name: 'Urgent', color: 'red', app_id: 'app_1', created_at: DATE, updated_at: DATE }],
  created_at: DATE,
  updated_at: DATE,
  link: 'https://app.vendor.test/rec_1',
}

const EXCEPTION = {
  message: 'Failed',
  errorMessage: 'It failed',
  errorType: 'IO',
  description: 'More',
  advice: 'Retry',
  help: 'Ask',
  documentationUrl: 'https://docs.vendor.test',
  executedVersion: '1.0',
  statusCode: 500,
  validationErrors: [{ option: 'a', message: 'b', description: 'c' }],
}

/** A Kodexa execution with every field. */
export const EXECUTION: WireExecution = {
  id: 'exec_1',
  uuid: '0123456789abcdef0123456789abcdef',
  changeSequence: 3,
  createdOn: DATE,
  updatedOn: DATE,
  startDate: DATE,
  endDate: DATE,
  processingTime: 12,
  status: 'FAILED',
  description: 'Reads a document',
  priority: 1,
  assistantId: 'assistant_1',
  documentFamilyId: 'family_1',
  organizationId: 'org_1',
  parentExecutionId: 'parent_1',
  sessionId: 'session_1',
  loggingEnabled: true,
  deleteLoggingOnSuccess: false,
  context: { eventType: 'content' },
  pipeline: {
    id: 'pipeline_1',
    ref: 'org/pipeline',
    valid: true,
    exceptions: [EXCEPTION],
    steps: [
      {
        id: 'step_1',
        name: 'Read',
        ref: 'module://org/read',
        stepType: 'MODEL',
        status: 'FAILED',
        statusMessage: 'Reading',
        progress: 1,
        progressMax: 2,
        start: DATE,
        end: DATE,
        processingTime: 5,
        conditional: 'x',
        inputId: 'in',
        outputIds: ['out'],
        exceptionDetails: EXCEPTION,
      },
    ],
  },
  statusDetails: { message: 'Working', detail: 'Hard', stepStatus: 'READING', progress: 1, progressMax: 2 },
  exceptionDetails: EXCEPTION,
  targets: {
    instances: [
      {
        type: 'STORE',
        ref: 'org/store',
        documentFamilyId: 'family_1',
        contentObjectId: 'object_1',
        labelsToApply: ['a'],
        taxonomyRefs: ['b'],
      },
    ],
  },
}
