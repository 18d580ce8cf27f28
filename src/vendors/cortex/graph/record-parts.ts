import { builder } from '../../../graph/builder.js'
import type { RecordFieldError, RecordRuleError } from '../normalise/record-errors.js'
import type {
  CollectionConfig,
  CollectionMapping,
  CollectionRule,
  RecordEntity,
  RecordTag,
} from '../normalise/record.js'
import type { CortexUser } from '../normalise/user.js'
import { RuleVerdictEnum } from './record-rule.js'

const CREATED_AT = 'When it was created, null when the vendor does not say.'
const UPDATED_AT = 'When it last changed, null when the vendor does not say.'

export const CortexUserType = builder.objectRef<CortexUser>('CortexUser').implement({
  description: 'Somebody at Cortex. The vendor tells an id and a name, nothing more.',
  fields: (t) => ({
    id: t.exposeID('id', { nullable: false, description: "The vendor's id." }),
    name: t.exposeString('name', { description: 'Null when the vendor has none.' }),
  }),
})

export const RecordEntityType = builder.objectRef<RecordEntity>('RecordEntity').implement({
  description: 'The loan or case in another system that a record is tied to.',
  fields: (t) => ({
    id: t.exposeID('id', { nullable: false, description: "The vendor's id of the tie." }),
    entityId: t.exposeString('entityId', { description: 'The id in the other system.' }),
    status: t.exposeString('status', { description: 'Whether the two are in step: `SYNCED` or `SYNCING` so far.' }),
    type: t.exposeString('type', { description: 'Which other system: `ENCOMPASS` or `PERSONA` so far.' }),
    triggerId: t.exposeID('triggerId', { description: 'What brought it in, null when nothing did.' }),
    recordId: t.exposeID('recordId', { description: 'The record it is tied to, null when none.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: CREATED_AT }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime', description: UPDATED_AT }),
  }),
})

export const RecordTagType = builder.objectRef<RecordTag>('RecordTag').implement({
  description: 'A tag on a record.',
  fields: (t) => ({
    id: t.exposeID('id', { nullable: false, description: "The vendor's id, for the `tagIds` of `records`." }),
    name: t.exposeString('name', { nullable: false, description: 'What it says.' }),
    color: t.exposeString('color', { description: 'Null when it has none.' }),
    appId: t.exposeID('appId', { description: 'The app it belongs to.' }),
  }),
})

const CollectionRuleType = builder.objectRef<CollectionRule>('CollectionRule').implement({
  description:
    "A rule as a collection defines it. Its outcome for a record is in the record's `rules`, under the same key.",
  fields: (t) => ({
    key: t.exposeString('key', { nullable: false, description: 'Unique within the collection.' }),
    name: t.exposeString('name', { description: 'What people call it.' }),
    executionOrder: t.exposeString('executionOrder', {
      description: 'When it runs among the others: `before-all` is the only value known.',
    }),
    onSuccess: t.expose('onSuccess', {
      type: RuleVerdictEnum,
      nullable: false,
      description: 'What it makes of a workflow that succeeds.',
    }),
    onFail: t.expose('onFail', {
      type: RuleVerdictEnum,
      nullable: false,
      description: 'What it makes of a workflow that fails.',
    }),
    workflowId: t.exposeID('workflowId', { description: 'The workflow that decides it.' }),
    workflowVersionId: t.exposeID('workflowVersionId', { description: 'The version of that workflow.' }),
    workflowUseLatest: t.exposeBoolean('workflowUseLatest', {
      description: 'Whether the latest version is used instead.',
    }),
    workflowInputDefault: t.expose('workflowInputDefault', {
      type: 'JSON',
      description: 'What the workflow is given when the record gives nothing.',
    }),
    disabled: t.exposeBoolean('disabled', { description: 'Whether it is left out of runs.' }),
  }),
})

const CollectionMappingType = builder.objectRef<CollectionMapping>('CollectionMapping').implement({
  description: "How one value feeds several rules' inputs.",
  fields: (t) => ({
    sourcePath: t.exposeString('sourcePath', {
      nullable: false,
      description: 'Where it comes from, like `LOAN_APPLICATION:income`.',
    }),
    destinationPaths: t.exposeStringList('destinationPaths', { nullable: false, description: 'Where it goes.' }),
  }),
})

export const CollectionConfigType = builder.objectRef<CollectionConfig>('CollectionConfig').implement({
  description:
    "The rules and mappings of a record's collection. Whether as of its run or as of now, the vendor does not say.",
  fields: (t) => ({
    id: t.exposeID('id', { nullable: false, description: "The vendor's id." }),
    rules: t.expose('rules', {
      type: [CollectionRuleType],
      nullable: false,
      description: 'The rules as they are defined.',
    }),
    mappings: t.expose('mappings', {
      type: [CollectionMappingType],
      nullable: false,
      description: 'How values feed inputs.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: CREATED_AT }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime', description: UPDATED_AT }),
  }),
})

const RecordFieldErrorType = builder.objectRef<RecordFieldError>('RecordFieldError').implement({
  description: 'One value that is not what a rule expects.',
  fields: (t) => ({
    code: t.exposeString('code', { description: 'The kind of fault.' }),
    expected: t.exposeString('expected', {
      description: 'What was expected; null for kinds of fault that have no such thing.',
    }),
    received: t.exposeString('received', {
      description: 'What was there; null for kinds of fault that have no such thing.',
    }),
    path: t.exposeStringList('path', {
      nullable: false,
      description: 'Where in the input, from the outside in; places in lists are written as numbers.',
    }),
    message: t.exposeString('message', {
      nullable: false,
      description: "The vendor's words; empty when it gave none.",
    }),
  }),
})

export const RecordRuleErrorType = builder.objectRef<RecordRuleError>('RecordRuleError').implement({
  description: 'Why a rule of a record could not run: its input was not valid.',
  fields: (t) => ({
    key: t.exposeString('key', { nullable: false, description: 'The key of the rule.' }),
    message: t.exposeString('message', {
      nullable: false,
      description: "The vendor's words; empty when it gave none.",
    }),
    errors: t.expose('errors', { type: [RecordFieldErrorType], nullable: false, description: 'Each faulty value.' }),
  }),
})
