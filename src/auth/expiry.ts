import type { Identity } from './identity.js'

/** How long somebody is known. */
export type Term = Pick<Identity, 'expiresAt' | 'revoked'>

/** The longest that Node's timers can wait; what is longer they take for nothing at all. */
const LONGEST_MS = 2_147_483_647

/** Whether that is over. */
export function isOver({ expiresAt = Infinity, revoked }: Term): boolean {
  return Date.now() >= expiresAt || revoked?.aborted === true
}

/**
 * Tells when it is over, once; weeks before that at the earliest. Keeps no process alive.
 * @returns stops waiting for it
 */
export function whenOver({ expiresAt, revoked }: Term, tell: () => void): () => void {
  const timer = expiresAt === undefined ? undefined : setTimeout(once, Math.min(expiresAt - Date.now(), LONGEST_MS))
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
