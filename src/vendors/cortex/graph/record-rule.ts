import { builder } from '../../../graph/builder.js'
import { stringEnum } from '../../../graph/string-enum.js'
import type { RecordRule, RULE_STATUSES, RULE_VERDICTS } from '../normalise/record.js'
import { WorkflowRunType } from './refs.js'

const RuleStatusEnum = stringEnum<(typeof RULE_STATUSES)[number]>('RuleStatus', 'How a rule of a record came out.', {
  DRAFT: 'It has not run yet.',
  RUNNING: 'Its workflow is at work.',
  PASSED: 'It passed.',
  FAILED: 'It failed.',
  WARN: 'It came out as a warning.',
  UNKNOWN: 'A word of the vendor that this gateway does not know yet.',
})

export const RuleVerdictEnum = stringEnum<(typeof RULE_VERDICTS)[number]>(
  'RuleVerdict',
  "What a rule is set to make of its workflow's end.",
  {
    PASS: 'The rule passes.',
    FAIL: 'The rule fails.',
    WARN: 'The rule warns.',
    UNKNOWN: 'A word of the vendor that this gateway does not know yet.',
  },
)

export const RecordRuleType = builder.objectRef<RecordRule>('RecordRule').implement({
  description: "The outcome of one of the collection's rules for one record.",
  fields: (t) => ({
    key: t.exposeString('key', { nullable: false, description: 'The key of the rule within its collection.' }),
    name: t.exposeString('name', {
      description: "The rule's name in the collection's configuration; null when it is not there any more.",
    }),
    status: t.expose('status', { type: RuleStatusEnum, nullable: false, description: 'How it came out.' }),
    result: t.expose('result', { type: 'JSON', description: 'What its workflow returned.' }),
    error: t.exposeString('error', { description: 'Why it could not be decided; null when it could.' }),
    input: t.expose('input', { type: 'JSON', description: 'What its workflow was given.' }),
    onSuccess: t.expose('onSuccess', {
      type: RuleVerdictEnum,
      description: 'What the rule makes of a workflow that succeeds; null when the configuration lacks the rule.',
    }),
    onFail: t.expose('onFail', {
      type: RuleVerdictEnum,
      description: 'What the rule makes of a workflow that fails; null when the configuration lacks the rule.',
    }),
    run: t.expose('run', {
      type: WorkflowRunType,
      description:
        'The run of its workflow, as it stands in the record. Null before it ran, and in lists, for which the vendor is not asked for it.',
    }),
    createdAt: t.expose('createdAt', {
      type: 'DateTime',
      description: 'When it was created, null when the vendor does not say.',
    }),
    updatedAt: t.expose('updatedAt', {
      type: 'DateTime',
      description: 'When it last changed, null when the vendor does not say.',
    }),
  }),
})
