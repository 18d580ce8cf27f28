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
  description: "A run's address in the vendor's own terms.",
  fields: (t) => ({
    appId: t.id({ description: "The app; the server's own when it is left out." }),
    workflowId: t.id({ required: true, description: 'The workflow.' }),
    runId: t.id({ required: true, description: "The run's id at the vendor." }),
    discoverable: t.boolean({
      required: true,
      defaultValue: false,
      description:
        'Whether the workflow is a discoverable one of another app: its runs are cancelled by another path and cannot be read.',
    }),
  }),
})

const WorkflowRunBy = builder.inputType('WorkflowRunBy', {
  description: 'Which run: by its global id or by its address at the vendor, exactly one of them.',
  isOneOf: true,
  fields: (t) => ({
    id: t.id({ description: 'The id that this gateway gave out.' }),
    ref: t.field({ type: WorkflowRunRef, description: "Its address in the vendor's own terms." }),
  }),
})

const WorkflowRunConnection = builder.connectionObject(
  {
    type: WorkflowRunType,
    name: 'WorkflowRunConnection',
    description: "A workflow's runs, in the vendor's own order, which it does not document.",
    fields: (t) => ({
      totalCount: t.int({
        description:
          'How many there are in all. Null where the vendor does not say, and where statuses are filtered here.',
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
      'One run. Null when the vendor knows none such; null with an error when it could not be asked, or when the run is a discoverable one, which nobody can read.',
    args: { by: t.arg({ type: WorkflowRunBy, required: true, description: 'Which one.' }) },
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
      'The runs of one workflow of this app. Null when the vendor knows no such workflow; null with an error when it could not be asked.',
    args: {
      appId: t.arg.id({ description: "The app; the server's own when it is left out." }),
      workflowId: t.arg.id({ required: true, description: 'The workflow.' }),
      origin: t.arg({ type: RunOriginEnum, description: 'Only those started so. UNKNOWN cannot be asked for.' }),
      status: t.arg({
        type: [JobStatusEnum],
        description:
          'Only in one of these states. The vendor filters by one; several are sorted out here, over at most 500 runs a page.',
      }),
      verbose: t.arg.boolean({
        description:
          'Whether to ask the vendor for its "extra properties", steps\' outputs probably among them. Answers get heavy: keep `first` small.',
      }),
      ...pageArgs,
    },
    async resolve(_root, { appId, workflowId, origin, status, verbose, first, after }, { sessions }) {
      const cortex = sessions.get('CORTEX')
      if (origin === 'UNKNOWN')
        throw new BadInputError('`origin` cannot be UNKNOWN: that is a word this gateway does not know.')
      const filter = planStatusFilter(RUN_STATUS, status)
      const place = {
        appId: checkVendorId('appId', appId ?? cortex.defaultAppId),
        workflowId: checkVendorId('workflowId', workflowId),
        origin: origin ?? undefined,
        verbose: verbose ?? false,
      }
      return paginate({
        list: ['runs', place, status],
        first,
        after,
        isWanted: filter.isWanted,
        sparse: filter.sparse,
        fetch: async (page, take) =>
          filter.isEmpty ? EMPTY_PAGE : cortex.runs({ ...place, status: filter.rawStatus, page, take }),
      })
    },
  }),
)

const CancelWorkflowRunSuccess = builder.objectRef<Cancellation<WorkflowRun>>('CancelWorkflowRunSuccess').implement({
  description: 'The vendor took the cancel.',
  fields: (t) => ({
    workflowRun: t.expose('job', {
      type: WorkflowRunType,
      nullable: false,
      description: 'The run as the vendor answered it.',
    }),
    outcome: t.expose('outcome', { type: CancelOutcomeEnum, nullable: false, description: 'What became of it.' }),
  }),
})

builder.mutationField('cancelWorkflowRun', (t) =>
  t.field({
    type: CancelWorkflowRunSuccess,
    complexity: CANCEL,
    nullable: false,
    description: 'Asks Cortex to stop a run, by the path that fits its workflow. Sent once and never again.',
    errors: {
      types: CANCEL_ERRORS,
      union: { name: 'CancelWorkflowRunResult', description: 'What became of the cancel of a run.' },
    },
    args: { by: t.arg({ type: WorkflowRunBy, required: true, description: 'Which one.' }) },
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
  if (ref == null) throw new BadInputError('`by` needs an `id` or a `ref`.')
  const { appId, workflowId, runId, discoverable } = ref
  return checkRunAddress({ appId: appId ?? defaultAppId(), workflowId, runId, discoverable })
}
