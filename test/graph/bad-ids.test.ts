import { describe, expect, it } from 'vitest'
import { useEmptyVendors } from '../support/empty-vendors.js'
import {
  base64url,
  EXECUTION_ID,
  FORGED_IDS,
  GLOBAL_ID_ARGUMENTS,
  RECORD_ID,
  RUN_ID,
  UNSAFE_IDS,
  VENDOR_ID_ARGUMENTS,
} from '../support/id-arguments.js'

const setup = useEmptyVendors()

describe("a vendor's own id", () => {
  it.each(Object.entries(VENDOR_ID_ARGUMENTS))('is checked in %s', async (_where, query) => {
    for (const [what, id] of Object.entries(UNSAFE_IDS))
      setup.expectRejected(await setup.gateway.query(query, { id }), what)
    await setup.gateway.query(query, { id: 'id_1' })
    expect(setup.sent()).toBeGreaterThan(0)
  })
})

describe('a global id', () => {
  it.each(Object.entries(GLOBAL_ID_ARGUMENTS))('is checked in %s', async (_where, query) => {
    for (const [what, id] of Object.entries({ ...UNSAFE_IDS, ...FORGED_IDS }))
      setup.expectRejected(await setup.gateway.query(query, { id }), what)
  })
})

describe("another type's id", () => {
  const foreign: [string, string, string][] = [
    ['record', 'an execution', EXECUTION_ID],
    ['record', 'a run', RUN_ID],
    ['workflowRun', 'an execution', EXECUTION_ID],
    ['workflowRun', 'a record', RECORD_ID],
    ['execution', 'a record', RECORD_ID],
    ['execution', 'a run', RUN_ID],
    ['cancelRecord', 'an execution', EXECUTION_ID],
    ['cancelRecord', 'a run', RUN_ID],
    ['cancelWorkflowRun', 'an execution', EXECUTION_ID],
    ['cancelWorkflowRun', 'a record', RECORD_ID],
    ['cancelExecution', 'a record', RECORD_ID],
    ['cancelExecution', 'a run', RUN_ID],
  ]
  it.each(foreign)('is rejected by %s: the id of %s', async (where, _what, id) => {
    const response = await setup.gateway.query(GLOBAL_ID_ARGUMENTS[where]!, { id })
    setup.expectRejected(response)
    expect(response.errors[0]?.message).toMatch(/^This is the id of a \w+, not of a \w+\.$/)
  })
})

describe('several ids at once', () => {
  it('nodes rejects 101 ids as a whole', async () => {
    const response = await setup.gateway.query('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', {
      ids: Array.from({ length: 101 }, () => EXECUTION_ID),
    })
    setup.expectRejected(response)
    expect(response.data).toBeNull()
  })

  it('nodes accepts 100 ids', async () => {
    const { data, errors } = await setup.gateway.query('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', {
      ids: Array.from({ length: 100 }, () => EXECUTION_ID),
    })
    expect(errors).toEqual([])
    expect(data.nodes).toHaveLength(100)
  })

  it('nodes accepts no ids', async () => {
    expect((await setup.gateway.query('{ nodes(ids: []) { id } }')).data).toEqual({ nodes: [] })
    expect(setup.sent()).toBe(0)
  })

  it('nodes rejects each bad id on its own, in its position', async () => {
    const { status, data, errors } = await setup.gateway.query('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', {
      ids: ['..', base64url('Execution:..'), base64url('Invoice:a')],
    })
    expect(status).toBe(200)
    expect(data).toEqual({ nodes: [null, null, null] })
    expect(errors.map(({ path, extensions }) => [path, extensions])).toEqual(
      [0, 1, 2].map((at) => [['nodes', at], { code: 'BAD_INPUT' }]),
    )
    expect(setup.sent()).toBe(0)
  })

  it.each([0, 101])('cancelJobs rejects %i ids as a whole', async (count) => {
    setup.expectRejected(
      await setup.gateway.query('mutation ($ids: [ID!]!) { cancelJobs(ids: $ids) { id } }', {
        ids: Array.from({ length: count }, () => EXECUTION_ID),
      }),
    )
  })

  it('cancelJobs reports an error for each bad id', async () => {
    const ids = [...Object.values(UNSAFE_IDS), ...Object.values(FORGED_IDS)]
    const query =
      'mutation ($ids: [ID!]!) { cancelJobs(ids: $ids) { id job { id } outcome error { __typename code } } }'
    const { status, data, errors } = await setup.gateway.query(query, { ids })
    expect([status, errors]).toEqual([200, []])
    expect(data.cancelJobs).toEqual(
      ids.map((id) => ({ id, job: null, outcome: null, error: { __typename: 'BadInputError', code: 'BAD_INPUT' } })),
    )
    expect(setup.sent()).toBe(0)
  })
})
