import type { YogaInitialContext } from 'graphql-yoga'

/**
 * Whether whoever sent an operation may see what is for those who run the gateway: the schema, where others may not
 * look at it. Asked before the document is validated, so before resolvers' own context is made. Callers have no roles
 * yet, so nobody is.
 */
export function isAdmin(_context: YogaInitialContext): boolean {
  return false
}
