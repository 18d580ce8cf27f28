import { describe, expect, it, vi } from 'vitest'
import { BadInputError, JobNotFoundError, VENDOR_ERROR_CODES } from '../../src/job/errors.js'
import { createMeter } from '../../src/job/meter.js'
import { unconfiguredVendor } from '../../src/job/unconfigured-vendor.js'
import { pollJob, isTransient, type PollRequest } from '../../src/watch/poll.js'
import { createFakeVendor } from '../support/fake-vendor.js'
import { vendorError, jobWithStatus, TEST_ADDRESS } from '../support/test-job.js'

function prepare(overrides: Partial<PollRequest> = {}) {
  const vendor = createFakeVendor()
  const request: PollRequest = {
    vendor,
    address: TEST_ADDRESS,
    selection: () => new Set(['status']),
    reason: 'scheduled',
    signal: new AbortController().signal,
    deadlineMs: 5000,
    meter: createMeter(),
    ...overrides,
  }
  return { vendor, request }
}

describe('a poll', () => {
  it('reads the selected fields, with its own deadline, and counts on the request meter', async () => {
    const { vendor, request } = prepare({ reason: 'subscribe' })
    const startedAt = performance.now()
    const polling = pollJob(request)
    const [read] = vendor.reads
    expect(read?.address).toBe(TEST_ADDRESS)
    expect(read?.selection).toBe(request.selection)
    read!.request.meter.add('KODEXA', { calls: 1 })
    expect(request.meter.usage()).toMatchObject({ KODEXA: { calls: 1 } })
    expect(read?.request.requestedAt).toBeGreaterThanOrEqual(startedAt)
    expect(read!.request.deadline - read!.request.requestedAt).toBe(5000)
    const job = jobWithStatus('RUNNING')
    read?.respond(job)
    expect(await polling).toBe(job)
    expect(vendor.reads).toHaveLength(1)
  })

  it('for a subscriber does not trust a terminal state from the cache', async () => {
    const { vendor, request } = prepare({ reason: 'subscribe' })
    const polling = pollJob(request)
    vendor.reads[0]!.request.meter.add('KODEXA', { cached: 1 })
    vendor.reads[0]!.respond(jobWithStatus('COMPLETED'))
    await vi.waitFor(() => expect(vendor.reads).toHaveLength(2))
    expect(vendor.reads[1]!.request.maxAge).toBe('new')
    vendor.reads[1]!.respond(jobWithStatus('RUNNING'))
    expect((await polling).state.status).toBe('RUNNING')
  })

  it.each([
    ['subscribe', 'live', false],
    ['leader-update', 'live', true],
    ['scheduled', 'new', true],
  ] as const)('for the reason %s accepts the age %s and is a background read: %s', (reason, maxAge, background) => {
    const { vendor, request } = prepare({ reason })
    void pollJob(request)
    expect(vendor.reads[0]?.request).toMatchObject({ maxAge, background })
  })

  it('rejects when the vendor knows no such job', async () => {
    const { vendor, request } = prepare()
    vendor.respondWith(() => null)
    await expect(pollJob(request)).rejects.toBeInstanceOf(JobNotFoundError)
  })

  it('rejects, and does not throw, when the vendor is not configured', async () => {
    const { request } = prepare({ vendor: unconfiguredVendor('KODEXA', ['Execution']) })
    await expect(pollJob(request)).rejects.toMatchObject({ code: 'VENDOR_NOT_CONFIGURED' })
  })
})

describe('a failure', () => {
  const permanent = ['UNAUTHENTICATED', 'VENDOR_UNAUTHORIZED', 'VENDOR_NOT_CONFIGURED', 'VENDOR_UNSUPPORTED']

  it.each(VENDOR_ERROR_CODES)('of a vendor is transient unless waiting cannot help: %s', (code) => {
    expect(isTransient(vendorError(code))).toBe(!permanent.includes(code))
  })

  it.each([
    ['an unknown job', new JobNotFoundError('The vendor knows no such job.')],
    ['an id that cannot be one', new BadInputError('This is not an id.')],
    ['a bug', new TypeError('undefined is not a function')],
    ['no error at all', 'VENDOR_TIMEOUT'],
  ])('that is %s is permanent', (_what, error) => {
    expect(isTransient(error)).toBe(false)
  })
})
