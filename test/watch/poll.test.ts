import { describe, expect, it, vi } from 'vitest'
import { BadInputError, JobNotFoundError, VENDOR_ERROR_CODES } from '../../src/job/errors.js'
import { createMeter } from '../../src/job/meter.js'
import { unconfiguredVendor } from '../../src/job/unconfigured-vendor.js'
import { pollJob, isTransient, type Poll } from '../../src/watch/poll.js'
import { createFakeVendor } from '../support/fake-vendor.js'
import { failure, jobThatIs, SOME_ADDRESS } from '../support/some-job.js'

function prepare(look: Partial<Poll> = {}) {
  const vendor = createFakeVendor()
  const given: Poll = {
    vendor,
    address: SOME_ADDRESS,
    selection: () => new Set(['status']),
    reason: 'polled',
    signal: new AbortController().signal,
    deadlineMs: 5000,
    meter: createMeter(),
    ...look,
  }
  return { vendor, given }
}

describe('a look', () => {
  it('reads the job for what is selected, with a deadline of its own, on the meter that it is given', async () => {
    const { vendor, given } = prepare({ reason: 'asked' })
    const before = performance.now()
    const looking = pollJob(given)
    const [look] = vendor.looks
    expect(look?.address).toBe(SOME_ADDRESS)
    expect(look?.selection).toBe(given.selection)
    look!.request.meter.add('KODEXA', { calls: 1 })
    expect(given.meter.usage()).toMatchObject({ KODEXA: { calls: 1 } })
    expect(look?.request.requestedAt).toBeGreaterThanOrEqual(before)
    expect(look!.request.deadline - look!.request.requestedAt).toBe(5000)
    const job = jobThatIs('RUNNING')
    look?.answer(job)
    expect(await looking).toBe(job)
    expect(vendor.looks).toHaveLength(1)
  })

  it('that is asked for takes no word for the end that was kept', async () => {
    const { vendor, given } = prepare({ reason: 'asked' })
    const looking = pollJob(given)
    vendor.looks[0]!.request.meter.add('KODEXA', { cached: 1 })
    vendor.looks[0]!.answer(jobThatIs('COMPLETED'))
    await vi.waitFor(() => expect(vendor.looks).toHaveLength(2))
    expect(vendor.looks[1]!.request.maxAge).toBe('new')
    vendor.looks[1]!.answer(jobThatIs('RUNNING'))
    expect((await looking).state.status).toBe('RUNNING')
  })

  it.each([
    ['asked', 'live', false],
    ['followed', 'live', true],
    ['polled', 'new', true],
  ] as const)('that is %s is answered with what is %s, and waits behind others: %s', (urgency, age, background) => {
    const { vendor, given } = prepare({ reason: urgency })
    void pollJob(given)
    expect(vendor.looks[0]?.request).toMatchObject({ age, background })
  })

  it('fails for a job that the vendor does not know', async () => {
    const { vendor, given } = prepare()
    vendor.answerBy(() => null)
    await expect(pollJob(given)).rejects.toBeInstanceOf(JobNotFoundError)
  })

  it('fails as a promise even where the vendor cannot be opened', async () => {
    const { given } = prepare({ vendor: unconfiguredVendor('KODEXA', ['Execution']) })
    await expect(pollJob(given)).rejects.toMatchObject({ code: 'VENDOR_NOT_CONFIGURED' })
  })
})

describe('a failure', () => {
  const lasting = ['UNAUTHENTICATED', 'VENDOR_UNAUTHORIZED', 'VENDOR_NOT_CONFIGURED', 'VENDOR_UNSUPPORTED']

  it.each(VENDOR_ERROR_CODES)('of a vendor may pass unless waiting cannot help: %s', (code) => {
    expect(isTransient(failure(code))).toBe(!lasting.includes(code))
  })

  it.each([
    ['an unknown job', new JobNotFoundError('The vendor knows no such job.')],
    ['an id that cannot be one', new BadInputError('This is not an id.')],
    ['a bug', new TypeError('undefined is not a function')],
    ['no error at all', 'VENDOR_TIMEOUT'],
  ])('that is %s stays', (_what, error) => {
    expect(isTransient(error)).toBe(false)
  })
})
