import { KINDS, type Fault, type Kind } from './fault.js'
import type { Operation } from './operations.js'

/** What every fault came to in every kind of operation. */
export interface OutcomeTable {
  add(fault: Fault, operation: Operation, outcome: string): void
  print(): string
}

const TITLES: Readonly<Record<Kind, string>> = {
  one: 'one job',
  second: 'second call',
  list: 'list',
  jobs: 'all jobs',
  ping: 'health',
  watch: 'live',
  cancel: 'cancel',
  'cancel+read': 'only cancel',
}

const WORDS: Readonly<Record<string, string>> = {
  DATA: 'data',
  NOTHING: 'null',
  CANCELLING: 'cancelling',
  NOT_FOUND: 'not found',
  VENDOR_UNAUTHORIZED: 'credential',
  VENDOR_RATE_LIMITED: 'limited',
  VENDOR_UNAVAILABLE: 'unavailable',
  VENDOR_TIMEOUT: 'timeout',
  VENDOR_REJECTED: 'rejected',
  VENDOR_BAD_RESPONSE: 'bad answer',
}

const LEGEND = [
  'data: as if nothing were wrong; null: without an error; anything else: the code of the error, in the field it is about.',
  'A question mark: the cancel may have arrived, and the answer says so. only cancel: all but the cancel itself goes well.',
]

/** @param cellsOf how many cells a fault has when it costs nothing that it must not cost */
export function createOutcomeTable(
  title: string,
  faults: readonly Fault[],
  cellsOf: (fault: Fault) => number,
): OutcomeTable {
  const cells = new Map<string, Set<string>>()
  const survived = new Map<Fault, number>()
  let count = 0
  const keyOf = (fault: Fault, kind: Kind) => `${fault.name} ${kind}`
  return {
    add(fault, { kind }, outcome) {
      const key = keyOf(fault, kind)
      const word = WORDS[outcome.replace('?', '')] ?? outcome
      cells.set(key, (cells.get(key) ?? new Set()).add(outcome.endsWith('?') ? `${word}?` : word))
      survived.set(fault, (survived.get(fault) ?? 0) + 1)
      count++
    },
    print() {
      const rows = faults.map((fault) => [
        fault.name,
        ...KINDS.map((kind) => [...(cells.get(keyOf(fault, kind)) ?? '-')].join('/')),
      ])
      const table = [[`a sick ${title}`, ...KINDS.map((kind) => TITLES[kind])], ...rows]
      const widths = table[0]!.map((_, column) => Math.max(...table.map((row) => row[column]!.length)))
      const lines = table.map((row) =>
        row
          .map((cell, column) => cell.padEnd(widths[column]!))
          .join('  ')
          .trimEnd(),
      )
      return [
        ...lines,
        '',
        ...LEGEND,
        `${title}: ${count} answers; ${faults.filter((fault) => survived.get(fault) === cellsOf(fault)).length} of ${faults.length} faults survived.`,
      ].join('\n')
    },
  }
}
