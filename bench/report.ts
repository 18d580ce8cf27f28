export interface Figure {
  readonly name: string
  readonly measured: number
  /** Highest value that passes. */
  readonly atMost: number
  readonly unit: string
}

/** Prints each figure as it is added. */
export interface Report {
  add(figure: Figure): void
  /** Whether every figure so far passes. */
  isMet(): boolean
}

const COLUMNS = [82, 10, 10, 16] as const

export function createReport(): Report {
  let missed = 0
  print(['figure', 'measured', 'at most', 'unit', ''])
  return {
    add({ name, measured, atMost, unit }) {
      const isMet = measured <= atMost
      if (!isMet) missed++
      print([name, format(measured), format(atMost), unit, isMet ? 'ok' : 'MISSED'])
    },
    isMet: () => missed === 0,
  }
}

function print(cells: readonly string[]): void {
  console.log(cells.map((cell, at) => (at === 0 ? cell.padEnd(COLUMNS[0]) : cell.padStart(COLUMNS[at] ?? 8))).join(' '))
}

function format(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(1)
}
