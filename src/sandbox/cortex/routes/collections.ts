import type { LoopbackHandler } from '../../loopback-server.js'
import { COLLECTIONS } from '../collections/index.js'
import { wireCollection } from '../wire/collection.js'
import { extendedConfig } from '../wire/collection-config.js'
import type { World } from '../world.js'
import { createQueryReader } from './query-reader.js'
import { listReply, notFound, ok } from './replies.js'

/** Takes the world; gives the routes of collections. */
export function collectionRoutes(world: World): Record<string, LoopbackHandler> {
  return {
    'GET /apps/:app/collections'({ query }) {
      const reader = createQueryReader(query)
      const page = reader.page()
      const tagIds = query.getAll('tags')
      const rows = COLLECTIONS.filter(
        ({ name, tags }) => reader.matches(name) && (tagIds.length === 0 || tags.some(({ id }) => tagIds.includes(id))),
      )
      return reader.refusal() ?? listReply(rows, page, (row) => wireCollection(row, world.records(row.id).length))
    },
    'GET /apps/:app/collections/:collection'({ params }) {
      const collection = COLLECTIONS.find(({ id }) => id === params.collection)
      if (!collection) return notFound('Collection')
      return ok({
        ...wireCollection(collection, world.records(collection.id).length),
        config: extendedConfig(collection.config, (workflowId) => world.runs(workflowId).length),
      })
    },
  }
}
