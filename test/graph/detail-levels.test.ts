import { describe, expect, it } from 'vitest'
import { openSandboxedForTest } from '../support/close-after-test.js'
import { queryData } from '../support/query-data.js'
import { FULL_RECORD, RECORD_REF } from '../support/sandbox-record.js'

describe('what is read of a record', () => {
  const record = (selection: string) => `{ record(by: ${RECORD_REF}) { ${selection} } }`

  it.each([
    'status',
    '__typename id vendor vendorId status vendorStatus isTerminal isCancellable appId collectionId errors { key message }',
    '... on Job { status ... on Record { errors { key } } }',
    'mine: status',
  ])('is its status alone when nothing else is selected: %s', async (selection) => {
    const gateway = await openSandboxedForTest()
    await queryData(gateway, record(selection))
    expect(gateway.takeRequests().cortex).toEqual([`GET ${FULL_RECORD}/status`])
  })

  it('has the same values in the status alone as in the record', async () => {
    const gateway = await openSandboxedForTest()
    const fields = '__typename id vendor vendorId status vendorStatus isTerminal isCancellable appId collectionId'
    const data = await queryData(gateway, `{ bare: record(by: ${RECORD_REF}) { ${fields} } }`)
    const whole = await queryData(gateway, `{ bare: record(by: ${RECORD_REF}) { ${fields} createdAt } }`)
    expect({ ...data.bare, createdAt: null }).toEqual({ ...whole.bare, createdAt: null })
    expect(whole.bare.createdAt).not.toBeNull()
  })

  it.each([
    'name',
    'status createdAt',
    'state { __typename }',
    'updatedAt',
    'rulesCount',
    'rules { key status }',
    'tags { id }',
    'usage',
    '...More',
  ])('is the record when more is selected: %s', async (selection) => {
    const gateway = await openSandboxedForTest()
    await queryData(
      gateway,
      `${record(selection)} ${selection === '...More' ? 'fragment More on Record { status collectionName }' : ''}`,
    )
    expect(gateway.takeRequests().cortex).toEqual([`GET ${FULL_RECORD}`])
  })

  it.each([
    'rules { key run { status } }',
    'rules { ... on RecordRule { run { id } } }',
    'name rules { key } again: rules { run { id } }',
  ])('is verbose when the runs of its rules are selected: %s', async (selection) => {
    const gateway = await openSandboxedForTest()
    await queryData(gateway, record(selection))
    expect(gateway.takeRequests().cortex).toEqual([`GET ${FULL_RECORD}?verbose=all`])
  })

  it('is null at each detail level when there is no such record', async () => {
    const gateway = await openSandboxedForTest()
    const none = '{ ref: { collectionId: "col_invoices", recordId: "rec_none" } }'
    expect(await queryData(gateway, `{ record(by: ${none}) { status } }`)).toEqual({ record: null })
    expect(await queryData(gateway, `{ record(by: ${none}) { name } }`)).toEqual({ record: null })
  })
})

describe('what is read of a run', () => {
  const REF = '{ ref: { workflowId: "work_extract", runId: "run_completed" } }'
  const run = (selection: string) => `{ workflowRun(by: ${REF}) { ${selection} } }`
  const PATH = '/apps/c/workflows/work_extract/runs/run_completed'

  it.each(['status', 'id createdAt error origin', 'state { __typename }', 'record { id }'])(
    'is the plain run when that is enough: %s',
    async (selection) => {
      const gateway = await openSandboxedForTest()
      await queryData(gateway, run(selection))
      expect(gateway.takeRequests().cortex[0]).toBe(`GET ${PATH}`)
    },
  )

  it.each([
    'input',
    'result',
    'output { key }',
    'workflowVersion { id }',
    'workflowVersionDraft { key }',
    'usage',
    '... on Job { ... on WorkflowRun { output { key } } }',
  ])('is verbose when such a field is selected: %s', async (selection) => {
    const gateway = await openSandboxedForTest()
    await queryData(gateway, run(selection))
    expect(gateway.takeRequests().cortex).toEqual([`GET ${PATH}?verbose=all`])
  })

  it('is unsupported for a discoverable workflow, without a request', async () => {
    const gateway = await openSandboxedForTest()
    const { data, errors } = await gateway.query(`{
      workflowRun(by: { ref: { workflowId: "work_shared_ocr", runId: "run_shared_ocr", discoverable: true } }) { status }
    }`)
    expect(data).toEqual({ workflowRun: null })
    expect(errors).toMatchObject([
      { path: ['workflowRun'], extensions: { code: 'VENDOR_UNSUPPORTED', vendor: 'CORTEX' } },
    ])
    expect(gateway.takeRequests().cortex).toEqual([])
  })
})
