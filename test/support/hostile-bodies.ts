import fc from 'fast-check'
import { exampleDocuments } from './hostile-documents.js'
import { anyJson } from './hostile-values.js'

/** Keys that are special in JavaScript, or repeat a parameter of GraphQL over HTTP. */
const KEYS = ['__proto__', 'constructor', 'prototype', 'toString', 'variables', 'extensions', 'operationName']

/** Bodies of a POST with a JSON content type; only some are JSON. */
export const hostileBodies: fc.Arbitrary<string | Buffer> = fc.oneof(
  anyJson.map((value) => JSON.stringify(value)),
  fc
    .record(
      {
        query: fc.oneof(
          fc.constantFrom<unknown>(...exampleDocuments, '{ __typename }', '', ' ', '#', null, 1, []),
          anyJson,
        ),
        variables: anyJson,
        operationName: fc.oneof(fc.constantFrom<unknown>('Jobs', 'Nobody', '', '__proto__', null), anyJson),
        extensions: fc.oneof(
          anyJson,
          anyJson.map((persistedQuery) => ({ persistedQuery })),
          anyJson.map((sha256Hash) => ({ persistedQuery: { version: 1, sha256Hash } })),
        ),
        documentId: anyJson,
      },
      { requiredKeys: [] },
    )
    .map((value) => JSON.stringify(value)),
  fc
    .tuple(fc.constantFrom(...KEYS), anyJson)
    .map(([key, value]) => `{"query":"{ __typename }","${key}":${JSON.stringify(value)}}`),
  fc.tuple(fc.constantFrom(...exampleDocuments), fc.nat()).map(([query, cut]) => {
    const text = JSON.stringify({ query })
    return text.slice(0, cut % text.length)
  }),
  fc.constantFrom(
    '\ufeff{}',
    '{"query":"{ __typename }","query":1}',
    '{"query":"\\ud800"}',
    'NaN',
    "{'query':''}",
    '{}{}',
    'null',
    '""',
    '1e999',
  ),
  fc.constantFrom(
    '[{"query":"{ __typename }"}]',
    '[[]]',
    '[null]',
    '[{"query":"{ __typename }"},{"query":"{ __typename }"}]',
  ),
  fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
  fc.uint8Array({ maxLength: 50 }).map((bytes) => Buffer.concat([Buffer.from('{"query":"'), bytes, Buffer.from('"}')])),
)
