import { readId, readObject, readNonEmptyString } from '../../../upstream/lenient.js'

export type CortexUser = NonNullable<ReturnType<typeof readUser>>

/** Null when absent: records created by triggers have no creator. */
export function readUser(wire: unknown) {
  const user = readObject(wire)
  const userId = readId(user?.id)
  return user === null || userId === null ? null : { id: userId, name: readNonEmptyString(user.name) }
}
