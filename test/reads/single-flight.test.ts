import { setImmediate as tick, setTimeout as delay } from 'node:timers/promises'
import { describe, expect, it, vi } from 'vitest'
import { createSingleFlight, type FlightRequest, type SingleFlight } from '../../src/reads/single-flight.js'

/** Work that ends when a test says so. */
interface Work {
  readonly signal: AbortSignal
  land(answer: string): void
  crash(error: Error): void
}

interface Airfield {
  readonly flights: SingleFlight<string>
  /** All that was begun, oldest first. */
  readonly begun: readonly Work[]
  readonly onShared: ReturnType<typeof vi.fn<() => void>>
  join(request?: Partial<FlightRequest<string>>): Promise<string>
}

function openAirfield(): Airfield {
  const flights = createSingleFlight<string>()
  const begun: Work[] = []
  const onShared = vi.fn<() => void>()
  return {
    flights,
    begun,
    onShared,
    join: (request = {}) =>
      flights.join({
        key: 'a job',
        notBefore: -Infinity,
        start: (signal) =>
          new Promise((land, crash) => {
            begun.push({ signal, land, crash })
          }),
        onShared,
        isLeaderFailure: () => false,
        ...request,
      }),
  }
}

describe('work under way', () => {
  it('is shared by all who want the same, and counted for all but the first', async () => {
    const { join, begun, onShared } = openAirfield()
    const answers = [join(), join(), join()]
    expect(begun).toHaveLength(1)
    begun[0]!.land('one answer')
    expect(await Promise.all(answers)).toEqual(['one answer', 'one answer', 'one answer'])
    expect(onShared).toHaveBeenCalledTimes(2)
  })

  it('is not shared by those who want something else', async () => {
    const { join, begun, onShared } = openAirfield()
    const answers = [join({ key: 'one' }), join({ key: 'other' }), join({ key: '' })]
    begun.forEach(({ land }, at) => land(`answer ${at}`))
    expect(await Promise.all(answers)).toEqual(['answer 0', 'answer 1', 'answer 2'])
    expect(onShared).not.toHaveBeenCalled()
  })

  it('is not kept when it is done', async () => {
    const { join, begun } = openAirfield()
    const first = join()
    begun[0]!.land('first')
    await first
    const second = join()
    begun[1]!.land('second')
    expect(await second).toBe('second')
  })

  it('fails for everybody who waits for it, and for nobody after that', async () => {
    const { join, begun, onShared } = openAirfield()
    const settled = Promise.allSettled([join(), join()])
    const error = new Error('out of order')
    begun[0]!.crash(error)
    expect(await settled).toEqual([
      { status: 'rejected', reason: error },
      { status: 'rejected', reason: error },
    ])
    expect(onShared).not.toHaveBeenCalled()
    const third = join()
    begun[1]!.land('well again')
    expect(await third).toBe('well again')
  })

  it('that cannot even begin fails for who began it, and keeps nobody from beginning again', async () => {
    const { join, begun } = openAirfield()
    await expect(
      join({
        start: () => {
          throw new Error('no runway')
        },
      }),
    ).rejects.toThrow('no runway')
    const next = join()
    begun[0]!.land('fine')
    expect(await next).toBe('fine')
  })
})

describe('a caller who leaves', () => {
  it('is rejected with the reason of their own signal, and disturbs nobody', async () => {
    const { join, begun } = openAirfield()
    const leaver = new AbortController()
    const left = join({ signal: leaver.signal })
    const stays = join({ signal: new AbortController().signal })
    const hasNoSignal = join()
    const reason = new Error('lost patience')
    leaver.abort(reason)
    await expect(left).rejects.toBe(reason)
    expect(begun[0]!.signal.aborted).toBe(false)
    begun[0]!.land('for the others')
    expect(await Promise.all([stays, hasNoSignal])).toEqual(['for the others', 'for the others'])
  })

  it('ends the work when nobody else waits for it', async () => {
    const { join, begun } = openAirfield()
    const callers = [new AbortController(), new AbortController(), new AbortController()]
    const answers = callers.map(({ signal }) => join({ signal }))
    const settled = Promise.allSettled(answers)
    callers.forEach((caller, at) => {
      expect(begun[0]!.signal.aborted).toBe(false)
      caller.abort(new Error(`caller ${at}`))
    })
    expect(begun[0]!.signal.aborted).toBe(true)
    expect(begun[0]!.signal.reason).toEqual(new Error('caller 2'))
    expect(
      (await settled).map((outcome) => outcome.status === 'rejected' && (outcome.reason as Error).message),
    ).toEqual(['caller 0', 'caller 1', 'caller 2'])
  })

  it('does not take the next one down with the work that is being given up', async () => {
    const { join, begun, onShared } = openAirfield()
    const caller = new AbortController()
    const left = join({ signal: caller.signal })
    caller.abort(new Error('gone'))
    const next = join()
    await expect(left).rejects.toThrow('gone')
    expect(begun).toHaveLength(2)
    expect(begun[1]!.signal.aborted).toBe(false)
    begun[0]!.crash(new Error('aborted'))
    await tick()
    expect(onShared).not.toHaveBeenCalled()
    const another = join()
    expect(begun).toHaveLength(2)
    begun[1]!.land('begun anew')
    expect(await Promise.all([next, another])).toEqual(['begun anew', 'begun anew'])
    expect(onShared).toHaveBeenCalledTimes(1)
  })

  it('had left before: nothing is begun, and what is under way is not joined', async () => {
    const { join, begun, onShared } = openAirfield()
    const signal = AbortSignal.abort(new Error('never came'))
    await expect(join({ signal })).rejects.toThrow('never came')
    expect(begun).toHaveLength(0)
    const other = new AbortController()
    const answer = join({ signal: other.signal })
    await expect(join({ signal })).rejects.toThrow('never came')
    expect(onShared).not.toHaveBeenCalled()
    begun[0]!.land('fine')
    expect(await answer).toBe('fine')
  })

  it('after the answer came changes nothing', async () => {
    const { join, begun } = openAirfield()
    const caller = new AbortController()
    const answer = join({ signal: caller.signal })
    begun[0]!.land('fine')
    expect(await answer).toBe('fine')
    await tick()
    caller.abort()
    expect(begun[0]!.signal.aborted).toBe(false)
  })

  it('may be the same one twice: the work ends when the signal of both aborts', async () => {
    const { join, begun } = openAirfield()
    const caller = new AbortController()
    const settled = Promise.allSettled([join({ signal: caller.signal }), join({ signal: caller.signal })])
    caller.abort(new Error('gone'))
    expect(begun[0]!.signal.aborted).toBe(true)
    expect(await settled).toMatchObject([{ status: 'rejected' }, { status: 'rejected' }])
  })
})

describe('a caller for whom only work begun since they asked will do', () => {
  /** A moment that is over when this is answered. */
  async function now(): Promise<number> {
    await delay(2)
    const moment = performance.now()
    await delay(2)
    return moment
  }

  it('begins anew, and is joined by those who come later', async () => {
    const { join, begun, onShared } = openAirfield()
    const early = join()
    const fresh = join({ notBefore: await now() })
    const late = join()
    expect(begun).toHaveLength(2)
    begun[0]!.land('old')
    begun[1]!.land('new')
    expect(await Promise.all([early, fresh, late])).toEqual(['old', 'new', 'new'])
    expect(onShared).toHaveBeenCalledTimes(1)
  })

  it('joins what others have begun since then', async () => {
    const { join, begun, onShared } = openAirfield()
    const early = join()
    const since = await now()
    const answers = [join({ notBefore: since }), join({ notBefore: since }), join({ notBefore: since })]
    expect(begun).toHaveLength(2)
    begun[0]!.land('old')
    begun[1]!.land('new')
    expect(await early).toBe('old')
    expect(await Promise.all(answers)).toEqual(['new', 'new', 'new'])
    expect(onShared).toHaveBeenCalledTimes(2)
  })

  it('does not join what another such caller has begun before', async () => {
    const { join, begun } = openAirfield()
    const first = join({ notBefore: performance.now() })
    const second = join({ notBefore: await now() })
    expect(begun).toHaveLength(2)
    begun[0]!.land('old')
    begun[1]!.land('new')
    expect(await Promise.all([first, second])).toEqual(['old', 'new'])
  })

  it('is still joined when the older work ends first', async () => {
    const { join, begun } = openAirfield()
    const early = join()
    const fresh = join({ notBefore: await now() })
    begun[0]!.land('old')
    await early
    await tick()
    const late = join()
    expect(begun).toHaveLength(2)
    begun[1]!.land('new')
    expect(await Promise.all([fresh, late])).toEqual(['new', 'new'])
  })

  it('leaves without aborting the older work', async () => {
    const { join, begun } = openAirfield()
    const caller = new AbortController()
    const early = join()
    const fresh = join({ notBefore: await now(), signal: caller.signal })
    caller.abort(new Error('gone'))
    await expect(fresh).rejects.toThrow('gone')
    expect(begun.map(({ signal }) => signal.aborted)).toEqual([false, true])
    begun[0]!.land('old')
    expect(await early).toBe('old')
  })
})

describe('forgetting', () => {
  it('lets nobody join what is under way, which still answers those who wait for it', async () => {
    const { flights, join, begun } = openAirfield()
    const early = join()
    flights.invalidate('a ')
    const late = join()
    expect(begun).toHaveLength(2)
    begun[1]!.land('after')
    expect(await late).toBe('after')
    begun[0]!.land('before')
    expect(await early).toBe('before')
  })

  it('does not let the end of what was forgotten take newer work out', async () => {
    const { flights, join, begun } = openAirfield()
    const early = join()
    flights.invalidate('a ')
    const late = join()
    begun[0]!.land('before')
    await early
    await tick()
    const later = join()
    expect(begun).toHaveLength(2)
    begun[1]!.land('after')
    expect(await Promise.all([late, later])).toEqual(['after', 'after'])
  })

  it('is of keys that begin so, and of no others', async () => {
    const { flights, join, begun, onShared } = openAirfield()
    const early = ['one job', 'one list', 'another'].map((key) => join({ key }))
    flights.invalidate('one ')
    const late = ['one job', 'one list', 'another'].map((key) => join({ key }))
    expect(begun).toHaveLength(5)
    begun.forEach(({ land }, at) => land(`answer ${at}`))
    expect(await Promise.all([...early, ...late])).toEqual([0, 1, 2, 3, 4, 2].map((at) => `answer ${at}`))
    expect(onShared).toHaveBeenCalledTimes(1)
  })
})

describe('a failure that is about somebody else only', () => {
  const theirs = new Error('their time was up')
  const isTheirs = (error: unknown) => error === theirs

  it('is not shared: who has joined begins anew, once for all of them', async () => {
    const { join, begun, onShared } = openAirfield()
    const first = join({ isLeaderFailure: () => false })
    const others = [
      join({ isLeaderFailure: isTheirs }),
      join({ isLeaderFailure: isTheirs }),
      join({ isLeaderFailure: isTheirs }),
    ]
    begun[0]!.crash(theirs)
    await expect(first).rejects.toBe(theirs)
    await tick()
    expect(begun).toHaveLength(2)
    begun[1]!.land('fine')
    expect(await Promise.all(others)).toEqual(['fine', 'fine', 'fine'])
    // One of them bore it.
    expect(onShared).toHaveBeenCalledTimes(2)
  })

  it('is one of those who began it', async () => {
    const { join, begun } = openAirfield()
    const first = join({ isLeaderFailure: isTheirs })
    begun[0]!.crash(theirs)
    await expect(first).rejects.toBe(theirs)
    expect(begun).toHaveLength(1)
  })

  it('is shared when it is any other', async () => {
    const { join, begun } = openAirfield()
    const settled = Promise.allSettled([join({ isLeaderFailure: isTheirs }), join({ isLeaderFailure: isTheirs })])
    begun[0]!.crash(new Error('out of order'))
    expect(await settled).toMatchObject([{ status: 'rejected' }, { status: 'rejected' }])
    expect(begun).toHaveLength(1)
  })

  it('begins nothing for those who have left meanwhile', async () => {
    const { join, begun } = openAirfield()
    const caller = new AbortController()
    const first = join()
    const left = join({ isLeaderFailure: isTheirs, signal: caller.signal })
    caller.abort(new Error('gone'))
    begun[0]!.crash(theirs)
    await expect(first).rejects.toBe(theirs)
    await expect(left).rejects.toThrow('gone')
    await tick()
    expect(begun).toHaveLength(1)
  })
})
