import type { Selection } from '../../job/selection.js'

/** How to read a job: its tiny status endpoint, which runs have none of, the job, or the job with the vendor's "extra properties". */
export type Reading = 'status' | 'plain' | 'verbose'

/** Fields of a record that its status endpoint, or its address, answers. */
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
export function planRecord(selection: Selection): Reading {
  if ([...selection()].every((field) => STATUS_FIELDS.has(field))) return 'status'
  return selection('rules').has('run') ? 'verbose' : 'plain'
}

/** The cheapest way to read what is selected of a run. */
export function planRun(selection: Selection): Reading {
  return [...selection()].some((field) => VERBOSE_FIELDS.has(field)) ? 'verbose' : 'plain'
}
