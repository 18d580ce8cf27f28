/** Shares work in flight by key: callers that want the same at the same time get the same result. */
export interface SingleFlight<T> {
  /**
   * Joins the work in flight for this key, or starts it. A caller that disconnects is rejected with the reason of its
   * own signal and does not affect the others; the work is aborted when the last caller has disconnected.
   */
  join(request: FlightRequest<T>): Promise<T>
  /** Stops callers from joining work in flight whose key has this prefix: its result may be out of date. */
  invalidate(prefix: string): void
}

export interface FlightRequest<T> {
  readonly key: string
  readonly signal?: AbortSignal | undefined
  /** Join only work that started at this time or later, in the ms of `performance.now()`. */
  readonly notBefore: number
  /** Starts the work; its signal aborts when nobody waits any more. */
  readonly start: (signal: AbortSignal) => Promise<T>
  /** Called when work that another caller started has succeeded. */
  readonly onShared: () => void
  /** Whether this failure concerns only the caller that started the work, so that this caller may try again. */
  readonly isLeaderFailure: (error: unknown) => boolean
}

interface Flight<T> {
  readonly result: Promise<T>
  readonly abort: AbortController
  /** In the ms of `performance.now()`. */
  readonly startedAt: number
  callers: number
}

export function createSingleFlight<T>(): SingleFlight<T> {
  const flights = new Map<string, Flight<T>>()

  function start({ key, start }: FlightRequest<T>): Flight<T> {
    const abort = new AbortController()
    const result = start(abort.signal).finally(() => remove(key, flight))
    const flight: Flight<T> = { result, abort, startedAt: performance.now(), callers: 0 }
    flights.set(key, flight)
    return flight
  }

  function remove(key: string, flight: Flight<T>): void {
    if (flights.get(key) === flight) flights.delete(key)
  }

  function waitFor(flight: Flight<T>, { key, signal }: FlightRequest<T>): Promise<T> {
    flight.callers++
    return new Promise<T>((resolve, reject) => {
      const disconnect = () => {
        reject(signal?.reason as Error)
        if (--flight.callers > 0) return
        // Before the abort takes effect: the next caller must not join work that is being aborted.
        remove(key, flight)
        flight.abort.abort(signal?.reason)
      }
      signal?.addEventListener('abort', disconnect, { once: true })
      flight.result.then(resolve, reject).finally(() => signal?.removeEventListener('abort', disconnect))
    })
  }

  async function join(request: FlightRequest<T>): Promise<T> {
    request.signal?.throwIfAborted()
    const inFlight = flights.get(request.key)
    if (inFlight === undefined || inFlight.startedAt < request.notBefore) return waitFor(start(request), request)
    try {
      const result = await waitFor(inFlight, request)
      request.onShared()
      return result
    } catch (error) {
      if (request.isLeaderFailure(error)) return join(request)
      throw error
    }
  }

  return {
    join,
    invalidate(prefix) {
      for (const key of flights.keys()) if (key.startsWith(prefix)) flights.delete(key)
    },
  }
}
