import { JobNotFoundError, VendorError } from '../job/errors.js'
import type { Job, JobAddress } from '../job/job.js'
import { createMeter, type Meter } from '../job/meter.js'
import type { Selection } from '../job/selection.js'
import { isTerminal } from '../job/state.js'
import type { Age, Vendor } from '../job/vendor.js'

/** Somebody waits for the present; nobody waits, and what another instance has just read will do; or only the vendor knows. */
export type Urgency = 'asked' | 'followed' | 'polled'

/** How looks are made. */
export interface LookOptions {
  /** How long one that somebody waits for may wait for its turn, in ms. */
  readonly deadlineMs: number
  readonly meter: Meter
}

export interface Look extends LookOptions {
  readonly vendor: Vendor
  readonly address: JobAddress
  readonly selection: Selection
  readonly urgency: Urgency
  /** Aborts when nobody wants to know any more. */
  readonly signal: AbortSignal
}

/**
 * Reads a job through the vendor's own planner, so that those of one place go together.
 * @throws {JobNotFoundError} when the vendor knows no such job
 * @throws {BadInputError} when it cannot be one
 * @throws {VendorError} when it could not be read
 */
export async function lookAt({ vendor, address, selection, urgency, signal, deadlineMs, meter }: Look): Promise<Job> {
  const askedAt = performance.now()
  const own = createMeter(meter)
  const read = (age: Age) =>
    vendor
      .open({
        signal,
        askedAt,
        deadline: askedAt + (urgency === 'asked' ? deadlineMs : PATIENCE_MS),
        age,
        background: urgency !== 'asked',
        meter: own,
        onCancel() {},
      })
      .job(address, selection)
  const found = await read(urgency === 'polled' ? 'new' : 'live')
  // That it has ended is the last word, so it has to be true now: a record can be run again.
  const isKept = (own.usage()[vendor.name]?.cached ?? 0) > 0
  const job = isKept && urgency === 'asked' && found !== null && isTerminal(found.state) ? await read('new') : found
  if (job === null) throw new JobNotFoundError('The vendor knows no such job.')
  return job
}

/** How long a look that nobody waits for may wait for its turn: where much is watched with a small budget, all is seen later. */
const PATIENCE_MS = 60_000

/** Whether a later look may do better. */
export function mayPass(error: unknown): error is VendorError {
  return error instanceof VendorError && !LASTING.has(error.code)
}

const LASTING = new Set(['UNAUTHENTICATED', 'VENDOR_UNAUTHORIZED', 'VENDOR_NOT_CONFIGURED', 'VENDOR_UNSUPPORTED'])
