import type { Upstream } from '../../http/upstream.js'
import { shareAnswers, type SharedAnswers } from '../../reads/shared-answers.js'
import { shareItems, type SharedItems } from '../../reads/shared-items.js'
import type { Sharing } from '../../reads/sharing.js'
import type { RecordAddress, RunAddress } from './address.js'
import type { Normaliser } from './normalise/index.js'
import type { CortexRecord } from './normalise/record.js'
import type { WorkflowRun } from './normalise/run.js'
import type { Reading } from './read-plan.js'
import { createRecordSource, createRecordStatusSource } from './record-source.js'
import { createRunSource } from './run-source.js'

/** What all requests with one credential share of reading Cortex. */
export interface CortexReads {
  readonly records: SharedItems<RecordAddress, CortexRecord, Reading>
  readonly recordStatuses: SharedItems<RecordAddress, CortexRecord, 'status'>
  readonly runs: SharedItems<RunAddress, WorkflowRun, Reading>
  readonly answers: SharedAnswers
}

export interface CortexReadsOptions {
  readonly upstream: Upstream
  readonly normaliser: Normaliser
  readonly sharing: Sharing
  /** Names the credential. */
  readonly scope: string
}

/** To be made once for each credential. */
export function shareCortexReads({ upstream, normaliser, sharing, scope }: CortexReadsOptions): CortexReads {
  const common = { vendor: 'CORTEX', upstream, sharing, scope } as const
  return {
    records: shareItems({ ...common, source: createRecordSource(normaliser) }),
    recordStatuses: shareItems({ ...common, source: createRecordStatusSource(normaliser) }),
    runs: shareItems({ ...common, source: createRunSource(normaliser) }),
    answers: shareAnswers(common),
  }
}
