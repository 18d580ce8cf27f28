import { builder } from '../../../graph/builder.js'
import type { ExecutionStatusDetails, ExecutionTarget, StatusMessage } from '../normalise/execution.js'

export const ExecutionStatusDetailsType = builder
  .objectRef<ExecutionStatusDetails>('ExecutionStatusDetails')
  .implement({
    description: 'What an execution says of what it is doing.',
    fields: (t) => ({
      message: t.exposeString('message', { description: 'In a few words.' }),
      detail: t.exposeString('detail', { description: 'In more words.' }),
      stepStatus: t.exposeString('stepStatus', {
        description: "The current step's state, in the vendor's free words.",
      }),
      progress: t.exposeFloat('progress', {
        description: 'How far it is, from 0 to 1; null when the vendor gives nothing to tell by.',
      }),
    }),
  })

export const ExecutionTargetType = builder.objectRef<ExecutionTarget>('ExecutionTarget').implement({
  description: 'Where an execution puts its outcome.',
  fields: (t) => ({
    type: t.exposeString('type', { description: 'The kind of store: `DOCUMENT_STORE` and others.' }),
    ref: t.exposeString('ref', { description: 'Which store.' }),
    documentFamilyId: t.exposeID('documentFamilyId', { description: 'The document family in it.' }),
    contentObjectId: t.exposeID('contentObjectId', { description: 'The content object of that family.' }),
    labelsToApply: t.exposeStringList('labelsToApply', { description: 'Labels it puts on the document.' }),
    taxonomyRefs: t.exposeStringList('taxonomyRefs', { description: 'Taxonomies it works by.' }),
  }),
})

export const StatusMessageType = builder.objectRef<StatusMessage>('StatusMessage').implement({
  description: 'Something an execution had to say on its way. The vendor keeps the last ten.',
  fields: (t) => ({
    id: t.exposeID('id', { description: "The vendor's id." }),
    title: t.exposeString('title', { description: 'In a few words.' }),
    subtitle: t.exposeString('subtitle', { description: 'In more words, null when there are none.' }),
    type: t.exposeString('type', {
      description: 'What it was doing: `THINKING`, `PROCESSING` and others. Not a state.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it said so.' }),
  }),
})
