import { isAllowed, type Identity, type Role } from './identity.js'

export interface RoleClaim {
  /** The claim's name, or the path to it: `realm_access.roles`. */
  readonly claim: string
  /** What their words mean here. Others mean nothing. */
  readonly roles: ReadonlyMap<string, Role>
}

/** The role with the most rights that a token's claims name; null when they name none. */
export function roleOf(claims: object, { claim, roles }: RoleClaim): Role | null {
  let best: Role | null = null
  for (const word of stringsIn(claimAt(claims, claim))) {
    const role = roles.get(word)
    if (role !== undefined && (best === null || isAllowed({ role } as Identity, best))) best = role
  }
  return best
}

/** Some issuers have names with dots in them, `https://docket.example/roles`, so the whole name comes first. */
function claimAt(claims: object, path: string): unknown {
  if (Object.hasOwn(claims, path)) return (claims as Record<string, unknown>)[path]
  return path.split('.').reduce<unknown>((value, name) => {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined
    return (value as Record<string, unknown>)[name]
  }, claims)
}

/** A list's words may have spaces in them, those of a text are divided by them. */
function stringsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value, ...value.split(/\s+/)]
  if (Array.isArray(value)) return value.filter((word) => typeof word === 'string')
  return []
}
