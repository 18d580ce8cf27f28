import { describe, expect, it } from 'vitest'
import type { Job } from '../../src/job/job.js'
import { JOB_STATUSES, isTerminalStatus, type JobFacts, type JobStatus } from '../../src/job/state.js'
import { createSubscriberState, fingerprintOf } from '../../src/watch/subscriber.js'
import { failure, jobThatIs } from '../support/some-job.js'

function openView() {
  const told: string[] = []
  const view = createSubscriberState({
    selection: () => new Set(),
    next: ({ vendorStatus }) => void told.push(String(vendorStatus)),
    error: ({ message }) => void told.push(message),
    complete: () => void told.push('end'),
  })
  let time = 0
  return { view, told, show: (job: Job, at = ++time) => view.publish(job, at) }
}

describe('a view', () => {
  it('shows what is news', () => {
    const { show, told } = openView()
    for (const status of ['QUEUED', 'QUEUED', 'RUNNING', 'RUNNING', 'QUEUED'] as const) show(jobThatIs(status))
    expect(told).toEqual(['QUEUED', 'RUNNING', 'QUEUED'])
  })

  it.each(JOB_STATUSES)('knows whether a job that is %s has ended', (status) => {
    const { show, told } = openView()
    expect(show(jobThatIs(status))).toBe(isTerminalStatus(status))
    expect(show(jobThatIs(status))).toBe(isTerminalStatus(status))
    expect(told).toEqual([status])
  })

  it('is not changed by a look that began earlier and was answered later, not even when that says the job has ended', () => {
    const { show, told } = openView()
    show(jobThatIs('RUNNING'), 2)
    expect(show(jobThatIs('COMPLETED'), 1)).toBe(false)
    expect(show(jobThatIs('QUEUED'), 1)).toBe(false)
    show(jobThatIs('RUNNING'), 3)
    expect(told).toEqual(['RUNNING'])
  })

  it('takes two looks of the same moment', () => {
    const { show, told } = openView()
    show(jobThatIs('QUEUED'), 1)
    show(jobThatIs('RUNNING'), 1)
    expect(told).toEqual(['QUEUED', 'RUNNING'])
  })

  it('tells of a failure once, and then the present, even if it is what it was', () => {
    const { view, show, told } = openView()
    show(jobThatIs('RUNNING'))
    view.publishError(failure())
    view.publishError(failure('VENDOR_TIMEOUT'))
    show(jobThatIs('RUNNING'))
    show(jobThatIs('RUNNING'))
    view.publishError(failure())
    expect(told).toEqual(['RUNNING', 'Kodexa did VENDOR_UNAVAILABLE.', 'RUNNING', 'Kodexa did VENDOR_UNAVAILABLE.'])
  })

  it('is current when it has shown something, and no failure since', () => {
    const { view, show } = openView()
    expect(view.lastFingerprint()).toBeNull()
    view.publishError(failure())
    expect(view.lastFingerprint()).toBeNull()
    show(jobThatIs('RUNNING'))
    expect(view.lastFingerprint()).not.toBeNull()
    view.publishError(failure())
    expect(view.lastFingerprint()).toBeNull()
    show(jobThatIs('RUNNING'))
    expect(view.lastFingerprint()).not.toBeNull()
  })
})

describe('the print of a job', () => {
  const running = (facts: Partial<JobFacts>) => fingerprintOf(jobThatIs('RUNNING', facts))

  it('changes with its status, with the word for it, and with its progress', () => {
    const prints = [
      running({}),
      running({ vendorStatus: 'PROCESSING' }),
      running({ vendorStatus: null }),
      running({ progress: 0 }),
      running({ progress: 0.1 }),
      ...JOB_STATUSES.filter((status) => status !== 'RUNNING').map((status) => fingerprintOf(jobThatIs(status))),
      ...(['QUEUED', 'UNKNOWN'] satisfies JobStatus[]).map((status) =>
        fingerprintOf(jobThatIs(status, { vendorStatus: 'one word' })),
      ),
    ]
    expect(new Set(prints).size).toBe(prints.length)
  })

  it('does not change with anything else', () => {
    const job = jobThatIs('RUNNING', { progress: 0.5 })
    expect(fingerprintOf({ ...job, name: 'renamed', updatedAt: new Date(1), createdAt: new Date(1) })).toBe(
      fingerprintOf(job),
    )
    expect(running({ startedAt: new Date(1), progress: 0.5 })).toBe(fingerprintOf(job))
    expect(running({ progress: null })).toBe(running({}))
  })
})
