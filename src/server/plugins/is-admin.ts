import { isAllowed } from '../../auth/identity.js'
import type { ServerContext } from './caller-key.js'

/**
 * Whether whoever sent an operation may see what is for those who run the gateway: the schema, where others may not
 * look at it. Where nobody is asked who they are everybody may do what an admin may, and nobody is known to be one.
 */
export function isAdmin({ identity }: ServerContext): boolean {
  return identity !== undefined && identity.via !== 'none' && isAllowed(identity, 'admin')
}
