import { requestedJobById, type CancelAudit } from './cancel-audit.js'
import { decodeJobId } from './job-id.js'
import type { Cancellation, CancelOutcome } from './cancel.js'
import { BadInputError, DocketError, InternalError, JobNotCancellableError, NotAttemptedError } from './errors.js'
import type { Job } from './job.js'
import type { Log } from './log.js'
import { loggedError } from './logged-error.js'
import type { RequestSessions } from './request-sessions.js'

/** Maximum number of ids in one call. */
export const MAX_CANCELS = 100
/** Maximum number of cancels in flight, so that a batch does not use up a vendor's capacity. */
export const CANCEL_CONCURRENCY = 8

/** The result for one job: either `outcome` or `error` is set. */
export interface CancelReport {
  readonly id: string
  readonly job: Job | null
  readonly outcome: CancelOutcome | null
  readonly error: DocketError | null
}

export interface CancelAllOptions {
  /** When to stop starting cancels, in ms of `performance.now()`. Cancels in flight are finished. */
  readonly deadline: number
  readonly log: Log
  /** Records each result as soon as it is known. */
  readonly audit: CancelAudit
}

/**
 * Cancels jobs of any vendors, each once, at most eight at a time. Returns one report per id, in the order given.
 * @throws {BadInputError} for no ids, or for more than 100
 */
export async function cancelAll(
  sessions: RequestSessions,
  ids: readonly string[],
  { deadline, log, audit }: CancelAllOptions,
): Promise<CancelReport[]> {
  if (ids.length < 1 || ids.length > MAX_CANCELS)
    throw new BadInputError(`\`ids\` must contain 1 to ${MAX_CANCELS} ids.`)
  const queue = [...new Set(ids)]
  const reports = new Map<string, CancelReport>()
  const worker = async () => {
    for (let id = queue.shift(); id !== undefined; id = queue.shift()) {
      const startedAt = performance.now()
      const result = startedAt < deadline ? await cancelOne(sessions, id, log) : new NotAttemptedError()
      audit.write(requestedJobById(sessions, id), result, startedAt)
      reports.set(id, reportOf(id, result))
    }
  }
  await Promise.all(Array.from({ length: CANCEL_CONCURRENCY }, worker))
  return ids.map((id) => reports.get(id)!)
}

async function cancelOne(sessions: RequestSessions, id: string, log: Log): Promise<Cancellation | DocketError> {
  try {
    const address = decodeJobId(id)
    return await sessions.forType(address.type).cancel(address)
  } catch (error) {
    if (error instanceof DocketError) return error
    log.error({ err: loggedError(error) }, 'Unexpected error during a cancel')
    return new InternalError()
  }
}

function reportOf(id: string, result: Cancellation | DocketError): CancelReport {
  if (!(result instanceof DocketError)) return { id, job: result.job, outcome: result.outcome, error: null }
  return { id, job: result instanceof JobNotCancellableError ? result.job : null, outcome: null, error: result }
}
