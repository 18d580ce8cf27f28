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
  description: "A record's address in the vendor's own terms.",
  fields: (t) => ({
    appId: t.id({ description: "The app; the server's own when it is left out." }),
    collectionId: t.id({ required: true, description: 'The collection.' }),
    recordId: t.id({ required: true, description: "The record's id at the vendor." }),
  }),
})

const RecordBy = builder.inputType('RecordBy', {
  description: 'Which record: by its global id or by its address at the vendor, exactly one of them.',
  isOneOf: true,
  fields: (t) => ({
    id: t.id({ description: 'The id that this gateway gave out.' }),
    ref: t.field({ type: RecordRef, description: "Its address in the vendor's own terms." }),
  }),
})

const RecordConnection = builder.connectionObject(
  {
    type: RecordType,
    name: 'RecordConnection',
    description: "A collection's records, in the vendor's own order, which it does not document.",
    fields: (t) => ({
      totalCount: t.int({
        description:
          'How many there are in all. Null where the vendor does not say, and where statuses are filtered here.',
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
    description: 'One record. Null when the vendor knows none such; null with an error when it could not be asked.',
    args: { by: t.arg({ type: RecordBy, required: true, description: 'Which one.' }) },
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
      'The records of one collection. Null when the vendor knows no such collection; null with an error when it could not be asked.',
    args: {
      appId: t.arg.id({ description: "The app; the server's own when it is left out." }),
      collectionId: t.arg.id({ required: true, description: 'The collection.' }),
      status: t.arg({
        type: [JobStatusEnum],
        description:
          'Only in one of these states. The vendor filters by one; several are sorted out here, over at most 500 records a page.',
      }),
      search: t.arg.string({ description: "Only those whose name matches, as the vendor's own search has it." }),
      tagIds: t.arg.idList({
        description: 'Only those with these tags; whether all or any of them, the vendor does not say.',
      }),
      ...pageArgs,
    },
    async resolve(_root, { appId, collectionId, status, search, tagIds, first, after }, { sessions }) {
      const cortex = sessions.get('CORTEX')
      const filter = planStatusFilter(RECORD_STATUS, status)
      const place = {
        appId: checkVendorId('appId', appId ?? cortex.defaultAppId),
        collectionId: checkVendorId('collectionId', collectionId),
        search: search ?? undefined,
        tagIds: tagIds?.map((tagId) => checkVendorId('tagIds', tagId)),
      }
      return paginate({
        list: ['records', place, status],
        first,
        after,
        isWanted: filter.isWanted,
        sparse: filter.sparse,
        fetch: async (page, take) =>
          filter.isEmpty ? EMPTY_PAGE : cortex.records({ ...place, status: filter.rawStatus, page, take }),
      })
    },
  }),
)

const CancelRecordSuccess = builder.objectRef<Cancellation<CortexRecord>>('CancelRecordSuccess').implement({
  description: 'The vendor took the cancel.',
  fields: (t) => ({
    record: t.expose('job', {
      type: RecordType,
      nullable: false,
      description: 'The record as the vendor answered it.',
    }),
    outcome: t.expose('outcome', { type: CancelOutcomeEnum, nullable: false, description: 'What became of it.' }),
  }),
})

builder.mutationField('cancelRecord', (t) =>
  t.field({
    type: CancelRecordSuccess,
    complexity: CANCEL,
    nullable: false,
    description:
      'Asks Cortex to stop the run of a record. Sent once and never again; whether the runs of its rules stop too, the vendor does not say.',
    errors: {
      types: CANCEL_ERRORS,
      union: { name: 'CancelRecordResult', description: 'What became of the cancel of a record.' },
    },
    args: { by: t.arg({ type: RecordBy, required: true, description: 'Which one.' }) },
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
  if (ref == null) throw new BadInputError('`by` needs an `id` or a `ref`.')
  return checkRecordAddress({
    appId: ref.appId ?? defaultAppId(),
    collectionId: ref.collectionId,
    recordId: ref.recordId,
  })
}
