import type { WireStepOutput } from '../../vendors/cortex/wire.js'

/** The credits that a record, run or step has used. */
export interface Usage {
  readonly total: number
}

/** Per finished step, by step type. Other types are free. */
const CREDITS: Readonly<Record<string, number>> = { model: 1.25, http_request: 0.1, code: 0.05 }

/** Returns the usage of a run, given the outputs of its steps. */
export function runUsage(outputs: Readonly<Record<string, WireStepOutput>>) {
  const finished = Object.values(outputs).filter(({ status }) => status === 'COMPLETED' || status === 'FAILED')
  const steps = Object.fromEntries(finished.map((step) => [step.key, stepUsage(step)]))
  return { total: sum(steps), steps }
}

/** Returns the usage of a record, given the usage of its runs by rule key. */
export function recordUsage(rules: Readonly<Record<string, Usage>>) {
  return { total: sum(rules), rules }
}

function stepUsage({ key, type = '' }: WireStepOutput): Usage {
  const total = CREDITS[type] ?? 0
  return { total, ...(type === 'model' && { calls: [{ id: key, total }] }) }
}

/** Rounds to hundredths, so that binary fractions do not show. */
function sum(usages: Readonly<Record<string, Usage>>): number {
  return Math.round(Object.values(usages).reduce((total, usage) => total + usage.total, 0) * 100) / 100
}
