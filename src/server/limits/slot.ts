import type { LoadShedder } from './load-shedder.js'

/** One of the slots for operations in flight. */
export interface Slot {
  /** Call when the whole request has arrived. Returns false when no slot is free any more. */
  acquire(): boolean
  /** Call when the operation is answered or abandoned. Further calls do nothing. */
  release(): void
}

/**
 * Takes a slot for an operation that is about to be read; returns null when none is free.
 *
 * If the request has not arrived completely by the next turn of the event loop, the slot is given back, and `acquire`
 * takes it again later. Otherwise a client that sends one byte and then nothing would hold a slot for as long as a
 * request may take. Requests that arrive in one turn are counted in that turn, or any number could start in it.
 */
export function acquireSlot(shedder: LoadShedder, hasArrived: () => boolean): Slot | null {
  let release = shedder.admit()
  if (!release) return null
  let isComplete = false
  let isOver = false
  setImmediate(() => {
    if (isComplete || isOver || hasArrived()) return
    release?.()
    release = null
  })
  return {
    acquire() {
      isComplete = true
      if (!isOver) release ??= shedder.admit()
      return release !== null
    },
    release() {
      isOver = true
      release?.()
    },
  }
}
