import fc from 'fast-check'

const REQUEST_LINES = [
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
const HEADER_LINES = [
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
const BODIES = [
  '{}',
  '2\r\n{}\r\n0\r\n\r\n',
  'zz\r\n{}\r\n',
  'ffffffffffffffff\r\n{}',
  '0\r\n\r\nGET /graphql HTTP/1.1\r\nHost: a.test\r\n\r\n',
  '',
]

/** Raw bytes that are malformed HTTP, smuggle a second request, or are no HTTP at all. */
export const rawStreams: fc.Arbitrary<Buffer> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc
      .tuple(
        fc.constantFrom(...REQUEST_LINES),
        fc.array(fc.constantFrom(...HEADER_LINES), { maxLength: 5 }),
        fc.constantFrom(...BODIES),
      )
      .map(([line, fields, end]) => Buffer.from(`${[line, ...fields].join('\r\n')}\r\n\r\n${end}`, 'latin1')),
  },
  { weight: 1, arbitrary: fc.uint8Array({ minLength: 1, maxLength: 300 }).map((bytes) => Buffer.from(bytes)) },
)
