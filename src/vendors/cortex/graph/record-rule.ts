import { builder } from '../../../graph/builder.js'
import { stringEnum } from '../../../graph/string-enum.js'
import type { RecordRule, RULE_STATUSES, RULE_VERDICTS } from '../normalise/record.js'
import { WorkflowRunType } from './refs.js'

const RuleStatusEnum = stringEnum<(typeof RULE_STATUSES)[number]>('RuleStatus', 'The status of a rule of a record.', {
  DRAFT: 'The rule has not run yet.',
  RUNNING: 'Its workflow is running.',
  PASSED: 'The rule passed.',
  FAILED: 'The rule failed.',
  WARN: 'The rule ended with a warning.',
  UNKNOWN: 'A value of the vendor that this gateway does not know yet.',
})

export const RuleVerdictEnum = stringEnum<(typeof RULE_VERDICTS)[number]>(
  'RuleVerdict',
  'The configured verdict of a rule when its workflow ends.',
  {
    PASS: 'The rule passes.',
    FAIL: 'The rule fails.',
    WARN: 'The rule ends with a warning.',
    UNKNOWN: 'A value of the vendor that this gateway does not know yet.',
  },
)

export const RecordRuleType = builder.objectRef<RecordRule>('RecordRule').implement({
  description: "The outcome of a collection's rule for one record.",
  fields: (t) => ({
    key: t.exposeString('key', { nullable: false, description: 'The key of the rule within its collection.' }),
    name: t.exposeString('name', {
      description: "The rule's name in the collection's configuration. Null when the rule was removed from it.",
    }),
    status: t.expose('status', { type: RuleStatusEnum, nullable: false, description: 'The status of the rule.' }),
    result: t.expose('result', { type: 'JSON', description: 'The result of its workflow.' }),
    error: t.exposeString('error', { description: 'Why the rule could not be evaluated. Null when it could.' }),
    input: t.expose('input', { type: 'JSON', description: 'The input of its workflow.' }),
    onSuccess: t.expose('onSuccess', {
      type: RuleVerdictEnum,
      description: 'The verdict when the workflow succeeds. Null when the rule was removed from the configuration.',
    }),
    onFail: t.expose('onFail', {
      type: RuleVerdictEnum,
      description: 'The verdict when the workflow fails. Null when the rule was removed from the configuration.',
    }),
    run: t.expose('run', {
      type: WorkflowRunType,
      description:
        'The run of its workflow, as the record contains it. Null before it ran, and in lists, which are read without it.',
    }),
    createdAt: t.expose('createdAt', {
      type: 'DateTime',
      description: 'When it was created. Null when the vendor does not say.',
    }),
    updatedAt: t.expose('updatedAt', {
      type: 'DateTime',
      description: 'When it last changed. Null when the vendor does not say.',
    }),
  }),
})
