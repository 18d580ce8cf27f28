import { setMaxListeners } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import type { Priority } from '../http/budget/turn.js'
import type { Caller } from '../http/caller.js'

/** A wish that waits to be sent. */
export interface Wish {
  readonly caller: Caller
  /** Aborts when nobody wants it any more. */
  readonly signal: AbortSignal
  /** Told when it could not be sent. */
  readonly reject: (error: Error) => void
}

/** Gathers wishes by place, until something can be sent there. */
export interface Gatherer<W extends Wish> {
  add(place: string, wish: W): void
}

export interface GathererOptions<W, Granted> {
  /** How long to gather before asking for a turn, in ms. With 0, what is wished for in the same tick goes together. */
  readonly windowMs: number
  /** Waits for a turn to send something. */
  readonly turn: (caller: Caller) => Promise<Granted>
  /** Takes all wishes of a place, at least one. Its work is abandoned through the controller. */
  readonly send: (granted: Granted, wishes: readonly W[], abandon: AbortController) => void
}

interface Place<W> {
  readonly waiting: Set<W>
  /** What is being waited for, for each priority with which somebody wishes. */
  readonly turns: Map<Priority, AbortController>
}

/**
 * A place takes one turn for everything that is wished for there, and what is wished for while it waits goes along:
 * while a vendor has room, wishes are sent at once; when it has none, they gather and cost one request together.
 */
export function createGatherer<W extends Wish, Granted>(options: GathererOptions<W, Granted>): Gatherer<W> {
  const { windowMs, turn, send } = options
  const places = new Map<string, Place<W>>()

  function placeNamed(name: string): Place<W> {
    const place = places.get(name) ?? { waiting: new Set<W>(), turns: new Map<Priority, AbortController>() }
    places.set(name, place)
    return place
  }

  async function takeTurn(name: string, { caller }: W): Promise<void> {
    const { turns } = placeNamed(name)
    const waiting = new AbortController()
    // Every request sent for it listens; for Node, more than ten look like a leak.
    setMaxListeners(0, waiting.signal)
    turns.set(caller.priority, waiting)
    const { signal } = waiting
    try {
      if (windowMs > 0) await delay(windowMs, undefined, { signal })
      const granted = await turn({ ...caller, signal })
      send(granted, takeAll(name, waiting), waiting)
    } catch (error) {
      // Nobody waits any more, or another turn took them along.
      if (signal.aborted) return
      turns.delete(caller.priority)
      refuse(name, caller, error as Error)
    }
  }

  function takeAll(name: string, granted: AbortController): readonly W[] {
    const { waiting, turns } = placeNamed(name)
    places.delete(name)
    for (const turn of turns.values()) if (turn !== granted) turn.abort()
    return [...waiting]
  }

  /** Whoever has more time than the one for whom the turn was asked tries again. */
  function refuse(name: string, { priority, deadline }: Caller, error: Error): void {
    const { waiting } = placeNamed(name)
    const refused = [...waiting].filter(({ caller }) => caller.priority === priority)
    const patient = refused.find(({ caller }) => caller.deadline > deadline)
    for (const wish of refused) {
      if (patient && wish.caller.deadline > deadline) continue
      waiting.delete(wish)
      wish.reject(error)
    }
    if (patient) void takeTurn(name, patient)
    else if (waiting.size === 0) places.delete(name)
  }

  function leave(name: string, wish: W): void {
    const { waiting, turns } = placeNamed(name)
    waiting.delete(wish)
    const { priority } = wish.caller
    if ([...waiting].some(({ caller }) => caller.priority === priority)) return
    turns.get(priority)?.abort()
    turns.delete(priority)
    if (waiting.size === 0) places.delete(name)
  }

  return {
    add(name, wish) {
      const { waiting, turns } = placeNamed(name)
      waiting.add(wish)
      wish.signal.addEventListener('abort', () => waiting.has(wish) && leave(name, wish), { once: true })
      if (!turns.has(wish.caller.priority)) void takeTurn(name, wish)
    },
  }
}
