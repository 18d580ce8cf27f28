import { describe, expect, it } from 'vitest'
import { encodeJobId } from '../../../src/job/job-id.js'
import { resetConnection, json, text } from '../../support/scripted-vendor.js'
import { WORKFLOW_RUN, type CancellableKind } from '../../support/cancellable-kinds.js'
import { cancel, openVendor } from '../../support/cancel.js'

describe('a run of a discoverable workflow', () => {
  const address = { type: 'WorkflowRun', path: ['c', 'work_1', 'run_1', 'discover'] }
  const by = { ref: { workflowId: 'work_1', runId: 'run_1', discoverable: true } }
  const cancelCall = 'POST /apps/c/workflows/discover/work_1/runs/run_1/cancel'
  const readCall = 'GET /apps/c/workflows/discover/work_1/runs/run_1'
  const kind: CancellableKind = { ...WORKFLOW_RUN, by, path: address.path, cancelCall, readCall }
  const respondWithStatus = (status: string) => json(200, { id: 'run_1', status })
  const unexpectedRead = respondWithStatus('CANCELLED')

  it.each([
    ['by its address', by],
    ['by its global id', { id: encodeJobId(address) }],
  ])('is cancelled under its own path %s', async (_how, by) => {
    const { result, requests } = await cancel(kind, {
      cancel: respondWithStatus('CANCELLED'),
      read: unexpectedRead,
      by,
    })
    expect(result).toMatchObject({ outcome: 'CANCELLED', job: { id: encodeJobId(address), status: 'CANCELLED' } })
    expect(requests).toEqual([cancelCall])
  })

  it('is cancelled in the requested app', async () => {
    const elsewhere = { ref: { ...by.ref, appId: 'app_2' } }
    const { requests } = await cancel(kind, {
      cancel: respondWithStatus('CANCELLED'),
      read: unexpectedRead,
      by: elsewhere,
    })
    expect(requests).toEqual([cancelCall.replace('/c/', '/app_2/')])
  })

  it('is CANCELLING, without a read, when the response says RUNNING', async () => {
    const { result, requests } = await cancel(kind, { cancel: respondWithStatus('RUNNING'), read: unexpectedRead })
    expect(result).toMatchObject({ outcome: 'CANCELLING', job: { status: 'RUNNING' } })
    expect(requests).toEqual([cancelCall])
  })

  it.each([400, 409, 422])('results in VendorError with %i, because it cannot be read', async (status) => {
    const { result, requests } = await cancel(kind, {
      cancel: json(status, { message: 'Not in this state.' }),
      read: unexpectedRead,
    })
    expect(result).toMatchObject({
      __typename: 'VendorError',
      code: 'VENDOR_REJECTED',
      vendorMessage: 'Not in this state.',
    })
    expect(requests).toEqual([cancelCall])
  })

  it.each([
    ['is a 502', text(502, '<html></html>'), 'VENDOR_UNAVAILABLE'],
    ['is missing', resetConnection, 'VENDOR_UNAVAILABLE'],
    ['is empty', text(200, ''), 'VENDOR_BAD_RESPONSE'],
  ])('has an unknown outcome when the response %s, because it cannot be read', async (_what, script, code) => {
    const { result, requests } = await cancel(kind, { cancel: script, read: unexpectedRead })
    expect(result).toMatchObject({ __typename: 'VendorError', code })
    expect(result.message).toMatch(/outcome of the cancel is unknown/)
    expect(requests).toEqual([cancelCall])
  })

  it.each([
    ['workflowRun', 'query Read($by: WorkflowRunBy!) { found: workflowRun(by: $by) { status } }', { by }],
    ['job', 'query Read($id: ID!) { found: job(id: $id) { status } }', { id: encodeJobId(address) }],
    ['node', 'query Read($id: ID!) { found: node(id: $id) { id } }', { id: encodeJobId(address) }],
  ])('cannot be read by `%s`, which sends nothing', async (_field, document, variables) => {
    const { vendor, gateway } = await openVendor(kind)
    vendor.answer(respondWithStatus('RUNNING'))
    const { data, errors } = await gateway.query(document, variables)
    expect(data).toEqual({ found: null })
    expect(errors).toMatchObject([{ path: ['found'], extensions: { code: 'VENDOR_UNSUPPORTED', vendor: 'CORTEX' } }])
    expect(vendor.requests).toEqual([])
  })
})
