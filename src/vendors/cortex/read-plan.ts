import type { Selection } from '../../job/selection.js'
import type { CortexRecord } from './normalise/record.js'
import type { WorkflowRun } from './normalise/run.js'

/** How much of a job to read, from least to most: its status; the job; the job with the vendor's "extra properties". */
export const DETAIL_LEVELS = ['bare', 'plain', 'verbose'] as const

export type DetailLevel = (typeof DETAIL_LEVELS)[number]

/** Fields of a record that its status endpoint or its address provides. */
const STATUS_FIELDS: ReadonlySet<string> = new Set([
  '__typename',
  'id',
  'vendor',
  'vendorId',
  'status',
  'vendorStatus',
  'isTerminal',
  'isCancellable',
  'appId',
  'collectionId',
  'errors',
])

/** Fields of a run that the vendor may send only with its "extra properties". */
const VERBOSE_FIELDS: ReadonlySet<string> = new Set([
  'input',
  'result',
  'output',
  'workflowVersion',
  'workflowVersionDraft',
  'usage',
])

/** The lowest detail level that has the selected fields of a record. The runs of its rules may need `verbose`. */
export function planRecord(selection: Selection): DetailLevel {
  if ([...selection()].every((field) => STATUS_FIELDS.has(field))) return 'bare'
  return selection('rules').has('run') ? 'verbose' : 'plain'
}

/** Whether the selection needs the record's status endpoint (for `errors`) and nothing beyond it. */
export function isStatusEnough(selection: Selection): boolean {
  return planRecord(selection) === 'bare' && selection().has('errors')
}

/** The lowest detail level that has the selected fields of a run. */
export function planRun(selection: Selection): DetailLevel {
  return [...selection()].some((field) => VERBOSE_FIELDS.has(field)) ? 'verbose' : 'plain'
}

/** Whether the response to a cancel is the complete record, as documented. A partial one must not be cached for long. */
export function isCompleteRecord({ rules, collectionName }: CortexRecord): boolean {
  return rules !== null || collectionName !== null
}

/** Whether the response to a cancel is the complete run. */
export function isCompleteRun({ origin, createdAt }: WorkflowRun): boolean {
  return origin !== 'UNKNOWN' || createdAt !== null
}
