import { setMaxListeners } from 'node:events'

/** Revokes identities through an abort signal. */
export interface Revocation {
  readonly signal: AbortSignal
  revoke(): void
}

export function createRevocation(): Revocation {
  const controller = new AbortController()
  // Each stream of a caller adds a listener; Node warns about a leak from eleven on.
  setMaxListeners(0, controller.signal)
  return { signal: controller.signal, revoke: () => controller.abort() }
}
