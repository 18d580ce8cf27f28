import type { WireExecution, WireStatusDetails } from '../../vendors/kodexa/wire.js'
import { isoTime } from '../time.js'
import { ORGANIZATION_ID } from './data/account.js'
import { wireFailure } from './data/failures.js'
import type { ExecutionSeed } from './execution-seed.js'
import { wirePipeline } from './pipeline.js'
import { progressOf, type ExecutionProgress } from './plan.js'
import { plannedRunMs, stepWindows } from './steps.js'

/** Returns an execution as Kodexa sends it at `now`. */
export function wireExecution(execution: ExecutionSeed, now: number): WireExecution {
  const { plan, assistant, failure } = execution
  const progress = progressOf(plan, now)
  const { status, startedAt, endedAt, workedMs } = progress
  const percent = percentOf(execution, progress)
  const documentFamilyId = execution.family.id
  const target = {
    type: 'DATA_STORE',
    ref: assistant.storeRef,
    documentFamilyId,
    contentObjectId: execution.contentObjectId,
    labelsToApply: [assistant.label],
    taxonomyRefs: [assistant.taxonomyRef],
  }
  return {
    id: execution.id,
    uuid: execution.uuid,
    changeSequence: progress.changes + percent,
    createdOn: isoTime(plan.createdAt),
    // Each percent of the work is saved, so a running execution changes although its status does not.
    updatedOn: isoTime(progress.since + (status === 'RUNNING' ? (percent * plannedRunMs(execution)) / 100 : 0)),
    startDate: isoTime(startedAt),
    endDate: isoTime(endedAt),
    processingTime: endedAt === null ? 0 : workedMs,
    status,
    description: execution.description,
    priority: execution.priority,
    assistantId: execution.byActivity ? null : assistant.id,
    documentFamilyId: execution.bySchedule ? null : documentFamilyId,
    organizationId: ORGANIZATION_ID,
    parentExecutionId: execution.parentExecutionId,
    sessionId: execution.sessionId,
    loggingEnabled: true,
    deleteLoggingOnSuccess: true,
    context: contextOf(execution),
    pipeline: wirePipeline(execution, progress),
    statusDetails: statusDetailsOf(execution, progress),
    // Only the step reports a timeout.
    exceptionDetails: status === 'FAILED' && failure !== 'timeout' ? wireFailure(failure) : null,
    targets: { instances: execution.bySchedule ? [] : [target] },
  }
}

function contextOf({ bySchedule, byActivity, ...execution }: ExecutionSeed): Record<string, unknown> {
  if (bySchedule) return { eventType: 'SCHEDULED' }
  const document = { documentFamilyId: execution.family.id, contentObjectId: execution.contentObjectId }
  if (byActivity) return { ...document, eventType: 'TASK_UPDATED', taskId: execution.pipelineId }
  return {
    ...document,
    eventType: execution.parentExecutionId === null ? 'DOCUMENT_FAMILY_CREATED' : 'CONTENT_CREATED',
    storeId: execution.assistant.storeRef,
    taxonomyRefs: [execution.assistant.taxonomyRef],
  }
}

/** Null while the execution waits. */
function statusDetailsOf(execution: ExecutionSeed, progress: ExecutionProgress): WireStatusDetails | null {
  const windows = stepWindows(execution)
  const index = windows.findLastIndex(({ fromMs }) => progress.workedMs >= fromMs)
  const step = windows[index]?.step
  const percent = { progress: percentOf(execution, progress), progressMax: 100 }
  switch (progress.status) {
    case 'REQUESTED':
    case 'PENDING':
    case 'PENDING_REPROCESSING':
      return null
    case 'RUNNING': {
      const detail = `Step ${index + 1} of ${execution.steps.length}`
      return { message: step?.message, detail, stepStatus: 'RUNNING', ...percent }
    }
    case 'CANCELLING':
      return { message: 'Waiting for the step to stop', detail: step?.name, stepStatus: 'CANCELLING', ...percent }
    case 'CANCELLED':
      return { message: 'Cancelled on request', stepStatus: 'CANCELLED', ...percent }
    case 'FAILED':
      return { message: `Stopped in the step ${step?.name}`, stepStatus: 'FAILED', ...percent }
    case 'SKIPPED':
      return { message: 'Skipped: the same content was processed before', stepStatus: 'SKIPPED' }
    case 'SUCCEEDED':
    case 'REPROCESSED':
      return { message: 'Finished', stepStatus: 'SUCCEEDED', ...percent }
  }
}

function percentOf(execution: ExecutionSeed, { workedMs }: ExecutionProgress): number {
  return workedMs === 0 ? 0 : Math.floor((100 * workedMs) / plannedRunMs(execution))
}
