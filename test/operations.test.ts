import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as operations from './generated/graphql.js'
import { openSandboxedGateway, type SandboxedGateway } from './support/sandboxes.js'

let gateway: SandboxedGateway
beforeAll(async () => {
  gateway = await openSandboxedGateway()
})
afterAll(() => gateway.close())

describe('the example operations with their default variables', () => {
  it('lists jobs of both vendors, newest first', async () => {
    const { data, errors } = await gateway.query(operations.JobsDocument)
    expect(errors).toEqual([])
    expect(data.jobs.outages).toEqual([])
    expect(new Set(data.jobs.nodes.map(({ vendor }) => vendor))).toEqual(new Set(['CORTEX', 'KODEXA']))
    const times = data.jobs.nodes.map(({ createdAt }) => createdAt!)
    expect(times).toEqual([...times].sort().reverse())
    expect(data.vendors).toMatchObject([{ mode: 'SANDBOX' }, { mode: 'SANDBOX' }])
  })

  it('returns a record in full', async () => {
    const { data, errors } = await gateway.query(operations.RecordDocument)
    expect(errors).toEqual([])
    expect(data.record).toMatchObject({ vendorId: 'rec_completed', status: 'COMPLETED', rulesFailCount: 1, errors: [] })
    expect(data.record?.rules?.some(({ run }) => run !== null)).toBe(true)
  })

  it('returns a run in full', async () => {
    const { data, errors } = await gateway.query(operations.WorkflowRunDocument)
    expect(errors).toEqual([])
    expect(data.workflowRun).toMatchObject({ vendorId: 'run_completed', status: 'COMPLETED' })
    expect(data.workflowRun?.output?.length).toBeGreaterThan(1)
  })

  it('returns an execution in full', async () => {
    const { data, errors } = await gateway.query(operations.ExecutionDocument)
    expect(errors).toEqual([])
    expect(data.execution).toMatchObject({
      status: 'FAILED',
      state: { failure: { message: data.execution!.exception!.message } },
    })
    expect(data.execution?.exception?.validationErrors?.length).toBeGreaterThan(0)
  })

  it('returns many statuses at once', async () => {
    const { data, errors } = await gateway.query(operations.StatusesDocument)
    expect(errors).toEqual([])
    expect(data.nodes.map((node) => node && 'status' in node && node.status)).not.toContain(null)
  })

  it('cancels one of each kind, and the status changes', async () => {
    const record = await gateway.query(operations.CancelRecordDocument)
    expect(record.data.cancelRecord).toMatchObject({ outcome: 'CANCELLED', record: { status: 'CANCELLED' } })
    const run = await gateway.query(operations.CancelWorkflowRunDocument)
    expect(run.data.cancelWorkflowRun).toMatchObject({ outcome: 'CANCELLED', workflowRun: { status: 'CANCELLED' } })
    const execution = await gateway.query(operations.CancelExecutionDocument)
    expect(execution.data.cancelExecution).toMatchObject({ outcome: 'CANCELLING', execution: { status: 'CANCELLING' } })

    gateway.advance(10_000)
    const ids = [record.data.cancelRecord, run.data.cancelWorkflowRun, execution.data.cancelExecution].map((result) => {
      if ('record' in result) return result.record.id
      if ('workflowRun' in result) return result.workflowRun.id
      if ('execution' in result) return result.execution.id
      throw new Error('not cancelled')
    })
    const { data } = await gateway.query(operations.StatusesDocument, { ids })
    expect(data.nodes).toMatchObject(ids.map((id) => ({ id, status: 'CANCELLED', isTerminal: true })))
  })
})
