import { describe, expect, it } from 'vitest'
import { readRecordErrors } from '../../../../src/vendors/cortex/normalise/record-errors.js'

describe('validation errors', () => {
  it('are a list grouped by rule', () => {
    const errors = [
      {
        key: 'A',
        message: 'Invalid input',
        errors: [
          {
            code: 'invalid_type',
            expected: 'string',
            received: 'number',
            path: ['document'],
            message: 'Expected string',
          },
        ],
      },
    ]
    expect(readRecordErrors({ errors })).toEqual(errors)
  })

  it('may have numbers in their paths', () => {
    const errors = [{ key: 'A', message: 'm', errors: [{ code: 'c', path: ['items', 0, 'price', 12], message: 'm' }] }]
    expect(readRecordErrors({ errors })[0]!.errors[0]!.path).toEqual(['items', '0', 'price', '12'])
  })

  it('may lack the expected and received types', () => {
    const errors = [{ key: 'A', message: 'm', errors: [{ code: 'too_small', path: [], message: 'Too small' }] }]
    expect(readRecordErrors({ errors })[0]!.errors).toEqual([
      { code: 'too_small', expected: null, received: null, path: [], message: 'Too small' },
    ])
  })

  it('may lack nearly every field', () => {
    expect(
      readRecordErrors({
        errors: [{ key: 'A' }, { key: 'B', errors: [{}, null] }, { message: 'without a key' }, null],
      }),
    ).toEqual([
      { key: 'A', message: '', errors: [] },
      { key: 'B', message: '', errors: [{ code: null, expected: null, received: null, path: [], message: '' }] },
    ])
  })

  it.each([{}, { errors: null }, { errors: [] }, { errors: {} }])(
    'are an empty list when there are none: %j',
    (wire) => {
      expect(readRecordErrors(wire)).toEqual([])
    },
  )
})
