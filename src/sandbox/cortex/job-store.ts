import { NEVER } from './plan.js'
import { seedRecords, type RecordSeed } from './records.js'
import { seedRuns, type RunSeed } from './runs.js'
import { recordSnapshot, runSnapshot, type RecordSnapshot, type RunSnapshot } from './snapshots.js'

/** All records and runs as they are at the time of the call. Only `cancel` changes them from outside. */
export interface JobStore {
  /** Newest first: a guess, the vendor documents no order. */
  records(collectionId: string): readonly RecordSnapshot[]
  record(collectionId: string, recordId: string): RecordSnapshot | null
  /** Newest first: a guess, the vendor documents no order. */
  runs(workflowId: string): readonly RunSnapshot[]
  run(workflowId: string, runId: string): RunSnapshot | null
  /** Cancels the record or run with this id from now on. */
  cancel(id: string): void
}

/** Creates the jobs of a sandbox that starts now. */
export function createJobStore(now: () => number): JobStore {
  const start = now()
  const cancellations = new Map<string, number>()
  const recordSeeds = seedRecords(start)
  const records = newestFirst(recordSeeds)
  const runs = newestFirst([...seedRuns(start), ...recordSeeds.flatMap(ruleRuns)])

  function readRecords(collectionId: string, recordId?: string): RecordSnapshot[] {
    const at = now()
    return records
      .filter(({ id, collection }) => collection.id === collectionId && (recordId ?? id) === id)
      .map((seed) => recordSnapshot(seed, cancellations, at))
  }

  function readRuns(workflowId: string, runId?: string): RunSnapshot[] {
    const at = now()
    return runs
      .filter(({ id, workflow }) => workflow.id === workflowId && (runId ?? id) === id)
      .flatMap((seed) => runSnapshot(seed, cancellations, at) ?? [])
  }

  return {
    records: (collectionId) => readRecords(collectionId),
    record: (collectionId, recordId) => readRecords(collectionId, recordId)[0] ?? null,
    runs: (workflowId) => readRuns(workflowId),
    run: (workflowId, runId) => readRuns(workflowId, runId)[0] ?? null,
    cancel(id) {
      cancellations.set(id, now())
    },
  }
}

/** The runs that a record's rules create in the course of time; those of a draft are never created. */
function ruleRuns({ rules }: RecordSeed): RunSeed[] {
  return rules.filter(({ run, error }) => error === null && run.plan.createdAt !== NEVER).map(({ run }) => run)
}

function newestFirst<Seed extends RecordSeed | RunSeed>(seeds: readonly Seed[]): readonly Seed[] {
  return seeds.toSorted((a, b) => b.plan.createdAt - a.plan.createdAt)
}
