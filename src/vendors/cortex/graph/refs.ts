import { builder } from '../../../graph/builder.js'
import type { CortexRecord } from '../normalise/record.js'
import type { WorkflowRun } from '../normalise/run.js'

/** Records have runs and runs have records: each is implemented in the file of its name. */
export const RecordType = builder.objectRef<CortexRecord>('Record')
export const WorkflowRunType = builder.objectRef<WorkflowRun>('WorkflowRun')
