import { describe, expect, it } from 'vitest'
import type { Job } from '../../src/job/job.js'
import { JOB_STATUSES, isTerminalStatus, type JobFacts, type JobStatus } from '../../src/job/state.js'
import { createSubscriberState, fingerprintOf } from '../../src/watch/subscriber.js'
import { vendorError, jobWithStatus } from '../support/test-job.js'

function openState() {
  const received: string[] = []
  const state = createSubscriberState({
    selection: () => new Set(),
    next: ({ vendorStatus }) => void received.push(String(vendorStatus)),
    error: ({ message }) => void received.push(message),
    complete: () => void received.push('completed'),
  })
  let time = 0
  return { state, received, publish: (job: Job, at = ++time) => state.publish(job, at) }
}

describe('the state of a subscriber', () => {
  it('passes changes on, and nothing else', () => {
    const { publish, received } = openState()
    for (const status of ['QUEUED', 'QUEUED', 'RUNNING', 'RUNNING', 'QUEUED'] as const) publish(jobWithStatus(status))
    expect(received).toEqual(['QUEUED', 'RUNNING', 'QUEUED'])
  })

  it.each(JOB_STATUSES)('tells whether a job that is %s is terminal', (status) => {
    const { publish, received } = openState()
    expect(publish(jobWithStatus(status))).toBe(isTerminalStatus(status))
    expect(publish(jobWithStatus(status))).toBe(isTerminalStatus(status))
    expect(received).toEqual([status])
  })

  it('ignores a poll that started before the last one, even if it says that the job is terminal', () => {
    const { publish, received } = openState()
    publish(jobWithStatus('RUNNING'), 2)
    expect(publish(jobWithStatus('COMPLETED'), 1)).toBe(false)
    expect(publish(jobWithStatus('QUEUED'), 1)).toBe(false)
    publish(jobWithStatus('RUNNING'), 3)
    expect(received).toEqual(['RUNNING'])
  })

  it('accepts two polls of the same time', () => {
    const { publish, received } = openState()
    publish(jobWithStatus('QUEUED'), 1)
    publish(jobWithStatus('RUNNING'), 1)
    expect(received).toEqual(['QUEUED', 'RUNNING'])
  })

  it('passes a failure on once, then the state, even if it is unchanged', () => {
    const { state, publish, received } = openState()
    publish(jobWithStatus('RUNNING'))
    state.publishError(vendorError())
    state.publishError(vendorError('VENDOR_TIMEOUT'))
    publish(jobWithStatus('RUNNING'))
    publish(jobWithStatus('RUNNING'))
    state.publishError(vendorError())
    expect(received).toEqual(['RUNNING', 'Kodexa did VENDOR_UNAVAILABLE.', 'RUNNING', 'Kodexa did VENDOR_UNAVAILABLE.'])
  })

  it('has a last fingerprint after an update, and none after a failure', () => {
    const { state, publish } = openState()
    expect(state.lastFingerprint()).toBeNull()
    state.publishError(vendorError())
    expect(state.lastFingerprint()).toBeNull()
    publish(jobWithStatus('RUNNING'))
    expect(state.lastFingerprint()).not.toBeNull()
    state.publishError(vendorError())
    expect(state.lastFingerprint()).toBeNull()
    publish(jobWithStatus('RUNNING'))
    expect(state.lastFingerprint()).not.toBeNull()
  })
})

describe('the fingerprint of a job', () => {
  const running = (facts: Partial<JobFacts>) => fingerprintOf(jobWithStatus('RUNNING', facts))

  it('changes with the status, the vendor status and the progress', () => {
    const fingerprints = [
      running({}),
      running({ vendorStatus: 'PROCESSING' }),
      running({ vendorStatus: null }),
      running({ progress: 0 }),
      running({ progress: 0.1 }),
      ...JOB_STATUSES.filter((status) => status !== 'RUNNING').map((status) => fingerprintOf(jobWithStatus(status))),
      ...(['QUEUED', 'UNKNOWN'] satisfies JobStatus[]).map((status) =>
        fingerprintOf(jobWithStatus(status, { vendorStatus: 'same vendor status' })),
      ),
    ]
    expect(new Set(fingerprints).size).toBe(fingerprints.length)
  })

  it('does not change with anything else', () => {
    const job = jobWithStatus('RUNNING', { progress: 0.5 })
    expect(fingerprintOf({ ...job, name: 'renamed', updatedAt: new Date(1), createdAt: new Date(1) })).toBe(
      fingerprintOf(job),
    )
    expect(running({ startedAt: new Date(1), progress: 0.5 })).toBe(fingerprintOf(job))
    expect(running({ progress: null })).toBe(running({}))
  })
})
