import { cancelsOne } from '../../../graph/cancel-audit.js'
import { builder } from '../../../graph/builder.js'
import { CANCEL_ERRORS, CancelOutcomeEnum } from '../../../graph/cancel.js'
import { CANCEL, READ_BY_ID } from '../../../graph/complexity.js'
import { JobStatusEnum } from '../../../graph/job-state.js'
import { pageArgs } from '../../../graph/page-args.js'
import { paginationComplexity } from '../../../graph/paginate.js'
import type { Cancellation } from '../../../job/cancel.js'
import { BadInputError } from '../../../job/errors.js'
import { decodeJobIdOf } from '../../../job/job-id.js'
import { checkVendorId } from '../../../job/vendor-id.js'
import { executionJobAddress, toExecutionId } from '../address.js'
import type { FilterClause } from '../filter.js'
import type { Execution } from '../normalise/execution.js'
import { paginateExecutions } from '../paginate-executions.js'
import { ExecutionConnection, ExecutionType } from './execution-connection.js'

const MAX_FILTER_LENGTH = 2000

const ExecutionBy = builder.inputType('ExecutionBy', {
  description: "Selects an execution by its global id or by the vendor's id. Set exactly one of the two.",
  isOneOf: true,
  fields: (t) => ({
    id: t.id({ description: 'The global `id` from this gateway.' }),
    executionId: t.id({ description: "The vendor's id, a UUID." }),
  }),
})

builder.queryField('execution', (t) =>
  t.field({
    type: ExecutionType,
    complexity: READ_BY_ID,
    description:
      'One execution. Null when the vendor has no such execution; null with an error when the vendor could not be reached.',
    args: { by: t.arg({ type: ExecutionBy, required: true, description: 'The execution.' }) },
    resolve: (_root, { by }, { sessions }) => sessions.get('KODEXA').execution(toId(by)),
  }),
)

builder.queryField('executions', (t) =>
  t.field({
    type: ExecutionConnection,
    complexity: paginationComplexity,
    description: 'Executions, newest first. Null with an error when the vendor could not be reached.',
    args: {
      assistantId: t.arg.id({ description: 'Only executions of this assistant.' }),
      documentFamilyId: t.arg.id({ description: 'Only executions for this document family.' }),
      status: t.arg({
        type: [JobStatusEnum],
        description:
          "Only executions in one of these states. Each state covers all of the vendor's statuses that map to it.",
      }),
      filter: t.arg.string({
        description: `A filter in the vendor's own language, such as \`priority > 5\`, passed on unchanged. Applied in addition to the other arguments; at most ${MAX_FILTER_LENGTH} characters, without line breaks.`,
      }),
      ...pageArgs,
    },
    resolve(_root, { assistantId, documentFamilyId, status, filter, first, after }, { sessions }) {
      const kodexa = sessions.get('KODEXA')
      const clauses: FilterClause[] = []
      if (assistantId != null)
        clauses.push({ field: 'assistantId', anyOf: [checkVendorId('assistantId', assistantId)] })
      if (documentFamilyId != null)
        clauses.push({ field: 'documentFamilyId', anyOf: [checkVendorId('documentFamilyId', documentFamilyId)] })
      return paginateExecutions(kodexa, { first, after, clauses, statuses: status, verbatim: checkFilter(filter) })
    },
  }),
)

const CancelExecutionSuccess = builder.objectRef<Cancellation<Execution>>('CancelExecutionSuccess').implement({
  description: 'The vendor accepted the cancel.',
  fields: (t) => ({
    execution: t.expose('job', {
      type: ExecutionType,
      nullable: false,
      description: 'The execution as the vendor returned it.',
    }),
    outcome: t.expose('outcome', {
      type: CancelOutcomeEnum,
      nullable: false,
      description: 'The outcome of the cancel. CANCELLING while running steps finish.',
    }),
  }),
})

builder.mutationField('cancelExecution', (t) =>
  t.field({
    type: CancelExecutionSuccess,
    complexity: CANCEL,
    nullable: false,
    description:
      'Asks Kodexa to stop an execution. Sent once and never retried; the vendor responds before the cancel takes effect, so CANCELLING is the usual outcome.',
    errors: {
      types: CANCEL_ERRORS,
      union: { name: 'CancelExecutionResult', description: 'The result of cancelling an execution.' },
    },
    args: { by: t.arg({ type: ExecutionBy, required: true, description: 'The execution.' }) },
    extensions: cancelsOne<{ by: ExecutionByShape }>('Execution', ({ by }) => executionJobAddress(toId(by))),
    resolve: (_root, { by }, { sessions }) => sessions.get('KODEXA').cancelExecution(toId(by)),
  }),
)

type ExecutionByShape = typeof ExecutionBy.$inferInput

function toId({ id, executionId }: ExecutionByShape): string {
  if (id != null) return toExecutionId(decodeJobIdOf('Execution', id))
  if (executionId == null) throw new BadInputError('`by` needs exactly one of `id` and `executionId`.')
  return checkVendorId('executionId', executionId)
}

function checkFilter(filter: string | null | undefined): string | null {
  if (filter == null || filter.trim() === '') return null

  if (filter.length <= MAX_FILTER_LENGTH && !/[\u0000-\u001f\u007f]/.test(filter)) return filter
  throw new BadInputError(`\`filter\` may have at most ${MAX_FILTER_LENGTH} characters, and no line breaks.`)
}
