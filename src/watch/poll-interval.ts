/** How often a job is looked at. */
export interface PollIntervalBounds {
  /** The shortest pause between two looks, in ms. */
  readonly minMs: number
  /** The longest one, in ms. */
  readonly maxMs: number
}

/** What happens to a job is noticed after no more than this part of the time for which nothing had happened. */
const QUIET_TIME_SHARE = 1 / 20
/** Of a pause, at random: so that jobs do not fall into step. */
const JITTER = 0.2

/** The pause before the next look, in ms: short after a change, longer the longer nothing has changed. */
export function nextPollInterval(quietMs: number, { minMs, maxMs }: PollIntervalBounds): number {
  return Math.min(Math.max(quietMs * QUIET_TIME_SHARE, minMs), maxMs) * (1 + JITTER * Math.random())
}
