import type { WireStep, WireStepOutput } from '../../../vendors/cortex/wire.js'
import type { RunSnapshot } from '../snapshots/run-snapshot.js'
import { executableSteps } from '../workflows/workflow-definition.js'

/**
 * Takes a run; gives what its steps have put out so far, by step key. The steps share the run's time evenly, one after
 * the other, and a failing run stops at the step where its workflow fails.
 */
export function stepOutputs({ seed, plan, progress, at }: RunSnapshot): Record<string, WireStepOutput> {
  const { startedAt } = progress
  if (startedAt === null) return {}
  const outputs = seed.workflow.outputs(seed.subject)
  const failingKey = plan.ending === 'FAILED' ? seed.workflow.failure.step : null
  const steps = untilFailure(executableSteps(seed.workflow), failingKey)
  const executed = steps.filter(({ key }) => key in outputs).length
  const stopsAt = progress.endedAt ?? at
  let turn = 0
  const timeOf = (count: number) => startedAt + Math.round((plan.runMs * count) / executed)
  const entries = steps.flatMap((step): [string, WireStepOutput][] => {
    const start = timeOf(turn)
    const common = { key: step.key, type: step.type, start }
    if (start > stopsAt) return []
    if (!(step.key in outputs)) return [[step.key, { ...common, status: 'SKIPPED', end: start }]]
    const end = timeOf(++turn)
    const output = outputs[step.key]
    if (end > stopsAt && progress.phase === 'CANCELLED') {
      return [[step.key, { ...common, status: 'CANCELLED', error: 'The run was cancelled', end: stopsAt }]]
    }
    if (end > stopsAt) return [[step.key, { ...common, status: 'RUNNING' }]]
    if (step.key === failingKey) {
      return [[step.key, { ...common, status: 'FAILED', error: seed.workflow.failure.message, end }]]
    }
    return [[step.key, { ...common, status: 'COMPLETED', output, end }]]
  })
  return Object.fromEntries(entries)
}

function untilFailure(steps: readonly WireStep[], failingKey: string | null): readonly WireStep[] {
  const index = steps.findIndex(({ key }) => key === failingKey)
  return index < 0 ? steps : steps.slice(0, index + 1)
}
