import { setTimeout as delay } from 'node:timers/promises'
import { JobNotFoundError, VendorError } from './errors.js'
import type { Job } from './job.js'
import { isTerminal, type JobState } from './state.js'

/** Reads in a row that may fail before the watcher is told. */
const FAILURES_TO_REPORT = 5
/** A vendor may ask for more patience than a watcher has. */
const MAX_PAUSE_MS = 60_000

/**
 * The job now, and again whenever its status, progress or failure has changed, until it is terminal. Short outages
 * of the vendor are sat out, for as long as it asks for.
 * @param read looks at the job; null when it is unknown
 * @param pollMs the pause between two reads
 * @throws {JobNotFoundError} when the vendor knows no such job
 * @throws {VendorError} when it failed five times in a row
 */
export async function* watchJob(
  read: () => Promise<Job | null>,
  pollMs: number,
  signal: AbortSignal,
): AsyncGenerator<Job> {
  let last = ''
  let failures = 0
  while (!signal.aborted) {
    let pauseMs = pollMs
    try {
      const job = await read()
      failures = 0
      if (job === null) throw new JobNotFoundError('The vendor knows no such job.')
      const now = JSON.stringify([job.vendorStatus, job.state.status, progressOf(job.state)])
      if (now !== last) yield job
      last = now
      if (isTerminal(job.state)) return
    } catch (error) {
      if (signal.aborted) return
      if (!(error instanceof VendorError) || !isPassing(error) || ++failures >= FAILURES_TO_REPORT) throw error
      pauseMs = Math.max(pollMs, Math.min((error.details.retryAfterSeconds ?? 0) * 1000, MAX_PAUSE_MS))
    }
    await pause(pauseMs, signal)
  }
}

/** What else a state has depends on how the job was read, or comes with its status. */
function progressOf(state: JobState): number | null {
  return state.status === 'RUNNING' ? state.progress : null
}

function isPassing({ code }: VendorError): boolean {
  return code !== 'VENDOR_UNAUTHORIZED' && code !== 'VENDOR_NOT_CONFIGURED' && code !== 'VENDOR_UNSUPPORTED'
}

/** Ends early, without an error, when nobody waits any more. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return delay(ms, undefined, { signal }).catch(() => undefined)
}
