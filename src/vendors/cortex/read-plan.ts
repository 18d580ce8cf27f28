import type { Selection } from '../../job/selection.js'
import type { CortexRecord } from './normalise/record.js'
import type { WorkflowRun } from './normalise/run.js'

/** How to read a job, from poor to rich: enough for its status; the job; or the job with the vendor's "extra properties". */
export const DETAIL_LEVELS = ['bare', 'plain', 'verbose'] as const

export type DetailLevel = (typeof DETAIL_LEVELS)[number]

/** Fields of a record that its tiny status endpoint, or its address, answers. */
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

/** Fields of a run that the vendor may send only when it is asked for its "extra properties". */
const VERBOSE_FIELDS: ReadonlySet<string> = new Set([
  'input',
  'result',
  'output',
  'workflowVersion',
  'workflowVersionDraft',
  'usage',
])

/** The cheapest way to read what is selected of a record. The runs of its rules may come only with the extras. */
export function planRecord(selection: Selection): DetailLevel {
  if ([...selection()].every((field) => STATUS_FIELDS.has(field))) return 'bare'
  return selection('rules').has('run') ? 'verbose' : 'plain'
}

/** Whether a record's status endpoint is asked in any case, and has all else that is selected. */
export function isStatusEnough(selection: Selection): boolean {
  return planRecord(selection) === 'bare' && selection().has('errors')
}

/** The cheapest way to read what is selected of a run. */
export function planRun(selection: Selection): DetailLevel {
  return [...selection()].some((field) => VERBOSE_FIELDS.has(field)) ? 'verbose' : 'plain'
}

/** Whether an answer to a cancel is the whole record, as it is documented to be: a terse one must not pass for it for long. */
export function isWholeRecord({ rules, collectionName }: CortexRecord): boolean {
  return rules !== null || collectionName !== null
}

/** The same for a run. */
export function isWholeRun({ origin, createdAt }: WorkflowRun): boolean {
  return origin !== 'UNKNOWN' || createdAt !== null
}
