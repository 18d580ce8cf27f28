import { builder } from '../../../graph/builder.js'
import { JobStatusEnum } from '../../../graph/job-state.js'
import type { Pipeline, PipelineStep } from '../normalise/pipeline.js'
import { ExecutionExceptionType } from './exception.js'

const PipelineStepType = builder.objectRef<PipelineStep>('PipelineStep').implement({
  description: 'A step of a pipeline. Its options stay with the vendor: they may hold secrets.',
  fields: (t) => ({
    id: t.exposeID('id', { description: "The vendor's id." }),
    name: t.exposeString('name', { description: 'What people call it.' }),
    ref: t.exposeString('ref', { description: 'The module it runs, like `module://org/slug`.' }),
    stepType: t.exposeString('stepType', { description: 'The kind of step: `ACTION` or `MODEL` so far.' }),
    status: t.expose('status', {
      type: JobStatusEnum,
      nullable: false,
      description: 'Its state in the one vocabulary; UNKNOWN from instances that send none.',
    }),
    vendorStatus: t.exposeString('vendorStatus', {
      description: "The vendor's own status word; null when it sent none.",
    }),
    statusMessage: t.exposeString('statusMessage', { description: 'What it says of itself.' }),
    progress: t.exposeFloat('progress', {
      description: 'How far it is, from 0 to 1; null when the vendor gives nothing to tell by.',
    }),
    startedAt: t.expose('startedAt', { type: 'DateTime', description: 'When it began.' }),
    endedAt: t.expose('endedAt', { type: 'DateTime', description: 'When it ended.' }),
    processingTimeMs: t.exposeFloat('processingTimeMs', {
      description: 'How long it took. The vendor names no unit; milliseconds are likely.',
    }),
    conditional: t.exposeString('conditional', {
      description: 'The condition under which it runs, null when it always does.',
    }),
    inputId: t.exposeString('inputId', { description: 'What it takes in.' }),
    outputIds: t.exposeStringList('outputIds', { description: 'What it puts out.' }),
    exception: t.expose('exception', {
      type: ExecutionExceptionType,
      description: 'Why it failed; null when it did not.',
    }),
  }),
})

export const PipelineType = builder.objectRef<Pipeline>('Pipeline').implement({
  description: "The execution's own copy of its assistant's pipeline.",
  fields: (t) => ({
    id: t.exposeID('id', { description: "The vendor's id." }),
    ref: t.exposeString('ref', { description: 'What it was copied from.' }),
    valid: t.exposeBoolean('valid', { description: 'Whether the vendor found nothing wrong with it.' }),
    steps: t.expose('steps', { type: [PipelineStepType], description: 'Its steps in order.' }),
    exceptions: t.expose('exceptions', {
      type: [ExecutionExceptionType],
      description: 'What the vendor found wrong with it.',
    }),
  }),
})
