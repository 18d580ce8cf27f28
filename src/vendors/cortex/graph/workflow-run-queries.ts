import { cancelsOne } from '../../../graph/cancel-audit.js'
import { builder } from '../../../graph/builder.js'
import { CANCEL_ERRORS, CancelOutcomeEnum } from '../../../graph/cancel.js'
import { CANCEL, READ_BY_ID } from '../../../graph/complexity.js'
import { JobStatusEnum } from '../../../graph/job-state.js'
import { pageArgs } from '../../../graph/page-args.js'
import { paginationComplexity, paginate, type PaginatedConnection } from '../../../graph/paginate.js'
import { selectionOf } from '../../../graph/selection.js'
import type { Cancellation } from '../../../job/cancel.js'
import { BadInputError } from '../../../job/errors.js'
import { decodeJobIdOf } from '../../../job/job-id.js'
import { EMPTY_PAGE } from '../../../job/page.js'
import { checkVendorId } from '../../../job/vendor-id.js'
import { checkRunAddress, runJobAddress, toRunAddress, type RunAddress } from '../address.js'
import type { WorkflowRun } from '../normalise/run.js'
import { RUN_STATUS } from '../normalise/status.js'
import { planStatusFilter } from '../status-filter.js'
import { WorkflowRunType } from './refs.js'
import { RunOriginEnum } from './workflow-run.js'

const WorkflowRunRef = builder.inputType('WorkflowRunRef', {
  description: "The address of a run by the vendor's own ids.",
  fields: (t) => ({
    appId: t.id({ description: "The id of the app. Defaults to the server's configured app." }),
    workflowId: t.id({ required: true, description: 'The id of the workflow.' }),
    runId: t.id({ required: true, description: "The vendor's id of the run." }),
    discoverable: t.boolean({
      required: true,
      defaultValue: false,
      description:
        'Whether the workflow is a discoverable workflow of another app. Its runs can be cancelled but not read.',
    }),
  }),
})

const WorkflowRunBy = builder.inputType('WorkflowRunBy', {
  description: "Selects a run by its global id or by the vendor's ids. Set exactly one of the two.",
  isOneOf: true,
  fields: (t) => ({
    id: t.id({ description: 'The global `id` from this gateway.' }),
    ref: t.field({ type: WorkflowRunRef, description: "The address by the vendor's own ids." }),
  }),
})

const WorkflowRunConnection = builder.connectionObject(
  {
    type: WorkflowRunType,
    name: 'WorkflowRunConnection',
    description: "The runs of a workflow, in the vendor's order. The vendor does not document that order.",
    fields: (t) => ({
      totalCount: t.int({
        description:
          'The number of items in the whole list. Null when the vendor does not say, and when the gateway filters statuses itself.',
        resolve: (connection) => (connection as unknown as PaginatedConnection<WorkflowRun>).totalCount,
      }),
    }),
  },
  { name: 'WorkflowRunEdge', description: 'A run in a list.' },
)

builder.queryField('workflowRun', (t) =>
  t.field({
    type: WorkflowRunType,
    complexity: READ_BY_ID,
    description:
      'One run. Null when the vendor has no such run; null with an error when the vendor could not be reached, or when its workflow is discoverable, because such runs cannot be read.',
    args: { by: t.arg({ type: WorkflowRunBy, required: true, description: 'The run.' }) },
    resolve(_root, { by }, { sessions }, info) {
      const cortex = sessions.get('CORTEX')
      return cortex.run(
        toAddress(by, () => cortex.defaultAppId),
        selectionOf(info),
      )
    },
  }),
)

builder.queryField('workflowRuns', (t) =>
  t.field({
    type: WorkflowRunConnection,
    complexity: paginationComplexity,
    description:
      'The runs of one workflow of this app. Null when the vendor has no such workflow; null with an error when the vendor could not be reached.',
    args: {
      appId: t.arg.id({ description: "The id of the app. Defaults to the server's configured app." }),
      workflowId: t.arg.id({ required: true, description: 'The id of the workflow.' }),
      origin: t.arg({ type: RunOriginEnum, description: 'Only runs of this origin. UNKNOWN is not allowed.' }),
      status: t.arg({
        type: [JobStatusEnum],
        description:
          'Only items in one of these states. The vendor filters by one state; the gateway filters several itself, over at most 500 runs a page.',
      }),
      verbose: t.arg.boolean({
        description:
          'Whether to request the vendor\'s "extra properties", which probably include step outputs. Responses become large: keep `first` small.',
      }),
      ...pageArgs,
    },
    async resolve(_root, { appId, workflowId, origin, status, verbose, first, after }, { sessions }) {
      const cortex = sessions.get('CORTEX')
      if (origin === 'UNKNOWN')
        throw new BadInputError(
          '`origin` cannot be UNKNOWN, because the vendor cannot filter by it. Choose another origin or omit it.',
        )
      const filter = planStatusFilter(RUN_STATUS, status)
      const container = {
        appId: checkVendorId('appId', appId ?? cortex.defaultAppId),
        workflowId: checkVendorId('workflowId', workflowId),
        origin: origin ?? undefined,
        verbose: verbose ?? false,
      }
      return paginate({
        list: ['runs', container, status],
        first,
        after,
        isWanted: filter.isWanted,
        sparse: filter.sparse,
        fetch: async (page, take) =>
          filter.isEmpty ? EMPTY_PAGE : cortex.runs({ ...container, status: filter.rawStatus, page, take }),
      })
    },
  }),
)

const CancelWorkflowRunSuccess = builder.objectRef<Cancellation<WorkflowRun>>('CancelWorkflowRunSuccess').implement({
  description: 'The vendor accepted the cancel.',
  fields: (t) => ({
    workflowRun: t.expose('job', {
      type: WorkflowRunType,
      nullable: false,
      description: 'The run as the vendor returned it.',
    }),
    outcome: t.expose('outcome', {
      type: CancelOutcomeEnum,
      nullable: false,
      description: 'The outcome of the cancel.',
    }),
  }),
})

builder.mutationField('cancelWorkflowRun', (t) =>
  t.field({
    type: CancelWorkflowRunSuccess,
    complexity: CANCEL,
    nullable: false,
    description: 'Asks Cortex to stop a run. Sent once and never retried.',
    errors: {
      types: CANCEL_ERRORS,
      union: { name: 'CancelWorkflowRunResult', description: 'The result of cancelling a run.' },
    },
    args: { by: t.arg({ type: WorkflowRunBy, required: true, description: 'The run.' }) },
    extensions: cancelsOne<{ by: WorkflowRunByShape }>('WorkflowRun', ({ by }, sessions) =>
      runJobAddress(toAddress(by, () => sessions.get('CORTEX').defaultAppId)),
    ),
    resolve(_root, { by }, { sessions }) {
      const cortex = sessions.get('CORTEX')
      return cortex.cancelRun(toAddress(by, () => cortex.defaultAppId))
    },
  }),
)

type WorkflowRunByShape = typeof WorkflowRunBy.$inferInput

function toAddress({ id, ref }: WorkflowRunByShape, defaultAppId: () => string): RunAddress {
  if (id != null) return toRunAddress(decodeJobIdOf('WorkflowRun', id))
  if (ref == null) throw new BadInputError('`by` needs exactly one of `id` and `ref`.')
  const { appId, workflowId, runId, discoverable } = ref
  return checkRunAddress({ appId: appId ?? defaultAppId(), workflowId, runId, discoverable })
}
