import type { WireRecordStatusResponse } from '../../../vendors/cortex/wire.js'
import type { RecordSnapshot } from '../snapshots/record-snapshot.js'
import { RECORD_STATUS } from './record.js'

/** Takes a record; gives the answer of the status endpoint. `errors` is absent unless an input was refused. */
export function wireRecordStatus({ seed, progress }: RecordSnapshot): WireRecordStatusResponse {
  const status = RECORD_STATUS[progress.phase]
  const errors = seed.rules.flatMap(({ definition, complaint }) =>
    complaint ? [{ key: definition.key, message: complaint.message, errors: complaint.issues }] : [],
  )
  return { status, ...(status === 'FAILED' && errors.length > 0 && { errors }) }
}
