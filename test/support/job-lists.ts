import { createHash } from 'node:crypto'
import { readJobFeed, type FeedCursor, type JobFeed } from '../../src/feed/feed.js'
import type { FeedFilter } from '../../src/feed/feed-sources.js'
import type { Job } from '../../src/job/job.js'
import { pageInfoOf, type Page } from '../../src/job/page.js'
import type { RequestSessions } from '../../src/job/request-sessions.js'
import { jobState, type JobStatus } from '../../src/job/state.js'
import type { JobSource } from '../../src/job/vendor.js'

export interface ListedJob {
  readonly id: string
  /** Null for a job that does not say when it was created. */
  readonly time: number | null
  status: JobStatus
  /** Epoch ms; sorts the job in its list as if it had this time. */
  readonly listedAs?: number
}

/** How a vendor pages a list. */
export interface ListBehavior {
  readonly order: 'newest' | 'oldest' | 'none'
  /** Whether responses include the total number of rows. */
  readonly hasTotal: boolean
  /** The largest page, in rows. */
  readonly cap: number
}

export interface JobList {
  /** Unsorted. Tests change it while the list is read. */
  readonly jobs: ListedJob[]
  readonly source: JobSource
  /** The current rows, in the order of the list. */
  rows(): readonly ListedJob[]
  /** The offset and size of every page read. */
  readonly reads: { readonly offset: number; readonly size: number }[]
  /** Called before each read with the number of earlier reads. */
  onRead: (reads: number) => void
  failure: Error | null
}

export const DEFAULT_BEHAVIOR: ListBehavior = { order: 'newest', hasTotal: true, cap: Infinity }

/** A list of jobs in memory, paged as a vendor does. @param filter the status that the vendor filters by */
export function listOf(
  name: string,
  jobs: ListedJob[],
  behavior: Partial<ListBehavior> = {},
  filter: JobStatus | null = null,
): JobList {
  const { order, hasTotal, cap } = { ...DEFAULT_BEHAVIOR, ...behavior }
  const rows = () =>
    jobs.filter(({ status }) => filter === null || status === filter).sort((a, b) => compare(order, rank(a), rank(b)))

  const list: JobList = {
    jobs,
    rows,
    reads: [],
    onRead: () => {},
    failure: null,
    source: {
      label: name,
      key: `${name} ${filter ?? ''}`,
      page(page, asked): Promise<Page<Job>> {
        list.onRead(list.reads.length)
        if (list.failure) return Promise.reject(list.failure)
        const size = Math.min(asked, cap)
        const all = rows()
        const shown = all.slice((page - 1) * size, page * size)
        list.reads.push({ offset: (page - 1) * size, size })
        const facts = { page, requested: asked, rows: shown.length, last: null }
        const pageInfo = pageInfoOf({ ...facts, total: hasTotal ? all.length : null, size: hasTotal ? size : null })
        return Promise.resolve({ items: shown.map(toJob), total: hasTotal ? all.length : null, ...pageInfo })
      },
    },
  }
  return list
}

type Rank = readonly [time: number, tieBreaker: string]

const ranks = new WeakMap<ListedJob, Rank>()

/** Jobs without a date get a random but stable place. */
function rank(job: ListedJob): Rank {
  const known = ranks.get(job)
  if (known) return known
  const tieBreaker = createHash('md5').update(job.id).digest('hex')
  const made: Rank = [job.listedAs ?? job.time ?? parseInt(tieBreaker.slice(0, 4), 16), tieBreaker]
  ranks.set(job, made)
  return made
}

function compare(order: ListBehavior['order'], a: Rank, b: Rank): number {
  const byTieBreaker = a[1] < b[1] ? -1 : 1
  if (order === 'none') return byTieBreaker
  return (order === 'newest' ? b[0] - a[0] : a[0] - b[0]) || byTieBreaker
}

function toJob({ id, time, status }: ListedJob): Job {
  return {
    address: { type: 'Execution', path: [id] },
    vendor: 'KODEXA',
    vendorId: id,
    name: null,
    state: jobState(status, { createdAt: null, startedAt: null, endedAt: null, vendorStatus: status }),
    vendorStatus: status,
    createdAt: time === null ? null : new Date(time),
    updatedAt: null,
    startedAt: null,
    endedAt: null,
  }
}

/** The sessions of one vendor with these lists. */
export function sessionsOf(lists: readonly JobList[]): RequestSessions {
  const vendor = { name: 'KODEXA', mode: 'LIVE' }
  const session = {
    sources: () => Promise.resolve({ sources: lists.map(({ source }) => source), warnings: [] }),
    maxSources: () => ({ lists: lists.length, requests: 0 }),
  }
  return { vendors: [vendor], get: () => session } as unknown as RequestSessions
}

export interface AllPages {
  readonly pages: readonly JobFeed[]
  readonly ids: readonly string[]
  /** Epoch ms of each job; 0 without a date. */
  readonly times: readonly number[]
}

/** Pages through the feed to its end. @param between called after each page but the last */
export async function readAllPages(
  lists: readonly JobList[],
  size: number | readonly number[],
  { between = () => {}, ...filter }: FeedFilter & { readonly between?: (page: number) => void } = {},
): Promise<AllPages> {
  const sizes = typeof size === 'number' ? [size] : size
  const pages: JobFeed[] = []
  let after: FeedCursor | null = null
  do {
    const page: JobFeed = await readJobFeed(sessionsOf(lists), {
      ...filter,
      size: sizes[pages.length % sizes.length]!,
      after,
    })
    pages.push(page)
    if (pages.length > 1000) throw new Error('The feed has no end.')
    if (page.hasMore && page.end === null) throw new Error('The page has more, but no end cursor.')
    if (page.hasMore) between(pages.length)
    after = page.hasMore ? page.end : null
  } while (after !== null)
  const jobs = pages.flatMap(({ entries }) => entries.map(({ job }) => job))
  return {
    pages,
    ids: jobs.map(({ vendorId }) => vendorId),
    times: jobs.map(({ createdAt }) => createdAt?.getTime() ?? 0),
  }
}

/** `count` jobs; by default `j1` is the oldest. @param timeOf returns the time of a job by its number from 1 */
export function jobsOf(
  count: number,
  timeOf: (number: number) => number | null = (number) => number * 1000,
): ListedJob[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `j${index + 1}`,
    time: timeOf(index + 1),
    status: 'RUNNING' as const,
  }))
}
