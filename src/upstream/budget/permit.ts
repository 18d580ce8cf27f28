/** Highest priority first. */
export const PRIORITIES = ['cancel', 'read', 'list', 'poll'] as const

/** A cancel, a read of single jobs, a page of a list, or a background poll that no caller waits for. */
export type Priority = (typeof PRIORITIES)[number]

/** Asks for a permit: the right to send one request. */
export interface PermitRequest {
  readonly priority: Priority
  /** The latest time to send the request, in the ms of `performance.now()`. */
  readonly deadline: number
  /** Aborts when the request is no longer wanted. */
  readonly signal?: AbortSignal | undefined
}
