import type { Identity } from './identity.js'

/** How long an identity is valid. */
export type Expiry = Pick<Identity, 'expiresAt' | 'revoked'>

/** Node's timers fire at fire when the delay is longer. */
const MAX_TIMER_MS = 2_147_483_647

/** Whether the identity has expired or was revoked. */
export function isExpired({ expiresAt = Infinity, revoked }: Expiry): boolean {
  return Date.now() >= expiresAt || revoked?.aborted === true
}

/**
 * Calls back once, when the identity expires or is revoked, or after 24 days if that is earlier. Does not keep the
 * process alive.
 * @returns a function that cancels the callback
 */
export function onExpired({ expiresAt, revoked }: Expiry, callback: () => void): () => void {
  const timer = expiresAt === undefined ? undefined : setTimeout(fire, Math.min(expiresAt - Date.now(), MAX_TIMER_MS))
  timer?.unref()
  revoked?.addEventListener('abort', fire)
  if (revoked?.aborted) queueMicrotask(fire)

  function cancel(): void {
    clearTimeout(timer)
    revoked?.removeEventListener('abort', fire)
  }

  function fire(): void {
    cancel()
    callback()
  }

  return cancel
}
