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

/** The client of one connection. */
export interface Client {
  /** The handshake. */
  readonly request: IncomingMessage
  readonly operations: Operations
  /** Undefined until the client is authenticated. */
  readonly identity: Identity | undefined
  /** The vendor credentials that the client sent, by header name. */
  readonly vendorCredentials: Readonly<Record<string, Secret>>
  /** Called once the client is authenticated. */
  onAuthenticated(identity: Identity, vendorCredentials: Client['vendorCredentials']): void
}

type Result = ExecutionResult | AsyncIterable<ExecutionResult>

export interface ProtocolOptions {
  readonly authenticate: Authenticate
  /** The headers in which callers send vendor credentials, in lower case. */
  readonly callerHeaders: readonly string[]
  /** Runs an operation with the same plugins and error masking as over HTTP. */
  readonly run: (
    params: GraphQLParams,
    request: Request,
    client: Pick<Client, 'request' | 'identity'>,
  ) => PromiseOrValue<Result | undefined>
  /** Called with the handshake of each client without a valid credential. */
  readonly onUnauthenticated: (request: IncomingMessage) => void
  /** Applied to what `authenticate` and `run` throw. */
  readonly maskError: (error: unknown) => GraphQLError
}

/** Execution arguments that graphql-ws requires but does not use: Yoga has already executed the operation. */
const EMPTY_EXECUTION = { schema: new GraphQLSchema({}), document: parse('{ __typename }') }

/** Valid header values; the payload of `connection_init` may contain any string. */
const HEADER_VALUE = /^[\x20-\x7e]+$/

/** The graphql-transport-ws protocol; each operation runs in a request of its own. */
export function createProtocol(options: ProtocolOptions): Server<Client> {
  const { authenticate, callerHeaders, run, onUnauthenticated, maskError } = options
  const names = [...CREDENTIAL_HEADERS, ...callerHeaders]

  function vendorCredentialsOf(headers: HeaderReader): Client['vendorCredentials'] {
    const values = callerHeaders.map((name) => [name, headers.get(name) ?? ''] as const)
    return Object.fromEntries(
      values.filter(([, value]) => HEADER_VALUE.test(value)).map(([name, value]) => [name, new Secret(value)]),
    )
  }

  return makeServer<undefined, Client>({
    // False closes the connection with 4403, on which clients reconnect, perhaps with another credential.
    async onConnect({ connectionParams, extra }) {
      try {
        const headers = connectionHeaders(extra.request.headers, connectionParams, names)
        const identity = await authenticate(headers)
        if (identity === null) {
          onUnauthenticated(extra.request)
          return false
        }
        extra.onAuthenticated(identity, vendorCredentialsOf(headers))
      } catch (error) {
        maskError(error)
        return false
      }
    },
    async onSubscribe(context, id, params) {
      const { operations } = context.extra
      try {
        const operation = operations.start(id, () => id in context.subscriptions)
        if (!operation)
          throw new BadInputError('Too many operations are running on this connection. Wait until one has ended.')
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

/** Builds the request of an operation from the handshake's URL and headers. POST, because mutations require it. */
function requestOf({ request: { url, headers }, vendorCredentials }: Client, signal: AbortSignal): Request {
  const requestHeaders = new Headers()
  for (const [name, value] of Object.entries({ ...headers, ...revealAll(vendorCredentials) }))
    requestHeaders.set(name, String(value))
  // Browsers send no-cache with each handshake; it is not meant for reads.
  requestHeaders.delete('cache-control')
  return new Request(`http://localhost${url}`, { method: 'POST', headers: requestHeaders, signal })
}

/** The errors of an operation that was not executed: its result has no `data`, not even null. */
function requestErrorsOf(result: Result | undefined): readonly GraphQLError[] | null {
  if (!result || isAsyncIterable(result) || 'data' in result || !result.errors?.length) return null
  return result.errors
}

/** Removes Yoga's internal extensions, as Yoga does over HTTP. */
function withoutInternals(error: GraphQLError): GraphQLFormattedError {
  const { extensions: { http, unexpected, ...extensions } = {}, ...formatted } = error.toJSON()
  return Object.keys(extensions).length > 0 ? { ...formatted, extensions } : formatted
}
