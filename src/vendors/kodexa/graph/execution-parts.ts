import { builder } from '../../../graph/builder.js'
import type { ExecutionStatusDetails, ExecutionTarget, StatusMessage } from '../normalise/execution.js'

export const ExecutionStatusDetailsType = builder
  .objectRef<ExecutionStatusDetails>('ExecutionStatusDetails')
  .implement({
    description: 'The progress that an execution reports.',
    fields: (t) => ({
      message: t.exposeString('message', { description: 'A short message.' }),
      detail: t.exposeString('detail', { description: 'A longer message.' }),
      stepStatus: t.exposeString('stepStatus', {
        description: 'The status of the current step, as free text of the vendor.',
      }),
      progress: t.exposeFloat('progress', {
        description: 'The progress from 0 to 1. Null when the vendor does not report any.',
      }),
    }),
  })

export const ExecutionTargetType = builder.objectRef<ExecutionTarget>('ExecutionTarget').implement({
  description: 'A target that an execution writes its result to.',
  fields: (t) => ({
    type: t.exposeString('type', { description: 'The type of store: `DOCUMENT_STORE` and others.' }),
    ref: t.exposeString('ref', { description: 'The reference of the store.' }),
    documentFamilyId: t.exposeID('documentFamilyId', { description: 'The id of the document family in the store.' }),
    contentObjectId: t.exposeID('contentObjectId', { description: 'The id of the content object in that family.' }),
    labelsToApply: t.exposeStringList('labelsToApply', { description: 'The labels to apply to the document.' }),
    taxonomyRefs: t.exposeStringList('taxonomyRefs', { description: 'The references of the taxonomies in use.' }),
  }),
})

export const StatusMessageType = builder.objectRef<StatusMessage>('StatusMessage').implement({
  description: 'A status message of an execution. The vendor keeps the last ten.',
  fields: (t) => ({
    id: t.exposeID('id', { description: "The vendor's id." }),
    title: t.exposeString('title', { description: 'The title of the message.' }),
    subtitle: t.exposeString('subtitle', { description: 'Further text. Null when there is none.' }),
    type: t.exposeString('type', {
      description: 'The activity: `THINKING`, `PROCESSING` and others. Not a job status.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When the message was sent.' }),
  }),
})
