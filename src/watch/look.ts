import { JobNotFoundError, VendorError } from '../job/errors.js'
import type { Job, JobAddress } from '../job/job.js'
import type { Meter } from '../job/meter.js'
import type { Selection } from '../job/selection.js'
import type { Vendor } from '../job/vendor.js'

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
  const session = vendor.open({
    signal,
    askedAt,
    deadline: askedAt + (urgency === 'asked' ? deadlineMs : PATIENCE_MS),
    age: urgency === 'polled' ? 'new' : 'live',
    background: urgency !== 'asked',
    meter,
    onCancel() {},
  })
  const job = await session.job(address, selection)
  if (job === null) throw new JobNotFoundError('The vendor knows no such job.')
  return job
}

/** How long a look that nobody waits for may wait for its turn: where much is watched with a small budget, all is seen later. */
const PATIENCE_MS = 60_000

/** Whether a later look may do better. */
export function mayPass(error: unknown): error is VendorError {
  return error instanceof VendorError && !LASTING.has(error.code)
}

const LASTING = new Set(['VENDOR_UNAUTHORIZED', 'VENDOR_NOT_CONFIGURED', 'VENDOR_UNSUPPORTED'])
