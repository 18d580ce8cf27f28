import type { GraphQLFieldResolver, GraphQLSchema } from 'graphql'
import { requestedJob, type RequestedJobs, type AuditedResult } from '../job/cancel-audit.js'
import type { Cancellation } from '../job/cancel.js'
import { DocketError, InternalError, NotAttemptedError } from '../job/errors.js'
import type { JobAddress } from '../job/job.js'
import type { RequestSessions } from '../job/request-sessions.js'
import type { GraphContext } from './builder.js'

/** The jobs that a field is asked to cancel, by its arguments. */
export type RequestedJobsOf<Args> = (args: Args, sessions: RequestSessions) => RequestedJobs

const EXTENSION = 'requestedJobsOf'

/** The extensions of a field that cancels jobs. Every field of Mutation needs them. */
export function cancels<Args>(requestedJobs: RequestedJobsOf<Args>): { readonly [EXTENSION]: RequestedJobsOf<Args> } {
  return { [EXTENSION]: requestedJobs }
}

/** The extensions of a field that cancels one job of one type. */
export function cancelsOne<Args>(type: string, toAddress: (args: Args, sessions: RequestSessions) => JobAddress) {
  return cancels<Args>((args, sessions) => ({
    first: [requestedJob(sessions, type, () => toAddress(args, sessions))],
    more: 0,
  }))
}

/** Reads these extensions from a field's definition. */
export function requestedJobsOf({ extensions }: { readonly extensions: object }): RequestedJobsOf<object> {
  return (extensions as { readonly [EXTENSION]: RequestedJobsOf<object> })[EXTENSION]
}

type Resolve = GraphQLFieldResolver<unknown, GraphContext, object>

/**
 * Makes each mutation field write its result to the audit log. This is the outermost wrapper of the resolver, so that it
 * also records cancels that are forbidden, or that may no longer start. Jobs that already have a line get no second one.
 */
export function auditCancels(schema: GraphQLSchema): GraphQLSchema {
  for (const field of Object.values(schema.getMutationType()!.getFields())) {
    const requestedJobs = requestedJobsOf(field)
    const resolve = field.resolve as Resolve
    const audited: Resolve = async (root, args, context, info) => {
      const startedAt = performance.now()
      const write = (result: AuditedResult) =>
        context.cancelAudit.writeAll(requestedJobs(args, context.sessions), result, startedAt)
      try {
        if (!context.pendingMutations.mayStart(context.deadline)) throw new NotAttemptedError()
        const result = (await resolve(root, args, context, info)) as Cancellation | DocketError | readonly unknown[]
        // A list is the result of `cancelJobs`, which writes its own lines.
        if (!Array.isArray(result)) write(result as Cancellation | DocketError)
        return result
      } catch (error) {
        write(error instanceof DocketError ? error : new InternalError())
        throw error
      }
    }
    field.resolve = audited
  }
  return schema
}
