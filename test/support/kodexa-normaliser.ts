import { beforeEach } from 'vitest'
import { silentLog } from '../../src/job/log.js'
import type { JsonObject } from '../../src/upstream/lenient.js'
import { createNormaliser, type Normaliser } from '../../src/vendors/kodexa/normalise/index.js'

export const ID = '0f8fad5b-d9cb-469f-a165-70867728950e'

/** Returns functions that normalise wire objects with a new normaliser for every test, and the warnings it logged. */
export function useKodexaNormaliser() {
  const warnings: string[] = []
  let current: Normaliser

  beforeEach(() => {
    warnings.length = 0
    current = createNormaliser({ ...silentLog, warn: (_fields, message) => void warnings.push(message) })
  })

  const normaliser = () => current
  const execution = (wire: JsonObject = {}) => current.execution({ id: ID, status: 'RUNNING', ...wire }, ID)
  const step = (wire: JsonObject = {}) =>
    execution({ pipeline: { steps: [{ status: 'RUNNING', ...wire }] } }).pipeline!.steps![0]!
  return { normaliser, warnings, execution, step }
}
