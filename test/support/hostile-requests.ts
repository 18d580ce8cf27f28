import fc from 'fast-check'
import { NASTY_STRINGS } from './bad-ids.js'
import type { HttpRequest } from './exposed-gateway.js'
import { hostileBodies } from './hostile-bodies.js'

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

/** Requests with unusual methods, paths, headers and bodies. */
export const hostileRequests: fc.Arbitrary<HttpRequest> = fc.record({
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
    // Unlike fc.dictionary, this allows `__proto__` as a key.
    .map((pairs) => Object.fromEntries(pairs)),
  body: fc.oneof(
    { weight: 2, arbitrary: fc.constant('{"query":"{ vendors { mode } }"}') },
    { weight: 1, arbitrary: hostileBodies },
  ),
})
