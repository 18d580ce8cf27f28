import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createPolicy } from '../../src/upstream/policy.js'
import { JobNotFoundError, VendorError, type VendorErrorDetails } from '../../src/job/errors.js'
import { testContext } from '../support/test-context.js'

// No pause but those that the vendor wants.
beforeEach(() => void vi.spyOn(Math, 'random').mockReturnValue(0))
afterEach(() => void vi.restoreAllMocks())

const failure = (details: VendorErrorDetails = { isRetryable: true }) =>
  new VendorError('KODEXA', 'VENDOR_UNAVAILABLE', 'Kodexa failed (HTTP 503).', { httpStatus: 503, ...details })

/** Fails so often, with this, and then answers. */
function sending(failures: number, error: Error = failure()) {
  let left = failures
  return vi.fn(() => (left-- > 0 ? Promise.reject(error) : Promise.resolve('answer')))
}

const turn = () => vi.fn(() => Promise.resolve())
const outcome = (work: Promise<unknown>) => work.catch((error: unknown) => error)

describe('a read with a transient failure', () => {
  it('is retried up to twice, with a permit for each attempt', async () => {
    const [send, takeTurn] = [sending(2), turn()]
    expect(await createPolicy({ vendor: 'KODEXA' }).read(testContext(), takeTurn, send)).toBe('answer')
    expect(send).toHaveBeenCalledTimes(3)
    expect(takeTurn.mock.calls).toEqual([[true], [false], [false]])
  })

  it('fails with the error of the last attempt', async () => {
    const error = failure()
    const send = sending(9, error)
    expect(await outcome(createPolicy({ vendor: 'KODEXA' }).read(testContext(), turn(), send))).toBe(error)
    expect(send).toHaveBeenCalledTimes(3)
  })

  it.each([0, 1, 5])('is retried up to maxRetries times: %i', async (maxRetries) => {
    const send = sending(99)
    await outcome(createPolicy({ vendor: 'KODEXA', maxRetries }).read(testContext(), turn(), send))
    expect(send).toHaveBeenCalledTimes(maxRetries + 1)
  })

  it('is not retried when the backoff would exceed its deadline', async () => {
    const send = sending(1, failure({ isRetryable: true, retryAfterSeconds: 5 }))
    const caller = testContext({ deadline: performance.now() + 4000 })
    expect(await outcome(createPolicy({ vendor: 'KODEXA' }).read(caller, turn(), send))).toBeInstanceOf(VendorError)
    expect(send).toHaveBeenCalledTimes(1)
  })

  it('waits for the Retry-After of the vendor', async () => {
    const send = sending(1, failure({ isRetryable: true, retryAfterSeconds: 0.3 }))
    const start = performance.now()
    await createPolicy({ vendor: 'KODEXA' }).read(testContext(), turn(), send)
    expect(performance.now() - start).toBeGreaterThanOrEqual(290)
  })

  it('is not retried when it is a poll', async () => {
    const send = sending(1)
    await outcome(createPolicy({ vendor: 'KODEXA' }).read(testContext({ priority: 'poll' }), turn(), send))
    expect(send).toHaveBeenCalledTimes(1)
  })

  it('is not retried after the caller disconnected', async () => {
    const left = new AbortController()
    const send = vi.fn(() => {
      left.abort()
      return Promise.reject(failure())
    })
    await outcome(createPolicy({ vendor: 'KODEXA' }).read(testContext({ signal: left.signal }), turn(), send))
    expect(send).toHaveBeenCalledTimes(1)
  })
})

it.each([
  ['an error that says nothing of it', failure({})],
  ['a job that is not there', new JobNotFoundError('none')],
  ['a fault of our own', new TypeError('undefined')],
])('does not retry after %s', async (_what, error) => {
  const send = sending(1, error)
  expect(await outcome(createPolicy({ vendor: 'KODEXA' }).read(testContext(), turn(), send))).toBe(error)
  expect(send).toHaveBeenCalledTimes(1)
})

it('limits retries to a fifth of the requests, plus ten', async () => {
  const policy = createPolicy({ vendor: 'KODEXA' })
  const broken = failure({ isRetryable: true, httpStatus: 429 })
  // Of a code that the circuit breaker does not count.
  const limited = new VendorError('KODEXA', 'VENDOR_RATE_LIMITED', broken.message, broken.details)
  const send = vi.fn(() => Promise.reject(limited))
  for (let read = 0; read < 100; read++) await outcome(policy.read(testContext(), turn(), send))
  expect(send.mock.calls.length).toBeGreaterThan(110)
  expect(send.mock.calls.length).toBeLessThanOrEqual(100 * 1.2 + 10)
})

describe('the circuit', () => {
  it('opens during the retries of a read, and ends them', async () => {
    const policy = createPolicy({ vendor: 'KODEXA', maxRetries: 5 })
    const send = sending(99)
    await outcome(policy.read(testContext(), turn(), send))
    const error = await outcome(policy.read(testContext(), turn(), send))
    expect(send).toHaveBeenCalledTimes(10)
    expect(policy.circuit()).toBe('OPEN')
    expect(error).toMatchObject({ code: 'VENDOR_UNAVAILABLE', details: { retryAfterSeconds: 5 } })
    expect(policy.check).toThrow(VendorError)
  })

  it('ignores a read whose deadline was too short', async () => {
    const policy = createPolicy({ vendor: 'KODEXA', maxRetries: 0 })
    const late = new VendorError('KODEXA', 'VENDOR_TIMEOUT', 'too late', { isDeadlineBound: true })
    for (let read = 0; read < 20; read++) await outcome(policy.read(testContext(), turn(), sending(1, late)))
    expect(policy.circuit()).toBe('CLOSED')
    // Nor does it hide the failures of others.
    for (let read = 0; read < 10; read++) {
      await outcome(policy.read(testContext(), turn(), sending(1)))
      await outcome(policy.read(testContext(), turn(), sending(1, late)))
    }
    expect(policy.circuit()).toBe('OPEN')
  })
})

it('rejects at once a request above the bulkhead limit', async () => {
  const policy = createPolicy({ vendor: 'KODEXA', maxRetries: 0 })
  let finish = () => {}
  const hanging = new Promise<string>((resolve) => (finish = () => resolve('answer')))
  const waiting = Array.from({ length: 512 }, () => policy.read(testContext(), turn(), () => hanging))
  await new Promise(setImmediate)
  const send = sending(0)
  expect(await outcome(policy.read(testContext(), turn(), send))).toMatchObject({
    code: 'VENDOR_UNAVAILABLE',
    details: { retryAfterSeconds: 1 },
  })
  expect(send).not.toHaveBeenCalled()
  finish()
  expect(await Promise.all(waiting)).toHaveLength(512)
  expect(await policy.read(testContext(), turn(), send)).toBe('answer')
})
