import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../../src/upstream/lenient.js'
import { useKodexaNormaliser } from '../../../support/kodexa-normaliser.js'

const { execution, step } = useKodexaNormaliser()

describe('the progress of an execution', () => {
  const progress = (wire: JsonObject) => {
    const { state } = execution(wire)
    return state.status === 'RUNNING' ? state.progress : 'not running'
  }
  const running = { status: 'RUNNING', progress: 1, progressMax: 4 }
  const stepsOf = (...steps: readonly JsonObject[]) => ({ pipeline: { steps } })

  it('is its own figure, in preference to its steps', () => {
    expect(progress({ statusDetails: { progress: 30, progressMax: 40 }, ...stepsOf(running) })).toBe(0.75)
  })

  it('is zero when its own figure is zero', () => {
    expect(progress({ statusDetails: { progress: 0, progressMax: 40 }, ...stepsOf(running) })).toBe(0)
  })

  it.each([
    { statusDetails: null },
    { statusDetails: {} },
    { statusDetails: { progress: 3 } },
    { statusDetails: { progressMax: 3 } },
    { statusDetails: { progress: 3, progressMax: 0 } },
    { statusDetails: { progress: 3, progressMax: -1 } },
    { statusDetails: { progress: null, progressMax: null } },
    { statusDetails: { progress: '3', progressMax: '4' } },
  ])('is that of its running step when it has no usable figure itself: %j', (details) => {
    expect(
      progress({
        ...details,
        ...stepsOf({ status: 'SUCCEEDED', progress: 4, progressMax: 4 }, running, { status: 'PENDING' }),
      }),
    ).toBe(0.25)
  })

  it('is the fraction of finished steps when the running step has no figure either', () => {
    const steps = [
      { status: 'SUCCEEDED' },
      { status: 'SKIPPED' },
      { status: 'RUNNING', progress: 1, progressMax: 0 },
      { status: 'PENDING' },
    ]
    expect(progress(stepsOf(...steps))).toBe(0.5)
  })

  it('counts failed and cancelled steps as finished', () => {
    expect(
      progress(
        stepsOf({ status: 'FAILED' }, { status: 'CANCELLED' }, { status: 'REPROCESSED' }, { status: 'PENDING' }),
      ),
    ).toBe(0.75)
  })

  it('is null when one of the steps has no status', () => {
    expect(progress(stepsOf({ status: 'SUCCEEDED' }, {}))).toBeNull()
  })

  it('is that of a running step even when others have no status', () => {
    expect(progress(stepsOf({}, running))).toBe(0.25)
  })

  it.each([{}, { pipeline: null }, { pipeline: {} }, { pipeline: { steps: [] } }, { pipeline: { steps: null } }])(
    'is null when there are no figures: %j',
    (wire) => {
      expect(progress(wire)).toBeNull()
    },
  )

  it.each([
    [5, 4, 1],
    [-2, 4, 0],
    [4, 4, 1],
  ])('stays between 0 and 1: %d of %d is %d', (part, whole, fraction) => {
    expect(progress({ statusDetails: { progress: part, progressMax: whole } })).toBe(fraction)
    expect(progress(stepsOf({ status: 'RUNNING', progress: part, progressMax: whole }))).toBe(fraction)
    expect(step({ progress: part, progressMax: whole }).progress).toBe(fraction)
  })

  it.each(['PENDING', 'SUCCEEDED', 'FAILED', 'CANCELLED', 'CANCELLING', 'SKIPPED'])(
    'is not part of the state %s',
    (status) => {
      expect(execution({ status, statusDetails: { progress: 1, progressMax: 2 } }).state).not.toHaveProperty('progress')
    },
  )
})
