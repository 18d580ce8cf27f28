import { GraphQLError, Kind, parse } from 'graphql'
import { beforeEach, describe, expect, it } from 'vitest'
import {
  BadInputError,
  InternalError,
  JobNotFoundError,
  VendorError,
  type DocketError,
} from '../../../src/job/errors.js'
import type { Log } from '../../../src/job/log.js'
import { loggedError } from '../../../src/job/logged-error.js'
import type { Vendor } from '../../../src/job/vendor.js'
import { createErrorMask } from '../../../src/server/plugins/mask-error.js'
import { closeAfterTest } from '../../support/close-after-test.js'
import { openGateway } from '../../support/gateway.js'

const logged: { level: string; fields: object; message: string }[] = []
const record = (level: string) => (fields: object, message: string) => void logged.push({ level, fields, message })
const log: Log = { info: record('info'), warn: record('warn'), error: record('error') }
beforeEach(() => {
  logged.length = 0
})

const mask = createErrorMask(log)
const FIELD = parse('{ record { id } }').definitions.flatMap((definition) =>
  definition.kind === Kind.OPERATION_DEFINITION ? definition.selectionSet.selections : [],
)

/** What graphql-js makes of something that a resolver threw. */
function located(thrown: Error): GraphQLError {
  return new GraphQLError(thrown.message, { nodes: FIELD, path: ['record'], originalError: thrown })
}

function masked(error: unknown): GraphQLError {
  const shown = mask(error)
  expect(shown).toBeInstanceOf(GraphQLError)
  return shown
}

describe('an error that the gateway threw on purpose', () => {
  const errors: [DocketError, object][] = [
    [new BadInputError('No such thing.'), { code: 'BAD_INPUT' }],
    [new JobNotFoundError('Gone.'), { code: 'NOT_FOUND' }],
    [new VendorError('KODEXA', 'VENDOR_TIMEOUT', 'Too slow.'), { code: 'VENDOR_TIMEOUT', vendor: 'KODEXA' }],
    [
      new VendorError('CORTEX', 'VENDOR_RATE_LIMITED', 'Too much.', { retryAfterSeconds: 0 }),
      { code: 'VENDOR_RATE_LIMITED', vendor: 'CORTEX', retryAfterSeconds: 0 },
    ],
    [
      new VendorError('CORTEX', 'VENDOR_REJECTED', 'No.', {
        vendorMessage: 'secret',
        incidentId: 'secret',
        httpStatus: 400,
        mayHaveArrived: true,
      }),
      { code: 'VENDOR_REJECTED', vendor: 'CORTEX' },
    ],
    [new InternalError(), { code: 'INTERNAL' }],
  ]
  it.each(errors)('is shown with its message, its code and its place: %s', (error, extensions) => {
    const { message, path, locations, extensions: shown } = masked(located(error)).toJSON()
    expect({ message, path, shown }).toEqual({ message: error.message, path: ['record'], shown: extensions })
    expect(locations).toEqual([{ line: 1, column: 3 }])
    expect(logged).toEqual([])
  })

  it('is shown without a place where it has none', () => {
    expect(masked(new BadInputError('No such thing.')).toJSON()).toEqual({
      message: 'No such thing.',
      extensions: { code: 'BAD_INPUT' },
    })
  })

  it('carries neither its cause nor its stack', () => {
    const shown = masked(located(new BadInputError('No such thing.', { cause: new Error('secret') })))
    expect(shown.originalError).toBeUndefined()
    expect(JSON.stringify(shown)).not.toMatch(/secret|stack/)
  })
})

describe("GraphQL's own error", () => {
  it('is shown as it is', () => {
    const error = new GraphQLError('Cannot query field "x".', {
      nodes: FIELD,
      extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
    })
    expect(mask(error)).toBe(error)
  })

  it('is shown without the words in which a parser quotes from a body that is no JSON', async () => {
    const { gateway, close } = openGateway([])
    closeAfterTest(close)
    const response = await gateway.fetch(
      new Request('http://gateway.test/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: 'password=hunter2',
      }),
    )
    expect([response.status, await response.json()]).toEqual([
      400,
      { errors: [{ message: 'POST body sent invalid JSON.', extensions: { code: 'BAD_REQUEST' } }] },
    ])
  })

  it('is shown with its place when it came out of a resolver', () => {
    const error = located(new GraphQLError('Int cannot represent it.'))
    expect(masked(error).toJSON()).toMatchObject({ message: 'Int cannot represent it.', path: ['record'] })
    expect(logged).toEqual([])
  })
})

describe('anything else', () => {
  const secret = 'password=hunter2 in /srv/app/secret.ts'
  const things: [string, unknown, unknown][] = [
    ['an error in a place', located(new TypeError(secret)), TypeError],
    ['an error', new Error(secret), Error],
    [
      'an error with extensions of its own',
      Object.assign(new Error(secret), { extensions: { code: secret }, code: secret }),
      Error,
    ],
    ['a string', secret, String],
    ['an object', { message: secret, stack: secret }, Object],
    ['nothing', undefined, undefined],
    ['null', null, null],
  ]
  it.each(things)('is an internal error that says nothing: %s', (_what, error) => {
    const shown = masked(error)
    expect(shown.toJSON()).toMatchObject({
      message: 'Internal error of the gateway. Its log has the details.',
      extensions: { code: 'INTERNAL' },
    })
    expect(Object.keys(shown.extensions)).toEqual(['code'])
    expect(JSON.stringify(shown)).not.toContain('hunter2')
  })

  it('is logged once, without what it says', () => {
    const error = new TypeError(secret)
    mask(located(error))
    expect(logged).toEqual([
      { level: 'error', fields: { err: loggedError(error) }, message: 'the gateway failed in a way nobody foresaw' },
    ])
  })

  it('keeps its place in the query and in the answer', () => {
    expect(masked(located(new Error(secret))).toJSON()).toMatchObject({
      path: ['record'],
      locations: [{ line: 1, column: 3 }],
    })
  })

  it('is not logged when it only says that the caller left', () => {
    expect(masked(new DOMException('This operation was aborted', 'AbortError')).extensions).toEqual({
      code: 'INTERNAL',
    })
    expect(logged).toEqual([])
  })
})

describe('a gateway whose vendor fails in a way nobody foresaw', () => {
  const broken: Vendor = {
    name: 'CORTEX',
    mode: 'LIVE',
    credentialKey: 'test',
    jobTypes: ['Record', 'WorkflowRun'],
    open() {
      throw new Error('hunter2')
    },
    circuit: () => 'CLOSED',
    budget: () => Promise.resolve(null),
    close: () => Promise.resolve(),
  }

  it('answers what it can, tells nothing and logs it', async () => {
    const gateway = openGateway([broken])
    const { status, data, errors, text } = await gateway.query(
      '{ record(by: { ref: { collectionId: "a", recordId: "b" } }) { id } vendors { vendor } }',
    )
    expect(status).toBe(200)
    expect(data).toEqual({ record: null, vendors: [{ vendor: 'CORTEX' }] })
    expect(errors).toMatchObject([{ path: ['record'], extensions: { code: 'INTERNAL' } }])
    expect(text).not.toContain('hunter2')
    expect(gateway.lines).toMatchObject([{ level: 'error', fields: { err: { type: 'Error' } } }])
    expect(JSON.stringify(gateway.lines)).not.toContain('hunter2')
    await gateway.close()
  })
})

describe('a body that is no JSON', () => {
  it.each(['application/json', 'application/graphql-response+json'])('is not sent back: %s', async (accept) => {
    const { gateway, close } = openGateway([])
    const body = '{"query": what-was-sent}'
    const headers = { 'content-type': 'application/json', accept }
    const response = await gateway.fetch(new Request('http://gateway.test/graphql', { method: 'POST', headers, body }))
    expect(response.status).toBe(400)
    const text = await response.text()
    expect(text).toContain('POST body sent invalid JSON')
    expect(text).not.toContain('what-was-sent')
    await close()
  })
})
