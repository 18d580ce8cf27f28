import { READ_BY_ID } from '../../../graph/complexity.js'
import { JobInterface } from '../../../graph/job.js'
import { NodeInterface } from '../../../graph/node.js'
import { selectionOf } from '../../../graph/selection.js'
import { stringEnum } from '../../../graph/string-enum.js'
import { isVendorId } from '../../../job/vendor-id.js'
import type { RUN_ORIGINS } from '../normalise/run.js'
import { RecordType, WorkflowRunType } from './refs.js'
import { RetentionType, StepOutputType, WorkflowVersionDraftType, WorkflowVersionType } from './workflow-run-parts.js'

export const RunOriginEnum = stringEnum<(typeof RUN_ORIGINS)[number]>('RunOrigin', 'What started a run.', {
  WORKFLOW: 'Somebody, or the API.',
  TRIGGER: 'A connected system.',
  RECORD: 'A rule of a record.',
  TEST: "A test of the workflow's.",
  ENDPOINT: 'An endpoint of the workflow.',
  WEBHOOK: "A webhook of the workflow's input step.",
  UNKNOWN: 'A word of the vendor that this gateway does not know yet. Cannot be asked for.',
})

WorkflowRunType.implement({
  description: 'Cortex: one run of a workflow.',
  interfaces: [JobInterface, NodeInterface],
  fields: (t) => ({
    appId: t.exposeID('appId', { description: 'The app that started it.' }),
    workflowAppId: t.exposeID('workflowAppId', {
      description: 'The app that owns the workflow: another one when the workflow is a discoverable one.',
    }),
    workflowId: t.exposeID('workflowId', { nullable: false, description: 'The workflow it is a run of.' }),
    discoverable: t.exposeBoolean('discoverable', {
      nullable: false,
      description:
        'Whether its workflow is a discoverable one of another app. Such a run is cancelled by another path, and the vendor lets nobody read it.',
    }),
    origin: t.expose('origin', { type: RunOriginEnum, nullable: false, description: 'What started it.' }),
    version: t.exposeInt('version', { description: "The number of the workflow's version." }),
    input: t.expose('input', {
      type: 'JSON',
      description: 'What it was given. The vendor strips it when the retention time is over.',
    }),
    result: t.expose('result', {
      type: 'JSON',
      description: 'What it returned, null before its end. The vendor strips it when the retention time is over.',
    }),
    error: t.exposeString('error', { description: 'Why it failed; null when it did not.' }),
    output: t.expose('output', {
      type: [StepOutputType],
      description:
        'What each step did: an array, a map or null at the vendor, a list here. Null when the vendor sends none.',
    }),
    workflowVersion: t.expose('workflowVersion', {
      type: WorkflowVersionType,
      description: 'The deployed version that ran; null when the draft did.',
    }),
    workflowVersionDraft: t.expose('workflowVersionDraft', {
      type: WorkflowVersionDraftType,
      description: 'The draft that ran; null when a deployed version did.',
    }),
    collectionId: t.exposeID('collectionId', {
      description: 'The collection of the record that started it; null when none did.',
    }),
    recordId: t.exposeID('recordId', { description: 'The record that started it; null when none did.' }),
    record: t.field({
      type: RecordType,
      complexity: READ_BY_ID,
      description:
        'The record that started it. Null when none did or when it is gone; read by a call of its own, null with an error when that fails.',
      resolve(run, _args, { sessions }, info) {
        const { addressAppId: appId, collectionId, recordId } = run
        if (collectionId === null || recordId === null || !isVendorId(collectionId) || !isVendorId(recordId))
          return null
        return sessions.get('CORTEX').record({ appId, collectionId, recordId }, selectionOf(info))
      },
    }),
    usage: t.expose('usage', { type: 'JSON', description: "Credits used, as the vendor's own tree." }),
    retention: t.expose('retention', {
      type: RetentionType,
      description: 'How long its data is kept; null when the vendor does not say.',
    }),
    retentionDueAt: t.expose('retentionDueAt', {
      type: 'DateTime',
      description: 'When its data is stripped; null when the vendor does not say.',
    }),
  }),
})
