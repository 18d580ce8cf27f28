import type { WireRun, WireRunStatus } from '../../../vendors/cortex/wire.js'
import { APP_ID } from '../app.js'
import type { Phase } from '../plan.js'
import type { RunSnapshot } from '../snapshots/run-snapshot.js'
import { inputOf } from '../subjects/subject.js'
import { resultOf, versionOf } from '../workflows/workflow-definition.js'
import { stepOutputs } from './step-outputs.js'
import { timestamp } from './timestamp.js'
import { runUsage } from './usage.js'

/** How much of a run is written. */
export interface RunForm {
  /**
   * Whether the steps' outputs are there: in the single answers, and in lists with `verbose=all`. A guess: the vendor
   * says only that `verbose` adds properties.
   */
  readonly full: boolean
}

/** The vendor's word for each phase of a run. */
export const RUN_STATUS = {
  // No run is a draft: its plan always begins.
  IDLE: 'PENDING',
  WAITING: 'PENDING',
  RUNNING: 'RUNNING',
  COMPLETED: 'COMPLETED',
  FAILED: 'FAILED',
  SKIPPED: 'SKIPPED',
  CANCELLED: 'CANCELLED',
} as const satisfies Record<Phase, WireRunStatus>

/** Takes a run; gives it as the vendor writes it. `error` and `result` are absent, not null, when there is none. */
export function wireRun(snapshot: RunSnapshot, { full }: RunForm): WireRun {
  const { seed, plan, progress } = snapshot
  const { workflow, subject, owner } = seed
  const output = stepOutputs(snapshot)
  // A test executes what its author is working on; everything else executes what was deployed.
  const isDraft = seed.origin === 'TEST'
  const dueAt = retentionDueAt(snapshot)
  return {
    id: seed.id,
    ...(progress.phase === 'COMPLETED' && { result: resultOf(workflow, subject) }),
    input: inputOf(subject),
    output: full ? output : {},
    status: RUN_STATUS[progress.phase],
    origin: seed.origin,
    ...(progress.phase === 'FAILED' && { error: workflow.failure.message }),
    started_at: timestamp(progress.startedAt),
    ended_at: timestamp(progress.endedAt),
    app_id: APP_ID,
    workflow_app_id: workflow.appId,
    workflow_id: workflow.id,
    workflow_version_draft: isDraft ? workflow.blueprint : null,
    workflow_version: isDraft ? null : versionOf(workflow),
    ...(owner && { collection_id: owner.collectionId, record_id: owner.recordId }),
    ...(!isDraft && { version: workflow.version }),
    ...(progress.startedAt !== null && { usage: runUsage(output) }),
    retention: workflow.retention,
    retention_due_at: timestamp(dueAt),
    created_at: timestamp(plan.createdAt),
    updated_at: timestamp(progress.updatedAt),
  }
}

/** Counted from the end of the run; a negative age keeps it for ever. */
function retentionDueAt({ seed, progress }: RunSnapshot): number | null {
  const age = seed.workflow.retention?.max_age_in_seconds ?? -1
  return age < 0 || progress.endedAt === null ? null : progress.endedAt + age * 1000
}
