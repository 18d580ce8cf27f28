import { JobNotFoundError, VendorError } from '../job/errors.js'
import type { Job, JobAddress } from '../job/job.js'
import { createMeter, type Meter } from '../job/meter.js'
import type { Selection } from '../job/selection.js'
import { isTerminal } from '../job/state.js'
import type { MaxAge, Vendor } from '../job/vendor.js'

/**
 * Why a job is polled. `subscribe`: a new subscriber waits for the current state. `leader-update`: another instance has
 * just read the job, so a cached read is enough. `scheduled`: only a new read from the vendor counts.
 */
export type PollReason = 'subscribe' | 'leader-update' | 'scheduled'

export interface PollOptions {
  /** How long a poll that a subscriber waits for may wait for its permit, in ms. */
  readonly deadlineMs: number
  readonly meter: Meter
}

export interface PollRequest extends PollOptions {
  readonly vendor: Vendor
  readonly address: JobAddress
  readonly selection: Selection
  readonly reason: PollReason
  /** Aborts when the last subscriber leaves. */
  readonly signal: AbortSignal
}

/**
 * Reads a job through the vendor's batching, so that polls of the same container share a request.
 * @throws {JobNotFoundError} when the vendor has no such job
 * @throws {BadInputError} when the address is invalid
 * @throws {VendorError} when the read fails
 */
export async function pollJob(request: PollRequest): Promise<Job> {
  const { vendor, address, selection, reason, signal, deadlineMs, meter } = request
  const requestedAt = performance.now()
  const ownMeter = createMeter(meter)
  const read = (maxAge: MaxAge) =>
    vendor
      .open({
        signal,
        requestedAt,
        deadline: requestedAt + (reason === 'subscribe' ? deadlineMs : BACKGROUND_DEADLINE_MS),
        maxAge,
        background: reason !== 'subscribe',
        meter: ownMeter,
        onCancel() {},
      })
      .job(address, selection)
  const found = await read(reason === 'scheduled' ? 'new' : 'live')
  // A terminal state completes the subscription, so it must not come from the cache: a record can be run again.
  const isCached = (ownMeter.usage()[vendor.name]?.cached ?? 0) > 0
  const needsNewRead = isCached && reason === 'subscribe' && found !== null && isTerminal(found.state)
  const job = needsNewRead ? await read('new') : found
  if (job === null) throw new JobNotFoundError('The vendor knows no such job.')
  return job
}

/** How long a background poll may wait for its permit: with many jobs and a small budget, all updates are late, none is lost. */
const BACKGROUND_DEADLINE_MS = 60_000

/** Whether a later poll may succeed. */
export function isTransient(error: unknown): error is VendorError {
  return error instanceof VendorError && !PERMANENT_CODES.has(error.code)
}

const PERMANENT_CODES = new Set([
  'UNAUTHENTICATED',
  'VENDOR_UNAUTHORIZED',
  'VENDOR_NOT_CONFIGURED',
  'VENDOR_UNSUPPORTED',
])
