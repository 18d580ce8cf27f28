/** In ascending order: each role includes the rights of those before it. */
export const ROLES = ['read', 'cancel', 'admin'] as const

/** `read` may query and subscribe, `cancel` may also cancel jobs, `admin` may do everything. */
export type Role = (typeof ROLES)[number]

/** The authenticated caller. */
export interface Identity {
  readonly name: string
  /** Null for an authenticated caller without any rights. */
  readonly role: Role | null
  /** The authentication method: an API key, a JSON Web Token, or none. */
  readonly via: 'key' | 'jwt' | 'none'
  /** When the identity expires, in the ms of `Date.now()`. Omitted: never. */
  readonly expiresAt?: number
  /** Aborts when the identity is revoked. Omitted: never. */
  readonly revoked?: AbortSignal
}

/** The identity of all callers when authentication is off. */
export const ANONYMOUS: Identity = { name: 'anonymous', role: 'admin', via: 'none' }

/** Whether the caller's role includes these rights. */
export function isAllowed({ role }: Identity, required: Role): boolean {
  return role !== null && ROLES.indexOf(role) >= ROLES.indexOf(required)
}
