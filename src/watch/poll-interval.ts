/** The limits of the adaptive poll interval, in ms. */
export interface PollIntervalBounds {
  readonly minMs: number
  readonly maxMs: number
}

/** The interval is this share of the time since the last change, so a change is seen at most this share later. */
const QUIET_TIME_SHARE = 1 / 20
/** The random share added to each interval, so that jobs do not poll in step. */
const JITTER = 0.2

/**
 * The delay before the next poll, in ms: short after a change, longer the longer a job stays unchanged.
 * @param quietMs the time since the last change
 */
export function nextPollInterval(quietMs: number, { minMs, maxMs }: PollIntervalBounds): number {
  return Math.min(Math.max(quietMs * QUIET_TIME_SHARE, minMs), maxMs) * (1 + JITTER * Math.random())
}
