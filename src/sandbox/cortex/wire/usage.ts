import type { WireStepOutput } from '../../../vendors/cortex/wire.js'

/** Credits: what was used, and by which calls. */
export interface UsageNode {
  readonly total: number
  readonly calls?: readonly { readonly id: string; readonly total: number }[]
}

/** Of a run, by step key. */
export interface RunUsage extends UsageNode {
  readonly steps: Readonly<Record<string, UsageNode>>
}

/** Of a record, by rule key. */
export interface RecordUsage extends UsageNode {
  readonly rules: Readonly<Record<string, RunUsage>>
}

/** Of each finished step; other types are free. */
const CREDITS: Readonly<Record<string, number>> = { model: 1.25, http_request: 0.1, code: 0.05 }

/** Takes what a run's steps have put out; gives what they cost. */
export function runUsage(outputs: Readonly<Record<string, WireStepOutput>>): RunUsage {
  const finished = Object.values(outputs).filter(({ status }) => status === 'COMPLETED' || status === 'FAILED')
  const steps = Object.fromEntries(finished.map((step) => [step.key, stepUsage(step)]))
  return { total: sum(Object.values(steps)), steps }
}

/** Takes the usage of a record's runs by rule key; gives the record's. */
export function recordUsage(rules: Readonly<Record<string, RunUsage>>): RecordUsage {
  return { total: sum(Object.values(rules)), rules }
}

function stepUsage({ key, type = '' }: WireStepOutput): UsageNode {
  const total = CREDITS[type] ?? 0
  return type === 'model' ? { total, calls: [{ id: key, total }] } : { total }
}

/** Without the dust of binary fractions. */
function sum(nodes: readonly UsageNode[]): number {
  return Math.round(nodes.reduce((total, node) => total + node.total, 0) * 100) / 100
}
