import type { WireRun, WireRunStatus } from '../../vendors/cortex/wire.js'
import { isoTime } from '../time.js'
import { OWN_APP } from './data/app.js'
import type { JobStatus } from './plan.js'
import type { RunSnapshot } from './snapshots.js'
import { resultOf, stepOutputs } from './step-outputs.js'
import { runUsage } from './usage.js'
import { wireVersion } from './wire-catalog.js'

/** The vendor's status of a run. */
export function wireRunStatus(status: JobStatus): WireRunStatus {
  return status === 'QUEUED' || status === 'DRAFT' ? 'PENDING' : status
}

/**
 * Returns a run as the vendor sends it. `error` and `result` are absent, not null, when there is none. Without
 * `verbose`, the outputs of its steps are missing: a guess, the vendor says only that `verbose` adds properties.
 */
export function wireRun(snapshot: RunSnapshot, verbose: boolean): WireRun {
  const { seed, progress } = snapshot
  const { workflow, subject, record, plan } = seed
  const output = stepOutputs(snapshot)
  // A test runs the draft; everything else runs the deployed version.
  const isDraft = seed.origin === 'TEST'
  return {
    id: seed.id,
    ...(progress.status === 'COMPLETED' && { result: resultOf(workflow, subject) }),
    input: subject.input,
    output: verbose ? output : {},
    status: wireRunStatus(progress.status),
    origin: seed.origin,
    ...(progress.status === 'FAILED' && { error: workflow.failure.message }),
    started_at: isoTime(progress.startedAt),
    ended_at: isoTime(progress.endedAt),
    app_id: OWN_APP.id,
    workflow_app_id: workflow.app.id,
    workflow_id: workflow.id,
    workflow_version_draft: isDraft ? workflow.blueprint : null,
    workflow_version: isDraft ? null : wireVersion(workflow),
    ...(record && { collection_id: record.collectionId, record_id: record.recordId }),
    ...(!isDraft && { version: workflow.version }),
    ...(progress.startedAt !== null && { usage: runUsage(output) }),
    retention: workflow.retention,
    retention_due_at: isoTime(retentionDueAt(snapshot)),
    created_at: isoTime(plan.createdAt),
    updated_at: isoTime(progress.since),
  }
}

/** Counts from the end of the run. A negative age keeps the run for ever. */
function retentionDueAt({ seed, progress }: RunSnapshot): number | null {
  const seconds = seed.workflow.retention?.max_age_in_seconds ?? -1
  return seconds < 0 || progress.endedAt === null ? null : progress.endedAt + seconds * 1000
}
