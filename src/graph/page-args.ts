import { BadInputError } from '../job/errors.js'
import { builder } from './builder.js'

export const DEFAULT_PAGE_SIZE = 20
export const MAX_PAGE_SIZE = 100

/** The arguments of every list. */
export const pageArgs = builder.args((t) => ({
  first: t.int({
    description: `How many at most: 1 to ${MAX_PAGE_SIZE}, ${DEFAULT_PAGE_SIZE} when it is left out. More is an error, not a shorter page.`,
  }),
  after: t.string({
    description:
      'The cursor behind which to go on: the `endCursor` of the page before. A cursor of another list is an error.',
  }),
}))

/** Rows for which a page is charged: never more than it can have, so that an impossible `first` fails by its own name. */
export function maxRows(first: number | null | undefined): number {
  return Math.min(Math.max(first ?? DEFAULT_PAGE_SIZE, 0), MAX_PAGE_SIZE)
}

/**
 * How many items a page is to have.
 * @throws {BadInputError} outside 1 to 100
 */
export function pageSize(first: number | null | undefined): number {
  const size = first ?? DEFAULT_PAGE_SIZE
  if (size < 1 || size > MAX_PAGE_SIZE) throw new BadInputError(`\`first\` must be 1 to ${MAX_PAGE_SIZE}.`)
  return size
}
