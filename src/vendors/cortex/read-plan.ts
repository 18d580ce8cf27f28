import type { Selection } from '../../job/selection.js'

/**
 * How to read a job, from poor to rich: enough for its status, as a record's tiny status endpoint is; by that very
 * endpoint, for the sake of the validation errors; the job; or the job with the vendor's "extra properties".
 */
export const READINGS = ['bare', 'errors', 'plain', 'verbose'] as const

export type Reading = (typeof READINGS)[number]

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
  const fields = selection()
  if ([...fields].every((field) => STATUS_FIELDS.has(field))) return fields.has('errors') ? 'errors' : 'bare'
  return selection('rules').has('run') ? 'verbose' : 'plain'
}

/** The cheapest way to read what is selected of a run. */
export function planRun(selection: Selection): Reading {
  return [...selection()].some((field) => VERBOSE_FIELDS.has(field)) ? 'verbose' : 'plain'
}
