import { EXECUTION, RECORD, RUN } from './wire-jobs.js'

/** One kind of job: its wire format with every field, and how to query it. */
export interface JobKind {
  readonly wire: Readonly<Record<string, unknown>>
  readonly type: string
  readonly field: string
  readonly query: (selection: string) => string
  readonly listField: string
  readonly listQuery: (selection: string) => string
  readonly page: (rows: readonly unknown[]) => unknown
  /** The GraphQL fields that a wire field affects, when that is not just the field of the same name. */
  readonly affects: Readonly<Record<string, readonly string[]>>
  /** Fields that need a further request. */
  readonly without: readonly string[]
  /** Fields that are null because the vendor never sends them. */
  readonly alwaysNull: readonly string[]
}

const STATUS = ['status', 'vendorStatus', 'state', 'isTerminal', 'isCancellable']

export const JOB_KINDS: Record<string, JobKind> = {
  record: {
    wire: RECORD as unknown as Record<string, unknown>,
    type: 'Record',
    field: 'record',
    query: (selection) => `{ record(by: { ref: { collectionId: "col_1", recordId: "rec_1" } }) ${selection} }`,
    listField: 'records',
    listQuery: (selection) => `{ records(collectionId: "col_1", first: 100) { nodes ${selection} } }`,
    page: (rows) => rows,
    affects: { status: STATUS, rules: ['rules', 'state'], config: ['config', 'rules', 'state'], collection_id: [] },
    without: ['errors', 'record'],
    alwaysNull: ['startedAt', 'endedAt'],
  },
  run: {
    wire: RUN as unknown as Record<string, unknown>,
    type: 'WorkflowRun',
    field: 'workflowRun',
    query: (selection) => `{ workflowRun(by: { ref: { workflowId: "work_1", runId: "run_1" } }) ${selection} }`,
    listField: 'workflowRuns',
    listQuery: (selection) => `{ workflowRuns(workflowId: "work_1", first: 100) { nodes ${selection} } }`,
    page: (rows) => rows,
    affects: {
      status: STATUS,
      error: ['error', 'state'],
      started_at: ['startedAt', 'state'],
      ended_at: ['endedAt', 'state'],
      workflow_id: [],
    },
    without: ['record', 'errors'],
    alwaysNull: ['name'],
  },
  execution: {
    wire: EXECUTION as unknown as Record<string, unknown>,
    type: 'Execution',
    field: 'execution',
    query: (selection) => `{ execution(by: { executionId: "exec_1" }) ${selection} }`,
    listField: 'executions',
    listQuery: (selection) => `{ executions(first: 100) { nodes ${selection} } }`,
    page: (rows) => ({ content: rows, totalElements: rows.length, last: true }),
    affects: {
      status: STATUS,
      createdOn: ['createdAt'],
      updatedOn: ['updatedAt'],
      startDate: ['startedAt', 'state', 'processingTimeMs'],
      endDate: ['endedAt', 'state', 'processingTimeMs'],
      processingTime: ['processingTimeMs'],
      description: ['description', 'name'],
      pipeline: ['pipeline', 'name', 'state'],
      exceptionDetails: ['exception', 'state'],
      statusDetails: ['statusDetails', 'state'],
      parentExecutionId: [],
    },
    without: ['parent', 'children', 'statusMessages'],
    alwaysNull: [],
  },
}
