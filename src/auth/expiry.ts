import type { Identity } from './identity.js'

/** How long somebody is known. */
export type Expiry = Pick<Identity, 'expiresAt' | 'revoked'>

/** The longest that Node's timers can wait; what is longer they take for nothing at all. */
const MAX_TIMER_MS = 2_147_483_647

/** Whether that is over. */
export function isExpired({ expiresAt = Infinity, revoked }: Expiry): boolean {
  return Date.now() >= expiresAt || revoked?.aborted === true
}

/**
 * Tells when it is over, once; weeks before that at the earliest. Keeps no process alive.
 * @returns stops waiting for it
 */
export function onExpired({ expiresAt, revoked }: Expiry, tell: () => void): () => void {
  const timer = expiresAt === undefined ? undefined : setTimeout(once, Math.min(expiresAt - Date.now(), MAX_TIMER_MS))
  timer?.unref()
  revoked?.addEventListener('abort', once)
  if (revoked?.aborted) queueMicrotask(once)

  function forget(): void {
    clearTimeout(timer)
    revoked?.removeEventListener('abort', once)
  }

  function once(): void {
    forget()
    tell()
  }

  return forget
}
