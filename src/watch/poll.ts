import { JobNotFoundError, VendorError } from '../job/errors.js'
import type { Job, JobAddress } from '../job/job.js'
import { createMeter, type Meter } from '../job/meter.js'
import type { Selection } from '../job/selection.js'
import { isTerminal } from '../job/state.js'
import type { MaxAge, Vendor } from '../job/vendor.js'

/** Somebody waits for the present; nobody waits, and what another instance has just read will do; or only the vendor knows. */
export type PollReason = 'asked' | 'followed' | 'polled'

/** How looks are made. */
export interface PollOptions {
  /** How long one that somebody waits for may wait for its turn, in ms. */
  readonly deadlineMs: number
  readonly meter: Meter
}

export interface Poll extends PollOptions {
  readonly vendor: Vendor
  readonly address: JobAddress
  readonly selection: Selection
  readonly reason: PollReason
  /** Aborts when nobody wants to know any more. */
  readonly signal: AbortSignal
}

/**
 * Reads a job through the vendor's own planner, so that those of one place go together.
 * @throws {JobNotFoundError} when the vendor knows no such job
 * @throws {BadInputError} when it cannot be one
 * @throws {VendorError} when it could not be read
 */
export async function pollJob({ vendor, address, selection, reason, signal, deadlineMs, meter }: Poll): Promise<Job> {
  const requestedAt = performance.now()
  const own = createMeter(meter)
  const read = (age: MaxAge) =>
    vendor
      .open({
        signal,
        requestedAt,
        deadline: requestedAt + (reason === 'asked' ? deadlineMs : BACKGROUND_DEADLINE_MS),
        maxAge: age,
        background: reason !== 'asked',
        meter: own,
        onCancel() {},
      })
      .job(address, selection)
  const found = await read(reason === 'polled' ? 'new' : 'live')
  // That it has ended is the last word, so it has to be true now: a record can be run again.
  const isKept = (own.usage()[vendor.name]?.cached ?? 0) > 0
  const job = isKept && reason === 'asked' && found !== null && isTerminal(found.state) ? await read('new') : found
  if (job === null) throw new JobNotFoundError('The vendor knows no such job.')
  return job
}

/** How long a look that nobody waits for may wait for its turn: where much is watched with a small budget, all is seen later. */
const BACKGROUND_DEADLINE_MS = 60_000

/** Whether a later look may do better. */
export function isTransient(error: unknown): error is VendorError {
  return error instanceof VendorError && !PERMANENT_CODES.has(error.code)
}

const PERMANENT_CODES = new Set([
  'UNAUTHENTICATED',
  'VENDOR_UNAUTHORIZED',
  'VENDOR_NOT_CONFIGURED',
  'VENDOR_UNSUPPORTED',
])
