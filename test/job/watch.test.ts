import { describe, expect, it, vi } from 'vitest'
import { JobNotFoundError, VENDOR_ERROR_CODES, VendorError, type VendorErrorCode } from '../../src/job/errors.js'
import type { Job } from '../../src/job/job.js'
import { JOB_STATUSES, isTerminalStatus, jobState, type JobFacts, type JobStatus } from '../../src/job/state.js'
import { watchJob } from '../../src/job/watch.js'

const ADDRESS = { type: 'Execution', path: ['1'] }
const TERMINAL = JOB_STATUSES.filter(isTerminalStatus)
const LIVE = JOB_STATUSES.filter((status) => !isTerminalStatus(status))
const LASTING = ['VENDOR_UNAUTHORIZED', 'VENDOR_NOT_CONFIGURED', 'VENDOR_UNSUPPORTED'] as const
const PASSING = VENDOR_ERROR_CODES.filter((code) => !(LASTING as readonly string[]).includes(code))

describe('watching a job', () => {
  it('tells it at once, then each change of status, and ends with the job', async () => {
    const { read, told } = watch([
      jobThatIs('QUEUED'),
      jobThatIs('RUNNING'),
      jobThatIs('CANCELLING'),
      jobThatIs('CANCELLED'),
    ])
    expect(statusesOf(await told())).toEqual(['QUEUED', 'RUNNING', 'CANCELLING', 'CANCELLED'])
    expect(read).toHaveBeenCalledTimes(4)
  })

  it('says nothing while nothing changes', async () => {
    const { read, told } = watch([
      jobThatIs('RUNNING'),
      jobThatIs('RUNNING'),
      jobThatIs('RUNNING'),
      jobThatIs('COMPLETED'),
    ])
    expect(statusesOf(await told())).toEqual(['RUNNING', 'COMPLETED'])
    expect(read).toHaveBeenCalledTimes(4)
  })

  it('says nothing of what is not its state', async () => {
    const touched: Job = { ...jobThatIs('RUNNING'), updatedAt: new Date(1), name: 'renamed' }
    const { told } = watch([jobThatIs('RUNNING'), touched, jobThatIs('COMPLETED')])
    expect(statusesOf(await told())).toEqual(['RUNNING', 'COMPLETED'])
  })

  it('tells progress', async () => {
    const readings = [0.1, 0.1, 0.7].map((progress) => jobThatIs('RUNNING', { progress }))
    const { told } = watch([...readings, jobThatIs('COMPLETED')])
    const { jobs } = await told()
    expect(jobs.map(({ state }) => (state.status === 'RUNNING' ? state.progress : state.status))).toEqual([
      0.1,
      0.7,
      'COMPLETED',
    ])
  })

  it('tells a new word of the vendor that stands for the same status', async () => {
    const readings = ['REQUESTED', 'PENDING'].map((vendorStatus) => jobThatIs('QUEUED', { vendorStatus }))
    const { told } = watch([...readings, jobThatIs('COMPLETED')])
    const { jobs } = await told()
    expect(jobs.map(({ vendorStatus }) => vendorStatus)).toEqual(['REQUESTED', 'PENDING', 'COMPLETED'])
  })

  it.each(TERMINAL)('ends after one reading when the job is %s', async (status) => {
    const { read, told } = watch([jobThatIs(status)])
    expect(statusesOf(await told())).toEqual([status])
    expect(read).toHaveBeenCalledTimes(1)
  })

  it.each(LIVE)('goes on when the job is %s', async (status) => {
    const { read, told } = watch([jobThatIs(status), jobThatIs('FAILED')])
    expect(statusesOf(await told())).toEqual([status, 'FAILED'])
    expect(read).toHaveBeenCalledTimes(2)
  })
})

describe('watching a job that the vendor does not know', () => {
  it('fails at the first reading', async () => {
    const { read, told } = watch([null])
    const { jobs, error } = await told()
    expect(jobs).toEqual([])
    expect(error).toBeInstanceOf(JobNotFoundError)
    expect(read).toHaveBeenCalledTimes(1)
  })

  it('fails when the job vanishes later', async () => {
    const { read, told } = watch([jobThatIs('RUNNING'), null])
    const { jobs, error } = await told()
    expect(jobs.map(({ state }) => state.status)).toEqual(['RUNNING'])
    expect(error).toBeInstanceOf(JobNotFoundError)
    expect(read).toHaveBeenCalledTimes(2)
  })
})

describe('watching a job while its vendor is unwell', () => {
  const outage = failure('VENDOR_UNAVAILABLE')

  it.each(PASSING)('sits out four failures in a row: %s', async (code) => {
    const { read, told } = watch([...times(4, failure(code)), jobThatIs('RUNNING'), jobThatIs('COMPLETED')])
    expect(statusesOf(await told())).toEqual(['RUNNING', 'COMPLETED'])
    expect(read).toHaveBeenCalledTimes(6)
  })

  it('counts only failures in a row', async () => {
    const { read, told } = watch([
      ...times(4, outage),
      jobThatIs('RUNNING'),
      ...times(4, outage),
      jobThatIs('COMPLETED'),
    ])
    expect(statusesOf(await told())).toEqual(['RUNNING', 'COMPLETED'])
    expect(read).toHaveBeenCalledTimes(10)
  })

  it('tells nothing again that it told before the outage', async () => {
    const { told } = watch([jobThatIs('RUNNING'), outage, jobThatIs('RUNNING'), jobThatIs('COMPLETED')])
    expect(statusesOf(await told())).toEqual(['RUNNING', 'COMPLETED'])
  })

  it('gives up with the fifth failure in a row', async () => {
    const { read, told } = watch([jobThatIs('RUNNING'), ...times(5, outage), jobThatIs('COMPLETED')])
    const { jobs, error } = await told()
    expect(jobs.map(({ state }) => state.status)).toEqual(['RUNNING'])
    expect(error).toBe(outage)
    expect(read).toHaveBeenCalledTimes(6)
  })

  it.each(LASTING)('gives up at once when waiting cannot help: %s', async (code) => {
    const { read, told } = watch([failure(code), jobThatIs('COMPLETED')])
    const { jobs, error } = await told()
    expect(jobs).toEqual([])
    expect(error).toMatchObject({ code })
    expect(read).toHaveBeenCalledTimes(1)
  })

  it('gives up at once at what is no failure of the vendor', async () => {
    const bug = new TypeError('undefined is not a function')
    const { read, told } = watch([bug, jobThatIs('COMPLETED')])
    expect((await told()).error).toBe(bug)
    expect(read).toHaveBeenCalledTimes(1)
  })
})

describe('a watcher who leaves', () => {
  const HOURS = 3_600_000

  it('before the first reading causes none', async () => {
    const left = new AbortController()
    left.abort()
    const { read, told } = watch([jobThatIs('RUNNING')], { signal: left.signal })
    expect(await told()).toEqual({ jobs: [], error: null })
    expect(read).not.toHaveBeenCalled()
  })

  it('in the middle of a pause ends it, without another reading', async () => {
    const left = new AbortController()
    const { read, watching } = watch([jobThatIs('RUNNING')], { signal: left.signal, pollMs: HOURS })
    await watching.next()
    const next = watching.next()
    left.abort()
    expect(await next).toEqual({ done: true, value: undefined })
    expect(read).toHaveBeenCalledTimes(1)
  })

  it('in the middle of a reading is not told that the reading failed', async () => {
    const left = new AbortController()
    const read = vi.fn(() => {
      left.abort()
      return Promise.reject(new DOMException('This operation was aborted', 'AbortError'))
    })
    expect(await drain(watchJob(read, HOURS, left.signal))).toEqual({
      jobs: [],
      error: null,
    })
    expect(read).toHaveBeenCalledTimes(1)
  })

  it('by closing the iteration causes no further reading', async () => {
    const { read, watching } = watch([jobThatIs('RUNNING'), jobThatIs('COMPLETED')], { pollMs: 1 })
    await watching.next()
    await watching.return(undefined)
    expect(await watching.next()).toEqual({ done: true, value: undefined })
    expect(read).toHaveBeenCalledTimes(1)
  })
})

interface Told {
  readonly jobs: readonly Job[]
  readonly error: unknown
}

interface WatchOptions {
  readonly signal?: AbortSignal
  readonly pollMs?: number
}

type Reading = Job | Error | null

/** Watches a job of which these readings are made one after the other; there are no more of them. */
function watch(readings: readonly Reading[], { signal = new AbortController().signal, pollMs = 1 }: WatchOptions = {}) {
  const waiting = [...readings]
  const read = vi.fn<() => Promise<Job | null>>(() => {
    const reading = waiting.shift()
    if (reading === undefined) throw new Error('The job was read once too often.')
    return reading instanceof Error ? Promise.reject(reading) : Promise.resolve(reading)
  })
  const watching = watchJob(read, pollMs, signal)
  return { read, watching, told: () => drain(watching) }
}

async function drain(watching: AsyncIterable<Job>): Promise<Told> {
  const jobs: Job[] = []
  try {
    for await (const job of watching) jobs.push(job)
    return { jobs, error: null }
  } catch (error) {
    return { jobs, error }
  }
}

/** The statuses told, of a watch that ended well. */
function statusesOf({ jobs, error }: Told): JobStatus[] {
  expect(error).toBeNull()
  return jobs.map(({ state }) => state.status)
}

function jobThatIs(status: JobStatus, facts: Partial<JobFacts> = {}): Job {
  const all = { createdAt: null, updatedAt: null, startedAt: null, endedAt: null, vendorStatus: status, ...facts }
  return {
    address: ADDRESS,
    vendor: 'KODEXA',
    vendorId: '1',
    name: null,
    state: jobState(status, all),
    vendorStatus: all.vendorStatus,
    createdAt: null,
    updatedAt: null,
    startedAt: null,
    endedAt: null,
  }
}

function failure(code: VendorErrorCode): VendorError {
  return new VendorError('KODEXA', code, `Kodexa did ${code}.`)
}

function times<T>(count: number, item: T): T[] {
  return Array.from({ length: count }, () => item)
}
