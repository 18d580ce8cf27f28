import { BadInputError } from '../job/errors.js'
import { builder } from './builder.js'

export const DEFAULT_PAGE_SIZE = 20
export const MAX_PAGE_SIZE = 100

/** The arguments of every connection. */
export const pageArgs = builder.args((t) => ({
  first: t.int({
    description: `Returns up to this many items: 1 to ${MAX_PAGE_SIZE}, ${DEFAULT_PAGE_SIZE} by default. A larger number is an error.`,
  }),
  after: t.string({
    description:
      'Returns the items after this cursor. Pass the `endCursor` of the previous page; a cursor of another list is an error.',
  }),
}))

/** The rows that count towards complexity. Capped, so that a `first` that is too large fails as BAD_INPUT, not by its cost. */
export function maxRows(first: number | null | undefined): number {
  return Math.min(Math.max(first ?? DEFAULT_PAGE_SIZE, 0), MAX_PAGE_SIZE)
}

/**
 * The requested page size.
 * @throws {BadInputError} outside 1 to 100
 */
export function pageSize(first: number | null | undefined): number {
  const size = first ?? DEFAULT_PAGE_SIZE
  if (size < 1 || size > MAX_PAGE_SIZE) throw new BadInputError(`\`first\` must be between 1 and ${MAX_PAGE_SIZE}.`)
  return size
}
