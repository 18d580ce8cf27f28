import { isAllowed } from '../../auth/identity.js'
import type { ServerContext } from '../server-context.js'

/**
 * Whether the caller may see what is hidden from others, such as the schema. False when authentication is off: callers
 * then have the rights of an admin, but nobody has proved to be one.
 */
export function isAdmin({ identity }: ServerContext): boolean {
  return identity !== undefined && identity.via !== 'none' && isAllowed(identity, 'admin')
}
