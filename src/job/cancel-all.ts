import { decodeJobId } from './job-id.js'
import type { CancelOutcome } from './cancel.js'
import { BadInputError, DocketError, InternalError, JobNotCancellableError, NotAttemptedError } from './errors.js'
import type { Job } from './job.js'
import type { Log } from './log.js'
import type { Sessions } from './sessions.js'

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
}

/**
 * Cancels jobs of any vendors, each once, at most eight at a time; one report for each id, in the order given.
 * @throws {BadInputError} for none, or for more than 100
 */
export async function cancelAll(
  sessions: Sessions,
  ids: readonly string[],
  { deadline, log }: CancelAllOptions,
): Promise<CancelReport[]> {
  if (ids.length < 1 || ids.length > MAX_CANCELS) throw new BadInputError(`\`ids\` must hold 1 to ${MAX_CANCELS} ids.`)
  const waiting = [...new Set(ids)]
  const reports = new Map<string, CancelReport>()
  const work = async () => {
    for (let id = waiting.shift(); id !== undefined; id = waiting.shift())
      reports.set(id, performance.now() < deadline ? await cancelOne(sessions, id, log) : notAttempted(id))
  }
  await Promise.all(Array.from({ length: CANCEL_CONCURRENCY }, work))
  return ids.map((id) => reports.get(id)!)
}

function notAttempted(id: string): CancelReport {
  return { id, job: null, outcome: null, error: new NotAttemptedError() }
}

async function cancelOne(sessions: Sessions, id: string, log: Log): Promise<CancelReport> {
  try {
    const address = decodeJobId(id)
    const { job, outcome } = await sessions.forType(address.type).cancel(address)
    return { id, job, outcome, error: null }
  } catch (error) {
    const job = error instanceof JobNotCancellableError ? error.job : null
    return { id, job, outcome: null, error: presentable(error, log) }
  }
}

function presentable(error: unknown, log: Log): DocketError {
  if (error instanceof DocketError) return error
  log.error({ err: error }, 'a cancel failed in a way nobody foresaw')
  return new InternalError()
}
