import { builder } from '../../../graph/builder.js'
import type { CortexRecord } from '../normalise/record.js'
import type { WorkflowRun } from '../normalise/run.js'

/** Here because records and runs refer to each other; each is implemented in the file of its name. */
export const RecordType = builder.objectRef<CortexRecord>('Record')
export const WorkflowRunType = builder.objectRef<WorkflowRun>('WorkflowRun')
