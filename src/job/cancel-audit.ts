import type { CancelOutcome, Cancellation } from './cancel.js'
import type { DocketError, ErrorCode, JobError } from './errors.js'
import { decodeJobId, encodeJobId } from './job-id.js'
import type { JobAddress } from './job.js'
import type { Log } from './log.js'
import type { RequestSessions } from './request-sessions.js'
import type { VendorName } from './vendor-name.js'

/** Who asked for it, and never what they showed to prove it. */
export interface AuditedCaller {
  readonly name: string
  readonly via: string
  readonly role: string | null
}

/** Which job it is about. */
export interface AuditedJob {
  readonly type: string
  /** Null where no vendor has such jobs. */
  readonly vendor: VendorName | null
  /** The global id; null where what was sent cannot be one, and is written down nowhere. */
  readonly id: string | null
}

/** Of those that are asked for together, the first, and how many more there are. Nobody has looked at these: they may be any number. */
export interface RequestedJobs {
  /** Null for one of which it is not known which. */
  readonly first: readonly (AuditedJob | null)[]
  readonly more: number
}

/** What came of asking. */
export type AuditOutcome = CancelOutcome | ErrorCode

/** Writes one line for each job that one operation asks to cancel. */
export interface CancelAudit {
  /**
   * To be called as soon as it is known what came of a cancel, or why there is none. A job that has its line gets no other.
   * @param job null where it is not known which
   * @param startedAt in the ms of `performance.now()`
   */
  write(job: AuditedJob | null, result: AuditedResult, startedAt: number): void
  /** The same for several: a line for each of the first hundred, and one for all others together. */
  writeAll(jobs: RequestedJobs, result: AuditedResult, startedAt: number): void
}

/** What became of it, or the code with which it was refused before it was begun. */
export type AuditedResult = Cancellation | DocketError | ErrorCode

/** As many as may be cancelled at once, unless it is set otherwise: what is refused may name any number. */
const MAX_LINES = 100

/** @param log with what else is to be on each line */
export function createCancelAudit(log: Log, caller: AuditedCaller | null): CancelAudit {
  const written = new Set<string>()

  // A job that is asked for twice is cancelled once.
  const hasLine = (job: AuditedJob | null) => job?.id != null && written.has(job.id)

  function write(job: AuditedJob | null, result: AuditedResult, startedAt: number, jobs?: number): void {
    if (hasLine(job)) return
    if (job?.id != null) written.add(job.id)
    const durationMs = Math.round(performance.now() - startedAt)
    const subject = jobs === undefined ? { job } : { job, jobs }
    log.info({ audit: 'cancel', caller: callerOf(caller), ...subject, ...summaryOf(result), durationMs }, 'cancel')
  }

  return {
    write,
    writeAll({ first, more }, result, startedAt) {
      const left = first.filter((job) => !hasLine(job))
      for (const job of left.slice(0, MAX_LINES)) write(job, result, startedAt)
      const others = Math.max(0, left.length - MAX_LINES) + more
      if (others > 0) write(null, result, startedAt, others)
    },
  }
}

/** The job that a field for this type of job was asked to cancel, whether there is one or not. */
export function requestedJob(sessions: RequestSessions, type: string, toAddress: () => JobAddress): AuditedJob {
  const vendor = vendorOf(sessions, type)
  try {
    return { type, vendor, id: encodeJobId(toAddress()) }
  } catch {
    // Why it is none, the caller is told.
    return { type, vendor, id: null }
  }
}

/** The jobs with these global ids. */
export function requestedJobsById(sessions: RequestSessions, ids: readonly string[]): RequestedJobs {
  const first = ids.slice(0, MAX_LINES)
  return { first: first.map((id) => requestedJobById(sessions, id)), more: ids.length - first.length }
}

/** The job with a global id, of whatever type; null where that is no id. */
export function requestedJobById(sessions: RequestSessions, id: string): AuditedJob | null {
  try {
    const { type } = decodeJobId(id)
    return { type, vendor: vendorOf(sessions, type), id }
  } catch {
    return null
  }
}

function vendorOf({ vendors }: RequestSessions, type: string): VendorName | null {
  return vendors.find(({ jobTypes }) => jobTypes.includes(type))?.name ?? null
}

/** Exactly these, whatever else the object has. */
function callerOf(caller: AuditedCaller | null): AuditedCaller | null {
  return caller && { name: caller.name, via: caller.via, role: caller.role }
}

interface Summary {
  readonly outcome: AuditOutcome
  /** With which the vendor answered the cancel itself; null when it did not. */
  readonly upstreamStatus: number | null
  /** Whether the cancel reached the vendor, or may have; null when nobody knows. */
  readonly sent: boolean | null
}

function summaryOf(result: AuditedResult): Summary {
  if (typeof result === 'string') return { outcome: result, upstreamStatus: null, sent: false }
  if ('outcome' in result) return { outcome: result.outcome, upstreamStatus: result.httpStatus, sent: true }
  // By their names, because GraphQL's error types are stand-ins that are no instances.
  const error = result as JobError
  switch (error.name) {
    case 'VendorError': {
      const { httpStatus = null, mayHaveArrived = false } = error.details
      return { outcome: error.code, upstreamStatus: httpStatus, sent: httpStatus !== null || mayHaveArrived }
    }
    case 'JobNotFoundError':
    case 'JobNotCancellableError':
      return { outcome: error.code, upstreamStatus: error.httpStatus, sent: true }
    case 'InternalError':
      return { outcome: error.code, upstreamStatus: null, sent: null }
    case 'BadInputError':
    case 'ForbiddenError':
    case 'NotAttemptedError':
    case 'OverloadedError':
    case 'UnauthenticatedError':
      return { outcome: error.code, upstreamStatus: null, sent: false }
  }
}
