import { describe, expect, it } from 'vitest'
import { idOf } from '../support/job-ids.js'
import { queryData } from '../support/query-data.js'
import { openScriptedGateway } from '../support/scripted-gateway.js'
import { byRoute, inSequence, json } from '../support/scripted-vendor.js'

describe('a cancel earlier in the same mutation', () => {
  const REF = '{ ref: { collectionId: "col_1", recordId: "rec_1" } }'
  const CANCEL_RUN = `cancelWorkflowRun(by: { ref: { workflowId: "work_1", runId: "run_1" } }) {
    ... on CancelWorkflowRunSuccess { workflowRun { record { status name } } }
  }`
  const CANCEL_CHILD = `cancelExecution(by: { executionId: "child" }) {
    ... on CancelExecutionSuccess { execution { parent { status } } }
  }`

  it('is visible to later reads of a record', async () => {
    const { gateway, cortex } = await openScriptedGateway({
      cortex: byRoute({
        'GET .*/records/rec_1': json(200, { id: 'rec_1', status: 'RUNNING' }),
        'POST .*/records/rec_1/cancel': json(200, { id: 'rec_1', status: 'CANCELLED' }),
        'POST .*/runs/run_1/cancel': json(200, {
          id: 'run_1',
          status: 'CANCELLED',
          collection_id: 'col_1',
          record_id: 'rec_1',
        }),
      }),
    })
    const data = await queryData(
      gateway,
      `mutation {
      before: ${CANCEL_RUN}
      cancelRecord(by: ${REF}) { ... on CancelRecordSuccess { outcome record { status } } }
      after: ${CANCEL_RUN}
    }`,
    )
    expect(data).toEqual({
      before: { workflowRun: { record: { status: 'RUNNING', name: null } } },
      cancelRecord: { outcome: 'CANCELLED', record: { status: 'CANCELLED' } },
      after: { workflowRun: { record: { status: 'CANCELLED', name: null } } },
    })
    expect(cortex.requests.map((line) => line.replace('/apps/c', ''))).toEqual([
      'POST /workflows/work_1/runs/run_1/cancel',
      'GET /collections/col_1/records/rec_1',
      'POST /collections/col_1/records/rec_1/cancel',
    ])
  })

  it('is visible to later reads of an execution', async () => {
    const { gateway, kodexa } = await openScriptedGateway({
      kodexa: byRoute({
        'GET /api/executions/parent': json(200, { id: 'parent', status: 'RUNNING' }),
        'PUT /api/executions/parent/cancel': json(200, { id: 'parent', status: 'CANCELLING' }),
        'PUT /api/executions/child/cancel': json(200, {
          id: 'child',
          status: 'CANCELLING',
          parentExecutionId: 'parent',
        }),
      }),
    })
    const data = await queryData(
      gateway,
      `mutation {
      before: ${CANCEL_CHILD}
      cancelExecution(by: { executionId: "parent" }) { ... on CancelExecutionSuccess { execution { status } } }
      after: ${CANCEL_CHILD}
    }`,
    )
    expect(data).toEqual({
      before: { execution: { parent: { status: 'RUNNING' } } },
      cancelExecution: { execution: { status: 'CANCELLING' } },
      after: { execution: { parent: { status: 'CANCELLING' } } },
    })
    expect(kodexa.requests).toEqual([
      'PUT /api/executions/child/cancel',
      'GET /api/executions/parent',
      'PUT /api/executions/parent/cancel',
    ])
  })

  it('is visible to later reads when it was part of cancelJobs', async () => {
    const { gateway, kodexa } = await openScriptedGateway({
      kodexa: byRoute({
        'GET /api/executions/parent': json(200, { id: 'parent', status: 'RUNNING' }),
        'PUT /api/executions/parent/cancel': json(200, { id: 'parent', status: 'CANCELLED' }),
        'PUT /api/executions/child/cancel': json(200, {
          id: 'child',
          status: 'CANCELLED',
          parentExecutionId: 'parent',
        }),
      }),
    })
    const data = await queryData(
      gateway,
      `mutation ($ids: [ID!]!) {
        cancelJobs(ids: $ids) { outcome }
        ${CANCEL_CHILD}
      }`,
      { ids: [idOf.execution('parent')] },
    )
    expect(data).toEqual({
      cancelJobs: [{ outcome: 'CANCELLED' }],
      cancelExecution: { execution: { parent: { status: 'CANCELLED' } } },
    })
    expect(kodexa.requests.filter((line) => line.startsWith('GET'))).toEqual([])
  })

  it('that found the job ended is visible to later reads', async () => {
    const { gateway } = await openScriptedGateway({
      cortex: byRoute({
        'GET .*/records/rec_1': inSequence(
          json(200, { id: 'rec_1', status: 'RUNNING' }),
          json(200, { id: 'rec_1', status: 'COMPLETED' }),
        ),
        'POST .*/records/rec_1/cancel': json(400, {}),
        'POST .*/runs/run_1/cancel': json(200, {
          id: 'run_1',
          status: 'CANCELLED',
          collection_id: 'col_1',
          record_id: 'rec_1',
        }),
      }),
      kodexa: byRoute({
        'GET /api/executions/parent': inSequence(
          json(200, { id: 'parent', status: 'RUNNING' }),
          json(200, { id: 'parent', status: 'SUCCEEDED' }),
        ),
        'PUT /api/executions/parent/cancel': json(400, {}),
        'PUT /api/executions/child/cancel': json(200, {
          id: 'child',
          status: 'CANCELLING',
          parentExecutionId: 'parent',
        }),
      }),
    })
    const data = await queryData(
      gateway,
      `mutation {
      runBefore: ${CANCEL_RUN}
      cancelRecord(by: ${REF}) { ... on JobNotCancellableError { job { status } } }
      runAfter: ${CANCEL_RUN}
      childBefore: ${CANCEL_CHILD}
      cancelExecution(by: { executionId: "parent" }) { ... on JobNotCancellableError { job { status } } }
      childAfter: ${CANCEL_CHILD}
    }`,
    )
    expect(data).toEqual({
      runBefore: { workflowRun: { record: { status: 'RUNNING', name: null } } },
      cancelRecord: { job: { status: 'COMPLETED' } },
      runAfter: { workflowRun: { record: { status: 'COMPLETED', name: null } } },
      childBefore: { execution: { parent: { status: 'RUNNING' } } },
      cancelExecution: { job: { status: 'COMPLETED' } },
      childAfter: { execution: { parent: { status: 'COMPLETED' } } },
    })
  })

  it('makes later reads fetch the status and validation errors again', async () => {
    const { gateway } = await openScriptedGateway({
      cortex: byRoute({
        'POST .*/records/rec_1/cancel': json(200, { id: 'rec_1', status: 'CANCELLED' }),
        'POST .*/runs/run_1/cancel': json(200, {
          id: 'run_1',
          status: 'CANCELLED',
          collection_id: 'col_1',
          record_id: 'rec_1',
        }),
        'GET .*/records/rec_1/status': inSequence(
          json(200, { status: 'FAILED', errors: [{ key: 'A' }] }),
          json(200, { status: 'CANCELLED' }),
        ),
      }),
    })
    const cancelRun = CANCEL_RUN.replace('status name', 'status errors { key }')
    const data = await queryData(
      gateway,
      `mutation {
      before: ${cancelRun}
      cancelRecord(by: ${REF}) { ... on CancelRecordSuccess { outcome } }
      after: ${cancelRun}
    }`,
    )
    expect(data).toEqual({
      before: { workflowRun: { record: { status: 'FAILED', errors: [{ key: 'A' }] } } },
      cancelRecord: { outcome: 'CANCELLED' },
      after: { workflowRun: { record: { status: 'CANCELLED', errors: [] } } },
    })
  })
})
