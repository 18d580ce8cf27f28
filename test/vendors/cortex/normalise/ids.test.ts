import { describe, expect, it } from 'vitest'
import { VendorError } from '../../../../src/job/errors.js'
import { RECORD, RUN, useCortexNormaliser } from '../../../support/cortex-normaliser.js'

const { normaliser, warnings } = useCortexNormaliser()

describe('a response with another id', () => {
  it.each([{}, { id: null }, { id: '' }, { id: 'other_1' }])('is never returned as the requested job: %j', (wire) => {
    const readRecord = () => normaliser().record({ status: 'RUNNING', ...wire }, RECORD)
    const readRun = () => normaliser().run({ status: 'RUNNING', ...wire }, RUN)
    for (const read of [readRecord, readRun]) {
      expect(read).toThrow(VendorError)
      expect(read).toThrow(expect.objectContaining({ code: 'VENDOR_BAD_RESPONSE', vendor: 'CORTEX' }))
    }
  })

  it('is omitted from a list, with one warning for all rows', () => {
    const rows = normaliser().rows(
      [{ id: 'rec_1' }, null, { id: '' }, { id: '../x' }, 'rec_2', { id: 3 }],
      (_row, id) => id,
    )
    expect(rows).toEqual(['rec_1', '3'])
    expect(warnings).toHaveLength(1)
  })

  it('is not detected in a status response, which contains no id', () => {
    expect(normaliser().bareRecord({ status: 'COMPLETED' }, RECORD)).toMatchObject({
      vendorId: 'rec_1',
      collectionId: 'col_1',
      state: { status: 'COMPLETED' },
    })
  })
})
