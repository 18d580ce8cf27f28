import type { LoopbackHandler } from '../../loopback-server.js'
import type { WireRecordStatus, WireTag } from '../../../vendors/cortex/wire.js'
import { COLLECTIONS } from '../collections/index.js'
import { isActive } from '../plan.js'
import type { RecordSnapshot } from '../snapshots/record-snapshot.js'
import { extendedConfig } from '../wire/collection-config.js'
import { wireEntity } from '../wire/entity.js'
import { RECORD_STATUS, wireRecord } from '../wire/record.js'
import { wireRecordStatus } from '../wire/record-status.js'
import type { World } from '../world.js'
import { createQueryReader } from './query-reader.js'
import { badRequest, listReply, notFound, ok } from './replies.js'

const RECORDS = '/apps/:app/collections/:collection/records'
const STATUSES: readonly WireRecordStatus[] = ['DRAFT', 'QUEUED', 'RUNNING', 'CANCELLED', 'COMPLETED', 'FAILED']

/** Takes the world; gives the routes of records. */
export function recordRoutes(world: World): Record<string, LoopbackHandler> {
  return {
    [`GET ${RECORDS}`]({ params: { collection = '' }, query }) {
      if (!COLLECTIONS.some(({ id }) => id === collection)) return notFound('Collection')
      const reader = createQueryReader(query)
      const page = reader.page()
      const status = reader.word('status', STATUSES)
      const rows = world
        .records(collection)
        .filter(({ progress }) => status === null || RECORD_STATUS[progress.phase] === status)
        .filter(({ seed }) => reader.matches(seed.name))
        .filter(({ seed }) => hasAny(query.getAll('tag_ids'), seed.tags, ({ id }) => [id]))
        .filter(({ seed }) => hasAny(query.getAll('tags'), seed.tags, ({ id, name }) => [id, name]))
      return reader.refusal() ?? listReply(rows, page, (row) => wireRecord(row, reader.verbose))
    },
    [`GET ${RECORDS}/:record`]: found(world, (record, query) => {
      const { verbose } = createQueryReader(query)
      return ok({
        ...wireRecord(record, verbose),
        config: extendedConfig(record.seed.collection.config, (workflowId) => world.runs(workflowId).length),
        entity: wireEntity(record.seed),
      })
    }),
    [`GET ${RECORDS}/:record/status`]: found(world, (record) => ok(wireRecordStatus(record))),
    // What the vendor answers for a record that is not running is unknown; a 400 is a guess. So is that the answer
    // says CANCELLED at once.
    [`POST ${RECORDS}/:record/cancel`]: found(world, ({ seed, progress }) => {
      if (!isActive(progress)) return badRequest('Record is not running')
      world.cancel(seed.id)
      const cancelled = world.record(seed.collection.id, seed.id)
      return cancelled ? ok(wireRecord(cancelled, false)) : notFound('Record')
    }),
  }
}

type RecordHandler = (record: RecordSnapshot, query: URLSearchParams) => ReturnType<LoopbackHandler>

function found(world: World, answer: RecordHandler): LoopbackHandler {
  return ({ params: { collection = '', record = '' }, query }) => {
    const snapshot = world.record(collection, record)
    return snapshot ? answer(snapshot, query) : notFound('Record')
  }
}

type Names = (tag: WireTag) => readonly string[]

/**
 * Any of several tags is enough: a guess, as is that `tags` takes names as well as ids. The vendor's pages show both
 * and do not say how `tags` and `tag_ids` differ.
 */
function hasAny(wanted: readonly string[], tags: readonly WireTag[], namesOf: Names): boolean {
  return wanted.length === 0 || tags.some((tag) => namesOf(tag).some((name) => wanted.includes(name)))
}
