import { encodeJobId } from '../../src/job/job-id.js'

const ERRORS = `
  __typename
  ... on Error { message code }
  ... on VendorError { vendorMessage incidentId retryAfterSeconds }
`

/**
 * Returns operations that read, list, watch and cancel one job of each type.
 * The ids contain `mode`, which tells the leaky vendor how to misbehave.
 */
export function leakyOperations(mode: string): readonly { readonly query: string; readonly variables?: object }[] {
  const [record, run] = [
    `collectionId: "col_${mode}", recordId: "rec_${mode}"`,
    `workflowId: "work_1", runId: "run_${mode}"`,
  ]
  const id = encodeJobId({ type: 'Execution', path: [`exe_${mode}`] })
  const others = ['Record:c/col_1/rec_', 'WorkflowRun:c/work_1/run_'].map((start) =>
    Buffer.from(`${start}${mode}`).toString('base64url'),
  )
  return [
    {
      query: `{ execution(by: { executionId: "exe_${mode}" }) { name status vendorStatus statusMessages { title } pipeline { ref } exception { message } } }`,
    },
    {
      query: `{ record(by: { ref: { ${record} } }) { name status vendorStatus errors { message } rules { key error } usage } }`,
    },
    { query: `{ workflowRun(by: { ref: { ${run} } }) { status vendorStatus error result input } }` },
    {
      query: '($ids: [ID!]!) { nodes(ids: $ids) { __typename id ... on Job { status } } }',
      variables: { ids: [id, ...others] },
    },
    {
      query: `{ executions(assistantId: "${mode}") { nodes { id status } } records(collectionId: "col_${mode}") { nodes { id } } }`,
    },
    {
      query: `{ jobs(filter: { cortexCollectionIds: ["col_1", "col_${mode}"] }) { nodes { id name } outages { source message code } warnings { message } } }`,
    },
    {
      query: `mutation { cancelExecution(by: { executionId: "exe_${mode}" }) { ${ERRORS} ... on CancelExecutionSuccess { execution { id } } } }`,
    },
    { query: `mutation { cancelRecord(by: { ref: { ${record} } }) { ${ERRORS} } }` },
    { query: `mutation { cancelWorkflowRun(by: { ref: { ${run} } }) { ${ERRORS} } }` },
    {
      query: `mutation ($ids: [ID!]!) { cancelJobs(ids: $ids) { id outcome error { ${ERRORS} } } }`,
      variables: { ids: [id, ...others, 'none'] },
    },
  ].map(({ query, ...rest }) => ({ query: query.startsWith('(') ? `query ${query}` : query, ...rest }))
}
