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

/** Writes down the cancels that never came to a resolver. */
export interface OperationAudit {
  readonly plugin: Plugin<GraphContext, ServerContext>
  /** To be told what an operation came to that did not come over HTTP. */
  recordResult(context: ServerContext, result: unknown): void
  /** To be told that an operation that did not come over HTTP was not run at all, and why. */
  recordRejection(context: ServerContext, query: unknown, code: ErrorCode): void
  /** To be told that somebody was refused before it was known what they wanted. */
  recordUnauthenticated(context: ServerContext): void
}

/** What was asked for, as far as it is known. */
interface PendingOperation {
  /** Undefined for an operation that is named by its hash, until it has been looked up. */
  document: string | undefined
  readonly begunAt: number
  /** Since it was found valid. */
  execution?: ExecutionArgs
}

/** Lines a minute about one caller from which nobody learns which jobs they meant, or about all who are not known. */
const ANONYMOUS_LINES_PER_MINUTE = 60
/** A document without both words cancels nothing: neither can be spelled otherwise. */
const MAY_CANCEL = [/\bmutation\b/, /\bcancel/]
/** The codes of what is refused as a whole; whatever else is wrong with an operation is its caller's mistake. */
const CODES: readonly unknown[] = ['UNAUTHENTICATED', 'FORBIDDEN', 'RATE_LIMITED', 'INTERNAL'] satisfies ErrorCode[]
const NO_JOBS: RequestedJobs = { first: [], more: 0 }
const SOME_JOB: RequestedJobs = { first: [null], more: 0 }

/**
 * Has a line written for each job that an operation asks to cancel and that no resolver has heard of: because the
 * operation was refused, or because a field before it failed.
 */
export function createOperationAudit(log: Log): OperationAudit {
  const asked = new WeakMap<object, PendingOperation>()
  const buckets = createTokenBuckets(ANONYMOUS_LINES_PER_MINUTE)
  let omitted = 0

  /** Whoever sends them without end must not fill the disk. */
  function vagueLog(context: ServerContext): Log | null {
    if (buckets.take(context.identity ? (callerKey(context) ?? '') : '') > 0) {
      omitted++
      return null
    }
    const fields = { requestId: context.requestId, ...(omitted > 0 && { omitted }) }
    omitted = 0
    return withFields(log, fields)
  }

  function ended(context: ServerContext, result: unknown): void {
    const operation = asked.get(context)
    if (!operation || isAsyncIterable(result)) return
    asked.delete(context)
    const { data, errors } = (result ?? {}) as ExecutionResult
    const { document, execution, begunAt } = operation
    const wasBegun = data !== undefined
    const code = wasBegun ? 'NOT_ATTEMPTED' : codeOf(errors)
    if (execution) {
      // Of those that were begun, the ones without an id have their lines, and nobody could tell that they do.
      const { first, more } = jobsIn(execution)
      const jobs = { first: first.filter((job) => !wasBegun || job?.id != null), more }
      return (execution.contextValue as GraphContext).cancelAudit.writeAll(jobs, code, begunAt)
    }
    if (!wasBegun) writeVague(context, document, code, begunAt)
  }

  function writeVague(
    context: ServerContext,
    document: PendingOperation['document'],
    code: ErrorCode,
    begunAt: number,
  ): void {
    if (!mayCancel(document, code)) return
    const vague = vagueLog(context)
    if (vague) createCancelAudit(vague, context.identity ?? null).write(null, code, begunAt)
  }

  return {
    plugin: {
      onParams({ params, context }) {
        asked.set(context, { document: textOf(params.query), begunAt: performance.now() })
      },
      onParse({ params, context }) {
        const operation = asked.get(context)
        if (operation) operation.document = textOf(params.source)
      },
      onExecute({ args, context }) {
        const operation = asked.get(context)
        if (operation) operation.execution = args
      },
      onResultProcess({ result, serverContext }) {
        ended(serverContext, result)
      },
    },
    recordResult: ended,
    recordRejection: (context, query, code) => writeVague(context, textOf(query), code, performance.now()),
    recordUnauthenticated(context) {
      const fields = { audit: 'request', caller: null, outcome: 'UNAUTHENTICATED' satisfies ErrorCode }
      vagueLog(context)?.info(fields, 'request refused')
    },
  }
}

function codeOf(errors: ExecutionResult['errors']): ErrorCode {
  const code = errors?.[0]?.extensions?.code
  return CODES.includes(code) ? (code as ErrorCode) : 'BAD_INPUT'
}

/** Of one that is named by a hash, and was not looked up, nobody knows. */
function mayCancel(document: PendingOperation['document'], code: ErrorCode): boolean {
  return document === undefined
    ? code === 'RATE_LIMITED' || code === 'OVERLOADED'
    : MAY_CANCEL.every((word) => word.test(document))
}

function jobsIn(args: ExecutionArgs): RequestedJobs {
  const { sessions } = args.contextValue as GraphContext
  const operation = getOperationAST(args.document, args.operationName)
  if (operation?.operation !== OperationTypeNode.MUTATION) return NO_JOBS
  const variables = variablesOf(operation, args)
  if (variables.errors) return SOME_JOB
  try {
    const asked = cancelFieldsOf(operation, args, variables.coerced).map(({ definition, args }) =>
      requestedJobsOf(definition)(args, sessions),
    )
    return { first: asked.flatMap(({ first }) => first), more: asked.reduce((sum, { more }) => sum + more, 0) }
  } catch {
    return SOME_JOB
  }
}

/** What came is not yet known to be an operation. */
function textOf(query: unknown): string | undefined {
  return typeof query === 'string' ? query : undefined
}
