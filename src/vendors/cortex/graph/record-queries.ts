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
import { checkRecordAddress, recordJobAddress, toRecordAddress, type RecordAddress } from '../address.js'
import type { CortexRecord } from '../normalise/record.js'
import { RECORD_STATUS } from '../normalise/status.js'
import { planStatusFilter } from '../status-filter.js'
import { RecordType } from './refs.js'

const RecordRef = builder.inputType('RecordRef', {
  description: "The address of a record by the vendor's own ids.",
  fields: (t) => ({
    appId: t.id({ description: "The id of the app. Defaults to the server's configured app." }),
    collectionId: t.id({ required: true, description: 'The id of the collection.' }),
    recordId: t.id({ required: true, description: "The vendor's id of the record." }),
  }),
})

const RecordBy = builder.inputType('RecordBy', {
  description: "Selects a record by its global id or by the vendor's ids. Set exactly one of the two.",
  isOneOf: true,
  fields: (t) => ({
    id: t.id({ description: 'The global `id` from this gateway.' }),
    ref: t.field({ type: RecordRef, description: "The address by the vendor's own ids." }),
  }),
})

const RecordConnection = builder.connectionObject(
  {
    type: RecordType,
    name: 'RecordConnection',
    description: "The records of a collection, in the vendor's order. The vendor does not document that order.",
    fields: (t) => ({
      totalCount: t.int({
        description:
          'The number of items in the whole list. Null when the vendor does not say, and when the gateway filters statuses itself.',
        resolve: (connection) => (connection as unknown as PaginatedConnection<CortexRecord>).totalCount,
      }),
    }),
  },
  { name: 'RecordEdge', description: 'A record in a list.' },
)

builder.queryField('record', (t) =>
  t.field({
    type: RecordType,
    complexity: READ_BY_ID,
    description:
      'One record. Null when the vendor has no such record; null with an error when the vendor could not be reached.',
    args: { by: t.arg({ type: RecordBy, required: true, description: 'The record.' }) },
    resolve(_root, { by }, { sessions }, info) {
      const cortex = sessions.get('CORTEX')
      return cortex.record(
        toAddress(by, () => cortex.defaultAppId),
        selectionOf(info),
      )
    },
  }),
)

builder.queryField('records', (t) =>
  t.field({
    type: RecordConnection,
    complexity: paginationComplexity,
    description:
      'The records of one collection. Null when the vendor has no such collection; null with an error when the vendor could not be reached.',
    args: {
      appId: t.arg.id({ description: "The id of the app. Defaults to the server's configured app." }),
      collectionId: t.arg.id({ required: true, description: 'The id of the collection.' }),
      status: t.arg({
        type: [JobStatusEnum],
        description:
          'Only items in one of these states. The vendor filters by one state; the gateway filters several itself, over at most 500 records a page.',
      }),
      search: t.arg.string({
        description: "Only records whose name matches. The vendor's own search decides what matches.",
      }),
      tagIds: t.arg.idList({
        description: 'Only records with these tags. The vendor does not say whether all or any of them must match.',
      }),
      ...pageArgs,
    },
    async resolve(_root, { appId, collectionId, status, search, tagIds, first, after }, { sessions }) {
      const cortex = sessions.get('CORTEX')
      const filter = planStatusFilter(RECORD_STATUS, status)
      const container = {
        appId: checkVendorId('appId', appId ?? cortex.defaultAppId),
        collectionId: checkVendorId('collectionId', collectionId),
        search: search ?? undefined,
        tagIds: tagIds?.map((tagId) => checkVendorId('tagIds', tagId)),
      }
      return paginate({
        list: ['records', container, status],
        first,
        after,
        isWanted: filter.isWanted,
        sparse: filter.sparse,
        fetch: async (page, take) =>
          filter.isEmpty ? EMPTY_PAGE : cortex.records({ ...container, status: filter.rawStatus, page, take }),
      })
    },
  }),
)

const CancelRecordSuccess = builder.objectRef<Cancellation<CortexRecord>>('CancelRecordSuccess').implement({
  description: 'The vendor accepted the cancel.',
  fields: (t) => ({
    record: t.expose('job', {
      type: RecordType,
      nullable: false,
      description: 'The record as the vendor returned it.',
    }),
    outcome: t.expose('outcome', {
      type: CancelOutcomeEnum,
      nullable: false,
      description: 'The outcome of the cancel.',
    }),
  }),
})

builder.mutationField('cancelRecord', (t) =>
  t.field({
    type: CancelRecordSuccess,
    complexity: CANCEL,
    nullable: false,
    description:
      'Asks Cortex to stop the run of a record. Sent once and never retried; the vendor does not say whether the runs of its rules stop too.',
    errors: {
      types: CANCEL_ERRORS,
      union: { name: 'CancelRecordResult', description: 'The result of cancelling a record.' },
    },
    args: { by: t.arg({ type: RecordBy, required: true, description: 'The record.' }) },
    extensions: cancelsOne<{ by: RecordByShape }>('Record', ({ by }, sessions) =>
      recordJobAddress(toAddress(by, () => sessions.get('CORTEX').defaultAppId)),
    ),
    resolve(_root, { by }, { sessions }) {
      const cortex = sessions.get('CORTEX')
      return cortex.cancelRecord(toAddress(by, () => cortex.defaultAppId))
    },
  }),
)

type RecordByShape = typeof RecordBy.$inferInput

function toAddress({ id, ref }: RecordByShape, defaultAppId: () => string): RecordAddress {
  if (id != null) return toRecordAddress(decodeJobIdOf('Record', id))
  if (ref == null) throw new BadInputError('`by` needs exactly one of `id` and `ref`.')
  return checkRecordAddress({
    appId: ref.appId ?? defaultAppId(),
    collectionId: ref.collectionId,
    recordId: ref.recordId,
  })
}
