import { setTimeout as delay } from 'node:timers/promises'
import { PRIORITIES, type Priority } from '../http/budget/turn.js'
import { isTimeUp, type Caller } from '../http/caller.js'

/** A wish that waits to be sent. */
export interface Wish {
  /** Its signal aborts when nobody wants it any more. */
  readonly caller: Caller & { readonly signal: AbortSignal }
  /** Told when it could not be sent. */
  readonly reject: (error: Error) => void
}

/** Gathers wishes by place, until something can be sent there. */
export interface Gatherer<W extends Wish> {
  add(place: string, wish: W): void
}

export interface GathererOptions<W, Turn> {
  /** How long to gather before asking for a turn, in ms. With 0, what is wished for in the same tick goes together. */
  readonly windowMs: number
  /** Waits for a turn to send something. */
  readonly turn: (caller: Caller) => Promise<Turn>
  /** Takes all wishes of a place, at least one. */
  readonly send: (wishes: readonly W[], granted: Granted<Turn>) => void
}

export interface Granted<Turn> {
  readonly turn: Turn
  /** Whose turn it was: the others go along. */
  readonly caller: Caller
  /** For what is sent: to be aborted when nobody wants it any more. */
  readonly abandon: AbortController
}

interface Place<W> {
  readonly name: string
  readonly waiting: Set<W>
  /** What it waits for; null when nothing is asked for yet. */
  turn: { readonly priority: Priority; readonly abandon: AbortController } | null
}

/**
 * A place takes one turn for everything that is wished for there, and what is wished for while it waits goes along:
 * while a vendor has room, wishes are sent at once; when it has none, they gather and cost one request together.
 */
export function createGatherer<W extends Wish, Turn>(options: GathererOptions<W, Turn>): Gatherer<W> {
  const { windowMs, turn, send } = options
  const places = new Map<string, Place<W>>()

  async function takeTurn(place: Place<W>, { caller }: W): Promise<void> {
    const abandon = new AbortController()
    const { signal } = abandon
    place.turn = { priority: caller.priority, abandon }
    try {
      if (windowMs > 0) await delay(windowMs, undefined, { signal })
      const granted = await turn({ ...caller, signal })
      // Nobody waits any more, or somebody more urgent does.
      if (signal.aborted) return
      send(takeAll(place), { turn: granted, caller, abandon })
    } catch (error) {
      if (!signal.aborted) refuse(place, caller, error as Error)
    }
  }

  function takeAll(place: Place<W>): readonly W[] {
    const wishes = [...place.waiting]
    place.waiting.clear()
    places.delete(place.name)
    return wishes
  }

  /**
   * Where it was a matter of time, whoever is more urgent than the one for whom the turn was asked, or has more time,
   * tries again: the most patient of the most urgent, so that few refusals are enough for all.
   */
  function refuse(place: Place<W>, refused: Caller, error: Error): void {
    place.turn = null
    let next: W | null = null
    for (const wish of place.waiting) {
      const { priority, deadline } = wish.caller
      const mayDoBetter = isMoreUrgent(priority, refused.priority) || deadline > refused.deadline
      if (mayDoBetter && isTimeUp(error)) {
        if (next === null || comesBefore(wish.caller, next.caller)) next = wish
        continue
      }
      place.waiting.delete(wish)
      wish.reject(error)
    }
    if (next) void takeTurn(place, next)
    else places.delete(place.name)
  }

  function leave(place: Place<W>, wish: W): void {
    if (!place.waiting.delete(wish) || place.waiting.size > 0) return
    place.turn?.abandon.abort()
    places.delete(place.name)
  }

  return {
    add(name, wish) {
      const { priority, signal } = wish.caller
      const place: Place<W> = places.get(name) ?? { name, waiting: new Set(), turn: null }
      places.set(name, place)
      place.waiting.add(wish)
      signal.addEventListener('abort', () => leave(place, wish), { once: true })
      if (place.turn && !isMoreUrgent(priority, place.turn.priority)) return
      place.turn?.abandon.abort()
      void takeTurn(place, wish)
    },
  }
}

function urgency(priority: Priority): number {
  return PRIORITIES.indexOf(priority)
}

function comesBefore(one: Caller, other: Caller): boolean {
  return one.priority === other.priority ? one.deadline > other.deadline : isMoreUrgent(one.priority, other.priority)
}

function isMoreUrgent(one: Priority, other: Priority): boolean {
  return urgency(one) < urgency(other)
}
