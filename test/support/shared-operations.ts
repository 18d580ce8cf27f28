import { json, type Script } from './scripted-vendor.js'

/** `prefix1`, `prefix2` and so on. */
export const numbered = (count: number, prefix: string) =>
  Array.from({ length: count }, (_, at) => `${prefix}${at + 1}`)

export const NODES_QUERY = 'query ($ids: [ID!]!) { nodes(ids: $ids) { id ... on Job { status name } } }'

export const EXECUTION_QUERY =
  'query ($id: ID!) { execution(by: { executionId: $id }) { vendorId status vendorStatus } }'

export const CANCEL_MUTATION = `mutation ($id: ID!) {
  cancelExecution(by: { executionId: $id }) {
    ... on CancelExecutionSuccess { outcome execution { status } }
    ... on Error { code }
  }
}`

export const executionResponse = (status: string, id = 'exe_1') =>
  json(200, { id, status, createdOn: '2026-03-01T12:00:00Z' })

/** Returns any job of Cortex by its id, and 25 jobs per container. */
export const recordsResponse: Script = (request, response) => {
  const [, container, id] = /\/(?:collections|workflows)\/(\w+)\/(?:records|runs)(?:\/(\w+))?/.exec(request.url!) ?? []
  const row = (rowId: string) => ({ id: rowId, name: rowId, status: 'COMPLETED' })
  json(200, id ? row(id) : numbered(25, `${container}_`).reverse().map(row))(request, response)
}

/** Holds requests back until `release` is called. */
export function holdResponses(script: Script): { script: Script; count(): number; release(): void } {
  const waiting: (() => void)[] = []
  return {
    script: (request, response) => void waiting.push(() => script(request, response)),
    count: () => waiting.length,
    release: () => waiting.splice(0).forEach((respond) => respond()),
  }
}
