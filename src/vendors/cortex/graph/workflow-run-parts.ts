import { builder } from '../../../graph/builder.js'
import { JobStatusEnum } from '../../../graph/job-state.js'
import type { Retention, WorkflowStep, WorkflowVersion, WorkflowVersionDraft } from '../normalise/run.js'
import type { StepOutput } from '../normalise/step-output.js'
import { CortexUserType } from './record-parts.js'

export const StepOutputType = builder.objectRef<StepOutput>('StepOutput').implement({
  description: 'What one step of a run did.',
  fields: (t) => ({
    key: t.exposeString('key', { nullable: false, description: 'The key of the step within its workflow.' }),
    type: t.exposeString('type', { description: 'The kind of step: `model`, `code` and others.' }),
    status: t.expose('status', {
      type: JobStatusEnum,
      nullable: false,
      description: 'Its state in the one vocabulary.',
    }),
    vendorStatus: t.exposeString('vendorStatus', {
      description: "The vendor's own status word; null when it sent none.",
    }),
    output: t.expose('output', {
      type: 'JSON',
      description:
        'What it put out, a list when it loops. Request headers, raw traffic and logs are left out: they may hold secrets.',
    }),
    error: t.exposeString('error', { description: 'Why it failed or was cancelled; null otherwise.' }),
    startedAt: t.expose('startedAt', {
      type: 'DateTime',
      description:
        'When it began. The vendor sends a bare number, read as milliseconds, or as seconds when it is too small for that.',
    }),
    endedAt: t.expose('endedAt', {
      type: 'DateTime',
      description: 'When it ended, read like `startedAt`; null while it runs.',
    }),
  }),
})

const WorkflowStepType = builder.objectRef<WorkflowStep>('WorkflowStep').implement({
  description: 'A step of a workflow as it is defined.',
  fields: (t) => ({
    key: t.exposeString('key', { nullable: false, description: 'Unique within the workflow.' }),
    type: t.exposeString('type', { nullable: false, description: 'The kind of step; the vendor adds kinds.' }),
    conditional: t.exposeString('conditional', {
      description: 'The condition under which it runs, null when it always does.',
    }),
    loop: t.exposeString('loop', { description: 'What it runs over, null when it runs once.' }),
    destinations: t.exposeStringList('destinations', { description: 'The keys of the steps after it.' }),
    definition: t.expose('definition', {
      type: 'JSON',
      nullable: false,
      description: 'All of it, by its kind. Request headers are left out: they may hold secrets.',
    }),
  }),
})

const KEY = "Which state of the workflow this is, in the vendor's words."
const INPUT = "What it takes, in the vendor's own description of fields."
const INPUT_DEFAULT = 'What it takes where nothing is given.'
const STEPS = 'Its steps.'

export const WorkflowVersionType = builder.objectRef<WorkflowVersion>('WorkflowVersion').implement({
  description: 'A deployed version of a workflow, as a run carries it.',
  fields: (t) => ({
    id: t.exposeID('id', { nullable: false, description: "The vendor's id." }),
    version: t.exposeInt('version', { description: 'Its number.' }),
    description: t.exposeString('description', { description: 'What it is for.' }),
    notes: t.exposeString('notes', { description: 'What changed.' }),
    key: t.exposeString('key', { description: KEY }),
    input: t.expose('input', { type: 'JSON', description: INPUT }),
    inputDefault: t.expose('inputDefault', { type: 'JSON', description: INPUT_DEFAULT }),
    steps: t.expose('steps', { type: [WorkflowStepType], description: STEPS }),
    createdBy: t.expose('createdBy', { type: CortexUserType, description: 'Who deployed it.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was deployed.' }),
  }),
})

export const WorkflowVersionDraftType = builder.objectRef<WorkflowVersionDraft>('WorkflowVersionDraft').implement({
  description: 'The draft of a workflow, as a run of the draft carries it.',
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
    maxAgeInSeconds: t.exposeInt('maxAgeInSeconds', { description: 'Counted from its end; -1 keeps it for ever.' }),
    preserveOnFailure: t.exposeBoolean('preserveOnFailure', { description: 'Whether a failed run is kept longer.' }),
  }),
})
