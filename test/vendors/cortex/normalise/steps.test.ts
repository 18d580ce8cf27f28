import { describe, expect, it } from 'vitest'
import { useCortexNormaliser } from '../../../support/cortex-normaliser.js'

const { steps, step } = useCortexNormaliser()

describe("a run's output", () => {
  const first = {
    key: 'FIRST',
    type: 'model',
    status: 'COMPLETED',
    output: { message: 'yes' },
    start: 1_767_225_600_000,
    end: 1_767_225_601_000,
  }
  const second = { key: 'SECOND', type: 'code', status: 'FAILED', error: 'No such field', start: 1_767_225_601_000 }
  const list = [
    {
      key: 'FIRST',
      type: 'model',
      status: 'COMPLETED',
      vendorStatus: 'COMPLETED',
      output: { message: 'yes' },
      error: null,
      startedAt: new Date('2026-01-01T00:00:00.000Z'),
      endedAt: new Date('2026-01-01T00:00:01.000Z'),
    },
    {
      key: 'SECOND',
      type: 'code',
      status: 'FAILED',
      vendorStatus: 'FAILED',
      output: null,
      error: 'No such field',
      startedAt: new Date('2026-01-01T00:00:01.000Z'),
      endedAt: null,
    },
  ]

  it('is a list when the vendor sends an array', () => {
    expect(steps([first, second])).toEqual(list)
  })

  it('is the same list when the vendor sends a map', () => {
    expect(steps({ FIRST: first, SECOND: second })).toEqual(list)
  })

  it('uses the keys of the map as the keys of the steps', () => {
    const { key: _, ...keyless } = first
    expect(steps({ FIRST: keyless })).toEqual([list[0]])
    expect(steps({ FIRST: { ...first, key: 'something else' } })).toEqual([list[0]])
  })

  it.each([null, undefined, 'gone', 7, true])('is null when the vendor sends %j', (output) => {
    expect(steps(output)).toBeNull()
  })

  it('is an empty list when the vendor sends an empty array or an empty map', () => {
    expect(steps([])).toEqual([])
    expect(steps({})).toEqual([])
  })

  it('omits values that are not steps', () => {
    expect(steps([null, first, 'oops', { status: 'COMPLETED' }])).toEqual([list[0]])
    expect(steps({ A: null, FIRST: first, B: 'oops' })).toEqual([list[0]])
  })

  it('keeps the output of a looped step as a list', () => {
    expect(step({ output: [{ message: 'a' }, 'b', null, 3] }).output).toEqual([{ message: 'a' }, 'b', null, 3])
  })

  it.each([0, false, '', 'text', 12.5])('keeps an output that is not an object: %j', (output) => {
    expect(step({ output }).output).toBe(output)
  })
})

describe('the times of a step', () => {
  const time = new Date('2026-01-01T00:00:00.000Z')

  it('are read as milliseconds since 1970', () => {
    expect(step({ start: 1_767_225_600_000, end: 1_767_225_600_123 })).toMatchObject({
      startedAt: time,
      endedAt: new Date('2026-01-01T00:00:00.123Z'),
    })
  })

  it('are read as seconds when they are too small for milliseconds', () => {
    expect(step({ start: 1_767_225_600, end: 1_767_225_600.25 })).toMatchObject({
      startedAt: time,
      endedAt: new Date('2026-01-01T00:00:00.250Z'),
    })
  })

  it('may be date strings', () => {
    expect(step({ start: '2026-01-01T00:00:00Z', end: '2026-01-01' })).toMatchObject({ startedAt: time, endedAt: time })
  })

  it.each([undefined, null, 'soon', 1e300, {}])('are null when they are invalid: %j', (value) => {
    expect(step({ start: value, end: value })).toMatchObject({ startedAt: null, endedAt: null })
  })
})
