import { afterEach, describe, expect, it } from 'vitest'
import { readConfig } from '../../src/config/config.js'
import { connectVendors, type ConnectedVendors } from '../../src/config/connect-vendors.js'
import { encodeJobId } from '../../src/job/job-id.js'
import { silentLog } from '../../src/job/log.js'
import { openGateway, type TestGateway } from '../support/gateway.js'
import { json, startScriptedVendor, type ScriptedVendor } from '../support/scripted-vendor.js'

const EXECUTION = encodeJobId({ type: 'Execution', path: ['exec_1'] })
const RECORD = encodeJobId({ type: 'Record', path: ['c', 'col_1', 'rec_1'] })
const RUN = encodeJobId({ type: 'WorkflowRun', path: ['c', 'work_1', 'run_1'] })

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

interface Half {
  readonly name: 'CORTEX' | 'KODEXA'
  readonly missing: 'CORTEX' | 'KODEXA'
  /** Reads and cancels of the vendor that is missing. */
  readonly reads: Readonly<Record<string, string>>
  readonly cancels: Readonly<Record<string, string>>
  /** The ids of its jobs. */
  readonly ids: readonly string[]
  /** A read of the vendor that is there. */
  readonly wellRead: string
}

const HALVES: Record<string, Half> = {
  'Cortex alone': {
    name: 'CORTEX',
    missing: 'KODEXA',
    reads: {
      execution: '{ execution(by: { executionId: "exec_1" }) { id } }',
      'execution by its global id': `{ execution(by: { id: "${EXECUTION}" }) { id } }`,
      executions: '{ executions { nodes { id } } }',
      node: `{ node(id: "${EXECUTION}") { id } }`,
      job: `{ job(id: "${EXECUTION}") { id } }`,
    },
    cancels: {
      cancelExecution:
        'mutation { cancelExecution(by: { executionId: "exec_1" }) { __typename ... on VendorError { vendor code message retryAfterSeconds } } }',
    },
    ids: [EXECUTION],
    wellRead: '{ record(by: { ref: { collectionId: "col_1", recordId: "job_1" } }) { vendorId name } }',
  },
  'Kodexa alone': {
    name: 'KODEXA',
    missing: 'CORTEX',
    reads: {
      record: '{ record(by: { ref: { collectionId: "col_1", recordId: "rec_1" } }) { id } }',
      'record by its global id': `{ record(by: { id: "${RECORD}" }) { name } }`,
      records: '{ records(collectionId: "col_1") { nodes { id } } }',
      workflowRun: '{ workflowRun(by: { ref: { workflowId: "work_1", runId: "run_1" } }) { id } }',
      workflowRuns: '{ workflowRuns(workflowId: "work_1") { nodes { id } } }',
      'node of a record': `{ node(id: "${RECORD}") { id } }`,
      'job of a run': `{ job(id: "${RUN}") { id } }`,
    },
    cancels: {
      cancelRecord: `mutation { cancelRecord(by: { id: "${RECORD}" }) { __typename ... on VendorError { vendor code message retryAfterSeconds } } }`,
      cancelWorkflowRun:
        'mutation { cancelWorkflowRun(by: { ref: { workflowId: "work_1", runId: "run_1" } }) { __typename ... on VendorError { vendor code message retryAfterSeconds } } }',
    },
    ids: [RECORD, RUN],
    wellRead: '{ execution(by: { executionId: "job_1" }) { vendorId name } }',
  },
}

async function openHalf({ name }: Half): Promise<{ gateway: TestGateway; vendor: ScriptedVendor }> {
  const vendor = await startScriptedVendor(json(200, { id: 'job_1', status: 'RUNNING', content: [] }))
  const connection = await connectVendors(
    readConfig({ [`${name}_API_KEY`]: 'k', [`${name}_BASE_URL`]: vendor.url.href }),
    silentLog,
  )
  const gateway = openGateway(connection.vendors)
  closing.push(vendor.close, connection.close, gateway.close)
  return { gateway, vendor }
}

describe.each(Object.entries(HALVES))('%s', (_what, half) => {
  const { name, missing, reads, cancels, ids, wellRead } = half
  const notConfigured = { code: 'VENDOR_NOT_CONFIGURED', vendor: missing }

  it.each(Object.entries(reads))('says of %s that the vendor is not configured', async (_field, query) => {
    const { gateway, vendor } = await openHalf(half)
    const { status, data, errors } = await gateway.query(query)
    expect(status).toBe(200)
    expect(Object.values(data as object)).toEqual([null])
    expect(errors).toMatchObject([
      { message: `${missing} is not configured: this gateway has no credential for it.`, extensions: notConfigured },
    ])
    expect(vendor.requests).toEqual([])
  })

  it.each(Object.entries(cancels))('says so in the result of %s', async (field, query) => {
    const { gateway, vendor } = await openHalf(half)
    const { data, errors } = await gateway.query(query)
    expect(errors).toEqual([])
    expect(data[field]).toMatchObject({
      __typename: 'VendorError',
      vendor: missing,
      code: 'VENDOR_NOT_CONFIGURED',
      retryAfterSeconds: null,
    })
    expect(vendor.requests).toEqual([])
  })

  it('says so for each of its jobs among several', async () => {
    const { gateway, vendor } = await openHalf(half)
    const read = await gateway.query('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids })
    expect(read.data).toEqual({ nodes: ids.map(() => null) })
    expect(read.errors).toMatchObject(ids.map((_id, at) => ({ path: ['nodes', at], extensions: notConfigured })))
    const cancel = await gateway.query(
      'mutation ($ids: [ID!]!) { cancelJobs(ids: $ids) { id outcome error { __typename code } } }',
      { ids },
    )
    expect(cancel.errors).toEqual([])
    expect(cancel.data.cancelJobs).toEqual(
      ids.map((id) => ({ id, outcome: null, error: { __typename: 'VendorError', code: 'VENDOR_NOT_CONFIGURED' } })),
    )
    expect(vendor.requests).toEqual([])
  })

  it('serves the vendor that there is, beside one that is not', async () => {
    const { gateway, vendor } = await openHalf(half)
    const { status, data, errors } = await gateway.query(
      `{ ${wellRead.slice(1, -1)} ${Object.values(reads)[0]!.slice(1, -1)} }`,
    )
    expect(status).toBe(200)
    expect(Object.values(data as object)).toEqual(expect.arrayContaining([{ vendorId: 'job_1', name: null }, null]))
    expect(errors).toMatchObject([{ extensions: notConfigured }])
    expect(vendor.requests).toHaveLength(1)
  })

  it('shows both among the vendors, and asks only the one that there is', async () => {
    const { gateway, vendor } = await openHalf(half)
    const { data, errors } = await gateway.query(
      '{ vendors { vendor mode reachable latencyMs circuit outage { vendor code message } } }',
    )
    expect(errors).toEqual([])
    const byName = Object.fromEntries((data.vendors as { vendor: string }[]).map((health) => [health.vendor, health]))
    expect(Object.keys(byName)).toEqual(['CORTEX', 'KODEXA'])
    expect(byName[name]).toMatchObject({ mode: 'LIVE', reachable: true, outage: null })
    expect(byName[missing]).toEqual({
      vendor: missing,
      mode: 'NOT_CONFIGURED',
      reachable: false,
      latencyMs: null,
      circuit: 'CLOSED',
      outage: {
        vendor: missing,
        code: 'VENDOR_NOT_CONFIGURED',
        message: `${missing} is not configured: this gateway has no credential for it.`,
      },
    })
    expect(vendor.requests).toHaveLength(1)
  })

  it('is no outage in the list of all jobs', async () => {
    const { gateway, vendor } = await openHalf(half)
    vendor.answer(json(200, []))
    const { data, errors } = await gateway.query('{ jobs { nodes { id } outages { vendor code } } }')
    expect([errors, data.jobs]).toEqual([[], { nodes: [], outages: [] }])
  })

  it.each([
    ['alone', [missing]],
    ['with the other', ['CORTEX', 'KODEXA']],
  ])('is an outage for those who ask for its jobs by name, %s', async (_how, vendors) => {
    const { gateway, vendor } = await openHalf(half)
    vendor.answer(json(200, []))
    const { data, errors } = await gateway.query(
      'query ($vendors: [Vendor!]) { jobs(filter: { vendors: $vendors }) { nodes { id } outages { vendor code source } } }',
      { vendors },
    )
    expect(errors).toEqual([])
    expect(data.jobs.outages).toEqual([{ vendor: missing, code: 'VENDOR_NOT_CONFIGURED', source: null }])
  })
})

describe('the sandboxes', () => {
  it('stand behind every vendor when none is configured, until they are closed', async () => {
    const connection: ConnectedVendors = await connectVendors({ vendors: null, sharedState: {} }, silentLog)
    const gateway = openGateway(connection.vendors)
    const { data, errors } = await gateway.query('{ vendors { vendor mode reachable } jobs { nodes { vendor } } }')
    expect(errors).toEqual([])
    expect(data.vendors).toEqual([
      { vendor: 'CORTEX', mode: 'SANDBOX', reachable: true },
      { vendor: 'KODEXA', mode: 'SANDBOX', reachable: true },
    ])
    expect(new Set((data.jobs.nodes as { vendor: string }[]).map(({ vendor }) => vendor))).toEqual(
      new Set(['CORTEX', 'KODEXA']),
    )
    await connection.close()
    const after = await gateway.query('{ vendors { reachable } }')
    expect(after.data.vendors).toEqual([{ reachable: false }, { reachable: false }])
    await gateway.close()
  })

  it('are each as many as they are asked for', async () => {
    const [one, other] = await Promise.all([
      connectVendors({ vendors: null, sharedState: {} }, silentLog),
      connectVendors({ vendors: null, sharedState: {} }, silentLog),
    ])
    closing.push(one.close, other.close)
    await one.close()
    const gateway = openGateway(other.vendors)
    closing.push(gateway.close)
    expect((await gateway.query('{ vendors { reachable } }')).data.vendors).toEqual([
      { reachable: true },
      { reachable: true },
    ])
  })
})
