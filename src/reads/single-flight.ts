/** Work under way, by what it is: whoever wants the same meanwhile gets the same answer. */
export interface SingleFlight<T> {
  /**
   * The answer of the work that is under way for this key, else of work begun now. Whoever leaves is rejected with
   * their signal's reason and disturbs nobody; when the last one has left, the work is aborted.
   * @param begin starts the work; its signal aborts when nobody waits any more
   * @param onShared told when it was under way already
   */
  join(request: FlightRequest<T>): Promise<T>
  /** From now on nobody joins what is under way: it may answer what is no longer so. */
  forget(): void
}

export interface FlightRequest<T> {
  readonly key: string
  readonly signal?: AbortSignal | undefined
  /** Whether only work begun now will do. */
  readonly alone: boolean
  readonly begin: (signal: AbortSignal) => Promise<T>
  readonly onShared: () => void
}

interface Flight<T> {
  readonly answer: Promise<T>
  readonly abandoned: AbortController
  passengers: number
}

export function createSingleFlight<T>(): SingleFlight<T> {
  const flights = new Map<string, Flight<T>>()

  function begin({ key, begin }: FlightRequest<T>): Flight<T> {
    const abandoned = new AbortController()
    const answer = begin(abandoned.signal).finally(() => land(key, flight))
    const flight: Flight<T> = { answer, abandoned, passengers: 0 }
    flights.set(key, flight)
    return flight
  }

  function land(key: string, flight: Flight<T>): void {
    if (flights.get(key) === flight) flights.delete(key)
  }

  function ride(flight: Flight<T>, { key, signal }: FlightRequest<T>): Promise<T> {
    flight.passengers++
    return new Promise<T>((resolve, reject) => {
      const leave = () => {
        reject(signal?.reason as Error)
        if (--flight.passengers > 0) return
        // At once: whoever comes next must not join what is being given up.
        land(key, flight)
        flight.abandoned.abort(signal?.reason)
      }
      signal?.addEventListener('abort', leave, { once: true })
      flight.answer.then(resolve, reject).finally(() => signal?.removeEventListener('abort', leave))
    })
  }

  return {
    async join(request) {
      request.signal?.throwIfAborted()
      const underWay = request.alone ? undefined : flights.get(request.key)
      if (underWay) request.onShared()
      return ride(underWay ?? begin(request), request)
    },
    forget: () => flights.clear(),
  }
}
