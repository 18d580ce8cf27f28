import { describe, expect, it, vi } from 'vitest'
import { useCortexNormaliser } from '../../../support/cortex-normaliser.js'

const { record, run } = useCortexNormaliser()

describe('a date', () => {
  it.each([
    ['2023-12-25', '2023-12-25T00:00:00.000Z'],
    ['2023-12-25T08:30:00Z', '2023-12-25T08:30:00.000Z'],
    ['2023-12-25T08:30:00.5Z', '2023-12-25T08:30:00.500Z'],
    ['2023-12-25T08:30:00.123456789Z', '2023-12-25T08:30:00.123Z'],
    ['2023-12-25T08:30:00+02:00', '2023-12-25T06:30:00.000Z'],
    ['2023-12-25T08:30:00-0500', '2023-12-25T13:30:00.000Z'],
    ['2023-12-25T08:30:00', '2023-12-25T08:30:00.000Z'],
    ['2023-12-25 08:30:00', '2023-12-25T08:30:00.000Z'],
    ['2023-12-25T08:30Z', '2023-12-25T08:30:00.000Z'],
  ])('%s is %s', (wire, iso) => {
    const dates = { created_at: wire, updated_at: wire }
    expect(record(dates)).toMatchObject({ createdAt: new Date(iso), updatedAt: new Date(iso) })
    expect(run({ ...dates, started_at: wire, ended_at: wire, retention_due_at: wire })).toMatchObject({
      createdAt: new Date(iso),
      updatedAt: new Date(iso),
      startedAt: new Date(iso),
      endedAt: new Date(iso),
      retentionDueAt: new Date(iso),
    })
  })

  it.each([null, undefined, '', 'yesterday', '25.12.2023', '2023-13-45', '2023-12-25T99:00:00Z', {}, true])(
    'is null when it is invalid: %j',
    (wire) => {
      expect(record({ created_at: wire, updated_at: wire })).toMatchObject({ createdAt: null, updatedAt: null })
      expect(run({ started_at: wire, ended_at: wire })).toMatchObject({ startedAt: null, endedAt: null })
    },
  )

  it('without an offset is UTC in every time zone of the gateway', () => {
    vi.stubEnv('TZ', 'America/New_York')
    try {
      expect(new Date(2026, 0, 1).toISOString()).toBe('2026-01-01T05:00:00.000Z')
      expect(record({ created_at: '2023-12-25T08:30:00' }).createdAt).toEqual(new Date('2023-12-25T08:30:00.000Z'))
      expect(record({ created_at: '2023-12-25' }).createdAt).toEqual(new Date('2023-12-25T00:00:00.000Z'))
    } finally {
      vi.unstubAllEnvs()
    }
  })

  it('appears in the state that it belongs to', () => {
    const times = { created_at: '2026-01-01', started_at: '2026-01-02', ended_at: '2026-01-03' }
    expect(run({ ...times, status: 'PENDING' }).state).toEqual({ status: 'QUEUED', queuedAt: new Date('2026-01-01') })
    expect(run({ ...times, status: 'RUNNING' }).state).toEqual({
      status: 'RUNNING',
      startedAt: new Date('2026-01-02'),
      progress: null,
    })
    expect(run({ ...times, status: 'COMPLETED' }).state).toEqual({
      status: 'COMPLETED',
      startedAt: new Date('2026-01-02'),
      endedAt: new Date('2026-01-03'),
    })
    expect(record({ ...times, status: 'QUEUED' }).state).toEqual({ status: 'QUEUED', queuedAt: new Date('2026-01-01') })
  })
})
