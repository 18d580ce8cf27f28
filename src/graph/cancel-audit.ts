import type { GraphQLFieldResolver, GraphQLSchema } from 'graphql'
import { requestedJob, type RequestedJobs, type AuditedResult } from '../job/cancel-audit.js'
import type { Cancellation } from '../job/cancel.js'
import { DocketError, InternalError, NotAttemptedError } from '../job/errors.js'
import type { JobAddress } from '../job/job.js'
import type { RequestSessions } from '../job/request-sessions.js'
import type { GraphContext } from './builder.js'

/** Says which jobs a field is asked to cancel. */
export type RequestedJobsOf<Args> = (args: Args, sessions: RequestSessions) => RequestedJobs

const EXTENSION = 'jobsAskedToCancel'

/** For a field that cancels jobs: every field of Mutation has to say which. */
export function cancels<Args>(jobsAsked: RequestedJobsOf<Args>): { readonly [EXTENSION]: RequestedJobsOf<Args> } {
  return { [EXTENSION]: jobsAsked }
}

/** The same for a field that cancels one job of one type. */
export function cancelsOne<Args>(type: string, toAddress: (args: Args, sessions: RequestSessions) => JobAddress) {
  return cancels<Args>((args, sessions) => ({
    first: [requestedJob(sessions, type, () => toAddress(args, sessions))],
    more: 0,
  }))
}

/** What a field's definition says. */
export function requestedJobsOf({ extensions }: { readonly extensions: object }): RequestedJobsOf<object> {
  return (extensions as { readonly [EXTENSION]: RequestedJobsOf<object> })[EXTENSION]
}

type Resolve = GraphQLFieldResolver<unknown, GraphContext, object>

/**
 * Has each field that cancels write down what became of it, around everything else that is wrapped around its resolver:
 * also when the caller may not use it, or it may not begin any more. What it has written down itself is not written again.
 */
export function auditCancels(schema: GraphQLSchema): GraphQLSchema {
  for (const field of Object.values(schema.getMutationType()!.getFields())) {
    const jobsAsked = requestedJobsOf(field)
    const resolve = field.resolve as Resolve
    const audited: Resolve = async (root, args, context, info) => {
      const startedAt = performance.now()
      const write = (result: AuditedResult) =>
        context.cancelAudit.writeAll(jobsAsked(args, context.sessions), result, startedAt)
      try {
        if (!context.pendingMutations.mayStart(context.deadline)) throw new NotAttemptedError()
        const result = (await resolve(root, args, context, info)) as Cancellation | DocketError | readonly unknown[]
        // A list is of jobs that were written down one by one.
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
