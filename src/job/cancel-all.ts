import { requestedJobById, type CancelAudit } from './cancel-audit.js'
import { decodeJobId } from './job-id.js'
import type { Cancellation, CancelOutcome } from './cancel.js'
import { BadInputError, DocketError, InternalError, JobNotCancellableError, NotAttemptedError } from './errors.js'
import type { Job } from './job.js'
import type { Log } from './log.js'
import { loggedError } from './logged-error.js'
import type { RequestSessions } from './request-sessions.js'

/** Ids that one call may name. */
export const MAX_CANCELS = 100
/** Cancels under way at a time, so that a batch does not take all of a vendor for itself. */
export const CANCEL_CONCURRENCY = 8

/** What became of one job. */
export interface CancelReport {
  readonly id: string
  readonly job: Job | null
  readonly outcome: CancelOutcome | null
  readonly error: DocketError | null
}

export interface CancelAllOptions {
  /** When no further cancel is begun, in the ms of `performance.now()`. Those under way are finished. */
  readonly deadline: number
  readonly log: Log
  /** Told of each job, as soon as it is known what became of it. */
  readonly audit: CancelAudit
}

/**
 * Cancels jobs of any vendors, each once, at most eight at a time; one report for each id, in the order given.
 * @throws {BadInputError} for none, or for more than 100
 */
export async function cancelAll(
  sessions: RequestSessions,
  ids: readonly string[],
  { deadline, log, audit }: CancelAllOptions,
): Promise<CancelReport[]> {
  if (ids.length < 1 || ids.length > MAX_CANCELS) throw new BadInputError(`\`ids\` must hold 1 to ${MAX_CANCELS} ids.`)
  const waiting = [...new Set(ids)]
  const reports = new Map<string, CancelReport>()
  const work = async () => {
    for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
      const startedAt = performance.now()
      const result = startedAt < deadline ? await cancelOne(sessions, id, log) : new NotAttemptedError()
      audit.write(requestedJobById(sessions, id), result, startedAt)
      reports.set(id, reportOf(id, result))
    }
  }
  await Promise.all(Array.from({ length: CANCEL_CONCURRENCY }, work))
  return ids.map((id) => reports.get(id)!)
}

async function cancelOne(sessions: RequestSessions, id: string, log: Log): Promise<Cancellation | DocketError> {
  try {
    const address = decodeJobId(id)
    return await sessions.forType(address.type).cancel(address)
  } catch (error) {
    if (error instanceof DocketError) return error
    log.error({ err: loggedError(error) }, 'a cancel failed in a way nobody foresaw')
    return new InternalError()
  }
}

function reportOf(id: string, result: Cancellation | DocketError): CancelReport {
  if (!(result instanceof DocketError)) return { id, job: result.job, outcome: result.outcome, error: null }
  return { id, job: result instanceof JobNotCancellableError ? result.job : null, outcome: null, error: result }
}
