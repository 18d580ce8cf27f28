import { getOperationAST, OperationTypeNode, type ExecutionArgs, type ExecutionResult } from 'graphql'
import { isAsyncIterable, type Plugin } from 'graphql-yoga'
import { requestedJobsOf } from '../../graph/cancel-audit.js'
import type { GraphContext } from '../../graph/builder.js'
import { createCancelAudit, type RequestedJobs } from '../../job/cancel-audit.js'
import type { ErrorCode } from '../../job/errors.js'
import { withFields, type Log } from '../../job/log.js'
import { cancelFieldsOf } from '../limits/cancel-fields.js'
import { createTokenBuckets } from '../limits/token-bucket.js'
import { variablesOf } from '../limits/variables.js'
import type { ServerContext } from '../server-context.js'
import { callerKey } from './caller-key.js'

/** Writes audit lines for cancels that never reached a resolver. */
export interface OperationAudit {
  readonly plugin: Plugin<GraphContext, ServerContext>
  /** Call with the result of an operation that did not come over HTTP. */
  recordResult(context: ServerContext, result: unknown): void
  /** Call when an operation that did not come over HTTP was rejected before execution. */
  recordRejection(context: ServerContext, query: unknown, code: ErrorCode): void
  /** Call when a request without a valid credential was rejected before its operation was read. */
  recordUnauthenticated(context: ServerContext): void
}

/** An operation whose result is not known yet. */
interface PendingOperation {
  /** Undefined for a persisted operation until its hash has been looked up. */
  document: string | undefined
  /** In the ms of `performance.now()`. */
  readonly startedAt: number
  /** Set once the document is valid. */
  execution?: ExecutionArgs
}

/** Limit on lines that name no job: for each caller, and for all unauthenticated callers together. */
const UNATTRIBUTED_LINES_PER_MINUTE = 60
/** A document that lacks one of these words cancels nothing: GraphQL has no other spelling for them. */
const MAY_CANCEL = [/\bmutation\b/, /\bcancel/]
/** Codes that are written as they are; all others become BAD_INPUT. */
const REJECTION_CODES: readonly unknown[] = [
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'RATE_LIMITED',
  'INTERNAL',
] satisfies ErrorCode[]
const NO_JOBS: RequestedJobs = { first: [], more: 0 }
const UNKNOWN_JOB: RequestedJobs = { first: [null], more: 0 }

/**
 * Writes a line for each job that an operation asks to cancel without reaching its resolver, because the operation was
 * rejected or an earlier field failed.
 */
export function createOperationAudit(log: Log): OperationAudit {
  const pending = new WeakMap<object, PendingOperation>()
  const buckets = createTokenBuckets(UNATTRIBUTED_LINES_PER_MINUTE)
  let omitted = 0

  /** Null above the rate limit, so that no caller can fill the disk. */
  function unattributedLog(context: ServerContext): Log | null {
    if (buckets.take(context.identity ? (callerKey(context) ?? '') : '') > 0) {
      omitted++
      return null
    }
    const fields = { requestId: context.requestId, ...(omitted > 0 && { omitted }) }
    omitted = 0
    return withFields(log, fields)
  }

  function recordResult(context: ServerContext, result: unknown): void {
    const operation = pending.get(context)
    if (!operation || isAsyncIterable(result)) return
    pending.delete(context)
    const { data, errors } = (result ?? {}) as ExecutionResult
    const { document, execution, startedAt } = operation
    const hasStarted = data !== undefined
    const code = hasStarted ? 'NOT_ATTEMPTED' : codeOf(errors)
    if (execution) {
      // If execution has started, resolvers may have written the jobs without an id; those cannot be told apart.
      const { first, more } = jobsIn(execution)
      const jobs = { first: first.filter((job) => !hasStarted || job?.id != null), more }
      return (execution.contextValue as GraphContext).cancelAudit.writeAll(jobs, code, startedAt)
    }
    if (!hasStarted) writeUnattributed(context, document, code, startedAt)
  }

  function writeUnattributed(
    context: ServerContext,
    document: PendingOperation['document'],
    code: ErrorCode,
    startedAt: number,
  ): void {
    if (!mayCancel(document, code)) return
    const callerLog = unattributedLog(context)
    if (callerLog) createCancelAudit(callerLog, context.identity ?? null).write(null, code, startedAt)
  }

  return {
    plugin: {
      onParams({ params, context }) {
        pending.set(context, { document: textOf(params.query), startedAt: performance.now() })
      },
      onParse({ params, context }) {
        const operation = pending.get(context)
        if (operation) operation.document = textOf(params.source)
      },
      onExecute({ args, context }) {
        const operation = pending.get(context)
        if (operation) operation.execution = args
      },
      onResultProcess({ result, serverContext }) {
        recordResult(serverContext, result)
      },
    },
    recordResult,
    recordRejection: (context, query, code) => writeUnattributed(context, textOf(query), code, performance.now()),
    recordUnauthenticated(context) {
      const fields = { audit: 'request', caller: null, outcome: 'UNAUTHENTICATED' satisfies ErrorCode }
      unattributedLog(context)?.info(fields, 'request refused')
    },
  }
}

function codeOf(errors: ExecutionResult['errors']): ErrorCode {
  const code = errors?.[0]?.extensions?.code
  return REJECTION_CODES.includes(code) ? (code as ErrorCode) : 'BAD_INPUT'
}

/** A persisted operation that was rejected before its lookup may be anything. */
function mayCancel(document: PendingOperation['document'], code: ErrorCode): boolean {
  return document === undefined
    ? code === 'RATE_LIMITED' || code === 'OVERLOADED'
    : MAY_CANCEL.every((pattern) => pattern.test(document))
}

function jobsIn(args: ExecutionArgs): RequestedJobs {
  const { sessions } = args.contextValue as GraphContext
  const operation = getOperationAST(args.document, args.operationName)
  if (operation?.operation !== OperationTypeNode.MUTATION) return NO_JOBS
  const variables = variablesOf(operation, args)
  if (variables.errors) return UNKNOWN_JOB
  try {
    const requested = cancelFieldsOf(operation, args, variables.coerced).map(({ definition, args }) =>
      requestedJobsOf(definition)(args, sessions),
    )
    return { first: requested.flatMap(({ first }) => first), more: requested.reduce((sum, { more }) => sum + more, 0) }
  } catch {
    return UNKNOWN_JOB
  }
}

/** Params are not validated yet. */
function textOf(query: unknown): string | undefined {
  return typeof query === 'string' ? query : undefined
}
