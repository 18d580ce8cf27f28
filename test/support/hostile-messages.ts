import fc from 'fast-check'
import { jobIds } from './bad-ids.js'
import { brokenDocuments } from './hostile-documents.js'
import { anyJson, variablesOf } from './hostile-values.js'
import { rootFields } from './root-fields.js'

const TYPES = ['connection_init', 'connection_ack', 'ping', 'pong', 'subscribe', 'next', 'error', 'complete']
const OLD_TYPES = ['start', 'stop', 'connection_terminate', 'data', 'ka', 'GQL_START', '__proto__', 'constructor', '']

const ids = fc.oneof(
  fc.constantFrom<unknown>('1', '2', '', '__proto__', 'constructor', 'x'.repeat(5000), 1, null, {}),
  anyJson,
)

/** Payloads of `subscribe`, with mistakes in their documents or variables. */
const operations: fc.Arbitrary<object> = fc.oneof(
  brokenDocuments.map((query) => ({ query })),
  fc
    .constantFrom(...rootFields())
    .chain((field) => variablesOf(field).map((variables) => ({ query: field.document, variables }))),
  jobIds.map((id) => ({ query: 'subscription ($id: ID!) { jobUpdated(id: $id) { id } }', variables: { id } })),
)

const payloads = fc.oneof(
  anyJson,
  operations,
  fc.record({
    query: fc.oneof(fc.constantFrom<unknown>('{ __typename }', '', null), anyJson),
    variables: anyJson,
    operationName: anyJson,
    extensions: anyJson,
  }),
)

/** `subscribe` messages that each start an operation. */
export const subscribeMessages = fc
  .record({ type: fc.constant('subscribe'), id: fc.uuid(), payload: operations })
  .map((message) => JSON.stringify(message))

/** Protocol messages and malformed ones: unknown types, missing fields, wrong types, or no JSON. */
export const messages: fc.Arbitrary<string | Buffer> = fc.oneof(
  { weight: 4, arbitrary: subscribeMessages },
  {
    weight: 4,
    arbitrary: fc
      .record({ type: fc.constantFrom(...TYPES, ...OLD_TYPES), id: ids, payload: payloads }, { requiredKeys: ['type'] })
      .map(json),
  },
  { weight: 1, arbitrary: anyJson.map(json) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 60 }).map((text) => text.toWellFormed()) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)) },
)

function json(value: unknown): string {
  return JSON.stringify(value)
}
