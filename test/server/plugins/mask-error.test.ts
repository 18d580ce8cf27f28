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

/** Wraps an error as graphql-js does when a resolver throws it. */
function located(thrown: Error): GraphQLError {
  return new GraphQLError(thrown.message, { nodes: FIELD, path: ['record'], originalError: thrown })
}

function masked(error: unknown): GraphQLError {
  const maskedError = mask(error)
  expect(maskedError).toBeInstanceOf(GraphQLError)
  return maskedError
}

describe('a DocketError', () => {
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
  it.each(errors)('keeps its message, code, path and location: %s', (error, extensions) => {
    const { message, path, locations, extensions: maskedExtensions } = masked(located(error)).toJSON()
    expect([message, path, maskedExtensions]).toEqual([error.message, ['record'], extensions])
    expect(locations).toEqual([{ line: 1, column: 3 }])
    expect(logged).toEqual([])
  })

  it('has no path or location when it was thrown outside a resolver', () => {
    expect(masked(new BadInputError('No such thing.')).toJSON()).toEqual({
      message: 'No such thing.',
      extensions: { code: 'BAD_INPUT' },
    })
  })

  it('has neither cause nor stack', () => {
    const maskedError = masked(located(new BadInputError('No such thing.', { cause: new Error('secret') })))
    expect(maskedError.originalError).toBeUndefined()
    expect(JSON.stringify(maskedError)).not.toMatch(/secret|stack/)
  })
})

describe('a GraphQLError', () => {
  it('is unchanged', () => {
    const error = new GraphQLError('Cannot query field "x".', {
      nodes: FIELD,
      extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
    })
    expect(mask(error)).toBe(error)
  })

  it('does not quote a body that is not JSON', async () => {
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

  it('keeps its path when it was thrown by a resolver', () => {
    const error = located(new GraphQLError('Int cannot represent it.'))
    expect(masked(error).toJSON()).toMatchObject({ message: 'Int cannot represent it.', path: ['record'] })
    expect(logged).toEqual([])
  })
})

describe('any other thrown value', () => {
  const secret = 'password=hunter2 in /srv/app/secret.ts'
  const values: [string, unknown, unknown][] = [
    ['an error with a path', located(new TypeError(secret)), TypeError],
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
  it.each(values)('becomes INTERNAL without details: %s', (_what, error) => {
    const maskedError = masked(error)
    expect(maskedError.toJSON()).toMatchObject({
      message: 'Internal error of the gateway. Its log has the details.',
      extensions: { code: 'INTERNAL' },
    })
    expect(Object.keys(maskedError.extensions)).toEqual(['code'])
    expect(JSON.stringify(maskedError)).not.toContain('hunter2')
  })

  it('is logged once, without its message', () => {
    const error = new TypeError(secret)
    mask(located(error))
    expect(logged).toEqual([{ level: 'error', fields: { err: loggedError(error) }, message: 'Unexpected error' }])
  })

  it('keeps its path and location', () => {
    expect(masked(located(new Error(secret))).toJSON()).toMatchObject({
      path: ['record'],
      locations: [{ line: 1, column: 3 }],
    })
  })

  it('is not logged when it is an abort', () => {
    expect(masked(new DOMException('This operation was aborted', 'AbortError')).extensions).toEqual({
      code: 'INTERNAL',
    })
    expect(logged).toEqual([])
  })
})

describe('a gateway whose vendor throws an unexpected error', () => {
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

  it('answers the other fields, reveals no details and logs the error', async () => {
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

describe('a body that is not JSON', () => {
  it.each(['application/json', 'application/graphql-response+json'])(
    'is not quoted in the response: %s',
    async (accept) => {
      const { gateway, close } = openGateway([])
      const body = '{"query": sent-body}'
      const headers = { 'content-type': 'application/json', accept }
      const response = await gateway.fetch(
        new Request('http://gateway.test/graphql', { method: 'POST', headers, body }),
      )
      expect(response.status).toBe(400)
      const text = await response.text()
      expect(text).toContain('POST body sent invalid JSON')
      expect(text).not.toContain('sent-body')
      await close()
    },
  )
})
