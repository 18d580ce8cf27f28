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

const RecordSourceEnum = stringEnum<(typeof RECORD_SOURCES)[number]>('RecordSource', 'The origin of a record.', {
  APP: "The vendor's own app.",
  API: "The vendor's API.",
  TRIGGER: 'A connected system.',
  WORKFLOW: 'A step of a workflow.',
  UNKNOWN: 'A value of the vendor that this gateway does not know yet.',
})

RecordType.implement({
  description: 'A record of a Cortex collection, with the outcome of its rules.',
  interfaces: [JobInterface, NodeInterface],
  fields: (t) => ({
    appId: t.exposeID('appId', {
      description: "The app in the record's address. Often `c`, the vendor's shorthand for the credential's app.",
    }),
    collectionId: t.exposeID('collectionId', { nullable: false, description: 'The id of its collection.' }),
    collectionName: t.exposeString('collectionName', {
      description: "The collection's name, as the record contains it.",
    }),
    source: t.expose('source', { type: RecordSourceEnum, nullable: false, description: 'The origin of the record.' }),
    link: t.exposeString('link', {
      description: "The URL of its page in the vendor's app. Null when the vendor does not send it.",
    }),
    rulesCount: t.exposeInt('rulesCount', { description: 'The number of rules.' }),
    rulesPassCount: t.exposeInt('rulesPassCount', { description: 'The number of rules that passed.' }),
    rulesFailCount: t.exposeInt('rulesFailCount', {
      description: 'The number of rules that failed. A record with failed rules is still COMPLETED.',
    }),
    rulesWarnCount: t.exposeInt('rulesWarnCount', { description: 'The number of rules that ended with a warning.' }),
    rules: t.expose('rules', {
      type: [RecordRuleType],
      description: "The outcome of each rule. The vendor's map by key becomes a list.",
    }),
    errors: t.field({
      type: [RecordRuleErrorType],
      complexity: ONE_REQUEST,
      description:
        'Validation errors; empty when there are none. Selecting this costs one vendor call for each record; null with an error when that call fails.',
      resolve: (record, _args, { sessions }) => sessions.get('CORTEX').recordErrors(record),
    }),
    config: t.expose('config', { type: CollectionConfigType, description: "Its collection's rules and mappings." }),
    createdBy: t.expose('createdBy', {
      type: CortexUserType,
      description: 'The user who created it. Null when a trigger did.',
    }),
    entity: t.expose('entity', {
      type: RecordEntityType,
      description: 'The linked loan or case in another system. Null when there is none.',
    }),
    tags: t.expose('tags', { type: [RecordTagType], description: 'Its tags.' }),
    usage: t.expose('usage', { type: 'JSON', description: "Credits used, in the vendor's own structure." }),
  }),
})
