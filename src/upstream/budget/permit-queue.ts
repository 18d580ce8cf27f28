import { PRIORITIES, type Priority } from './permit.js'

/** Those who wait, the highest priority first, and within one priority who came first. */
export interface PermitQueue<Entry> {
  add(priority: Priority, entry: Entry): void
  /** Nothing happens when it is not there any more. */
  remove(priority: Priority, entry: Entry): void
  /** Whose turn is next; stays in the line. */
  peek(): { readonly priority: Priority; readonly entry: Entry } | undefined
  /** How many of the same or a higher priority wait: they go before a newcomer. */
  countAhead(priority: Priority): number
  /** All of them, in order. */
  entries(): readonly Entry[]
}

export function createPermitQueue<Entry>(): PermitQueue<Entry> {
  // A set keeps the order of arrival and lets go of its middle at once.
  const lines = PRIORITIES.map((priority) => ({ priority, waiting: new Set<Entry>() }))
  const waitingOf = (priority: Priority) => lines[PRIORITIES.indexOf(priority)]!.waiting
  return {
    add: (priority, entry) => void waitingOf(priority).add(entry),
    remove: (priority, entry) => void waitingOf(priority).delete(entry),
    peek() {
      for (const { priority, waiting } of lines) for (const entry of waiting) return { priority, entry }
      return undefined
    },
    countAhead: (priority) =>
      lines.slice(0, PRIORITIES.indexOf(priority) + 1).reduce((sum, { waiting }) => sum + waiting.size, 0),
    entries: () => lines.flatMap(({ waiting }) => [...waiting]),
  }
}
