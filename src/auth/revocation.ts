import { setMaxListeners } from 'node:events'

/** What makes callers known no longer. */
export interface Revocation {
  readonly signal: AbortSignal
  revoke(): void
}

export function createRevocation(): Revocation {
  const controller = new AbortController()
  // Each stream of a caller listens: for Node, more than ten look like a leak.
  setMaxListeners(0, controller.signal)
  return { signal: controller.signal, revoke: () => controller.abort() }
}
