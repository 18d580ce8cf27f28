import type { LoadShedder } from './load-shedder.js'

/** An operation's place among those under way. */
export interface Slot {
  /** Says that all of the operation has come; false when there is no place for it. */
  acquire(): boolean
  /** Says that it is answered or given up, once or more often. */
  release(): void
}

/**
 * Takes a place for an operation that is about to be read; null when there is none. It is given back if not all of the
 * operation has come when everything that came with its beginning has been seen, and taken again when it has: whoever
 * sends one byte and then nothing would hold a place for as long as a request may take. What comes in one round is
 * counted in that round all the same, or as many as like could begin in it.
 */
export function acquireSlot(load: LoadShedder, isThere: () => boolean): Slot | null {
  let leave = load.admit()
  if (!leave) return null
  let hasArrived = false
  let isOver = false
  setImmediate(() => {
    if (hasArrived || isOver || isThere()) return
    leave?.()
    leave = null
  })
  return {
    acquire() {
      hasArrived = true
      if (!isOver) leave ??= load.admit()
      return leave !== null
    },
    release() {
      isOver = true
      leave?.()
    },
  }
}
