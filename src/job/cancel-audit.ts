import type { CancelOutcome, Cancellation } from './cancel.js'
import type { DocketError, ErrorCode, JobError } from './errors.js'
import { decodeJobId, encodeJobId } from './job-id.js'
import type { JobAddress } from './job.js'
import type { Log } from './log.js'
import type { RequestSessions } from './request-sessions.js'
import type { VendorName } from './vendor-name.js'

/** Who requested the cancel. Never holds the credential. */
export interface AuditedCaller {
  readonly name: string
  readonly via: string
  readonly role: string | null
}

/** The job that the request names. */
export interface AuditedJob {
  readonly type: string
  /** Null when no vendor has jobs of this type. */
  readonly vendor: VendorName | null
  /** The global id; null when the id sent is invalid. An invalid id is never logged. */
  readonly id: string | null
}

/** The jobs that one field names. The request may not be validated yet, so there may be any number of them. */
export interface RequestedJobs {
  /** The first jobs, at most one hundred; null for an id that cannot be decoded. */
  readonly first: readonly (AuditedJob | null)[]
  /** How many ids follow. */
  readonly more: number
}

/** The value of `outcome` in the audit log. */
export type AuditOutcome = CancelOutcome | ErrorCode

/** Writes one audit line for each job that an operation asks to cancel. */
export interface CancelAudit {
  /**
   * Call it as soon as the result is known. A job gets one line per operation; later calls for it do nothing.
   * @param job null when the job is unknown
   * @param startedAt in ms of `performance.now()`
   */
  write(job: AuditedJob | null, result: AuditedResult, startedAt: number): void
  /** Writes one result for several jobs: one line for each of the first hundred, and one for all others together. */
  writeAll(jobs: RequestedJobs, result: AuditedResult, startedAt: number): void
}

/** The result of the cancel, or the code with which it was rejected before it started. */
export type AuditedResult = Cancellation | DocketError | ErrorCode

/** The default maximum of one `cancelJobs`. A rejected request may name any number of ids. */
const MAX_LINES = 100

/** @param log adds the fields that every line has, such as the request id */
export function createCancelAudit(log: Log, caller: AuditedCaller | null): CancelAudit {
  const written = new Set<string>()

  // A job that is named twice is cancelled once.
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
      const remaining = first.filter((job) => !hasLine(job))
      for (const job of remaining.slice(0, MAX_LINES)) write(job, result, startedAt)
      const others = Math.max(0, remaining.length - MAX_LINES) + more
      if (others > 0) write(null, result, startedAt, others)
    },
  }
}

/** The job of this type that a field was asked to cancel. It need not exist. */
export function requestedJob(sessions: RequestSessions, type: string, toAddress: () => JobAddress): AuditedJob {
  const vendor = vendorOf(sessions, type)
  try {
    return { type, vendor, id: encodeJobId(toAddress()) }
  } catch {
    // The response tells the caller what is wrong with the address.
    return { type, vendor, id: null }
  }
}

/** The jobs with these global ids. */
export function requestedJobsById(sessions: RequestSessions, ids: readonly string[]): RequestedJobs {
  const first = ids.slice(0, MAX_LINES)
  return { first: first.map((id) => requestedJobById(sessions, id)), more: ids.length - first.length }
}

/** The job with this global id, of any type; null when the id is invalid. */
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

/** Copies these fields only: an identity has more, which must not be logged. */
function callerOf(caller: AuditedCaller | null): AuditedCaller | null {
  return caller && { name: caller.name, via: caller.via, role: caller.role }
}

interface Summary {
  readonly outcome: AuditOutcome
  /** The HTTP status of the vendor's response to the cancel; null when there was no response. */
  readonly upstreamStatus: number | null
  /** Whether the cancel reached the vendor, or may have; null when unknown. */
  readonly sent: boolean | null
}

function summaryOf(result: AuditedResult): Summary {
  if (typeof result === 'string') return { outcome: result, upstreamStatus: null, sent: false }
  if ('outcome' in result) return { outcome: result.outcome, upstreamStatus: result.httpStatus, sent: true }
  // By name, because the errors plugin of Pothos wraps errors in objects that fail `instanceof`.
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
