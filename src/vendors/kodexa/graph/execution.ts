import { ONE_REQUEST, READ_BY_ID } from '../../../graph/complexity.js'
import { JobInterface } from '../../../graph/job.js'
import { NodeInterface } from '../../../graph/node.js'
import { pageArgs } from '../../../graph/page-args.js'
import { paginationComplexity } from '../../../graph/paginate.js'
import { isVendorId } from '../../../job/vendor-id.js'
import type { Execution } from '../normalise/execution.js'
import { paginateExecutions } from '../paginate-executions.js'
import { ExecutionExceptionType } from './exception.js'
import { ExecutionConnection, ExecutionType } from './execution-connection.js'
import { ExecutionStatusDetailsType, ExecutionTargetType, StatusMessageType } from './execution-parts.js'
import { PipelineType } from './pipeline.js'

ExecutionType.implement({
  description: "An execution of a Kodexa assistant's pipeline.",
  interfaces: [JobInterface, NodeInterface],
  fields: (t) => ({
    uuid: t.exposeString('uuid', { description: "The vendor's second identifier. No query accepts it." }),
    changeSequence: t.exposeInt('changeSequence', { description: 'A number that grows with each change.' }),
    description: t.exposeString('description', { description: 'The description of the execution.' }),
    organizationId: t.exposeID('organizationId', { description: 'The id of its organization.' }),
    assistantId: t.exposeID('assistantId', {
      description: 'The assistant whose pipeline it runs. Null when there is none.',
    }),
    documentFamilyId: t.exposeID('documentFamilyId', {
      description: 'The document family that it processes. Null when there is none.',
    }),
    sessionId: t.exposeID('sessionId', { description: 'The id of its session.' }),
    priority: t.exposeInt('priority', { description: "The priority, on the vendor's own scale." }),
    processingTimeMs: t.exposeFloat('processingTimeMs', {
      description:
        "The processing time: the vendor's figure, or else the time from start to end in milliseconds. The vendor names no unit; milliseconds are likely.",
    }),
    loggingEnabled: t.exposeBoolean('loggingEnabled', { description: 'Whether the execution writes a log.' }),
    deleteLoggingOnSuccess: t.exposeBoolean('deleteLoggingOnSuccess', {
      description: 'Whether the log is deleted when the execution succeeds.',
    }),
    parent: t.field({
      type: ExecutionType,
      complexity: READ_BY_ID,
      description:
        'The execution that started this one. Null when none did or it no longer exists; costs a vendor call of its own, null with an error when that fails.',
      resolve({ parentExecutionId }, _args, { sessions }) {
        return parentExecutionId != null && isVendorId(parentExecutionId)
          ? sessions.get('KODEXA').execution(parentExecutionId)
          : null
      },
    }),
    children: t.field({
      type: ExecutionConnection,
      complexity: paginationComplexity,
      description:
        'The executions that this one started, newest first. Costs one vendor call for each execution it is selected on; null with an error when that fails.',
      args: pageArgs,
      resolve: (execution, { first, after }, { sessions }) =>
        paginateExecutions(sessions.get('KODEXA'), {
          first,
          after,
          clauses: [{ field: 'parentExecutionId', anyOf: [execution.vendorId] }],
        }),
    }),
    pipeline: t.expose('pipeline', {
      type: PipelineType,
      description: 'The pipeline that it runs. Null when the vendor does not send it.',
    }),
    exception: t.expose('exception', {
      type: ExecutionExceptionType,
      description: 'Why the execution failed. Null when it did not.',
    }),
    statusDetails: t.expose('statusDetails', {
      type: ExecutionStatusDetailsType,
      description: 'The progress that the execution reports.',
    }),
    targets: t.expose('targets', { type: [ExecutionTargetType], description: 'The targets of its result.' }),
    context: t.expose('context', {
      type: 'JSON',
      description: 'The event that started it, as a map: `eventType`, `documentFamilyId` and others.',
    }),
    statusMessages: t.field({
      type: [StatusMessageType],
      complexity: ONE_REQUEST,
      description:
        'The last ten status messages, oldest first. Costs one vendor call for each execution it is selected on; null with an error when that fails.',
      resolve: (execution: Execution, _args, { sessions }) => sessions.get('KODEXA').statusMessages(execution.vendorId),
    }),
  }),
})
