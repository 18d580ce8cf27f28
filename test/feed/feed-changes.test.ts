import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { JobStatus } from '../../src/job/state.js'
import { listOf, readAllPages, type JobList, type ListedJob } from '../support/job-lists.js'
import { runCount } from '../support/run-count.js'

type Change =
  | { readonly kind: 'insert'; readonly list: number; readonly status: JobStatus }
  | { readonly kind: 'remove' | 'leave' | 'enter'; readonly list: number; readonly at: number }

describe('paging through lists that change', () => {
  const listArb = fc
    .record({
      order: fc.constantFrom('newest' as const, 'oldest' as const, 'none' as const),
      hasTotal: fc.boolean(),
      cap: fc.constantFrom(23, 40, 100, Infinity),
      spread: fc.constantFrom(3, 40, 100_000),
      undated: fc.constantFrom(0, 0, 0.1),
      split: fc.constantFrom('one list for all statuses', 'one list for RUNNING', 'a list per status'),
      jobs: fc.array(fc.record({ time: fc.nat(), chance: fc.nat(), isRunning: fc.boolean() }), {
        maxLength: 150,
        size: 'max',
      }),
    })
    .map(({ hasTotal, cap, ...list }) => ({ ...list, hasTotal, cap: hasTotal ? cap : Infinity }))
  const changeArb: fc.Arbitrary<Change> = fc.oneof(
    fc.record({
      kind: fc.constant('insert' as const),
      list: fc.nat(2),
      status: fc.constantFrom('RUNNING' as const, 'FAILED' as const),
    }),
    fc.record({
      kind: fc.constantFrom('remove' as const, 'leave' as const, 'enter' as const),
      list: fc.nat(2),
      at: fc.nat(),
    }),
  )

  it('returns every job that is present throughout once, newest first', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(listArb, { minLength: 1, maxLength: 3, size: 'max' }),
        fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength: 3 }),
        fc.array(fc.array(changeArb, { maxLength: 12, size: 'max' }), { maxLength: 30, size: 'max' }),
        fc.constantFrom<readonly JobStatus[] | null>(['RUNNING'], ['RUNNING', 'FAILED'], null),
        async (given, sizes, changes, statuses) => {
          const lists = given.flatMap((list, number): JobList[] => {
            const jobs = list.jobs.map(({ time, chance, isRunning }, at): ListedJob => ({
              id: `l${number}_${at}`,
              time: timeOf(list, time, chance, at),
              status: isRunning ? 'RUNNING' : 'FAILED',
            }))
            const split =
              list.split === 'a list per status'
                ? (['RUNNING', 'FAILED'] as const)
                : list.split === 'one list for all statuses'
                  ? [null]
                  : ['RUNNING' as const]
            return split.map((status) => listOf(`l${number} ${status}`, jobs, list, status))
          })
          const matching = () =>
            new Set(
              lists.flatMap(({ rows }) =>
                rows().flatMap(({ id, status }) => ((statuses?.includes(status) ?? true) ? [id] : [])),
              ),
            )
          const [always, ever] = [matching(), matching()]
          let made = 0
          const between = (page: number) => {
            for (const change of changes[page - 1] ?? []) {
              apply(lists[change.list % lists.length]!, change, `new${made++}`)
              const now = matching()
              for (const id of always) if (!now.has(id)) always.delete(id)
              now.forEach((id) => ever.add(id))
            }
          }
          const { ids, times } = await readAllPages(lists, sizes, { statuses, between })
          expect(new Set(ids).size, 'no duplicates').toBe(ids.length)
          expect(times).toEqual(times.toSorted((a, b) => b - a))
          expect(
            [...always].filter((id) => !ids.includes(id)),
            'none missing',
          ).toEqual([])
          expect(
            ids.filter((id) => !ever.has(id)),
            'none that never matched',
          ).toEqual([])
        },
      ),
      { numRuns: runCount(200) },
    )
  })

  /** A job that changes lists while jobs of its timestamp are shown can be missed. So jobs with a list per status have unique times. */
  function timeOf(list: { split: string; undated: number; spread: number }, time: number, chance: number, at: number) {
    if (list.split === 'a list per status') return 1 + (time % 1000) * 1000 + at
    return chance % 100 < list.undated * 100 ? null : 1 + (time % list.spread)
  }

  function apply({ jobs }: JobList, change: Change, id: string): void {
    if (change.kind === 'insert') {
      const isTied =
        id.length % 2 === 0 && jobs.some(({ time }, at) => jobs.findIndex((other) => other.time === time) < at)
      const newest = Math.max(1, ...jobs.map(({ time }) => time ?? 0))
      jobs.push({ id, time: newest + (isTied ? 0 : 1), status: change.status })
      return
    }
    const at = change.at % Math.max(1, jobs.length)
    if (jobs[at] === undefined) return
    if (change.kind === 'remove') jobs.splice(at, 1)
    else jobs[at].status = change.kind === 'enter' ? 'RUNNING' : 'FAILED'
  }
})
