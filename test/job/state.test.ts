import { describe, expect, it } from 'vitest'
import {
  isCancellable,
  isTerminal,
  isTerminalStatus,
  JOB_STATUSES,
  jobState,
  type JobFacts,
  type JobState,
  type JobStatus,
} from '../../src/job/state.js'

const createdAt = new Date('2026-03-01T09:00:00.000Z')
const startedAt = new Date('2026-03-01T09:01:00.000Z')
const endedAt = new Date('2026-03-01T09:02:00.000Z')

/** Everything a vendor can report, so that a state with a field too many fails the test. */
const EVERYTHING: JobFacts = {
  createdAt,
  startedAt,
  endedAt,
  vendorStatus: 'VENDOR_STATUS',
  progress: 0.4,
  failure: { message: 'Out of paper', code: 'PAPER' },
  skipReason: 'Seen before',
}

const NOTHING: JobFacts = { createdAt: null, startedAt: null, endedAt: null, vendorStatus: null }

interface Row {
  readonly whole: JobState
  readonly bare: JobState
  readonly terminal: boolean
  readonly cancellable: boolean
}

const ROWS: Readonly<Record<JobStatus, Row>> = {
  DRAFT: {
    whole: { status: 'DRAFT', createdAt },
    bare: { status: 'DRAFT', createdAt: null },
    terminal: false,
    cancellable: false,
  },
  QUEUED: {
    whole: { status: 'QUEUED', queuedAt: createdAt },
    bare: { status: 'QUEUED', queuedAt: null },
    terminal: false,
    cancellable: true,
  },
  RUNNING: {
    whole: { status: 'RUNNING', startedAt, progress: 0.4 },
    bare: { status: 'RUNNING', startedAt: null, progress: null },
    terminal: false,
    cancellable: true,
  },
  CANCELLING: {
    whole: { status: 'CANCELLING', startedAt },
    bare: { status: 'CANCELLING', startedAt: null },
    terminal: false,
    cancellable: false,
  },
  COMPLETED: {
    whole: { status: 'COMPLETED', startedAt, endedAt },
    bare: { status: 'COMPLETED', startedAt: null, endedAt: null },
    terminal: true,
    cancellable: false,
  },
  FAILED: {
    whole: { status: 'FAILED', startedAt, endedAt, failure: { message: 'Out of paper', code: 'PAPER' } },
    bare: {
      status: 'FAILED',
      startedAt: null,
      endedAt: null,
      failure: { message: 'The vendor gave no reason.', code: null },
    },
    terminal: true,
    cancellable: false,
  },
  CANCELLED: {
    whole: { status: 'CANCELLED', startedAt, endedAt },
    bare: { status: 'CANCELLED', startedAt: null, endedAt: null },
    terminal: true,
    cancellable: false,
  },
  SKIPPED: {
    whole: { status: 'SKIPPED', endedAt, reason: 'Seen before' },
    bare: { status: 'SKIPPED', endedAt: null, reason: null },
    terminal: true,
    cancellable: false,
  },
  UNKNOWN: {
    whole: { status: 'UNKNOWN', vendorStatus: 'VENDOR_STATUS' },
    bare: { status: 'UNKNOWN', vendorStatus: null },
    terminal: false,
    cancellable: false,
  },
}

describe('a state', () => {
  it('is listed here for every status', () => {
    expect(Object.keys(ROWS).sort()).toEqual([...JOB_STATUSES].sort())
  })

  it.each(JOB_STATUSES)('of %s has the fields that belong to it and no others', (status) => {
    expect(jobState(status, EVERYTHING)).toStrictEqual(ROWS[status].whole)
  })

  it.each(JOB_STATUSES)('of %s has all of its fields when the vendor reports nothing', (status) => {
    expect(jobState(status, NOTHING)).toStrictEqual(ROWS[status].bare)
  })

  it('distinguishes a progress of zero from none', () => {
    expect(jobState('RUNNING', { ...NOTHING, progress: 0 })).toMatchObject({ progress: 0 })
    expect(jobState('RUNNING', { ...NOTHING, progress: null })).toMatchObject({ progress: null })
  })

  it('of a failure without a reason has a default message', () => {
    expect(jobState('FAILED', { ...NOTHING, failure: null })).toMatchObject({
      failure: { message: 'The vendor gave no reason.' },
    })
  })
})

describe('isTerminal', () => {
  it.each(JOB_STATUSES)('is right for %s', (status) => {
    expect(isTerminal(jobState(status, NOTHING))).toBe(ROWS[status].terminal)
    expect(isTerminalStatus(status)).toBe(ROWS[status].terminal)
  })
})

describe('isCancellable', () => {
  it.each(JOB_STATUSES)('is right for %s', (status) => {
    expect(isCancellable(jobState(status, NOTHING))).toBe(ROWS[status].cancellable)
  })

  it('is false for every terminal state', () => {
    const ended = JOB_STATUSES.map((status) => jobState(status, NOTHING)).filter(isTerminal)
    expect(ended.length).toBeGreaterThan(0)
    expect(ended.filter(isCancellable)).toEqual([])
  })
})
