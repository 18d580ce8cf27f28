import { encodeJobId } from '../../src/job/job-id.js'

/** Global ids by type, of the default containers. */
export const idOf = {
  execution: (id: string) => encodeJobId({ type: 'Execution', path: [id] }),
  record: (id: string, collection = 'col_1') => encodeJobId({ type: 'Record', path: ['c', collection, id] }),
  run: (id: string, workflow = 'work_1') => encodeJobId({ type: 'WorkflowRun', path: ['c', workflow, id] }),
}
