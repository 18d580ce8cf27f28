import { setTimeout as delay } from 'node:timers/promises'
import { PRIORITIES, type Priority } from '../upstream/budget/permit.js'
import { isDeadlineExceeded, type CallContext } from '../upstream/call-context.js'

/** A wish that waits to be sent. */
export interface PendingRead {
  /** Its signal aborts when nobody wants it any more. */
  readonly context: CallContext & { readonly signal: AbortSignal }
  /** Told when it could not be sent. */
  readonly reject: (error: Error) => void
}

/** Gathers wishes by place, until something can be sent there. */
export interface BatchQueue<W extends PendingRead> {
  add(place: string, wish: W): void
}

export interface BatchQueueOptions<W, Turn> {
  /** How long to gather before asking for a turn, in ms. With 0, what is wished for in the same tick goes together. */
  readonly windowMs: number
  /** Waits for a turn to send something. */
  readonly acquirePermit: (caller: CallContext) => Promise<Turn>
  /** Takes all wishes of a place, at least one. */
  readonly send: (wishes: readonly W[], granted: BatchGrant<Turn>) => void
}

export interface BatchGrant<Turn> {
  readonly permit: Turn
  /** Whose turn it was: the others go along. */
  readonly context: CallContext
  /** For what is sent: to be aborted when nobody wants it any more. */
  readonly abort: AbortController
}

interface Batch<W> {
  readonly key: string
  readonly pending: Set<W>
  /** What it waits for; null when nothing is asked for yet. */
  permitRequest: { readonly priority: Priority; readonly abandon: AbortController } | null
}

/**
 * A place takes one turn for everything that is wished for there, and what is wished for while it waits goes along:
 * while a vendor has room, wishes are sent at once; when it has none, they gather and cost one request together.
 */
export function createBatchQueue<W extends PendingRead, Turn>(options: BatchQueueOptions<W, Turn>): BatchQueue<W> {
  const { windowMs, acquirePermit, send } = options
  const places = new Map<string, Batch<W>>()

  async function takeTurn(place: Batch<W>, { context }: W): Promise<void> {
    const abandon = new AbortController()
    const { signal } = abandon
    place.permitRequest = { priority: context.priority, abandon }
    try {
      if (windowMs > 0) await delay(windowMs, undefined, { signal })
      const granted = await acquirePermit({ ...context, signal })
      // Nobody waits any more, or somebody more urgent does.
      if (signal.aborted) return
      send(takeAll(place), { permit: granted, context, abort: abandon })
    } catch (error) {
      if (!signal.aborted) refuse(place, context, error as Error)
    }
  }

  function takeAll(place: Batch<W>): readonly W[] {
    const wishes = [...place.pending]
    place.pending.clear()
    places.delete(place.key)
    return wishes
  }

  /**
   * Where it was a matter of time, whoever is more urgent than the one for whom the turn was asked, or has more time,
   * tries again: the most patient of the most urgent, so that few refusals are enough for all.
   */
  function refuse(place: Batch<W>, refused: CallContext, error: Error): void {
    place.permitRequest = null
    let next: W | null = null
    for (const wish of place.pending) {
      const { priority, deadline } = wish.context
      const mayDoBetter = isMoreUrgent(priority, refused.priority) || deadline > refused.deadline
      if (mayDoBetter && isDeadlineExceeded(error)) {
        if (next === null || comesBefore(wish.context, next.context)) next = wish
        continue
      }
      place.pending.delete(wish)
      wish.reject(error)
    }
    if (next) void takeTurn(place, next)
    else places.delete(place.key)
  }

  function leave(place: Batch<W>, wish: W): void {
    if (!place.pending.delete(wish) || place.pending.size > 0) return
    place.permitRequest?.abandon.abort()
    places.delete(place.key)
  }

  return {
    add(name, wish) {
      const { priority, signal } = wish.context
      const place: Batch<W> = places.get(name) ?? { key: name, pending: new Set(), permitRequest: null }
      places.set(name, place)
      place.pending.add(wish)
      signal.addEventListener('abort', () => leave(place, wish), { once: true })
      if (place.permitRequest && !isMoreUrgent(priority, place.permitRequest.priority)) return
      place.permitRequest?.abandon.abort()
      void takeTurn(place, wish)
    },
  }
}

function priorityRank(priority: Priority): number {
  return PRIORITIES.indexOf(priority)
}

function comesBefore(one: CallContext, other: CallContext): boolean {
  return one.priority === other.priority ? one.deadline > other.deadline : isMoreUrgent(one.priority, other.priority)
}

function isMoreUrgent(one: Priority, other: Priority): boolean {
  return priorityRank(one) < priorityRank(other)
}
