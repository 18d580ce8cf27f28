import { PRIORITIES, type Priority } from './permit.js'

/** A priority queue: highest priority first, in order of arrival within a priority. */
export interface PermitQueue<Entry> {
  add(priority: Priority, entry: Entry): void
  /** Does nothing when the entry is not in the queue. */
  remove(priority: Priority, entry: Entry): void
  /** The first entry, without removing it. */
  peek(): { readonly priority: Priority; readonly entry: Entry } | undefined
  /** How many entries a new one of this priority has to wait for. */
  countAhead(priority: Priority): number
  /** All entries, in order. */
  entries(): readonly Entry[]
}

export function createPermitQueue<Entry>(): PermitQueue<Entry> {
  // A Set keeps insertion order and removes any entry in constant time.
  const queues = PRIORITIES.map((priority) => ({ priority, waiting: new Set<Entry>() }))
  const waitingWith = (priority: Priority) => queues[PRIORITIES.indexOf(priority)]!.waiting
  return {
    add: (priority, entry) => void waitingWith(priority).add(entry),
    remove: (priority, entry) => void waitingWith(priority).delete(entry),
    peek() {
      for (const { priority, waiting } of queues) for (const entry of waiting) return { priority, entry }
      return undefined
    },
    countAhead: (priority) =>
      queues.slice(0, PRIORITIES.indexOf(priority) + 1).reduce((sum, { waiting }) => sum + waiting.size, 0),
    entries: () => queues.flatMap(({ waiting }) => [...waiting]),
  }
}
