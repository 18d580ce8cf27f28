import { describe, expect, it } from 'vitest'
import { useCortexNormaliser } from '../../../support/cortex-normaliser.js'

const { record, run } = useCortexNormaliser()

describe('the error of a run', () => {
  it('is null, as is the result, when the vendor omits both', () => {
    expect(run()).toMatchObject({ error: null, result: null })
  })

  it('is the failure message of its state', () => {
    const failed = run({ status: 'FAILED', error: 'Model refused' })
    expect(failed.error).toBe('Model refused')
    expect(failed.state).toMatchObject({ status: 'FAILED', failure: { message: 'Model refused', code: null } })
  })

  it.each([undefined, null, '', '  '])('becomes a default message when the vendor gives no reason: %j', (error) => {
    expect(run({ status: 'FAILED', error })).toMatchObject({
      error: null,
      state: { failure: { message: 'The vendor gave no reason.' } },
    })
  })

  it.each([0, false, '', [], {}, 'text'])('does not change a result of %j', (result) => {
    expect(run({ status: 'COMPLETED', result }).result).toEqual(result)
  })
})

describe('the failure of a record', () => {
  const rules = { A: { key: 'A', status: 'PASSED' }, B: { key: 'B', status: 'FAILED', error: 'Not readable' } }

  it('is the error of the first failed rule, prefixed with the name of the rule', () => {
    const config = { id: 'config_1', rules: [{ key: 'B', name: 'Totals can be read' }] }
    expect(record({ status: 'FAILED', rules, config }).state).toMatchObject({
      failure: { message: 'Totals can be read: Not readable', code: 'B' },
    })
  })

  it('is prefixed with the key of the rule when its name is unknown', () => {
    expect(record({ status: 'FAILED', rules }).state).toMatchObject({
      failure: { message: 'B: Not readable', code: 'B' },
    })
  })

  it('is a default message when no rule has an error', () => {
    expect(record({ status: 'FAILED', rules: {} }).state).toMatchObject({
      failure: { message: 'The vendor gave no reason.', code: null },
    })
  })
})
