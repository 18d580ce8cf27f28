import type { WireRecordStatus, WireTag } from '../../vendors/cortex/wire.js'
import type { LoopbackHandler, LoopbackResponse } from '../loopback-server.js'
import { COLLECTIONS } from './data/collections.js'
import type { JobStore } from './job-store.js'
import { isCancellable } from './plan.js'
import { isVerbose, respondWithList, type QueryReader } from './list-response.js'
import { badRequest, notFound, ok } from './responses.js'
import type { RecordSnapshot } from './snapshots.js'
import { wireFullConfig } from './wire-catalog.js'
import { wireEntity, wireRecord, wireRecordStatus, wireStatusReport } from './wire-record.js'

const RECORDS = '/apps/:app/collections/:collection/records'
const STATUSES: readonly WireRecordStatus[] = ['DRAFT', 'QUEUED', 'RUNNING', 'CANCELLED', 'COMPLETED', 'FAILED']

/** The routes of records. */
export function recordRoutes(store: JobStore): Record<string, LoopbackHandler> {
  function withRecord(handle: (record: RecordSnapshot, query: URLSearchParams) => LoopbackResponse): LoopbackHandler {
    return ({ params: { collection = '', record = '' }, query }) => {
      const snapshot = store.record(collection, record)
      return snapshot ? handle(snapshot, query) : notFound('Record')
    }
  }

  return {
    [`GET ${RECORDS}`]({ params: { collection = '' }, query }) {
      if (!COLLECTIONS.some(({ id }) => id === collection)) return notFound('Collection')
      return respondWithList(query, select, (row) => wireRecord(row, isVerbose(query)))

      function select({ oneOf, matchesSearch }: QueryReader) {
        const wanted = oneOf('status', STATUSES)
        return store
          .records(collection)
          .filter(({ progress }) => wanted === null || wireRecordStatus(progress.status) === wanted)
          .filter(({ seed }) => matchesSearch(seed.name))
          .filter(({ seed }) => hasAnyTag(seed.tags, query.getAll('tag_ids'), ({ id }) => [id]))
          .filter(({ seed }) => hasAnyTag(seed.tags, query.getAll('tags'), ({ id, name }) => [id, name]))
      }
    },
    [`GET ${RECORDS}/:record`]: withRecord((record, query) => {
      const { collection, subject } = record.seed
      const entity = wireEntity(record.seed)
      return ok({
        ...wireRecord(record, isVerbose(query)),
        config: wireFullConfig(collection.config, (workflowId) => store.runs(workflowId).length),
        entity: entity && { ...entity, data: subject.input.facts },
      })
    }),
    [`GET ${RECORDS}/:record/status`]: withRecord((record) => ok(wireStatusReport(record))),
    // Two guesses: the 400 for a record that is not running, and the immediate CANCELLED in the response.
    [`POST ${RECORDS}/:record/cancel`]: withRecord(({ seed, progress }) => {
      if (!isCancellable(progress)) return badRequest('Record is not running')
      store.cancel(seed.id)
      const cancelled = store.record(seed.collection.id, seed.id)
      return cancelled ? ok(wireRecord(cancelled, false)) : notFound('Record')
    }),
  }
}

/**
 * Two guesses: that one of several tags is enough, and that `tags` takes names as well as ids. The vendor's pages show
 * both and do not say how `tags` and `tag_ids` differ.
 */
function hasAnyTag(tags: readonly WireTag[], wanted: readonly string[], keysOf: (tag: WireTag) => readonly string[]) {
  return wanted.length === 0 || tags.some((tag) => keysOf(tag).some((key) => wanted.includes(key)))
}
