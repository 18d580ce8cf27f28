import { ONE_REQUEST } from '../../../graph/complexity.js'
import { JobInterface } from '../../../graph/job.js'
import { NodeInterface } from '../../../graph/node.js'
import { stringEnum } from '../../../graph/string-enum.js'
import type { RECORD_SOURCES } from '../normalise/record.js'
import {
  CollectionConfigType,
  CortexUserType,
  RecordEntityType,
  RecordRuleErrorType,
  RecordTagType,
} from './record-parts.js'
import { RecordRuleType } from './record-rule.js'
import { RecordType } from './refs.js'

const RecordSourceEnum = stringEnum<(typeof RECORD_SOURCES)[number]>('RecordSource', 'Where a record came from.', {
  APP: "The vendor's own app.",
  API: "The vendor's API.",
  TRIGGER: 'A connected system.',
  WORKFLOW: 'A step of a workflow.',
  UNKNOWN: 'A word of the vendor that this gateway does not know yet.',
})

RecordType.implement({
  description: 'Cortex: one record of a collection, with the outcome of its rules.',
  interfaces: [JobInterface, NodeInterface],
  fields: (t) => ({
    appId: t.exposeID('appId', {
      description: "The app by which it is addressed. Often `c`, the vendor's own shorthand for the credential's app.",
    }),
    collectionId: t.exposeID('collectionId', { nullable: false, description: 'The collection it belongs to.' }),
    collectionName: t.exposeString('collectionName', {
      description: "The collection's name, as the record carries it.",
    }),
    source: t.expose('source', { type: RecordSourceEnum, nullable: false, description: 'Where it came from.' }),
    link: t.exposeString('link', {
      description: "Its page in the vendor's app; null from instances that do not send it.",
    }),
    rulesCount: t.exposeInt('rulesCount', { description: 'How many rules it has.' }),
    rulesPassCount: t.exposeInt('rulesPassCount', { description: 'How many passed.' }),
    rulesFailCount: t.exposeInt('rulesFailCount', {
      description: 'How many failed. A record with failed rules is still COMPLETED.',
    }),
    rulesWarnCount: t.exposeInt('rulesWarnCount', { description: 'How many warned.' }),
    rules: t.expose('rules', {
      type: [RecordRuleType],
      description: 'The outcome of each rule. A map by key at the vendor, a list here.',
    }),
    errors: t.field({
      type: [RecordRuleErrorType],
      complexity: ONE_REQUEST,
      description:
        'Validation errors: empty when there are none. They have an endpoint of their own, so selecting this costs one call for each record; null with an error when it fails.',
      resolve: (record, _args, { sessions }) => sessions.get('CORTEX').recordErrors(record),
    }),
    config: t.expose('config', { type: CollectionConfigType, description: "Its collection's rules and mappings." }),
    createdBy: t.expose('createdBy', {
      type: CortexUserType,
      description: 'Who created it; null when nobody did, as with triggers.',
    }),
    entity: t.expose('entity', {
      type: RecordEntityType,
      description: 'What it is tied to in another system; null when nothing.',
    }),
    tags: t.expose('tags', { type: [RecordTagType], description: 'Its tags.' }),
    usage: t.expose('usage', { type: 'JSON', description: "Credits used, as the vendor's own tree." }),
  }),
})
