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
  description: "Kodexa: one execution of an assistant's pipeline.",
  interfaces: [JobInterface, NodeInterface],
  fields: (t) => ({
    uuid: t.exposeString('uuid', { description: "The vendor's second identifier. Nothing can be found by it." }),
    changeSequence: t.exposeInt('changeSequence', { description: 'Grows with each change.' }),
    description: t.exposeString('description', { description: 'What it is for.' }),
    organizationId: t.exposeID('organizationId', { description: 'The organization it belongs to.' }),
    assistantId: t.exposeID('assistantId', {
      description: 'The assistant whose pipeline it runs; null when none did.',
    }),
    documentFamilyId: t.exposeID('documentFamilyId', {
      description: 'The document family it works on; null when on none.',
    }),
    sessionId: t.exposeID('sessionId', { description: 'The session it belongs to.' }),
    priority: t.exposeInt('priority', { description: "How urgent it is, by the vendor's own measure." }),
    processingTimeMs: t.exposeFloat('processingTimeMs', {
      description:
        "How long it took: the vendor's own figure, for which it names no unit and milliseconds are likely, else from start to end.",
    }),
    loggingEnabled: t.exposeBoolean('loggingEnabled', { description: 'Whether it writes a log.' }),
    deleteLoggingOnSuccess: t.exposeBoolean('deleteLoggingOnSuccess', {
      description: 'Whether that log is deleted when it succeeds.',
    }),
    parent: t.field({
      type: ExecutionType,
      complexity: READ_BY_ID,
      description:
        'The execution that started it. Null when none did or when it is gone; read by a call of its own, null with an error when that fails.',
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
        'The executions it started, newest first. Costs one call for each execution it is selected on; null with an error when that fails.',
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
      description: 'What it runs; null when the vendor does not send it.',
    }),
    exception: t.expose('exception', {
      type: ExecutionExceptionType,
      description: 'Why it failed; null when it did not.',
    }),
    statusDetails: t.expose('statusDetails', {
      type: ExecutionStatusDetailsType,
      description: 'What it says of what it is doing.',
    }),
    targets: t.expose('targets', { type: [ExecutionTargetType], description: 'Where it puts its outcome.' }),
    context: t.expose('context', {
      type: 'JSON',
      description: 'What set it off, as an open map: `eventType`, `documentFamilyId` and others.',
    }),
    statusMessages: t.field({
      type: [StatusMessageType],
      complexity: ONE_REQUEST,
      description:
        'The last ten things it had to say, oldest first. Costs one call for each execution it is selected on; null with an error when that fails.',
      resolve: (execution: Execution, _args, { sessions }) => sessions.get('KODEXA').statusMessages(execution.vendorId),
    }),
  }),
})
