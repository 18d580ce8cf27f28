import type { IncomingMessage } from 'node:http'
import { GraphQLSchema, parse, type ExecutionResult, type GraphQLError, type GraphQLFormattedError } from 'graphql'
import { makeServer, type Server } from 'graphql-ws'
import { isAsyncIterable, type GraphQLParams, type PromiseOrValue } from 'graphql-yoga'
import type { Authenticate } from '../auth/authenticate.js'
import type { Identity } from '../auth/identity.js'
import { BadInputError } from '../job/errors.js'
import type { Operations } from './operations.js'
import { shownHeaders } from './shown-headers.js'

/** Whose operation it is. */
export interface Client {
  /** The handshake. */
  readonly request: IncomingMessage
  readonly operations: Operations
  /** Undefined until it is known. */
  readonly identity: Identity | undefined
  /** To be told who it is. */
  admit(identity: Identity): void
}

type Result = ExecutionResult | AsyncIterable<ExecutionResult>

export interface ProtocolOptions {
  readonly authenticate: Authenticate
  /** Runs an operation as one that came over HTTP is run: with all plugins, and errors that are fit to be shown. */
  readonly run: (
    params: GraphQLParams,
    request: Request,
    client: Pick<Client, 'request' | 'identity'>,
  ) => PromiseOrValue<Result | undefined>
  /** Told of the handshake of each client who is nobody. */
  readonly onRefusal: (request: IncomingMessage) => void
  /** For what the first two throw. */
  readonly maskError: (error: unknown) => GraphQLError
}

/** What graphql-ws is told to execute once Yoga has: it insists on something, and looks no closer. */
const NOTHING = { schema: new GraphQLSchema({}), document: parse('{ __typename }') }

/** The protocol graphql-transport-ws, with every operation run in a request of its own. */
export function createProtocol({ authenticate, run, onRefusal, maskError }: ProtocolOptions): Server<Client> {
  return makeServer<undefined, Client>({
    // False closes the connection with 4403, on which clients come back, and may show something else then.
    async onConnect({ connectionParams, extra }) {
      try {
        const identity = await authenticate(shownHeaders(extra.request.headers, connectionParams))
        if (identity === null) {
          onRefusal(extra.request)
          return false
        }
        extra.admit(identity)
      } catch (error) {
        maskError(error)
        return false
      }
    },
    async onSubscribe(context, id, params) {
      const { request, operations } = context.extra
      try {
        const operation = operations.begin(id, () => id in context.subscriptions)
        if (!operation) throw new BadInputError('Too many operations run on this connection. Wait until one has ended.')
        const result = await run(params as GraphQLParams, requestOf(request, operation.signal), context.extra)
        if (isAsyncIterable(result)) operation.becomesStream()
        return requestErrorsOf(result) ?? { ...NOTHING, rootValue: result }
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
function requestOf({ url, headers }: IncomingMessage, signal: AbortSignal): Request {
  const own = new Headers()
  for (const [name, value] of Object.entries(headers)) own.set(name, String(value))
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
