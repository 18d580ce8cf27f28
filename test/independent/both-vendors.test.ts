import { afterEach, describe, expect, it } from 'vitest'
import { encodeJobId } from '../../src/job/job-id.js'
import { requestLines, openFixture, readAllPages, type Fixture, type FixtureOptions } from './fixture.js'
import { wireRecord, wireRun, wireExecution, timestamp, executionId, repeat } from './wire-jobs.js'
import { Secret } from '../../src/job/secret.js'

let fixture: Fixture
afterEach(() => fixture.close())

const jobs = {
  cortex: {
    collections: {
      col_1: repeat(20, (number) =>
        wireRecord(`rec_${number}`, { status: 'RUNNING', created_at: timestamp(number * 3) }),
      ),
    },
    workflows: {
      work_1: repeat(20, (number) =>
        wireRun(`run_${number}`, { status: 'PENDING', created_at: timestamp(number * 3 + 1) }),
      ),
    },
  },
  kodexa: repeat(20, (number) => wireExecution(number, { createdOn: timestamp(number * 3 + 2) })),
} satisfies FixtureOptions

const newestFirst = Array.from({ length: 20 }, (_, index) => 20 - index).flatMap((number) => [
  executionId(number),
  `run_${number}`,
  `rec_${number}`,
])
const record = (id: string) => encodeJobId({ type: 'Record', path: ['c', 'col_1', id] })
const run = (id: string) => encodeJobId({ type: 'WorkflowRun', path: ['c', 'work_1', id] })
const execution = (number: number) => encodeJobId({ type: 'Execution', path: [executionId(number)] })

describe('the list of all jobs', () => {
  it.each([
    ['as documented', {}, {}],
    ['with capped pages', { cap: 25 }, { cap: 10 }],
    ['with small pages', { cap: 5 }, { cap: 5, pageBase: 0 }],
  ] as const)(
    'has every job of both vendors, newest first, where they answer %s',
    async (_, cortexOptions, kodexaOptions) => {
      fixture = await openFixture({ ...jobs, cortexOptions, kodexaOptions })
      expect((await readAllPages(fixture, 'jobs(first: 7)')).ids).toEqual(newestFirst)
    },
  )

  it('costs one call for each container', async () => {
    fixture = await openFixture(jobs)
    const { data } = await fixture.ask(
      '{ jobs(first: 6) { nodes { __typename id vendorId vendor status } outages { message } } }',
    )
    expect(data.jobs).toMatchObject({ nodes: newestFirst.slice(0, 6).map((vendorId) => ({ vendorId })), outages: [] })
    const { cortex, kodexa } = fixture.sent()
    expect([cortex.length, kodexa.length]).toEqual([2, 1])
  })

  it('returns the jobs of one vendor while the other is down', async () => {
    fixture = await openFixture({ ...jobs, kodexaOptions: { failAll: 502, errorBody: 'html' } })
    const { data, errors } = await fixture.ask('{ jobs(first: 2) { nodes { vendorId } outages { vendor code } } }')
    expect(errors).toEqual([])
    expect(data.jobs).toEqual({
      nodes: [{ vendorId: 'run_20' }, { vendorId: 'rec_20' }],
      outages: [{ vendor: 'KODEXA', code: 'VENDOR_UNAVAILABLE' }],
    })
  })

  it('returns ids that find each job again', async () => {
    fixture = await openFixture(jobs)
    const { data } = await fixture.ask('{ jobs(first: 6) { nodes { id vendorId } } }')
    const nodes: { id: string; vendorId: string }[] = data.jobs.nodes
    const found = await fixture.ask('query ($ids: [ID!]!) { nodes(ids: $ids) { id ... on Job { vendorId } } }', {
      ids: nodes.map(({ id }) => id),
    })
    expect(found.data.nodes).toEqual(nodes)
  })
})

describe('nodes of several types', () => {
  it('keep the requested order, fail independently, and batch executions and the records of a collection', async () => {
    fixture = await openFixture(jobs)
    const ids = [
      execution(1),
      record('rec_1'),
      run('run_1'),
      'no-id',
      record('rec_none'),
      execution(99),
      execution(2),
      record('rec_1'),
    ]
    const { data, errors } = await fixture.ask(
      'query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Job { vendorId status } } }',
      { ids },
    )
    expect(data.nodes).toEqual([
      { vendorId: executionId(1), status: 'RUNNING' },
      { vendorId: 'rec_1', status: 'RUNNING' },
      { vendorId: 'run_1', status: 'QUEUED' },
      null,
      null,
      null,
      { vendorId: executionId(2), status: 'RUNNING' },
      { vendorId: 'rec_1', status: 'RUNNING' },
    ])
    expect(errors).toMatchObject([{ path: ['nodes', 3], extensions: { code: 'BAD_INPUT' } }])
    const { cortex, kodexa } = fixture.sent()
    expect(requestLines(cortex).sort()).toEqual([
      'GET apps/c/collections/col_1/records',
      'GET apps/c/collections/col_1/records/rec_none/status',
      'GET apps/c/workflows/work_1/runs/run_1',
    ])
    expect(requestLines(kodexa)).toEqual(['GET api/executions'])
  })

  it('of a vendor that is down are null with one error each', async () => {
    fixture = await openFixture({ ...jobs, cortexOptions: { failAll: 500, errorBody: 'text' } })
    const { data, errors } = await fixture.ask('query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Job { status } } }', {
      ids: [record('rec_1'), execution(1)],
    })
    expect(data.nodes).toEqual([null, { status: 'RUNNING' }])
    expect(errors).toMatchObject([{ path: ['nodes', 0], extensions: { code: 'VENDOR_UNAVAILABLE', vendor: 'CORTEX' } }])
  })
})

describe('the cancel of several jobs', () => {
  const discoverable = encodeJobId({ type: 'WorkflowRun', path: ['c', 'work_x', 'run_x', 'discover'] })
  const ids = [
    ...[
      execution(1),
      record('rec_run'),
      record('rec_done'),
      record('rec_off'),
      run('run_run'),
      execution(2),
      execution(98),
    ],
    ...['no-id', record('rec_run'), discoverable],
  ]

  async function cancelAll(selection: string) {
    const cortex = {
      collections: {
        col_1: Object.entries({
          rec_run: 'RUNNING',
          rec_done: 'COMPLETED',
          rec_off: 'CANCELLED',
        }).map(([id, status]) => wireRecord(id, { status })),
      },
      workflows: { work_1: [wireRun('run_run', { status: 'RUNNING' })] },
      discoverable: { work_x: [wireRun('run_x', { status: 'RUNNING' })] },
    }
    const kodexa = [wireExecution(1), wireExecution(2, { status: 'SUCCEEDED' })]
    fixture = await openFixture({ cortex, kodexa, kodexaOptions: { cancel: 'winds down' } })
    const { data, errors } = await fixture.ask(`mutation ($ids: [ID!]!) { cancelJobs(ids: $ids) ${selection} }`, {
      ids,
    })
    expect(errors).toEqual([])
    return data.cancelJobs as readonly unknown[]
  }

  it('returns one outcome for each job in the given order, and cancels each once', async () => {
    const done = (id: string | undefined, outcome: string | null, status: string | null) => ({
      id,
      outcome,
      job: status && { status },
    })
    expect(await cancelAll('{ id outcome job { status } }')).toEqual([
      done(ids[0], 'CANCELLING', 'CANCELLING'),
      done(ids[1], 'CANCELLED', 'CANCELLED'),
      done(ids[2], null, 'COMPLETED'),
      done(ids[3], 'ALREADY_CANCELLED', 'CANCELLED'),
      done(ids[4], 'CANCELLED', 'CANCELLED'),
      done(ids[5], null, 'COMPLETED'),
      done(ids[6], null, null),
      done(ids[7], null, null),
      done(ids[8], 'CANCELLED', 'CANCELLED'),
      done(ids[9], 'CANCELLED', 'CANCELLED'),
    ])
    const { cortex: toCortex, kodexa: toKodexa } = fixture.sent()
    const cancels = [...toCortex, ...toKodexa].filter(({ method }) => method !== 'GET')
    expect(cancels).toHaveLength(8)
    expect(new Set(requestLines(cancels)).size).toBe(8)
    expect(toCortex.length + toKodexa.length).toBeLessThanOrEqual(8 + 3)
  })

  it('returns the reason of each failed cancel in its own outcome', async () => {
    const done = (__typename: string, code: string) => ({ error: { __typename, code } })
    expect(await cancelAll('{ error { __typename code } }')).toEqual([
      ...[
        { error: null },
        { error: null },
        done('JobNotCancellableError', 'NOT_CANCELLABLE'),
        { error: null },
        { error: null },
      ],
      ...[
        done('JobNotCancellableError', 'NOT_CANCELLABLE'),
        done('JobNotFoundError', 'NOT_FOUND'),
        done('BadInputError', 'BAD_INPUT'),
      ],
      ...[{ error: null }, { error: null }],
    ])
  })
})

describe('the vendors', () => {
  const VENDORS = '{ vendors { vendor mode reachable circuit outage { code } } }'

  it('are probed once each with a small read', async () => {
    fixture = await openFixture(jobs)
    const { data } = await fixture.ask('{ vendors { vendor mode reachable latencyMs circuit outage { code } } }')
    expect(data.vendors).toMatchObject([
      { vendor: 'CORTEX', mode: 'LIVE', reachable: true, circuit: 'CLOSED', outage: null },
      { vendor: 'KODEXA', mode: 'LIVE', reachable: true, circuit: 'CLOSED', outage: null },
    ])
    const { cortex, kodexa } = fixture.sent()
    expect(requestLines(cortex)).toEqual(['GET apps/c/workflows'])
    expect(requestLines(kodexa)).toEqual(['GET api/executions'])
  })

  it('are not probed when only local fields are selected', async () => {
    fixture = await openFixture(jobs)
    await fixture.ask('{ vendors { vendor mode circuit } }')
    expect(fixture.sent()).toEqual({ cortex: [], kodexa: [] })
  })

  it('are reachable with an outage when they reject the key', async () => {
    fixture = await openFixture({
      ...jobs,
      cortexSettings: { apiKey: new Secret('other') },
      kodexaSettings: { authHeader: 'x-access-token' },
    })
    const { data } = await fixture.ask(VENDORS)
    expect(data.vendors).toMatchObject([
      { vendor: 'CORTEX', reachable: true, outage: { code: 'VENDOR_UNAUTHORIZED' } },
      { vendor: 'KODEXA', reachable: true, outage: { code: 'VENDOR_UNAUTHORIZED' } },
    ])
  })

  it('have an outage when they fail', async () => {
    fixture = await openFixture({
      ...jobs,
      cortexOptions: { failAll: 500 },
      kodexaOptions: { failAll: 429, errorBody: 'text' },
    })
    const { data } = await fixture.ask(VENDORS)
    expect(data.vendors).toMatchObject([
      { vendor: 'CORTEX', outage: { code: 'VENDOR_UNAVAILABLE' } },
      { vendor: 'KODEXA', outage: { code: 'VENDOR_RATE_LIMITED' } },
    ])
  })
})
