import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { Lexer, Source, TokenKind } from 'graphql'
import { NASTY_STRINGS } from './bad-ids.js'
import type { HttpRequest } from './exposed-gateway.js'
import { anyJson } from './hostile-values.js'

const OPERATIONS = new URL('../../schema/operations/', import.meta.url)
const examples = readdirSync(OPERATIONS).map((file) => readFileSync(new URL(file, OPERATIONS), 'utf8'))

/** What a document is made of, and what it is not. */
const PIECES = [
  ...[
    '{',
    '}',
    '(',
    ')',
    '[',
    ']',
    '!',
    '$',
    '$id',
    '@',
    '@skip(if: true)',
    '@include(if: $x)',
    '@defer',
    '@oneOf',
    '...',
    '... on Job',
    '&',
    '|',
    '=',
    ':',
  ],
  ...[
    'query',
    'mutation',
    'subscription',
    'fragment F on Job',
    'null',
    'true',
    '0',
    '-1',
    '1e99',
    '99999999999',
    '"',
    '""',
    '"""',
    '"\\u{110000}"',
  ],
  ...[
    '__typename',
    '__schema { types { name } }',
    '__type(name: "Job") { name }',
    'nodes',
    'id',
    'jobs(first: 100)',
    'a: id',
    'Job',
    '__proto__',
  ],
  ...['#', '\\', '\0', '\u00e9', '?', ';', '%', 'type Query { a: Int }', 'extend schema { query: Query }', 'scalar ID'],
]

/** Keys that mean something to JavaScript, or to GraphQL over HTTP a second time. */
const KEYS = ['__proto__', 'constructor', 'prototype', 'toString', 'variables', 'extensions', 'operationName']

/** The example operations with some of their words and signs left out, doubled, changed or exchanged. */
export const brokenDocuments = fc
  .tuple(
    fc.constantFrom(...examples.map(tokensOf)),
    fc.array(fc.tuple(fc.nat(), fc.nat({ max: 5 }), fc.constantFrom(...PIECES)), { minLength: 1, maxLength: 6 }),
  )
  .map(([tokens, changes]) => {
    const copy = [...tokens]
    for (const [place, change, piece] of changes) {
      const at = place % copy.length
      if (change === 0) copy.splice(at, 1)
      else if (change === 1) copy.splice(at, 0, copy[at]!)
      else if (change === 2) copy[at] = piece
      else if (change === 3) copy.splice(at, 0, piece)
      else if (change === 4) copy.splice(at, 0, ...copy.slice(at, at + 5))
      else copy.push(...copy.splice(at, 2))
      if (copy.length === 0) copy.push('{')
    }
    return copy.join(' ')
  })

/** Bodies of a POST that is said to be JSON, and now and then is. */
export const bodies: fc.Arbitrary<string | Buffer> = fc.oneof(
  anyJson.map((value) => JSON.stringify(value)),
  fc
    .record(
      {
        query: fc.oneof(fc.constantFrom<unknown>(...examples, '{ __typename }', '', ' ', '#', null, 1, []), anyJson),
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
  fc.tuple(fc.constantFrom(...examples), fc.nat()).map(([query, cut]) => {
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

const METHODS = [
  'GET',
  'POST',
  'HEAD',
  'OPTIONS',
  'PUT',
  'PATCH',
  'DELETE',
  'TRACE',
  'PROPFIND',
  'SEARCH',
  'PURGE',
  'M-SEARCH',
]
const PATHS = [
  ...[
    '/graphql',
    '/graphql',
    '/graphql',
    '/graphql/',
    '//graphql',
    '/GRAPHQL',
    '/graphql/..',
    '/graphql/../health',
    '/graphql;a=b',
  ],
  ...[
    '/',
    '/health',
    '/ready',
    '/health/x',
    '/.env',
    '/.git/config',
    '/graphiql',
    '/webhooks/cortex/x',
    '/webhooks/__proto__/x',
  ],
  ...[
    '/webhooks/kodexa/..',
    '/webhooks//',
    '/%2e%2e/%2e%2e/etc/passwd',
    '/%',
    '/%zz',
    '/%00',
    '/%c0%ae',
    '/\\',
    '/*',
    '*',
    '/a'.repeat(2000),
  ],
  ...[
    'http://evil.test/graphql',
    '//evil.test/graphql',
    '/graphql#x',
    '/graphql?',
    '/graphql??',
    '/graphql?query',
    '/@evil.test',
  ],
]
const QUERIES = [
  ...[
    '',
    '?query={__typename}',
    '?query=%7B__typename%7D',
    '?query=',
    '?query=mutation{cancelJobs(ids:[]){id}}',
    '?query={',
  ],
  ...[
    '?query={__typename}&query={a}',
    '?query[]=a',
    '?variables=__proto__',
    '?query={__typename}&variables=',
    '?query={__typename}&variables=1',
  ],
  ...[
    '?query={__typename}&variables=[[',
    '?query={__typename}&extensions={',
    '?query={__typename}&extensions=1',
    '?operationName=a',
  ],
  ...[
    '?query=subscription{jobUpdated(id:"a"){id}}',
    '?query=%00',
    '?query=%ff',
    '?query=%',
    `?query=${'{a'.repeat(3000)}`,
    '?__proto__=1',
  ],
]
const VALUES = [
  ...[
    '',
    '*/*',
    'application/json',
    'application/graphql-response+json',
    'text/event-stream',
    'multipart/mixed',
    'text/html',
    'a/b;q=2',
  ],
  ...[
    'application/json; charset=utf-16',
    'application/json;charset=nonsense',
    'application/graphql+json',
    'multipart/form-data; boundary=x',
  ],
  ...[
    'application/x-www-form-urlencoded',
    'text/plain',
    'application/json, text/html',
    ';;;',
    'application/json\t',
    '\u00e9\u00ff',
    '__proto__',
  ],
  ...[
    'null',
    'http://evil.test',
    'https://app.example',
    'http://127.0.0.1',
    'cross-site',
    'same-origin',
    'navigate',
    'gzip',
    'br',
    'chunked',
    'identity',
    '0',
    '-1',
  ],
  ...[
    '1',
    '99999999999',
    'Bearer',
    'Bearer a',
    'Basic YTpi',
    'no-cache',
    'max-age=1e9',
    'bytes=0-1',
    'W/"a"',
    'h2c',
    '127.0.0.1',
    'a'.repeat(4000),
  ],
]
const HEADERS = [
  ...[
    'content-type',
    'content-type',
    'content-type',
    'accept',
    'accept',
    'accept',
    'accept-encoding',
    'content-encoding',
    'origin',
    'referer',
    'host',
  ],
  ...[
    'sec-fetch-site',
    'sec-fetch-mode',
    'authorization',
    'x-api-key',
    'cookie',
    'cache-control',
    'range',
    'if-none-match',
    'x-forwarded-for',
  ],
  ...[
    'x-forwarded-host',
    'x-http-method-override',
    'access-control-request-method',
    'access-control-request-headers',
    'x-upstream-trace',
    'te',
  ],
  ...[
    'x-request-id',
    'traceparent',
    'apollo-require-preflight',
    'constructor',
    '__proto__',
    'forwarded',
    'via',
    'expect',
    'content-language',
  ],
]

/** Requests of any method, to any path, with any headers. */
export const requests: fc.Arbitrary<HttpRequest> = fc.record({
  method: fc.oneof(
    { weight: 2, arbitrary: fc.constantFrom('GET', 'POST') },
    { weight: 1, arbitrary: fc.constantFrom(...METHODS) },
  ),
  path: fc
    .tuple(
      fc.constantFrom(...PATHS),
      fc.oneof(
        fc.constantFrom(...QUERIES),
        fc.constantFrom(...NASTY_STRINGS).map((text) => `?query=${encodeURIComponent(text.toWellFormed())}`),
      ),
    )
    .map(([path, query]) => (path.includes('?') || path.includes('#') ? path : path + query)),
  headers: fc
    .array(fc.tuple(fc.constantFrom(...HEADERS), fc.constantFrom(...VALUES)), { maxLength: 4 })
    // So that one of them can be `__proto__`.
    .map((pairs) => Object.fromEntries(pairs)),
  body: fc.oneof(
    { weight: 2, arbitrary: fc.constant('{"query":"{ vendors { mode } }"}') },
    { weight: 1, arbitrary: bodies },
  ),
})

/** The words and signs of a document. */
function tokensOf(document: string): string[] {
  const lexer = new Lexer(new Source(document))
  const tokens: string[] = []
  for (let token = lexer.advance(); token.kind !== TokenKind.EOF; token = lexer.advance())
    tokens.push(document.slice(token.start, token.end))
  return tokens
}

const LINES = [
  ...[
    'GET /graphql HTTP/1.1',
    'POST /graphql HTTP/1.1',
    'POST /graphql HTTP/1.0',
    'GET /graphql HTTP/9.9',
    'GET  /graphql HTTP/1.1',
    'get /graphql HTTP/1.1',
  ],
  ...[
    'CONNECT evil.test:443 HTTP/1.1',
    'OPTIONS * HTTP/1.1',
    'GET http://evil.test/graphql HTTP/1.1',
    'PRI * HTTP/2.0',
    'GET /graphql',
    'GET',
  ],
]
const FIELDS = [
  ...[
    'Host: a.test',
    'Host: a.test',
    'Host: a b',
    'Host: a.test\r\nHost: b.test',
    'Host:',
    'Host: x/graphql?',
    'Host: [',
    'Host : a.test',
    ' folded: 1',
  ],
  ...[
    'Content-Length: 2',
    'Content-Length: 99',
    'Content-Length: -1',
    'Content-Length: 2\r\nContent-Length: 3',
    'Content-Length: 0x2',
    'Content-Length: 1e9',
  ],
  ...[
    'Transfer-Encoding: chunked',
    'Transfer-Encoding: xchunked',
    'Transfer-Encoding: chunked, identity',
    'Transfer-Encoding:\tchunked',
    'TE: trailers',
  ],
  ...[
    'Connection: close',
    'Connection: Upgrade\r\nUpgrade: websocket',
    'Upgrade: h2c\r\nConnection: upgrade, http2-settings',
    'Expect: 100-continue',
  ],
  ...[
    'Sec-WebSocket-Key: x',
    'Sec-WebSocket-Version: 99',
    'Sec-WebSocket-Protocol: graphql-transport-ws',
    'Content-Type: application/json',
    'X: \u0001',
  ],
]
const ENDS = [
  '{}',
  '2\r\n{}\r\n0\r\n\r\n',
  'zz\r\n{}\r\n',
  'ffffffffffffffff\r\n{}',
  '0\r\n\r\nGET /graphql HTTP/1.1\r\nHost: a.test\r\n\r\n',
  '',
]

/** What a client could write that is not one: requests that are hardly HTTP, or two of them where one was announced. */
export const rawStreams: fc.Arbitrary<Buffer> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc
      .tuple(
        fc.constantFrom(...LINES),
        fc.array(fc.constantFrom(...FIELDS), { maxLength: 5 }),
        fc.constantFrom(...ENDS),
      )
      .map(([line, fields, end]) => Buffer.from(`${[line, ...fields].join('\r\n')}\r\n\r\n${end}`, 'latin1')),
  },
  { weight: 1, arbitrary: fc.uint8Array({ minLength: 1, maxLength: 300 }).map((bytes) => Buffer.from(bytes)) },
)
