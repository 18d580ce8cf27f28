import { describe, expect, it } from 'vitest'
import { NOT_FOUND, useEmptyVendors } from '../support/empty-vendors.js'
import { base64url, EXECUTION_ID } from '../support/id-arguments.js'
import { collectCursors, LISTS } from '../support/list-queries.js'
import { json } from '../support/scripted-vendor.js'

const setup = useEmptyVendors()

describe.each(Object.entries(LISTS))('the list of %s', (list, query) => {
  it.each([0, -1, 101, 2_147_483_647, -2_147_483_648])('rejects first: %i', async (first) => {
    setup.expectRejected(await setup.gateway.query(query, { first }))
  })

  it.each([2_147_483_648, 1.5, '10', true, [101]])('is invalid with first: %j', async (first) => {
    setup.expectInvalid(await setup.gateway.query(query, { first }))
  })

  it('rejects every cursor but its own', async () => {
    const { [list]: own, ...others } = await collectCursors(setup)
    const invalid = {
      nothing: '',
      garbage: 'garbage',
      'not base64': '§§§',
      'a number': '2',
      "a job's id": EXECUTION_ID,
      'ten kilobytes': 'A'.repeat(10_240),
    }
    for (const [what, after] of Object.entries({ ...others, ...invalid }))
      setup.expectRejected(await setup.gateway.query(query, { after }), what)
    await setup.gateway.query(query, { after: own })
    expect(setup.sent()).toBeGreaterThan(0)
  })
})

describe('a forged cursor', () => {
  it.each([101, 999])('does not make the gateway request pages of %i, more than the maximum', async (size) => {
    const { records } = await collectCursors(setup)
    const [fingerprint] = Buffer.from(records!, 'base64url').toString().split(':')
    for (const numbers of [`0:${size}`, `${size}:${size}`])
      await setup.gateway.query(LISTS.records!, { first: 100, after: base64url(`${fingerprint}:${numbers}`) })
    const takes = setup.cortex.requests
      .slice(-setup.sent())
      .map((line) => Number(new URL(line.split(' ')[1]!, setup.cortex.url).searchParams.get('take')))
    expect(setup.sent()).toBeGreaterThan(0)
    expect(Math.max(...takes)).toBeLessThanOrEqual(100)
  })
})

describe('other arguments', () => {
  it('workflowRuns rejects the origin UNKNOWN', async () => {
    setup.expectRejected(
      await setup.gateway.query('{ workflowRuns(workflowId: "a", origin: UNKNOWN) { nodes { id } } }'),
    )
  })

  it.each([
    ['a line break', 'a\nb'],
    ['a NUL', 'a\0'],
    ['a DEL', 'a\u007f'],
    ['2001 characters', 'x'.repeat(2001)],
  ])('executions rejects a filter with %s', async (_what, filter) => {
    setup.expectRejected(
      await setup.gateway.query('query ($filter: String) { executions(filter: $filter) { nodes { id } } }', { filter }),
    )
  })

  it.each(['{ children(first: 0) { nodes { id } } }', '{ children(after: "garbage") { nodes { id } } }'])(
    'children is rejected on its own: %s',
    async (selection) => {
      setup.kodexa.answer(json(200, { id: 'exec_1', status: 'RUNNING' }))
      const { status, data, errors } = await setup.gateway.query(
        `{ execution(by: { executionId: "exec_1" }) ${selection.replace('{', '{ vendorId')} }`,
      )
      setup.kodexa.answer(NOT_FOUND)
      expect(status).toBe(200)
      expect(data).toEqual({ execution: { vendorId: 'exec_1', children: null } })
      expect(errors).toMatchObject([{ path: ['execution', 'children'], extensions: { code: 'BAD_INPUT' } }])
      expect(setup.sent()).toBe(1)
    },
  )
})
