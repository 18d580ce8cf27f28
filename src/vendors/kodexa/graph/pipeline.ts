import { builder } from '../../../graph/builder.js'
import { JobStatusEnum } from '../../../graph/job-state.js'
import type { Pipeline, PipelineStep } from '../normalise/pipeline.js'
import { ExecutionExceptionType } from './exception.js'

const PipelineStepType = builder.objectRef<PipelineStep>('PipelineStep').implement({
  description: 'A step of a pipeline. Its options are removed, because they may contain secrets.',
  fields: (t) => ({
    id: t.exposeID('id', { description: "The vendor's id." }),
    name: t.exposeString('name', { description: 'The name of the step.' }),
    ref: t.exposeString('ref', { description: 'The module that it runs, such as `module://org/slug`.' }),
    stepType: t.exposeString('stepType', { description: 'The type of step: `ACTION` or `MODEL` so far.' }),
    status: t.expose('status', {
      type: JobStatusEnum,
      nullable: false,
      description: "The state of the step, in the gateway's own values. UNKNOWN when the instance sends none.",
    }),
    vendorStatus: t.exposeString('vendorStatus', {
      description: "The vendor's own status. Null when it sent none.",
    }),
    statusMessage: t.exposeString('statusMessage', { description: 'The status message of the step.' }),
    progress: t.exposeFloat('progress', {
      description: 'The progress from 0 to 1. Null when the vendor does not report any.',
    }),
    startedAt: t.expose('startedAt', { type: 'DateTime', description: 'When the step started.' }),
    endedAt: t.expose('endedAt', { type: 'DateTime', description: 'When the step ended.' }),
    processingTimeMs: t.exposeFloat('processingTimeMs', {
      description: 'The processing time. The vendor names no unit; milliseconds are likely.',
    }),
    conditional: t.exposeString('conditional', {
      description: 'The condition under which the step runs. Null when it always runs.',
    }),
    inputId: t.exposeString('inputId', { description: 'The id of its input.' }),
    outputIds: t.exposeStringList('outputIds', { description: 'The ids of its outputs.' }),
    exception: t.expose('exception', {
      type: ExecutionExceptionType,
      description: 'Why the step failed. Null when it did not.',
    }),
  }),
})

export const PipelineType = builder.objectRef<Pipeline>('Pipeline').implement({
  description: "The execution's own copy of its assistant's pipeline.",
  fields: (t) => ({
    id: t.exposeID('id', { description: "The vendor's id." }),
    ref: t.exposeString('ref', { description: 'The reference of the original pipeline.' }),
    valid: t.exposeBoolean('valid', { description: 'Whether the vendor considers the pipeline valid.' }),
    steps: t.expose('steps', { type: [PipelineStepType], description: 'The steps in order.' }),
    exceptions: t.expose('exceptions', {
      type: [ExecutionExceptionType],
      description: 'The errors that the vendor found in the pipeline.',
    }),
  }),
})
