import { expect } from 'vitest'
import { type EmptyVendors, NOT_FOUND } from './empty-vendors.js'
import { json } from './scripted-vendor.js'

/** A query for each list. */
export const LISTS: Record<string, string> = {
  records:
    'query ($first: Int, $after: String) { records(collectionId: "a", first: $first, after: $after) { pageInfo { endCursor } } }',
  workflowRuns:
    'query ($first: Int, $after: String) { workflowRuns(workflowId: "a", first: $first, after: $after) { pageInfo { endCursor } } }',
  executions:
    'query ($first: Int, $after: String) { executions(first: $first, after: $after) { pageInfo { endCursor } } }',
  jobs: 'query ($first: Int, $after: String) { jobs(first: $first, after: $after) { pageInfo { endCursor } } }',
}

/** The same lists with other arguments. */
export const OTHER_LISTS: Record<string, string> = {
  'records of another collection':
    'query ($first: Int, $after: String) { records(collectionId: "b", first: $first, after: $after) { pageInfo { endCursor } } }',
  'records in another state':
    'query ($first: Int, $after: String) { records(collectionId: "a", status: [RUNNING], first: $first, after: $after) { pageInfo { endCursor } } }',
  'runs of another workflow':
    'query ($first: Int, $after: String) { workflowRuns(workflowId: "b", first: $first, after: $after) { pageInfo { endCursor } } }',
  'executions of an assistant':
    'query ($first: Int, $after: String) { executions(assistantId: "a", first: $first, after: $after) { pageInfo { endCursor } } }',
  'executions by a filter':
    'query ($first: Int, $after: String) { executions(filter: "priority > 5", first: $first, after: $after) { pageInfo { endCursor } } }',
}

/** The cursor of the first item of each list. */
export async function collectCursors(setup: EmptyVendors): Promise<Record<string, string>> {
  const { cortex, kodexa, gateway } = setup
  const item = { id: 'id_1', status: 'RUNNING', assistantId: 'a', createdOn: '2026-03-01T12:00:00Z' }
  cortex.answer(json(200, [item], { 'pagination-count': '9', 'pagination-take': '1' }))
  kodexa.answer(json(200, { content: [item], totalElements: 9, size: 1, last: false }))
  const cursors: Record<string, string> = {}
  for (const [name, query] of Object.entries({ ...LISTS, ...OTHER_LISTS })) {
    const { data, errors } = await gateway.query(query, { first: 1 })
    expect(errors).toEqual([])
    const lists: Readonly<Record<string, { pageInfo: { endCursor: string } }>> = data
    cursors[name] = Object.values(lists)[0]!.pageInfo.endCursor
    expect(cursors[name]).toMatch(/^[\w-]+$/)
  }
  cortex.answer(NOT_FOUND)
  kodexa.answer(NOT_FOUND)
  setup.resetSent()
  return cursors
}
