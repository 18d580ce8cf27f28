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
  /** Its place in the list is that of a job of this time. */
  readonly listedAs?: number
}

/** How a vendor answers a list. */
export interface ListManners {
  readonly order: 'newest' | 'oldest' | 'none'
  /** Whether it says how many rows there are. */
  readonly hasTotal: boolean
  /** The most rows a page has. */
  readonly cap: number
}

export interface JobList {
  /** In no order; tests change it while it is read. */
  readonly jobs: ListedJob[]
  readonly source: JobSource
  /** Those that are on it now, in its order. */
  rows(): readonly ListedJob[]
  /** The first row and the number of rows of every page that was asked for. */
  readonly reads: { readonly offset: number; readonly size: number }[]
  /** Runs before each read, with how many there were. */
  onRead: (reads: number) => void
  failure: Error | null
}

export const POLITE: ListManners = { order: 'newest', hasTotal: true, cap: Infinity }

/** A list of jobs in memory, paged as a vendor does. @param word the status that the vendor was asked for */
export function listOf(
  name: string,
  jobs: ListedJob[],
  manners: Partial<ListManners> = {},
  word: JobStatus | null = null,
): JobList {
  const { order, hasTotal, cap } = { ...POLITE, ...manners }
  const rows = () =>
    jobs.filter(({ status }) => word === null || status === word).sort((a, b) => compare(order, rank(a), rank(b)))

  const list: JobList = {
    jobs,
    rows,
    reads: [],
    onRead: () => {},
    failure: null,
    source: {
      label: name,
      key: `${name} ${word ?? ''}`,
      page(page, asked): Promise<Page<Job>> {
        list.onRead(list.reads.length)
        if (list.failure) return Promise.reject(list.failure)
        const size = Math.min(asked, cap)
        const all = rows()
        const shown = all.slice((page - 1) * size, page * size)
        list.reads.push({ offset: (page - 1) * size, size })
        const facts = { page, requested: asked, rows: shown.length, last: null }
        const judged = pageInfoOf({ ...facts, total: hasTotal ? all.length : null, size: hasTotal ? size : null })
        return Promise.resolve({ items: shown.map(toJob), total: hasTotal ? all.length : null, ...judged })
      },
    },
  }
  return list
}

type Rank = readonly [time: number, chance: string]

const ranks = new WeakMap<ListedJob, Rank>()

/** Jobs without a date are somewhere in between. */
function rank(job: ListedJob): Rank {
  const known = ranks.get(job)
  if (known) return known
  const chance = createHash('md5').update(job.id).digest('hex')
  const made: Rank = [job.listedAs ?? job.time ?? parseInt(chance.slice(0, 4), 16), chance]
  ranks.set(job, made)
  return made
}

function compare(order: ListManners['order'], a: Rank, b: Rank): number {
  const byChance = a[1] < b[1] ? -1 : 1
  if (order === 'none') return byChance
  return (order === 'newest' ? b[0] - a[0] : a[0] - b[0]) || byChance
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

/** One vendor with these lists. */
export function sessionsOf(lists: readonly JobList[]): RequestSessions {
  const vendor = { name: 'KODEXA', mode: 'LIVE' }
  const session = {
    sources: () => Promise.resolve({ sources: lists.map(({ source }) => source), warnings: [] }),
    maxSources: () => ({ lists: lists.length, requests: 0 }),
  }
  return { vendors: [vendor], get: () => session } as unknown as RequestSessions
}

export interface FeedWalk {
  readonly pages: readonly JobFeed[]
  readonly ids: readonly string[]
  /** The time of each, 0 for those without. */
  readonly times: readonly number[]
}

/** Follows the feed to its end. @param between runs behind each page but the last */
export async function walkFeed(
  lists: readonly JobList[],
  size: number | readonly number[],
  { between = () => {}, ...filter }: FeedFilter & { readonly between?: (page: number) => void } = {},
): Promise<FeedWalk> {
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
    if (page.hasMore && page.end === null) throw new Error('The feed goes on, but not from where.')
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

/** `count` jobs, `j1` the oldest. @param timeOf by number from 1 */
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
