import { describe, expect, it } from 'vitest'
import { useKodexaNormaliser } from '../../../support/kodexa-normaliser.js'

const { step } = useKodexaNormaliser()

describe('the output ids of a step', () => {
  it.each([
    [{ outputIds: ['a', 'b'] }, ['a', 'b']],
    [{ outputIds: 'a,b' }, ['a', 'b']],
    [{ outputIds: ' a , b ,' }, ['a', 'b']],
    [{ outputIds: 'a' }, ['a']],
    [{ outputIds: [] }, []],
    [{ outputIds: '' }, []],
    [{ outputId: 'a' }, ['a']],
    [{ outputId: 'a', outputIds: ['a', 'b'] }, ['a', 'b']],
    [{ outputId: 'a', outputIds: null }, ['a']],
    [{}, null],
    [{ outputIds: 7 }, null],
  ])('are a list for every format on the wire: %j', (wire, outputIds) => {
    expect(step(wire).outputIds).toEqual(outputIds)
  })
})

describe('a step', () => {
  it('has every field of the schema, without its options and context', () => {
    const wire = {
      id: 'step_1',
      name: 'Extract',
      ref: 'module://acme/extract',
      stepType: 'MODEL',
      status: 'SUCCEEDED',
      statusMessage: 'Fine',
      progress: 2,
      progressMax: 8,
      start: '2026-01-01T00:00:00.123456Z',
      end: '2026-01-01T00:00:01Z',
      processingTime: 877,
      conditional: 'a > 1',
      inputId: 'in',
      outputId: 'out',
      options: { password: 'of-bad-news' },
      context: { token: 'of-bad-news' },
    }
    expect(step(wire)).toEqual({
      id: 'step_1',
      name: 'Extract',
      ref: 'module://acme/extract',
      stepType: 'MODEL',
      status: 'COMPLETED',
      vendorStatus: 'SUCCEEDED',
      statusMessage: 'Fine',
      progress: 0.25,
      startedAt: new Date('2026-01-01T00:00:00.123Z'),
      endedAt: new Date('2026-01-01T00:00:01.000Z'),
      processingTimeMs: 877,
      conditional: 'a > 1',
      inputId: 'in',
      outputIds: ['out'],
      exception: null,
    })
  })

  it('has null times when they are invalid', () => {
    expect(step({ start: 'a while ago', end: '' })).toMatchObject({ startedAt: null, endedAt: null })
  })
})
