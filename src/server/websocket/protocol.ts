import type { IncomingMessage } from 'node:http'
import { GraphQLSchema, parse, type ExecutionResult, type GraphQLError, type GraphQLFormattedError } from 'graphql'
import { makeServer, type Server } from 'graphql-ws'
import { isAsyncIterable, type GraphQLParams, type PromiseOrValue } from 'graphql-yoga'
import type { Authenticate } from '../../auth/authenticate.js'
import { CREDENTIAL_HEADERS } from '../../auth/credential.js'
import type { Identity } from '../../auth/identity.js'
import { BadInputError } from '../../job/errors.js'
import type { HeaderReader } from '../../job/header-reader.js'
import { revealAll, Secret } from '../../job/secret.js'
import type { Operations } from './operations.js'
import { connectionHeaders } from './connection-headers.js'

/** Whose operation it is. */
export interface Client {
  /** The handshake. */
  readonly request: IncomingMessage
  readonly operations: Operations
  /** Undefined until it is known. */
  readonly identity: Identity | undefined
  /** The credentials for vendors that it has brought, by the names of their headers. */
  readonly vendorCredentials: Readonly<Record<string, Secret>>
  /** To be told who it is, and what it has brought. */
  onAuthenticated(identity: Identity, vendorKeys: Client['vendorCredentials']): void
}

type Result = ExecutionResult | AsyncIterable<ExecutionResult>

export interface ProtocolOptions {
  readonly authenticate: Authenticate
  /** The headers in which callers bring credentials for vendors, in lower case. */
  readonly callerHeaders: readonly string[]
  /** Runs an operation as one that came over HTTP is run: with all plugins, and errors that are fit to be shown. */
  readonly run: (
    params: GraphQLParams,
    request: Request,
    client: Pick<Client, 'request' | 'identity'>,
  ) => PromiseOrValue<Result | undefined>
  /** Told of the handshake of each client who is nobody. */
  readonly onUnauthenticated: (request: IncomingMessage) => void
  /** For what the first two throw. */
  readonly maskError: (error: unknown) => GraphQLError
}

/** What graphql-ws is told to execute once Yoga has: it insists on something, and looks no closer. */
const EMPTY_EXECUTION = { schema: new GraphQLSchema({}), document: parse('{ __typename }') }

/** What a header can carry: over WebSocket it may be anything. */
const HEADER_VALUE = /^[\x20-\x7e]+$/

/** The protocol graphql-transport-ws, with every operation run in a request of its own. */
export function createProtocol(options: ProtocolOptions): Server<Client> {
  const { authenticate, callerHeaders, run, onUnauthenticated, maskError } = options
  const names = [...CREDENTIAL_HEADERS, ...callerHeaders]

  function vendorKeysIn(headers: HeaderReader): Client['vendorCredentials'] {
    const keys = callerHeaders.map((name) => [name, headers.get(name) ?? ''] as const)
    return Object.fromEntries(
      keys.filter(([, key]) => HEADER_VALUE.test(key)).map(([name, key]) => [name, new Secret(key)]),
    )
  }

  return makeServer<undefined, Client>({
    // False closes the connection with 4403, on which clients come back, and may show something else then.
    async onConnect({ connectionParams, extra }) {
      try {
        const headers = connectionHeaders(extra.request.headers, connectionParams, names)
        const identity = await authenticate(headers)
        if (identity === null) {
          onUnauthenticated(extra.request)
          return false
        }
        extra.onAuthenticated(identity, vendorKeysIn(headers))
      } catch (error) {
        maskError(error)
        return false
      }
    },
    async onSubscribe(context, id, params) {
      const { operations } = context.extra
      try {
        const operation = operations.start(id, () => id in context.subscriptions)
        if (!operation) throw new BadInputError('Too many operations run on this connection. Wait until one has ended.')
        const result = await run(params as GraphQLParams, requestOf(context.extra, operation.signal), context.extra)
        if (isAsyncIterable(result)) operation.markStream()
        return requestErrorsOf(result) ?? { ...EMPTY_EXECUTION, rootValue: result }
      } catch (error) {
        return [maskError(error)]
      }
    },
    execute: ({ rootValue }) => rootValue as Result,
    onNext: (_context, _id, _params, _args, { errors, ...result }) =>
      errors && { ...result, errors: errors.map(withoutInternals) },
    onError: (_context, _id, _params, errors) => errors.map(withoutInternals),
  })
}

/** The request that an operation would have been: the handshake's address and headers, sent by POST, as mutations have to be. */
function requestOf({ request: { url, headers }, vendorCredentials }: Client, signal: AbortSignal): Request {
  const own = new Headers()
  for (const [name, value] of Object.entries({ ...headers, ...revealAll(vendorCredentials) }))
    own.set(name, String(value))
  // It is about the handshake: browsers send no-cache with every one, and mean none of the reads.
  own.delete('cache-control')
  return new Request(`http://localhost${url}`, { method: 'POST', headers: own, signal })
}

/** What is wrong with the operation itself, which then has no data, not even null. */
function requestErrorsOf(result: Result | undefined): readonly GraphQLError[] | null {
  if (!result || isAsyncIterable(result) || 'data' in result || !result.errors?.length) return null
  return result.errors
}

/** What Yoga notes on errors for itself, and takes off before it answers over HTTP. */
function withoutInternals(error: GraphQLError): GraphQLFormattedError {
  const { extensions: { http, unexpected, ...extensions } = {}, ...shown } = error.toJSON()
  return Object.keys(extensions).length > 0 ? { ...shown, extensions } : shown
}
