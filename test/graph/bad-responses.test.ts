import { describe, expect, it } from 'vitest'
import { type BadResponse, badResponses, type ReadKind, VENDOR_STACK } from '../support/bad-responses.js'
import { useFaultyVendor } from '../support/faulty-vendor.js'
import { byRoute, json, type Script } from '../support/scripted-vendor.js'

const setup = useFaultyVendor()
const BAD_RESPONSES = badResponses(() => setup.elsewhere.url)

type VendorName = 'CORTEX' | 'KODEXA'

interface Read {
  readonly vendor: VendorName
  readonly query: string
  /** The field that is null. */
  readonly field: string
  readonly kind: ReadKind
}

const READS: Record<string, Read> = {
  'a record': {
    vendor: 'CORTEX',
    query: '{ record(by: { ref: { collectionId: "col_1", recordId: "rec_1" } }) { id name } }',
    field: 'record',
    kind: 'one',
  },
  'the status alone of a record': {
    vendor: 'CORTEX',
    query: '{ record(by: { ref: { collectionId: "col_1", recordId: "rec_1" } }) { id status } }',
    field: 'record',
    kind: 'status',
  },
  'a list of records': {
    vendor: 'CORTEX',
    query: '{ records(collectionId: "col_1") { nodes { id } totalCount } }',
    field: 'records',
    kind: 'list',
  },
  'a run': {
    vendor: 'CORTEX',
    query: '{ workflowRun(by: { ref: { workflowId: "work_1", runId: "run_1" } }) { id output { key } } }',
    field: 'workflowRun',
    kind: 'one',
  },
  'a list of runs': {
    vendor: 'CORTEX',
    query: '{ workflowRuns(workflowId: "work_1") { nodes { id } totalCount } }',
    field: 'workflowRuns',
    kind: 'list',
  },
  'an execution': {
    vendor: 'KODEXA',
    query: '{ execution(by: { executionId: "exec_1" }) { id status } }',
    field: 'execution',
    kind: 'one',
  },
  'a list of executions': {
    vendor: 'KODEXA',
    query: '{ executions { nodes { id } totalCount } }',
    field: 'executions',
    kind: 'list',
  },
  'a filtered list of executions': {
    vendor: 'KODEXA',
    query: '{ executions(assistantId: "a", status: [RUNNING]) { nodes { id } } }',
    field: 'executions',
    kind: 'list',
  },
}

function extensionsOf({ code, retryAfterSeconds }: BadResponse, vendorName: VendorName): object {
  return { code, vendor: vendorName, ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }) }
}

describe.each(Object.entries(READS))('%s is null with an error', (_what, { vendor: name, query, field, kind }) => {
  const cases = Object.entries(BAD_RESPONSES).filter(([, { kinds }]) => !kinds || kinds.includes(kind))
  it.each(cases)('when the vendor sends %s', async (_how, bad) => {
    await setup.shortenTimeoutFor(bad.code)
    setup.vendor.answer(bad.script)
    const response = await setup.gateway.query(query)
    setup.expectNoLeak(response)
    expect(response.data).toEqual({ [field]: null })
    expect(response.errors.map(({ path, extensions }) => ({ path, extensions }))).toEqual([
      { path: [field], extensions: extensionsOf(bad, name) },
    ])
    expect(setup.vendor.requests).toHaveLength(1)
  })
})

describe('a 404', () => {
  const unknown = Object.entries(READS).filter(([, { vendor: name, kind }]) => name === 'CORTEX' || kind === 'one')
  it.each(unknown)('is not an error: %s is null', async (_what, { query, field }) => {
    setup.vendor.answer(json(404, VENDOR_STACK))
    const response = await setup.gateway.query(query)
    setup.expectNoLeak(response)
    expect([response.data, response.errors]).toEqual([{ [field]: null }, []])
  })

  it('for the list of executions, which always exists, is a rejection', async () => {
    setup.vendor.answer(json(404, VENDOR_STACK))
    const response = await setup.gateway.query(READS['a list of executions']!.query)
    setup.expectNoLeak(response)
    expect(response.errors).toMatchObject([
      { path: ['executions'], extensions: { code: 'VENDOR_REJECTED', vendor: 'KODEXA' } },
    ])
  })
})

describe('a Retry-After date', () => {
  it.each(Object.entries(READS))('is converted to seconds for %s', async (_what, { query }) => {
    setup.vendor.answer(json(429, VENDOR_STACK, { 'retry-after': new Date(Date.now() + 60_000).toUTCString() }))
    const response = await setup.gateway.query(query)
    setup.expectNoLeak(response)
    const seconds = response.errors[0]?.extensions?.retryAfterSeconds
    expect(seconds).toBeGreaterThan(0)
    expect(seconds).toBeLessThanOrEqual(60)
  })
})

interface NestedRead {
  readonly vendor: VendorName
  readonly query: string
  readonly path: readonly (string | number)[]
  /** Which request gets the bad response, and what the others get. */
  readonly badRoute: string
  readonly others: Readonly<Record<string, Script>>
  readonly kind: ReadKind
}

const NESTED: Record<string, NestedRead> = {
  'the errors of a record': {
    vendor: 'CORTEX',
    query: '{ record(by: { ref: { collectionId: "col_1", recordId: "rec_1" } }) { name errors { key } } }',
    path: ['record', 'errors'],
    badRoute: 'GET .*/status',
    others: { 'GET .*/rec_1': json(200, { id: 'rec_1', name: 'good' }) },
    kind: 'status',
  },
  'the record of a run': {
    vendor: 'CORTEX',
    query: '{ workflowRun(by: { ref: { workflowId: "work_1", runId: "run_1" } }) { vendorId record { name } } }',
    path: ['workflowRun', 'record'],
    badRoute: 'GET .*/records/rec_1',
    others: { 'GET .*/run_1': json(200, { id: 'run_1', collection_id: 'col_1', record_id: 'rec_1' }) },
    kind: 'one',
  },
  'the parent of an execution': {
    vendor: 'KODEXA',
    query: '{ execution(by: { executionId: "child" }) { vendorId parent { status } } }',
    path: ['execution', 'parent'],
    badRoute: 'GET .*/exec_1',
    others: { 'GET .*/child': json(200, { id: 'child', parentExecutionId: 'exec_1' }) },
    kind: 'one',
  },
  'the children of an execution': {
    vendor: 'KODEXA',
    query: '{ execution(by: { executionId: "exec_1" }) { vendorId children { nodes { id } } } }',
    path: ['execution', 'children'],
    badRoute: 'GET /api/executions',
    others: { 'GET .*/exec_1': json(200, { id: 'exec_1' }) },
    kind: 'list',
  },
  'the status messages of an execution': {
    vendor: 'KODEXA',
    query: '{ execution(by: { executionId: "exec_1" }) { vendorId statusMessages { title } } }',
    path: ['execution', 'statusMessages'],
    badRoute: 'GET .*/status-messages',
    others: { 'GET .*/exec_1': json(200, { id: 'exec_1' }) },
    kind: 'list',
  },
}

describe.each(Object.entries(NESTED))(
  '%s alone is null with an error',
  (_what, { vendor: name, query, path, badRoute, others: rest, kind }) => {
    const cases = Object.entries(BAD_RESPONSES).filter(([, { kinds }]) => !kinds || kinds.includes(kind))
    it.each(cases)('when the vendor sends %s', async (_how, bad) => {
      await setup.shortenTimeoutFor(bad.code)
      setup.vendor.answer(byRoute({ [badRoute]: bad.script, ...rest }))
      const response = await setup.gateway.query(query)
      setup.expectNoLeak(response)
      const [root, field] = path as [string, string]
      const others: Readonly<Record<string, unknown>> = response.data[root]
      expect(Object.keys(others)).toHaveLength(2)
      expect(Object.keys(others).filter((name) => others[name] === null)).toEqual([field])
      expect(response.errors.map((error) => ({ path: error.path, extensions: error.extensions }))).toEqual([
        { path, extensions: extensionsOf(bad, name) },
      ])
    })
  },
)

describe('jobs', () => {
  const good: Record<VendorName, Record<string, Script>> = {
    CORTEX: {
      'GET /apps/.*/records': json(200, [{ id: 'rec_1', status: 'RUNNING' }]),
      'GET /apps/.*/runs': json(200, [{ id: 'run_1', status: 'RUNNING' }]),
    },
    KODEXA: { 'GET /api/executions': json(200, { content: [{ id: 'exec_1', status: 'RUNNING' }], last: true }) },
  }
  const query = '{ jobs { nodes { vendorId } outages { vendor source code retryAfterSeconds } } }'
  const cases = Object.entries(BAD_RESPONSES).filter(([, { kinds }]) => !kinds || kinds.includes('list'))

  it.each(cases)('lists the jobs of Cortex and an outage of Kodexa when Kodexa sends %s', async (_how, bad) => {
    const { script, code, retryAfterSeconds = null } = bad
    await setup.shortenTimeoutFor(bad.code)
    setup.vendor.answer(byRoute({ 'GET /api/.*': script, ...good.CORTEX }))
    const response = await setup.gateway.query(query)
    setup.expectNoLeak(response)
    expect(response.errors).toEqual([])
    expect(response.data.jobs).toEqual({
      nodes: [{ vendorId: 'rec_1' }, { vendorId: 'run_1' }],
      outages: [{ vendor: 'KODEXA', source: 'executions', code, retryAfterSeconds }],
    })
  })

  it.each(cases)('lists the jobs of Kodexa and an outage per container when Cortex sends %s', async (_how, bad) => {
    const { script, code, retryAfterSeconds = null } = bad
    await setup.shortenTimeoutFor(bad.code)
    setup.vendor.answer(byRoute({ 'GET /apps/.*': script, ...good.KODEXA }))
    const response = await setup.gateway.query(query)
    setup.expectNoLeak(response)
    expect(response.errors).toEqual([])
    expect(response.data.jobs.nodes).toEqual([{ vendorId: 'exec_1' }])
    const outages = ['collection col_1', 'workflow work_1'].map((source) => ({
      vendor: 'CORTEX',
      source,
      code,
      retryAfterSeconds,
    }))
    expect(response.data.jobs.outages).toHaveLength(2)
    expect(response.data.jobs.outages).toEqual(expect.arrayContaining(outages))
  })
})

describe('vendors', () => {
  // Any JSON is a valid response to a ping.
  const cases = Object.entries(BAD_RESPONSES).filter(
    ([how, { kinds }]) => !kinds && !['null', 'true', 'a string', 'a number'].includes(how),
  )
  it.each(cases)('reports an outage when a vendor responds to the ping with %s', async (_how, bad) => {
    await setup.shortenTimeoutFor(bad.code)
    setup.vendor.answer(bad.script)
    const response = await setup.gateway.query('{ vendors { vendor outage { code message } } }')
    setup.expectNoLeak(response)
    expect(response.data.vendors).toMatchObject([
      { vendor: 'CORTEX', outage: { code: bad.code } },
      { vendor: 'KODEXA', outage: { code: bad.code } },
    ])
  })
})
