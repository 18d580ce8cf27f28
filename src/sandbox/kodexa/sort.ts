import type { WireExecution } from '../../vendors/kodexa/wire.js'
import { Refusal } from './refusal.js'

const SORTABLE = ['createdOn', 'updatedOn', 'startDate', 'endDate', 'id'] as const

/**
 * Takes the executions and the `sort` parameter, gives them in that order; what has no value comes last either way.
 * Both spellings of the vendor are understood: `createdOn,desc` (executions overview) and `startDate:desc` (CLI).
 */
export function sortExecutions(executions: readonly WireExecution[], sort: string | null): readonly WireExecution[] {
  const [, name, direction] = /^(\w+)(?:[,:](asc|desc))?$/.exec(sort ?? 'createdOn,desc') ?? []
  const property = SORTABLE.find((sortable) => sortable === name)
  if (property === undefined) throw new Refusal(400, `Cannot sort by ${sort}`)
  const sign = direction === 'desc' ? -1 : 1
  return executions.toSorted((left, right) => {
    const [a, b] = [left[property], right[property]]
    if (a == null || b == null) return Number(a == null) - Number(b == null)
    // Dates of one width, so that their texts sort as the dates do.
    return a === b ? 0 : a < b ? -sign : sign
  })
}
