import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createBudget } from '../../../src/upstream/budget/budget.js'
import type { Limiter } from '../../../src/upstream/budget/limiter.js'
import { createMemoryLimiter } from '../../../src/upstream/budget/memory-limiter.js'
import { PRIORITIES, type Priority } from '../../../src/upstream/budget/permit.js'
import { createUnlimitedLimiter } from '../../../src/upstream/budget/unlimited-limiter.js'
import { VendorError } from '../../../src/job/errors.js'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** Returns a limiter with scripted replies. */
function scriptedLimiter() {
  const script = { waitMs: 0, guessMs: 0, asked: [] as Priority[], paused: [] as number[] }
  const limiter: Limiter = {
    tryAcquire(priority) {
      script.asked.push(priority)
      return Promise.resolve(script.waitMs)
    },
    pause(ms) {
      script.paused.push(ms)
      return Promise.resolve()
    },
    estimateWaitMs: () => script.guessMs,
    state: () => Promise.resolve(null),
  }
  return { script, limiter, budget: createBudget({ vendor: 'KODEXA', limiter }) }
}

/** A budget of so many a minute with all that reads may have at once already spent. */
async function spentBudget(limit: number) {
  const limiter = createMemoryLimiter({ limit })
  while ((await limiter.tryAcquire('read')) === 0);
  return createBudget({ vendor: 'KODEXA', limiter })
}

/** A deadline on the fake clock. */
const delay = <T>(ms: number, value: T) => new Promise<T>((resolve) => setTimeout(() => resolve(value), ms))
const inMs = (ms: number) => performance.now() + ms
const permitRequest = (priority: Priority, ms = 600_000, signal?: AbortSignal) => ({
  priority,
  deadline: inMs(ms),
  signal,
})
const rejectionOf = (promise: Promise<void>) =>
  promise.then(
    () => undefined,
    (error: unknown) => (error instanceof VendorError ? error : undefined),
  )

describe('a permit', () => {
  it('is granted without a timer when the limiter has room', async () => {
    const budget = createBudget({ vendor: 'KODEXA', limiter: createMemoryLimiter({ limit: 500 }) })
    await Promise.all(Array.from({ length: 50 }, () => budget.acquirePermit(permitRequest('read'))))
    expect(vi.getTimerCount()).toBe(0)
    expect((await budget.state())!.remaining).toBe(450)
  })

  it('is granted in order of priority, then of arrival', async () => {
    const budget = await spentBudget(60)
    const order: string[] = []
    const turns = [...PRIORITIES, ...PRIORITIES].reverse().map(async (priority, index) => {
      await budget.acquirePermit(permitRequest(priority))
      order.push(`${priority} ${index}`)
    })
    await vi.runAllTimersAsync()
    await Promise.all(turns)
    expect(order).toEqual(['cancel 3', 'cancel 7', 'read 2', 'read 6', 'list 1', 'list 5', 'poll 0', 'poll 4'])
    expect(vi.getTimerCount()).toBe(0)
  })

  it('is granted to a cancel at once, before a thousand waiting reads', async () => {
    const budget = await spentBudget(500)
    const order: string[] = []
    const reads = Array.from({ length: 1000 }, async () => {
      await budget.acquirePermit(permitRequest('read'))
      order.push('read')
    })
    await vi.advanceTimersByTimeAsync(1000)
    const before = order.length
    await budget.acquirePermit(permitRequest('cancel', 1)).then(() => order.push('cancel'))
    expect(order.indexOf('cancel')).toBe(before)
    await vi.runAllTimersAsync()
    await Promise.all(reads)
    expect(order).toHaveLength(1001)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('is granted to a cancel that arrives while the limiter serves a read', async () => {
    const { budget, limiter, script } = scriptedLimiter()
    limiter.tryAcquire = (priority) => {
      script.asked.push(priority)
      return delay(20, priority === 'cancel' ? 0 : 10_000)
    }
    const read = rejectionOf(budget.acquirePermit(permitRequest('read', 5000)))
    await vi.advanceTimersByTimeAsync(10)
    const cancel = budget.acquirePermit(permitRequest('cancel', 100))
    await vi.advanceTimersByTimeAsync(40)
    await cancel
    expect(script.asked.slice(0, 2)).toEqual(['read', 'cancel'])
    await vi.runAllTimersAsync()
    expect((await read)?.code).toBe('VENDOR_RATE_LIMITED')
  })

  it('goes to the request with the highest priority when room becomes free', async () => {
    const { budget, limiter } = scriptedLimiter()
    limiter.tryAcquire = () => delay(20, 0)
    const order: string[] = []
    const list = budget.acquirePermit(permitRequest('list')).then(() => order.push('list'))
    await vi.advanceTimersByTimeAsync(10)
    const read = budget.acquirePermit(permitRequest('read')).then(() => order.push('read'))
    await vi.runAllTimersAsync()
    await Promise.all([list, read])
    expect(order).toEqual(['read', 'list'])
  })

  it('does not cause a limiter call for a request that waits behind others', async () => {
    const { budget, script } = scriptedLimiter()
    script.waitMs = 1000
    const all = [
      budget.acquirePermit(permitRequest('read')),
      budget.acquirePermit(permitRequest('list')),
      budget.acquirePermit(permitRequest('read')),
    ]
    await vi.advanceTimersByTimeAsync(500)
    expect(script.asked).toEqual(['read'])
    script.waitMs = 0
    await vi.advanceTimersByTimeAsync(500)
    await Promise.all(all)
    expect(script.asked).toEqual(['read', 'read', 'read', 'list'])
  })
})

describe('a permit request that cannot meet its deadline', () => {
  it('is rejected at once, with retryAfterSeconds', async () => {
    const { budget, script } = scriptedLimiter()
    script.guessMs = 4200
    const error = await rejectionOf(budget.acquirePermit(permitRequest('read', 4000)))
    expect(error).toMatchObject({ code: 'VENDOR_RATE_LIMITED', vendor: 'KODEXA', details: { retryAfterSeconds: 5 } })
    expect(error!.message).toMatch(/nothing was sent/)
    expect(script.asked).toEqual([])
    expect(vi.getTimerCount()).toBe(0)
  })

  it('counts only the requests ahead of it', async () => {
    const budget = await spentBudget(500)
    const lists = Array.from({ length: 100 }, () => budget.acquirePermit(permitRequest('list')))
    // A hundred lists take 15.4 s.
    expect(await rejectionOf(budget.acquirePermit(permitRequest('list', 15_000)))).toMatchObject({
      details: { retryAfterSeconds: 16 },
    })
    expect(await rejectionOf(budget.acquirePermit(permitRequest('poll', 15_000)))).toBeInstanceOf(VendorError)
    const read = budget.acquirePermit(permitRequest('read', 1000))
    await vi.runAllTimersAsync()
    await Promise.all([read, ...lists])
  })

  it('is rejected when its deadline passes although the estimate was shorter', async () => {
    const { budget, script } = scriptedLimiter()
    script.waitMs = 60_000
    const refused = rejectionOf(budget.acquirePermit(permitRequest('read', 3000)))
    const patient = budget.acquirePermit(permitRequest('poll', 120_000))
    script.guessMs = 61_000
    const settled = vi.fn()
    void refused.then(settled)
    await vi.advanceTimersByTimeAsync(2990)
    expect(settled).not.toHaveBeenCalled()
    await vi.advanceTimersByTimeAsync(20)
    expect(await refused).toMatchObject({ code: 'VENDOR_RATE_LIMITED', details: { retryAfterSeconds: 61 } })
    script.waitMs = 0
    await vi.runAllTimersAsync()
    await patient
  })

  it('is rejected past its deadline when the limiter has no room', async () => {
    const { budget, script } = scriptedLimiter()
    script.guessMs = 100
    expect(await rejectionOf(budget.acquirePermit(permitRequest('cancel', -1)))).toMatchObject({
      details: { retryAfterSeconds: 1 },
    })
  })

  it('is granted past its deadline when the limiter has room', async () => {
    const { budget, script } = scriptedLimiter()
    script.waitMs = 0
    await budget.acquirePermit(permitRequest('read', -60_000))
  })

  it('never times out without a deadline', async () => {
    const { budget, script } = scriptedLimiter()
    script.waitMs = 100
    const turn = budget.acquirePermit({ priority: 'read', deadline: Infinity })
    await vi.advanceTimersByTimeAsync(50)
    script.waitMs = 0
    await vi.advanceTimersByTimeAsync(100)
    await turn
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('an aborted permit request', () => {
  it('leaves the queue, and the others move up', async () => {
    const budget = await spentBudget(60)
    const gone = new AbortController()
    const reason = new Error('gone')
    const left = budget.acquirePermit(permitRequest('read', 600_000, gone.signal)).catch((error: unknown) => error)
    const stays = budget.acquirePermit(permitRequest('read', 5000))
    gone.abort(reason)
    expect(await left).toBe(reason)
    await vi.advanceTimersByTimeAsync(1400)
    expect(vi.getTimerCount()).toBe(0)
    await stays
  })

  it('consumes nothing when it was aborted before', async () => {
    const { budget, script } = scriptedLimiter()
    await expect(budget.acquirePermit(permitRequest('read', 1000, AbortSignal.abort('gone')))).rejects.toBe('gone')
    expect(script.asked).toEqual([])
  })

  it('leaves no timer and no listener, even when all abort', async () => {
    const budget = await spentBudget(500)
    const gone = new AbortController()
    const warnings = vi.spyOn(process, 'emitWarning')
    const add = vi.spyOn(gone.signal, 'addEventListener')
    const remove = vi.spyOn(gone.signal, 'removeEventListener')
    const turns = Array.from({ length: 500 }, () => budget.acquirePermit(permitRequest('read', 600_000, gone.signal)))
    await vi.advanceTimersByTimeAsync(5000)
    expect(vi.getTimerCount()).toBeGreaterThan(0)
    gone.abort()
    const outcomes = await Promise.allSettled(turns)
    expect(outcomes.filter(({ status }) => status === 'rejected').length).toBeGreaterThan(450)
    expect(vi.getTimerCount()).toBe(0)
    expect(remove.mock.calls.length).toBe(add.mock.calls.length)
    expect(warnings).not.toHaveBeenCalled()
    // And it works on.
    await vi.advanceTimersByTimeAsync(60_000)
    await budget.acquirePermit(permitRequest('read', 1))
  })

  it('leaves no timer and no listener after a grant', async () => {
    const { budget } = scriptedLimiter()
    const { signal } = new AbortController()
    const add = vi.spyOn(signal, 'addEventListener')
    const remove = vi.spyOn(signal, 'removeEventListener')
    await budget.acquirePermit(permitRequest('read', 1000, signal))
    expect([add, remove].map(({ mock }) => mock.calls.length)).toEqual([1, 1])
  })
})

describe('a pause', () => {
  it.each([
    ['as long as the vendor said', 7, 7000],
    ['five minutes at most', 86_400, 300_000],
    ['five minutes at most', Infinity, 300_000],
    ['a second when it did not say', null, 1000],
    ['a second when it said junk', NaN, 1000],
    ['a second when it said none', 0, 1000],
    ['a second when it said less than none', -5, 1000],
  ])('lasts %s: %s', (_, retryAfterSeconds, ms) => {
    const { budget, script } = scriptedLimiter()
    budget.pause(retryAfterSeconds)
    expect(script.paused).toEqual([ms])
  })

  it('grants nothing, and afterwards cancels first', async () => {
    for (const limiter of [createMemoryLimiter({ limit: 500 }), createUnlimitedLimiter()]) {
      const budget = createBudget({ vendor: 'KODEXA', limiter })
      budget.pause(5)
      const order: string[] = []
      const turns = (['read', 'list', 'cancel'] as const).map((priority) =>
        budget.acquirePermit(permitRequest(priority)).then(() => order.push(priority)),
      )
      expect(await rejectionOf(budget.acquirePermit(permitRequest('cancel', 4000)))).toMatchObject({
        details: { retryAfterSeconds: 5 },
      })
      await vi.advanceTimersByTimeAsync(4900)
      expect(order).toEqual([])
      await vi.advanceTimersByTimeAsync(200)
      await Promise.all(turns)
      expect(order).toEqual(['cancel', 'read', 'list'])
    }
  })

  it('also stops requests that already wait', async () => {
    const budget = await spentBudget(500)
    const settled = vi.fn()
    void budget.acquirePermit(permitRequest('read')).then(settled)
    await vi.advanceTimersByTimeAsync(100)
    budget.pause(10)
    await vi.advanceTimersByTimeAsync(9900)
    expect(settled).not.toHaveBeenCalled()
    await vi.advanceTimersByTimeAsync(200)
    expect(settled).toHaveBeenCalled()
  })
})

describe('a limiter that fails', () => {
  it('rejects all waiting requests, and is called again for the next', async () => {
    const { budget, limiter } = scriptedLimiter()
    const take = limiter.tryAcquire
    limiter.tryAcquire = () => Promise.reject(new Error('broken'))
    const outcomes = await Promise.allSettled([
      budget.acquirePermit(permitRequest('read')),
      budget.acquirePermit(permitRequest('poll')),
    ])
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    expect(vi.getTimerCount()).toBe(0)
    limiter.tryAcquire = take
    await budget.acquirePermit(permitRequest('read'))
  })

  it('does not crash the process when a pause fails', async () => {
    const { budget, limiter } = scriptedLimiter()
    limiter.pause = () => Promise.reject(new Error('broken'))
    budget.pause(1)
    await budget.acquirePermit(permitRequest('read'))
  })

  it('rejects requests at their deadline when it never replies', async () => {
    const { budget, limiter } = scriptedLimiter()
    limiter.tryAcquire = () => new Promise(() => {})
    const refused = rejectionOf(budget.acquirePermit(permitRequest('read', 2000)))
    await vi.advanceTimersByTimeAsync(2000)
    expect((await refused)?.code).toBe('VENDOR_RATE_LIMITED')
  })
})

describe('an idle budget', () => {
  it('does not keep the process alive', async () => {
    vi.useRealTimers()
    const timers = () => process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length
    const before = timers()
    const limiter = createMemoryLimiter({ limit: 100, windowMs: 1000 })
    const budget = createBudget({ vendor: 'KODEXA', limiter })
    const { signal } = new AbortController()
    await Promise.all(Array.from({ length: 30 }, () => budget.acquirePermit({ ...permitRequest('read'), signal })))
    expect(timers()).toBeLessThanOrEqual(before)
  })
})
