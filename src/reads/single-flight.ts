/** Work under way, by what it is: whoever wants the same meanwhile gets the same answer. */
export interface SingleFlight<T> {
  /**
   * The answer of the work that is under way for this key, else of work begun now. Whoever leaves is rejected with
   * their signal's reason and disturbs nobody; when the last one has left, the work is aborted.
   */
  join(request: FlightRequest<T>): Promise<T>
  /** From now on nobody joins what is under way for keys that begin so: it may answer what is no longer so. */
  invalidate(prefix: string): void
}

export interface FlightRequest<T> {
  readonly key: string
  readonly signal?: AbortSignal | undefined
  /** Only work begun since then will do, in the ms of `performance.now()`. */
  readonly notBefore: number
  /** Starts the work; its signal aborts when nobody waits any more. */
  readonly start: (signal: AbortSignal) => Promise<T>
  /** Told when work begun for somebody else has answered. */
  readonly onShared: () => void
  /** Whether this failure of work begun for somebody else says nothing of one's own. */
  readonly isLeaderFailure: (error: unknown) => boolean
}

interface Flight<T> {
  readonly result: Promise<T>
  readonly abort: AbortController
  readonly startedAt: number
  callers: number
}

export function createSingleFlight<T>(): SingleFlight<T> {
  const flights = new Map<string, Flight<T>>()

  function begin({ key, start }: FlightRequest<T>): Flight<T> {
    const abandoned = new AbortController()
    const answer = start(abandoned.signal).finally(() => land(key, flight))
    const flight: Flight<T> = { result: answer, abort: abandoned, startedAt: performance.now(), callers: 0 }
    flights.set(key, flight)
    return flight
  }

  function land(key: string, flight: Flight<T>): void {
    if (flights.get(key) === flight) flights.delete(key)
  }

  function ride(flight: Flight<T>, { key, signal }: FlightRequest<T>): Promise<T> {
    flight.callers++
    return new Promise<T>((resolve, reject) => {
      const leave = () => {
        reject(signal?.reason as Error)
        if (--flight.callers > 0) return
        // At once: whoever comes next must not join what is being given up.
        land(key, flight)
        flight.abort.abort(signal?.reason)
      }
      signal?.addEventListener('abort', leave, { once: true })
      flight.result.then(resolve, reject).finally(() => signal?.removeEventListener('abort', leave))
    })
  }

  async function join(request: FlightRequest<T>): Promise<T> {
    request.signal?.throwIfAborted()
    const underWay = flights.get(request.key)
    if (underWay === undefined || underWay.startedAt < request.notBefore) return ride(begin(request), request)
    try {
      const answer = await ride(underWay, request)
      request.onShared()
      return answer
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
