import { isAllowed, type Identity, type Role } from './identity.js'

export interface RoleClaim {
  /** The name of the claim, or a dotted path to it: `realm_access.roles`. */
  readonly claim: string
  /** The role for each value of the claim. Other values are ignored. */
  readonly roles: ReadonlyMap<string, Role>
}

/** The highest role in a token's claims; null when there is none. */
export function roleOf(claims: object, { claim, roles }: RoleClaim): Role | null {
  let highest: Role | null = null
  for (const value of stringsIn(claimAt(claims, claim))) {
    const role = roles.get(value)
    if (role !== undefined && (highest === null || isAllowed({ role } as Identity, highest))) highest = role
  }
  return highest
}

/** Tries the whole name first, because some issuers use names with dots: `https://docket.example/roles`. */
function claimAt(claims: object, path: string): unknown {
  if (Object.hasOwn(claims, path)) return (claims as Record<string, unknown>)[path]
  return path.split('.').reduce<unknown>((value, name) => {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined
    return (value as Record<string, unknown>)[name]
  }, claims)
}

/** A string may hold several values separated by spaces; the values of a list may contain spaces. */
function stringsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value, ...value.split(/\s+/)]
  if (Array.isArray(value)) return value.filter((item) => typeof item === 'string')
  return []
}
