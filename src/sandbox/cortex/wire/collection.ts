import type { WireCollectionConfig, WireTag } from '../../../vendors/cortex/wire.js'
import { APP_ID, wireApp, type WireApp } from '../app.js'
import type { CollectionDefinition, CollectionTrigger } from '../collections/collection-definition.js'
import { linkTo } from './link.js'

/** A collection as its list and its single get answer it. */
export interface WireCollection {
  readonly id: string
  readonly name: string
  readonly description: string | null
  readonly app: WireApp
  readonly config: WireCollectionConfig
  readonly tags: readonly WireTag[]
  readonly records_count: number
  readonly deleted: boolean
  readonly triggers: readonly WireTrigger[]
  readonly created_at: string | null
  readonly updated_at: string | null
  readonly link: string
}

interface WireTrigger extends CollectionTrigger {
  readonly config: { readonly type: string }
  readonly enabled: boolean
  readonly connection_id: string | null
  readonly collection_id: string
  readonly created_at: string | null
  readonly updated_at: string | null
}

/** Takes a collection and how many records it has; gives it as the list writes it. */
export function wireCollection(collection: CollectionDefinition, recordsCount: number): WireCollection {
  const { id, name, description, config, tags, trigger } = collection
  return {
    id,
    name,
    description,
    app: wireApp(APP_ID),
    config,
    tags,
    records_count: recordsCount,
    deleted: false,
    triggers: trigger ? [wireTrigger(trigger, collection)] : [],
    created_at: config.created_at,
    updated_at: config.updated_at,
    link: linkTo('collections', id),
  }
}

function wireTrigger(trigger: CollectionTrigger, { id, config }: CollectionDefinition): WireTrigger {
  return {
    ...trigger,
    config: { type: trigger.type },
    enabled: true,
    connection_id: null,
    collection_id: id,
    created_at: config.created_at,
    updated_at: config.updated_at,
  }
}
