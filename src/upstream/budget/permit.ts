/** Who goes first when not everybody can, the first first. */
export const PRIORITIES = ['cancel', 'read', 'list', 'poll'] as const

/** A cancel, the read of some jobs, a page of a list, or a look that nobody is waiting for. */
export type Priority = (typeof PRIORITIES)[number]

/** Somebody who wants to send one request. */
export interface PermitRequest {
  readonly priority: Priority
  /** By when it must have been sent, in the ms of `performance.now()`. */
  readonly deadline: number
  /** Aborts when nobody wants it any more. */
  readonly signal?: AbortSignal | undefined
}
