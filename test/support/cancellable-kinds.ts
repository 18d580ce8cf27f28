import type { Log } from '../../src/job/log.js'
import type { JobStatus } from '../../src/job/state.js'
import type { Vendor } from '../../src/job/vendor.js'
import { API_KEY, cortexAt, kodexaAt } from './scripted-vendor.js'

export interface TimeoutSettings {
  readonly timeoutMs?: number
}

/** One kind of job and how it is cancelled. Add the kinds of a new vendor here; every contract test then runs for them. */
export interface CancellableKind {
  readonly type: string
  readonly vendor: 'CORTEX' | 'KODEXA'
  readonly vendorId: string
  readonly path: readonly string[]
  readonly connect: (url: URL, settings: TimeoutSettings, options: { readonly log?: Log }) => Vendor
  readonly credential: Readonly<Record<string, string>>
  readonly cancelCall: string
  readonly readCall: string
  /** The mutation, its input type, its success type, and the field with the job. */
  readonly graph: { readonly field: string; readonly input: string; readonly success: string; readonly job: string }
  /** The `by` argument with the address of the job. */
  readonly by: object
  /** A `by` argument whose ids would change the path of the request. */
  readonly badBy: object
  readonly statuses: {
    readonly live: Readonly<Record<string, JobStatus>>
    readonly terminal: Readonly<Record<string, JobStatus>>
    readonly running: string
    readonly completed: string
    readonly cancelled: string
    /** Empty when the vendor has no such status. */
    readonly cancelling: readonly string[]
  }
}

const RECORD: CancellableKind = {
  type: 'Record',
  vendor: 'CORTEX',
  vendorId: 'rec_1',
  path: ['c', 'col_1', 'rec_1'],
  connect: cortexAt,
  credential: { authorization: `Bearer ${API_KEY}` },
  cancelCall: 'POST /apps/c/collections/col_1/records/rec_1/cancel',
  readCall: 'GET /apps/c/collections/col_1/records/rec_1',
  graph: { field: 'cancelRecord', input: 'RecordBy', success: 'CancelRecordSuccess', job: 'record' },
  by: { ref: { collectionId: 'col_1', recordId: 'rec_1' } },
  badBy: { ref: { collectionId: '..', recordId: 'rec_1' } },
  statuses: {
    live: { QUEUED: 'QUEUED', RUNNING: 'RUNNING' },
    terminal: { DRAFT: 'DRAFT', COMPLETED: 'COMPLETED', FAILED: 'FAILED' },
    running: 'RUNNING',
    completed: 'COMPLETED',
    cancelled: 'CANCELLED',
    cancelling: [],
  },
}

export const WORKFLOW_RUN: CancellableKind = {
  type: 'WorkflowRun',
  vendor: 'CORTEX',
  vendorId: 'run_1',
  path: ['c', 'work_1', 'run_1'],
  connect: cortexAt,
  credential: { authorization: `Bearer ${API_KEY}` },
  cancelCall: 'POST /apps/c/workflows/work_1/runs/run_1/cancel',
  readCall: 'GET /apps/c/workflows/work_1/runs/run_1',
  graph: {
    field: 'cancelWorkflowRun',
    input: 'WorkflowRunBy',
    success: 'CancelWorkflowRunSuccess',
    job: 'workflowRun',
  },
  by: { ref: { workflowId: 'work_1', runId: 'run_1' } },
  badBy: { ref: { workflowId: 'work_1', runId: 'run_1/cancel?' } },
  statuses: {
    live: { PENDING: 'QUEUED', RUNNING: 'RUNNING' },
    terminal: { COMPLETED: 'COMPLETED', FAILED: 'FAILED', SKIPPED: 'SKIPPED' },
    running: 'RUNNING',
    completed: 'COMPLETED',
    cancelled: 'CANCELLED',
    cancelling: [],
  },
}

const EXECUTION_ID = '00000000-0000-4000-8000-0000000000aa'

const EXECUTION: CancellableKind = {
  type: 'Execution',
  vendor: 'KODEXA',
  vendorId: EXECUTION_ID,
  path: [EXECUTION_ID],
  connect: kodexaAt,
  credential: { 'x-api-key': API_KEY },
  cancelCall: `PUT /api/executions/${EXECUTION_ID}/cancel`,
  readCall: `GET /api/executions/${EXECUTION_ID}`,
  graph: { field: 'cancelExecution', input: 'ExecutionBy', success: 'CancelExecutionSuccess', job: 'execution' },
  by: { executionId: EXECUTION_ID },
  badBy: { executionId: '../account/me' },
  statuses: {
    live: {
      PENDING: 'QUEUED',
      REQUESTED: 'QUEUED',
      PENDING_REPROCESSING: 'QUEUED',
      RUNNING: 'RUNNING',
      CANCELLING: 'CANCELLING',
    },
    terminal: { SUCCEEDED: 'COMPLETED', REPROCESSED: 'COMPLETED', FAILED: 'FAILED', SKIPPED: 'SKIPPED' },
    running: 'RUNNING',
    completed: 'SUCCEEDED',
    cancelled: 'CANCELLED',
    cancelling: ['CANCELLING'],
  },
}

export const CANCELLABLE_KINDS = [RECORD, WORKFLOW_RUN, EXECUTION]
