import { id, map, words } from '../../../http/lenient.js'

export type CortexUser = NonNullable<ReturnType<typeof readUser>>

/** Null for nobody: records made by triggers have no creator. */
export function readUser(wire: unknown) {
  const user = map(wire)
  const userId = id(user?.id)
  return user === null || userId === null ? null : { id: userId, name: words(user.name) }
}
