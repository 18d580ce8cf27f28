import { encodeJobId } from '../../src/job/job-id.js'

/** Every argument that takes a vendor's own id. */
export const VENDOR_ID_ARGUMENTS: Record<string, string> = {
  'record by appId':
    'query ($id: ID!) { record(by: { ref: { appId: $id, collectionId: "a", recordId: "a" } }) { id name } }',
  'record by collectionId':
    'query ($id: ID!) { record(by: { ref: { collectionId: $id, recordId: "a" } }) { id name } }',
  'record by recordId': 'query ($id: ID!) { record(by: { ref: { collectionId: "a", recordId: $id } }) { id name } }',
  'the status alone of a record':
    'query ($id: ID!) { record(by: { ref: { collectionId: "a", recordId: $id } }) { status errors { key } } }',
  'records of appId': 'query ($id: ID!) { records(appId: $id, collectionId: "a") { nodes { id } } }',
  'records of collectionId': 'query ($id: ID!) { records(collectionId: $id) { nodes { id } } }',
  'records with tagIds': 'query ($id: ID!) { records(collectionId: "a", tagIds: ["a", $id]) { nodes { id } } }',
  'workflowRun by appId':
    'query ($id: ID!) { workflowRun(by: { ref: { appId: $id, workflowId: "a", runId: "a" } }) { id } }',
  'workflowRun by workflowId': 'query ($id: ID!) { workflowRun(by: { ref: { workflowId: $id, runId: "a" } }) { id } }',
  'workflowRun by runId': 'query ($id: ID!) { workflowRun(by: { ref: { workflowId: "a", runId: $id } }) { id } }',
  'workflowRuns of appId': 'query ($id: ID!) { workflowRuns(appId: $id, workflowId: "a") { nodes { id } } }',
  'workflowRuns of workflowId': 'query ($id: ID!) { workflowRuns(workflowId: $id) { nodes { id } } }',
  'execution by executionId': 'query ($id: ID!) { execution(by: { executionId: $id }) { id } }',
  'executions of assistantId': 'query ($id: ID!) { executions(assistantId: $id) { nodes { id } } }',
  'executions of documentFamilyId': 'query ($id: ID!) { executions(documentFamilyId: $id) { nodes { id } } }',
  'jobs of cortexCollectionIds':
    'query ($id: ID!) { jobs(filter: { cortexCollectionIds: ["a", $id] }) { nodes { id } } }',
  'jobs of cortexWorkflowIds': 'query ($id: ID!) { jobs(filter: { cortexWorkflowIds: ["a", $id] }) { nodes { id } } }',
  'cancelRecord by appId':
    'mutation ($id: ID!) { cancelRecord(by: { ref: { appId: $id, collectionId: "a", recordId: "a" } }) { __typename } }',
  'cancelRecord by collectionId':
    'mutation ($id: ID!) { cancelRecord(by: { ref: { collectionId: $id, recordId: "a" } }) { __typename } }',
  'cancelRecord by recordId':
    'mutation ($id: ID!) { cancelRecord(by: { ref: { collectionId: "a", recordId: $id } }) { __typename } }',
  'cancelWorkflowRun by appId':
    'mutation ($id: ID!) { cancelWorkflowRun(by: { ref: { appId: $id, workflowId: "a", runId: "a" } }) { __typename } }',
  'cancelWorkflowRun by workflowId':
    'mutation ($id: ID!) { cancelWorkflowRun(by: { ref: { workflowId: $id, runId: "a" } }) { __typename } }',
  'cancelWorkflowRun by runId':
    'mutation ($id: ID!) { cancelWorkflowRun(by: { ref: { workflowId: "a", runId: $id } }) { __typename } }',
  'cancelWorkflowRun of a discoverable one':
    'mutation ($id: ID!) { cancelWorkflowRun(by: { ref: { workflowId: $id, runId: "a", discoverable: true } }) { __typename } }',
  'cancelExecution by executionId': 'mutation ($id: ID!) { cancelExecution(by: { executionId: $id }) { __typename } }',
}

/** Every argument that takes a global id. */
export const GLOBAL_ID_ARGUMENTS: Record<string, string> = {
  record: 'query ($id: ID!) { record(by: { id: $id }) { id name } }',
  workflowRun: 'query ($id: ID!) { workflowRun(by: { id: $id }) { id } }',
  execution: 'query ($id: ID!) { execution(by: { id: $id }) { id } }',
  node: 'query ($id: ID!) { node(id: $id) { id } }',
  nodes: 'query ($id: ID!) { nodes(ids: [$id]) { id } }',
  job: 'query ($id: ID!) { job(id: $id) { id } }',
  cancelRecord: 'mutation ($id: ID!) { cancelRecord(by: { id: $id }) { __typename } }',
  cancelWorkflowRun: 'mutation ($id: ID!) { cancelWorkflowRun(by: { id: $id }) { __typename } }',
  cancelExecution: 'mutation ($id: ID!) { cancelExecution(by: { id: $id }) { __typename } }',
}

/** Ids that must never reach a URL. */
export const UNSAFE_IDS: Record<string, string> = {
  'two dots': '..',
  'a dot': '.',
  nothing: '',
  'a space': ' ',
  'a slash': 'a/b',
  'a parent path': '../../admin',
  'encoded dots': '%2e%2e',
  'an encoded slash': 'a%2fb',
  'a query': 'x?y',
  'a fragment': 'x#y',
  'a backslash': 'a\\b',
  'a line break': 'a\r\nx-header: 1',
  'a NUL': 'a\0',
  'a quote and spaces': "a' or '1'='1",
  'another host': '//evil.test',
  'ten kilobytes': 'x'.repeat(10_240),
}

export const EXECUTION_ID = encodeJobId({ type: 'Execution', path: ['exec_1'] })

export const RECORD_ID = encodeJobId({ type: 'Record', path: ['c', 'col_1', 'rec_1'] })

export const RUN_ID = encodeJobId({ type: 'WorkflowRun', path: ['c', 'work_1', 'run_1'] })

export const base64url = (text: string) => Buffer.from(text).toString('base64url')

/** Global ids that the gateway never returns. */
export const FORGED_IDS: Record<string, string> = {
  'an address with two dots': base64url('Execution:..'),
  'an address with a query': base64url('Execution:a?b'),
  'an execution of two parts': base64url('Execution:a/b'),
  'an execution of no part': base64url('Execution:'),
  'a record of two parts': base64url('Record:c/rec_1'),
  'a record of four parts': base64url('Record:c/col_1/rec_1/x'),
  'a record with a parent path': base64url('Record:c/../rec_1'),
  'a run of two parts': base64url('WorkflowRun:work_1/run_1'),
  'a run with an unknown marker': base64url('WorkflowRun:c/work_1/run_1/public'),
  'a run of five parts': base64url('WorkflowRun:c/work_1/run_1/discover/x'),
  'a type that no vendor has': base64url('Invoice:a'),
  'a type of the schema that is not a job': base64url('Query:a'),
  'a type in lower case': base64url('execution:a'),
  'a padded id': `${EXECUTION_ID}=`,
  'an id with white space': `${EXECUTION_ID} `,
  "a vendor's own id": 'rec_1',
}
