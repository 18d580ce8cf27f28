/** From the least right to the most: each role may do what those before it may. */
export const ROLES = ['read', 'cancel', 'admin'] as const

/** What a caller may do: read and subscribe, cancel as well, or everything. */
export type Role = (typeof ROLES)[number]

/** Who asks. */
export interface Identity {
  readonly name: string
  /** Null for somebody who is known and may do nothing. */
  readonly role: Role | null
  /** How that is known: by an API key, by a JSON Web Token, or not at all. */
  readonly via: 'key' | 'jwt' | 'none'
  /** When it is known no longer, in the ms of `Date.now()`. Left out: never. */
  readonly expiresAt?: number
  /** Aborts when it is known no longer, because somebody said so. Left out: never. */
  readonly revoked?: AbortSignal
}

/** Everybody, where nobody is asked who they are. */
export const ANONYMOUS: Identity = { name: 'anonymous', role: 'admin', via: 'none' }

/** Whether the caller's role is this one, or one with more rights. */
export function isAllowed({ role }: Identity, right: Role): boolean {
  return role !== null && ROLES.indexOf(role) >= ROLES.indexOf(right)
}
