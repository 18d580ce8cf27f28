import { describe, expect, it } from 'vitest'
import { VendorError } from '../../../../src/job/errors.js'
import { ID, useKodexaNormaliser } from '../../../support/kodexa-normaliser.js'

const { normaliser, warnings } = useKodexaNormaliser()

describe('a response with another id', () => {
  it.each([{}, { id: null }, { id: '' }, { id: 'other' }])(
    'is never returned as the requested execution: %j',
    (wire) => {
      const read = () => normaliser().execution({ status: 'RUNNING', ...wire }, ID)
      expect(read).toThrow(VendorError)
      expect(read).toThrow(expect.objectContaining({ code: 'VENDOR_BAD_RESPONSE', vendor: 'KODEXA' }))
    },
  )

  it('is not detected when the id differs only in case', () => {
    expect(normaliser().execution({ id: ID.toUpperCase() }, ID).vendorId).toBe(ID.toUpperCase())
  })

  it('is omitted from a list, with one warning for all rows', () => {
    expect(
      normaliser()
        .executions([{ id: 'a' }, null, {}, 'b', { id: 'c/d' }, { id: 'e' }])
        .map(({ vendorId }) => vendorId),
    ).toEqual(['a', 'e'])
    expect(warnings).toHaveLength(1)
  })
})
