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

const CREATED_AT = 'When it was created. Null when the vendor does not say.'
const UPDATED_AT = 'When it last changed. Null when the vendor does not say.'

export const CortexUserType = builder.objectRef<CortexUser>('CortexUser').implement({
  description: 'A user of Cortex. The vendor provides only an id and a name.',
  fields: (t) => ({
    id: t.exposeID('id', { nullable: false, description: "The vendor's id." }),
    name: t.exposeString('name', { description: 'The name of the user. Null when the vendor has none.' }),
  }),
})

export const RecordEntityType = builder.objectRef<RecordEntity>('RecordEntity').implement({
  description: 'The loan or case in another system that a record is linked to.',
  fields: (t) => ({
    id: t.exposeID('id', { nullable: false, description: "The vendor's id of the link." }),
    entityId: t.exposeString('entityId', { description: 'The id of the loan or case in the other system.' }),
    status: t.exposeString('status', { description: 'The state of synchronisation: `SYNCED` or `SYNCING` so far.' }),
    type: t.exposeString('type', { description: 'The other system: `ENCOMPASS` or `PERSONA` so far.' }),
    triggerId: t.exposeID('triggerId', { description: 'The trigger that imported it. Null when none did.' }),
    recordId: t.exposeID('recordId', { description: 'The linked record. Null when there is none.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: CREATED_AT }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime', description: UPDATED_AT }),
  }),
})

export const RecordTagType = builder.objectRef<RecordTag>('RecordTag').implement({
  description: 'A tag on a record.',
  fields: (t) => ({
    id: t.exposeID('id', {
      nullable: false,
      description: "The vendor's id, as the `tagIds` argument of `records` takes it.",
    }),
    name: t.exposeString('name', { nullable: false, description: 'The text of the tag.' }),
    color: t.exposeString('color', { description: 'The color of the tag. Null when it has none.' }),
    appId: t.exposeID('appId', { description: 'The app that the tag belongs to.' }),
  }),
})

const CollectionRuleType = builder.objectRef<CollectionRule>('CollectionRule').implement({
  description:
    "The definition of a rule in a collection. Its outcome for a record is in the record's `rules`, under the same key.",
  fields: (t) => ({
    key: t.exposeString('key', { nullable: false, description: 'The key of the rule, unique within the collection.' }),
    name: t.exposeString('name', { description: 'The name of the rule.' }),
    executionOrder: t.exposeString('executionOrder', {
      description: 'When the rule runs relative to the others. `before-all` is the only known value.',
    }),
    onSuccess: t.expose('onSuccess', {
      type: RuleVerdictEnum,
      nullable: false,
      description: 'The verdict when its workflow succeeds.',
    }),
    onFail: t.expose('onFail', {
      type: RuleVerdictEnum,
      nullable: false,
      description: 'The verdict when its workflow fails.',
    }),
    workflowId: t.exposeID('workflowId', { description: 'The workflow that evaluates the rule.' }),
    workflowVersionId: t.exposeID('workflowVersionId', { description: 'The version of that workflow.' }),
    workflowUseLatest: t.exposeBoolean('workflowUseLatest', {
      description: 'Whether the latest version of the workflow is used instead.',
    }),
    workflowInputDefault: t.expose('workflowInputDefault', {
      type: 'JSON',
      description: "The workflow's input when the record provides none.",
    }),
    disabled: t.exposeBoolean('disabled', { description: 'Whether runs skip the rule.' }),
  }),
})

const CollectionMappingType = builder.objectRef<CollectionMapping>('CollectionMapping').implement({
  description: 'A mapping of one value to the inputs of several rules.',
  fields: (t) => ({
    sourcePath: t.exposeString('sourcePath', {
      nullable: false,
      description: 'The path of the value, such as `LOAN_APPLICATION:income`.',
    }),
    destinationPaths: t.exposeStringList('destinationPaths', {
      nullable: false,
      description: 'The input paths that receive the value.',
    }),
  }),
})

export const CollectionConfigType = builder.objectRef<CollectionConfig>('CollectionConfig').implement({
  description:
    "The rules and mappings of a record's collection. The vendor does not say whether they are current or from the time of the run.",
  fields: (t) => ({
    id: t.exposeID('id', { nullable: false, description: "The vendor's id." }),
    rules: t.expose('rules', {
      type: [CollectionRuleType],
      nullable: false,
      description: 'The definitions of the rules.',
    }),
    mappings: t.expose('mappings', {
      type: [CollectionMappingType],
      nullable: false,
      description: 'The mappings of values to inputs.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: CREATED_AT }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime', description: UPDATED_AT }),
  }),
})

const RecordFieldErrorType = builder.objectRef<RecordFieldError>('RecordFieldError').implement({
  description: 'An input value that is not valid for a rule.',
  fields: (t) => ({
    code: t.exposeString('code', { description: "The vendor's error code." }),
    expected: t.exposeString('expected', {
      description: 'The expected type or value. Null for errors without one.',
    }),
    received: t.exposeString('received', {
      description: 'The received type or value. Null for errors without one.',
    }),
    path: t.exposeStringList('path', {
      nullable: false,
      description: 'The path of the value in the input, outermost field first. List indexes are numbers in text form.',
    }),
    message: t.exposeString('message', {
      nullable: false,
      description: "The vendor's message. Empty when it sent none.",
    }),
  }),
})

export const RecordRuleErrorType = builder.objectRef<RecordRuleError>('RecordRuleError').implement({
  description: 'A rule that could not run because its input was not valid.',
  fields: (t) => ({
    key: t.exposeString('key', { nullable: false, description: 'The key of the rule.' }),
    message: t.exposeString('message', {
      nullable: false,
      description: "The vendor's message. Empty when it sent none.",
    }),
    errors: t.expose('errors', { type: [RecordFieldErrorType], nullable: false, description: 'The invalid values.' }),
  }),
})
