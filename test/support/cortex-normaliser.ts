import { beforeEach } from 'vitest'
import { silentLog } from '../../src/job/log.js'
import type { JsonObject } from '../../src/upstream/lenient.js'
import { createNormaliser, type Normaliser } from '../../src/vendors/cortex/normalise/index.js'

export const RECORD = { appId: 'c', collectionId: 'col_1', recordId: 'rec_1' }
export const RUN = { appId: 'c', workflowId: 'work_1', runId: 'run_1', discoverable: false }

/** Returns functions that normalise wire objects with a new normaliser for every test, and the warnings it logged. */
export function useCortexNormaliser() {
  const warnings: string[] = []
  let current: Normaliser

  beforeEach(() => {
    warnings.length = 0
    current = createNormaliser({ ...silentLog, warn: (_fields, message) => void warnings.push(message) })
  })

  const normaliser = () => current
  const record = (wire: JsonObject = {}) => current.record({ id: 'rec_1', status: 'RUNNING', ...wire }, RECORD)
  const run = (wire: JsonObject = {}) => current.run({ id: 'run_1', status: 'RUNNING', ...wire }, RUN)
  const steps = (output: unknown) => run({ output }).output
  const step = (wire: JsonObject) => steps({ STEP: { status: 'COMPLETED', ...wire } })![0]!
  return { normaliser, warnings, record, run, steps, step }
}
