import { describe, expect, it } from 'vitest'
import { createMeter } from '../../src/job/meter.js'

describe('a meter', () => {
  it('leaves out vendors that were not used', () => {
    expect(createMeter().usage()).toEqual({})
  })

  it('adds up by vendor, and counts missing fields as 0', () => {
    const meter = createMeter()
    meter.add('CORTEX', { calls: 1, queuedMs: 2.5 })
    meter.add('KODEXA', { shared: 3 })
    meter.add('CORTEX', { calls: 1, cached: 4, queuedMs: 1 })
    expect(meter.usage()).toEqual({
      CORTEX: { calls: 2, shared: 0, cached: 4, queuedMs: 3.5 },
      KODEXA: { calls: 0, shared: 3, cached: 0, queuedMs: 0 },
    })
  })

  it('adds the usage to the total as well', () => {
    const total = createMeter()
    const [one, other] = [createMeter(total), createMeter(total)]
    one.add('CORTEX', { calls: 1 })
    other.add('CORTEX', { calls: 2, cached: 1 })
    other.add('KODEXA', { queuedMs: 7 })
    expect(total.usage()).toEqual({
      CORTEX: { calls: 3, shared: 0, cached: 1, queuedMs: 0 },
      KODEXA: { calls: 0, shared: 0, cached: 0, queuedMs: 7 },
    })
    expect(one.usage()).toEqual({ CORTEX: { calls: 1, shared: 0, cached: 0, queuedMs: 0 } })
  })

  it('returns a snapshot that later usage does not change', () => {
    const meter = createMeter()
    meter.add('CORTEX', { calls: 1 })
    const before = meter.usage()
    meter.add('CORTEX', { calls: 1 })
    meter.add('KODEXA', { calls: 1 })
    expect(before).toEqual({ CORTEX: { calls: 1, shared: 0, cached: 0, queuedMs: 0 } })
  })
})
