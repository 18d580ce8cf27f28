import { READ_BY_ID } from '../../../graph/complexity.js'
import { JobInterface } from '../../../graph/job.js'
import { NodeInterface } from '../../../graph/node.js'
import { selectionOf } from '../../../graph/selection.js'
import { stringEnum } from '../../../graph/string-enum.js'
import { isVendorId } from '../../../job/vendor-id.js'
import type { RUN_ORIGINS } from '../normalise/run.js'
import { RecordType, WorkflowRunType } from './refs.js'
import { RetentionType, StepOutputType, WorkflowVersionDraftType, WorkflowVersionType } from './workflow-run-parts.js'

export const RunOriginEnum = stringEnum<(typeof RUN_ORIGINS)[number]>('RunOrigin', 'The origin of a run.', {
  WORKFLOW: 'A user or the API.',
  TRIGGER: 'A connected system.',
  RECORD: 'A rule of a record.',
  TEST: 'A test of the workflow.',
  ENDPOINT: 'An endpoint of the workflow.',
  WEBHOOK: "A webhook of the workflow's input step.",
  UNKNOWN: 'A value of the vendor that this gateway does not know yet. Not allowed as an argument.',
})

WorkflowRunType.implement({
  description: 'A run of a Cortex workflow.',
  interfaces: [JobInterface, NodeInterface],
  fields: (t) => ({
    appId: t.exposeID('appId', { description: 'The app that started the run.' }),
    workflowAppId: t.exposeID('workflowAppId', {
      description: 'The app that owns the workflow. Differs from `appId` when the workflow is discoverable.',
    }),
    workflowId: t.exposeID('workflowId', { nullable: false, description: 'The id of the workflow.' }),
    discoverable: t.exposeBoolean('discoverable', {
      nullable: false,
      description:
        'Whether the workflow is a discoverable workflow of another app. Such a run can be cancelled but not read.',
    }),
    origin: t.expose('origin', { type: RunOriginEnum, nullable: false, description: 'The origin of the run.' }),
    version: t.exposeInt('version', { description: 'The version number of the workflow.' }),
    input: t.expose('input', {
      type: 'JSON',
      description: 'The input of the run. The vendor removes it after the retention time.',
    }),
    result: t.expose('result', {
      type: 'JSON',
      description: 'The result of the run. Null until it ends; the vendor removes it after the retention time.',
    }),
    error: t.exposeString('error', { description: 'Why the run failed. Null when it did not.' }),
    output: t.expose('output', {
      type: [StepOutputType],
      description: 'The output of each step, always as a list. Null when the vendor sends none.',
    }),
    workflowVersion: t.expose('workflowVersion', {
      type: WorkflowVersionType,
      description: 'The deployed version that ran. Null when the draft ran.',
    }),
    workflowVersionDraft: t.expose('workflowVersionDraft', {
      type: WorkflowVersionDraftType,
      description: 'The draft that ran. Null when a deployed version ran.',
    }),
    collectionId: t.exposeID('collectionId', {
      description: 'The collection of the record that started the run. Null when no record did.',
    }),
    recordId: t.exposeID('recordId', {
      description: 'The id of the record that started the run. Null when no record did.',
    }),
    record: t.field({
      type: RecordType,
      complexity: READ_BY_ID,
      description:
        'The record that started the run. Null when no record did or it no longer exists; costs a vendor call of its own, null with an error when that fails.',
      resolve(run, _args, { sessions }, info) {
        const { addressAppId: appId, collectionId, recordId } = run
        if (collectionId === null || recordId === null || !isVendorId(collectionId) || !isVendorId(recordId))
          return null
        return sessions.get('CORTEX').record({ appId, collectionId, recordId }, selectionOf(info))
      },
    }),
    usage: t.expose('usage', { type: 'JSON', description: "Credits used, in the vendor's own structure." }),
    retention: t.expose('retention', {
      type: RetentionType,
      description: 'How long the vendor keeps the data of the run. Null when it does not say.',
    }),
    retentionDueAt: t.expose('retentionDueAt', {
      type: 'DateTime',
      description: 'When the vendor removes the data of the run. Null when it does not say.',
    }),
  }),
})
