import { describe, expect, it } from 'vitest'
import { readStatusMessage } from '../../../../src/vendors/kodexa/normalise/execution.js'
import { ID, useKodexaNormaliser } from '../../../support/kodexa-normaliser.js'

const {} = useKodexaNormaliser()

describe('a status message', () => {
  it('is read from the field names of the vendor', () => {
    const wire = {
      id: 'msg_1',
      executionId: ID,
      title: 'Reading',
      subtitle: null,
      datetime: '2026-01-01T00:00:00Z',
      type: 'PROCESSING',
    }
    expect(readStatusMessage(wire)).toEqual({
      id: 'msg_1',
      title: 'Reading',
      subtitle: null,
      type: 'PROCESSING',
      createdAt: new Date('2026-01-01'),
    })
  })

  it('may lack every field', () => {
    expect(readStatusMessage({})).toEqual({ id: null, title: null, subtitle: null, type: null, createdAt: null })
    expect(readStatusMessage('Reading')).toBeNull()
  })
})
