/** Jobs as the vendors' own pages show them. `extra` overrides a field; `undefined` in it leaves the field out. */
export type Wire = Readonly<Record<string, unknown>>

const EPOCH = Date.parse('2026-01-10T08:00:00.000Z')

/** A moment, in minutes from a fixed one. */
export function timestamp(minutes: number): string {
  return new Date(EPOCH + minutes * 60_000).toISOString()
}

/** `count` things made by number; the higher the number the newer. */
export function repeat(count: number, make: (number: number) => Wire): Wire[] {
  return Array.from({ length: count }, (_, index) => make(index + 1))
}

export function wireRecord(id: string, extra: Wire = {}): Wire {
  return {
    id,
    name: 'Important Record',
    status: 'COMPLETED',
    source: 'API',
    usage: { total: 12.5, rules: {} },
    rules_count: 1,
    rules_pass_count: 0,
    rules_fail_count: 0,
    rules_warn_count: 1,
    rules: {
      CHECK_BUSINESS_NAME: {
        key: 'CHECK_BUSINESS_NAME',
        status: 'WARN',
        result: { ok: false },
        input: { business_name: 'Example Corp' },
        run: wireRun('run_of_rule', { origin: 'RECORD', collection_id: 'col_1', record_id: id }),
        created_at: timestamp(0),
        updated_at: timestamp(1),
      },
    },
    config: {
      id: 'config_1',
      rules: [
        {
          name: 'Check Business Name',
          key: 'CHECK_BUSINESS_NAME',
          execution_order: 'before-all',
          on_success: 'PASS',
          on_fail: 'WARN',
          workflow_id: 'work_1',
          workflow_version_id: 'workv_1',
          workflow_use_latest: true,
          workflow_input_default: { business_name: 'Example Corp' },
          disabled: false,
        },
      ],
      mappings: [{ source_path: 'LOAN_APPLICATION:income', destination_paths: ['MONTHLY_INCOME:amount'] }],
      created_at: timestamp(0),
      updated_at: timestamp(0),
    },
    collection_name: 'Loans',
    collection_id: 'col_1',
    created_by: { id: 'user_1', name: 'John Doe' },
    entity: {
      id: 'ent_1',
      entity_id: 'loan-7',
      status: 'SYNCED',
      type: 'ENCOMPASS',
      trigger_id: 'trig_1',
      record_id: id,
    },
    tags: [
      {
        id: 'tag_1',
        name: 'urgent',
        color: '#f00',
        app_id: 'app_1',
        created_at: timestamp(0),
        updated_at: timestamp(0),
      },
    ],
    created_at: timestamp(0),
    updated_at: timestamp(1),
    link: `https://app.example/records/${id}`,
    ...extra,
  }
}

export function wireRun(id: string, extra: Wire = {}): Wire {
  return {
    id,
    result: { score: 0.7 },
    input: { name: 'x' },
    output: {
      fetch: {
        key: 'fetch',
        type: 'http_request',
        status: 'COMPLETED',
        output: { ok: true },
        start: Date.parse(timestamp(1)),
        end: Date.parse(timestamp(2)),
      },
    },
    status: 'COMPLETED',
    origin: 'WORKFLOW',
    started_at: timestamp(1),
    ended_at: timestamp(2),
    app_id: 'app_1',
    workflow_app_id: 'app_1',
    workflow_id: 'work_1',
    workflow_version_draft: null,
    workflow_version: {
      id: 'workv_1',
      app_id: 'app_1',
      workflow_id: 'work_1',
      version: 3,
      key: 'k',
      input: {},
      input_default: null,
      steps: [{ type: 'code', key: 'fetch', code: '1' }],
    },
    version: 3,
    usage: { total: 1.25, steps: {} },
    created_at: timestamp(0),
    updated_at: timestamp(2),
    ...extra,
  }
}

/** The id of an execution by number. */
export function executionId(number: number): string {
  return `0ab1c2d3-0000-4000-8000-${number.toString(16).padStart(12, '0')}`
}

export function wireExecution(number: number, extra: Wire = {}): Wire {
  const id = executionId(number)
  return {
    id,
    uuid: id.replaceAll('-', ''),
    changeSequence: 4,
    createdOn: timestamp(number),
    updatedOn: timestamp(number),
    startDate: timestamp(number),
    endDate: null,
    processingTime: 0,
    status: 'RUNNING',
    description: `Execution ${number}`,
    priority: 5,
    assistantId: 'a0000000-0000-4000-8000-00000000000a',
    documentFamilyId: null,
    organizationId: 'b0000000-0000-4000-8000-00000000000b',
    parentExecutionId: null,
    sessionId: null,
    loggingEnabled: true,
    deleteLoggingOnSuccess: false,
    context: { eventType: 'CONTENT_CREATED' },
    pipeline: {
      id: 'p1',
      ref: 'org/pipeline',
      valid: true,
      exceptions: [],
      steps: [
        {
          id: 's1',
          name: 'ocr',
          ref: 'module://org/ocr',
          stepType: 'MODEL',
          status: 'RUNNING',
          progress: 1,
          progressMax: 4,
          outputIds: ['o1', 'o2'],
        },
      ],
    },
    statusDetails: { message: 'Reading', detail: 'page 1', progress: 1, progressMax: 4, stepStatus: 'OCR' },
    targets: { instances: [{ type: 'DOCUMENT_STORE', ref: 'org/store', labelsToApply: ['done'], taxonomyRefs: [] }] },
    ...extra,
  }
}
