import { builder } from '../../../graph/builder.js'
import { JobStatusEnum } from '../../../graph/job-state.js'
import type { Retention, WorkflowStep, WorkflowVersion, WorkflowVersionDraft } from '../normalise/run.js'
import type { StepOutput } from '../normalise/step-output.js'
import { CortexUserType } from './record-parts.js'

export const StepOutputType = builder.objectRef<StepOutput>('StepOutput').implement({
  description: 'The output of one step of a run.',
  fields: (t) => ({
    key: t.exposeString('key', { nullable: false, description: 'The key of the step within its workflow.' }),
    type: t.exposeString('type', { description: 'The type of step: `model`, `code` and others.' }),
    status: t.expose('status', {
      type: JobStatusEnum,
      nullable: false,
      description: "The state of the step, in the gateway's own values.",
    }),
    vendorStatus: t.exposeString('vendorStatus', {
      description: "The vendor's own status. Null when it sent none.",
    }),
    output: t.expose('output', {
      type: 'JSON',
      description:
        'The output, a list when the step loops. Request headers, raw traffic and logs are removed, because they may contain secrets.',
    }),
    error: t.exposeString('error', { description: 'Why the step failed or was cancelled. Null otherwise.' }),
    startedAt: t.expose('startedAt', {
      type: 'DateTime',
      description:
        'When the step started. The vendor sends a number without a unit, read as milliseconds, or as seconds when it is too small for milliseconds.',
    }),
    endedAt: t.expose('endedAt', {
      type: 'DateTime',
      description: 'When the step ended, read like `startedAt`. Null while it runs.',
    }),
  }),
})

const WorkflowStepType = builder.objectRef<WorkflowStep>('WorkflowStep').implement({
  description: 'The definition of a step in a workflow.',
  fields: (t) => ({
    key: t.exposeString('key', { nullable: false, description: 'The key of the step, unique within the workflow.' }),
    type: t.exposeString('type', { nullable: false, description: 'The type of step. The vendor may add types.' }),
    conditional: t.exposeString('conditional', {
      description: 'The condition under which the step runs. Null when it always runs.',
    }),
    loop: t.exposeString('loop', { description: 'The list that the step loops over. Null when it runs once.' }),
    destinations: t.exposeStringList('destinations', { description: 'The keys of the following steps.' }),
    definition: t.expose('definition', {
      type: 'JSON',
      nullable: false,
      description:
        'The complete definition, which depends on the type. Request headers are removed, because they may contain secrets.',
    }),
  }),
})

const KEY = "The vendor's key of this version."
const INPUT = "The input fields, in the vendor's own format."
const INPUT_DEFAULT = 'The default input.'
const STEPS = 'The steps of the workflow.'

export const WorkflowVersionType = builder.objectRef<WorkflowVersion>('WorkflowVersion').implement({
  description: 'A deployed version of a workflow, as a run contains it.',
  fields: (t) => ({
    id: t.exposeID('id', { nullable: false, description: "The vendor's id." }),
    version: t.exposeInt('version', { description: 'The version number.' }),
    description: t.exposeString('description', { description: 'The description of the workflow.' }),
    notes: t.exposeString('notes', { description: 'The release notes.' }),
    key: t.exposeString('key', { description: KEY }),
    input: t.expose('input', { type: 'JSON', description: INPUT }),
    inputDefault: t.expose('inputDefault', { type: 'JSON', description: INPUT_DEFAULT }),
    steps: t.expose('steps', { type: [WorkflowStepType], description: STEPS }),
    createdBy: t.expose('createdBy', { type: CortexUserType, description: 'The user who deployed it.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was deployed.' }),
  }),
})

export const WorkflowVersionDraftType = builder.objectRef<WorkflowVersionDraft>('WorkflowVersionDraft').implement({
  description: 'The draft of a workflow, as a run of the draft contains it.',
  fields: (t) => ({
    key: t.exposeString('key', { description: KEY }),
    input: t.expose('input', { type: 'JSON', description: INPUT }),
    inputDefault: t.expose('inputDefault', { type: 'JSON', description: INPUT_DEFAULT }),
    steps: t.expose('steps', { type: [WorkflowStepType], description: STEPS }),
  }),
})

export const RetentionType = builder.objectRef<Retention>('Retention').implement({
  description: 'How long the vendor keeps the data of a run.',
  fields: (t) => ({
    maxAgeInSeconds: t.exposeInt('maxAgeInSeconds', {
      description: 'The retention time in seconds after the run ends. -1 means unlimited.',
    }),
    preserveOnFailure: t.exposeBoolean('preserveOnFailure', {
      description: 'Whether the data of a failed run is kept longer.',
    }),
  }),
})
