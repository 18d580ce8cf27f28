import { setTimeout as delay } from 'node:timers/promises'
import type { JobAddress } from './job.js'
import { JobNotFoundError, VendorError } from './errors.js'
import type { Job } from './job.js'
import { isTerminal } from './state.js'
import type { VendorSession } from './vendor.js'

/** Reads in a row that may fail before the watcher is told. */
const FAILURES_TO_REPORT = 5

/**
 * The job now, and again whenever its status, progress or failure has changed, until it is terminal. Short outages
 * of the vendor are sat out.
 * @param pollMs the pause between two reads
 * @throws {JobNotFoundError} when the vendor knows no such job
 * @throws {VendorError} when it failed five times in a row
 */
export async function* watchJob(session: VendorSession, address: JobAddress, pollMs: number, signal: AbortSignal): AsyncGenerator<Job> {
  let last = ''
  for (let failures = 0; !signal.aborted; await pause(pollMs, signal)) {
    let job: Job | null
    try {
      job = await session.freshJob(address)
      failures = 0
    } catch (error) {
      if (signal.aborted) return
      if (!(error instanceof VendorError) || ++failures >= FAILURES_TO_REPORT || !isPassing(error)) throw error
      continue
    }
    if (job === null) throw new JobNotFoundError('The vendor knows no such job.')
    const now = JSON.stringify([job.vendorStatus, job.state])
    if (now !== last) yield job
    last = now
    if (isTerminal(job.state)) return
  }
}

function isPassing({ code }: VendorError): boolean {
  return code !== 'VENDOR_UNAUTHORIZED' && code !== 'VENDOR_NOT_CONFIGURED' && code !== 'VENDOR_UNSUPPORTED'
}

/** Ends early, without an error, when nobody waits any more. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return delay(ms, undefined, { signal }).catch(() => undefined)
}
