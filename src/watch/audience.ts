import type { Job } from '../job/job.js'
import type { Selection } from '../job/selection.js'
import { createView, type View, type Viewer } from './viewer.js'

/** Everybody who watches one job on this instance, and what each of them has been shown. */
export interface Audience {
  add(viewer: Viewer): void
  /** Whether the viewer was there. */
  remove(viewer: Viewer): boolean
  viewers(): readonly Viewer[]
  /** Shows the job to those of them who are still there. Gives back those for whom that was the last of it. */
  show(viewers: readonly Viewer[], job: Job, lookedAt: number): readonly Viewer[]
  /** Tells all of a failure that may pass. */
  fail(error: Error): void
  /** Whether somebody was shown nothing yet, or a failure since. */
  lacksSomething(): boolean
  /** Whether somebody was shown something else last. */
  isBehind(print: string): boolean
}

export function createAudience(): Audience {
  const views = new Map<Viewer, View>()
  const some = (test: (view: View) => boolean) => [...views.values()].some(test)
  return {
    add: (viewer) => void views.set(viewer, createView(viewer)),
    remove: (viewer) => views.delete(viewer),
    viewers: () => [...views.keys()],
    show: (viewers, job, lookedAt) => viewers.filter((viewer) => views.get(viewer)?.show(job, lookedAt)),
    fail(error) {
      for (const view of views.values()) view.fail(error)
    },
    lacksSomething: () => some((view) => view.shown() === null),
    isBehind: (print) => some((view) => view.shown() !== null && view.shown() !== print),
  }
}

/** Everything that any of them wants. */
export function unionOf(viewers: readonly Viewer[]): Selection {
  return (...path) => new Set(viewers.flatMap(({ selection }) => [...selection(...path)]))
}
