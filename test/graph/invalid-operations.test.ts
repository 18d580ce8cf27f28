import { describe, expect, it } from 'vitest'
import { useEmptyVendors } from '../support/empty-vendors.js'

const setup = useEmptyVendors()

describe('an operation that fails validation', () => {
  const by = ['record', 'workflowRun', 'execution', 'cancelRecord', 'cancelWorkflowRun', 'cancelExecution'].map(
    (field): [string, string, string] => {
      const kind = field.startsWith('cancel') ? 'mutation' : 'query'
      const type = field.replace(/^cancel/, '').replace(/^./, (letter) => letter.toUpperCase())
      return [field, type, kind]
    },
  )
  const otherWays: Record<string, object | string> = {
    Record: { ref: { collectionId: 'a', recordId: 'a' } },
    WorkflowRun: { ref: { workflowId: 'a', runId: 'a' } },
    Execution: { executionId: 'a' },
  }

  it.each(by)('%s without any way to find the job', async (field, type, kind) => {
    setup.expectInvalid(
      await setup.gateway.query(`${kind} ($by: ${type}By!) { ${field}(by: $by) { __typename } }`, { by: {} }),
    )
    setup.expectInvalid(await setup.gateway.query(`${kind} { ${field}(by: {}) { __typename } }`))
  })

  it.each(by)('%s with both ways to find the job', async (field, type, kind) => {
    setup.expectInvalid(
      await setup.gateway.query(`${kind} ($by: ${type}By!) { ${field}(by: $by) { __typename } }`, {
        by: { id: 'a', ...(otherWays[type] as object) },
      }),
    )
  })

  it.each(by)('%s with a null way to find the job', async (field, type, kind) => {
    setup.expectInvalid(
      await setup.gateway.query(`${kind} ($by: ${type}By!) { ${field}(by: $by) { __typename } }`, { by: { id: null } }),
    )
    const { status, data, errors } = await setup.gateway.query(
      `${kind} ($id: ID) { ${field}(by: { id: $id }) { __typename } }`,
      { id: null },
    )
    expect([status, data?.[field] ?? null, setup.sent()]).toEqual([200, null, 0])
    expect(errors).toHaveLength(1)
    expect(errors[0]?.message).toMatch(/"by"|"id"|"\$id"/)
    expect(errors[0]?.extensions?.code).not.toBe('INTERNAL')
  })

  it.each(by)('%s without any argument', async (field, _type, kind) => {
    setup.expectInvalid(await setup.gateway.query(`${kind} { ${field} { __typename } }`))
  })

  it.each([
    ['an unknown field', '{ nothing }'],
    ['no operation', ''],
    ['half an operation', '{ jobs {'],
    ['an unknown status', '{ records(collectionId: "a", status: [DONE]) { nodes { id } } }'],
    ['an unknown vendor', '{ jobs(filter: { vendors: [ACME] }) { nodes { id } } }'],
    ['an object for an id', '{ node(id: { a: 1 }) { id } }'],
    ['null for an id', '{ node(id: null) { id } }'],
    ['null among ids', '{ nodes(ids: [null]) { id } }'],
  ])('with %s', async (_what, query) => {
    const response = await setup.gateway.query(query)
    expect([200, 400]).toContain(response.status)
    expect(response.errors.length).toBeGreaterThan(0)
    expect(response.data ?? null).toBeNull()
    expect(setup.sent()).toBe(0)
  })
})
