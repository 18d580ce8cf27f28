import { NEVER } from './plan.js'
import { discoverableRuns } from './seeds/discoverable-runs.js'
import type { RecordSeed } from './seeds/record-seed.js'
import { records } from './seeds/records.js'
import type { RunSeed } from './seeds/run-seed.js'
import { standAloneRuns } from './seeds/runs.js'
import { recordSnapshot, type RecordSnapshot } from './snapshots/record-snapshot.js'
import { runSnapshot, type RunSnapshot } from './snapshots/run-snapshot.js'

/** Everything in the sandbox as it is at the moment of asking. Only cancelling changes it from outside. */
export interface World {
  /** Newest first: a guess, the vendor documents no order. */
  records(collectionId: string): RecordSnapshot[]
  record(collectionId: string, recordId: string): RecordSnapshot | null
  /** Newest first: a guess, the vendor documents no order. */
  runs(workflowId: string): RunSnapshot[]
  run(workflowId: string, runId: string): RunSnapshot | null
  /** Takes the id of a record or run, which is cancelled from now on unless it has ended. */
  cancel(id: string): void
}

/** Takes a clock; gives a world whose lives are spread around what the clock shows now. */
export function createWorld(now: () => number): World {
  const start = now()
  const cancellations = new Map<string, number>()
  const recordSeeds = records(start)
  const recordsByPlace = grouped(recordSeeds, ({ collection }) => collection.id)
  const runsByPlace = grouped(
    [...standAloneRuns(start), ...discoverableRuns(start), ...recordSeeds.flatMap(ruleRuns)],
    ({ workflow }) => workflow.id,
  )

  return {
    records(collectionId) {
      const at = now()
      return recordsByPlace(collectionId).map((seed) => recordSnapshot(seed, cancellations, at))
    },
    record(collectionId, recordId) {
      const seed = recordsByPlace(collectionId).find(({ id }) => id === recordId)
      return seed ? recordSnapshot(seed, cancellations, now()) : null
    },
    runs(workflowId) {
      const at = now()
      return runsByPlace(workflowId).flatMap((seed) => runSnapshot(seed, cancellations, at) ?? [])
    },
    run(workflowId, runId) {
      const seed = runsByPlace(workflowId).find(({ id }) => id === runId)
      return seed ? runSnapshot(seed, cancellations, now()) : null
    },
    cancel(id) {
      cancellations.set(id, now())
    },
  }
}

/** The runs that a record will make when its rules' turns come; a draft's turns never do. */
function ruleRuns({ rules }: RecordSeed): RunSeed[] {
  const made = rules.filter(({ run, complaint }) => complaint === null && run.plan.createdAt !== NEVER)
  return made.map(({ run }) => run)
}

/** Seeds by the place they are listed in, newest first. */
function grouped<Seed extends RecordSeed | RunSeed>(seeds: readonly Seed[], placeOf: (seed: Seed) => string) {
  const groups = new Map<string, Seed[]>()
  for (const seed of seeds.toSorted((a, b) => b.plan.createdAt - a.plan.createdAt)) {
    const group = groups.get(placeOf(seed))
    if (group) group.push(seed)
    else groups.set(placeOf(seed), [seed])
  }
  return (place: string): readonly Seed[] => groups.get(place) ?? []
}
