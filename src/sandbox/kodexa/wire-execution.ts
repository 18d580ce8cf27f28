import type { WireException, WireExecution } from '../../vendors/kodexa/wire.js'
import { failureOf } from './failure.js'
import { ORGANIZATION_ID } from './organization.js'
import { pipelineOf } from './pipeline.js'
import { phaseOf, type Phase } from './plan.js'
import type { SeededExecution } from './seeded-execution.js'
import { progressOf, statusDetailsOf } from './status-details.js'
import { plannedRunMs } from './step-windows.js'
import { wireDate } from './time.js'

/** Takes an execution and a moment, gives what Kodexa would have answered then. */
export function wireExecution(execution: SeededExecution, now: number): WireExecution {
  const { plan, assistant } = execution
  const phase = phaseOf(plan, now)
  const documentFamilyId = execution.bySchedule ? null : execution.family.id
  return {
    id: execution.id,
    uuid: execution.uuid,
    changeSequence: phase.changes + progressOf(execution, phase),
    createdOn: wireDate(plan.createdAt),
    updatedOn: wireDate(updatedAt(execution, phase)),
    startDate: wireDate(phase.startedAt),
    endDate: wireDate(phase.endedAt),
    processingTime: phase.endedAt === null ? 0 : phase.workedMs,
    status: phase.status,
    description: execution.description,
    priority: execution.priority,
    assistantId: execution.byActivity ? null : assistant.id,
    documentFamilyId,
    organizationId: ORGANIZATION_ID,
    parentExecutionId: execution.parentExecutionId,
    sessionId: execution.sessionId,
    loggingEnabled: true,
    deleteLoggingOnSuccess: true,
    context: contextOf(execution),
    pipeline: pipelineOf(execution, phase),
    statusDetails: statusDetailsOf(execution, phase),
    exceptionDetails: exceptionOf(execution, phase),
    targets: {
      instances:
        documentFamilyId === null
          ? []
          : [
              {
                type: 'DATA_STORE',
                ref: assistant.storeRef,
                documentFamilyId,
                contentObjectId: execution.contentObjectId,
                labelsToApply: [assistant.label],
                taxonomyRefs: [assistant.taxonomyRef],
              },
            ],
    },
  }
}

/** Each hundredth of the work is saved, so a running execution changes although its status does not. */
function updatedAt(execution: SeededExecution, phase: Phase): number {
  if (phase.status !== 'RUNNING') return phase.since
  return phase.since + (progressOf(execution, phase) * plannedRunMs(execution)) / 100
}

/** What stopped a step in time is told by the step alone; everything else by the execution too. */
function exceptionOf(execution: SeededExecution, phase: Phase): WireException | null {
  return phase.status === 'FAILED' && execution.failure !== 'timeout' ? failureOf(execution.failure) : null
}

function contextOf(execution: SeededExecution): Record<string, unknown> {
  if (execution.bySchedule) return { eventType: 'SCHEDULED' }
  const about = { documentFamilyId: execution.family.id, contentObjectId: execution.contentObjectId }
  if (execution.byActivity) return { ...about, eventType: 'TASK_UPDATED', taskId: execution.pipelineId }
  return {
    ...about,
    eventType: execution.parentExecutionId === null ? 'DOCUMENT_FAMILY_CREATED' : 'CONTENT_CREATED',
    storeId: execution.assistant.storeRef,
    taxonomyRefs: [execution.assistant.taxonomyRef],
  }
}
