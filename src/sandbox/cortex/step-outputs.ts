import type { WireStep, WireStepOutput } from '../../vendors/cortex/wire.js'
import type { WorkflowDefinition } from './data/workflow-definition.js'
import type { Subject } from './data/subjects.js'
import type { RunSnapshot } from './snapshots.js'

/**
 * Returns what the steps of a run have put out so far, by step key. The steps run one after the other and share the
 * run's time evenly. A failing run stops at the step where its workflow fails.
 */
export function stepOutputs({ seed, progress, at }: RunSnapshot): Record<string, WireStepOutput> {
  const { startedAt } = progress
  if (startedAt === null) return {}
  const { workflow, plan } = seed
  const outputs = workflow.outputs(seed.subject)
  const failingKey = plan.ending === 'FAILED' ? workflow.failure.step : null
  const steps = upTo(failingKey, executableSteps(workflow))
  const executedCount = steps.filter(({ key }) => key in outputs).length
  const stoppedAt = progress.endedAt ?? at
  const timeAfter = (count: number) => startedAt + Math.round((plan.runMs * count) / executedCount)
  let executed = 0
  const started = steps.flatMap(({ key, type }): WireStepOutput[] => {
    const start = timeAfter(executed)
    if (start > stoppedAt) return []
    const common = { key, type, start }
    if (!(key in outputs)) return [{ ...common, status: 'SKIPPED', end: start }]
    const end = timeAfter(++executed)
    if (end > stoppedAt) {
      return progress.status === 'CANCELLED'
        ? [{ ...common, status: 'CANCELLED', error: 'The run was cancelled', end: stoppedAt }]
        : [{ ...common, status: 'RUNNING' }]
    }
    if (key === failingKey) return [{ ...common, status: 'FAILED', error: workflow.failure.message, end }]
    return [{ ...common, status: 'COMPLETED', output: outputs[key], end }]
  })
  return Object.fromEntries(started.map((output) => [output.key, output]))
}

/**
 * Returns the result of a successful run, as the vendor documents it: the `result` that the last code step returned,
 * or everything it returned when there is none.
 */
export function resultOf(workflow: WorkflowDefinition, subject: Subject): unknown {
  const outputs = workflow.outputs(subject)
  const executed = executableSteps(workflow).filter(({ key }) => key in outputs)
  const last = executed.findLast(({ type }) => type === 'code') ?? executed.at(-1)
  const output = last && outputs[last.key]
  return typeof output === 'object' && output !== null && 'result' in output ? output.result : output
}

/** All steps but the notes of the author. */
function executableSteps({ blueprint }: WorkflowDefinition): readonly WireStep[] {
  return blueprint.steps.filter(({ type }) => type !== 'note')
}

function upTo(lastKey: string | null, steps: readonly WireStep[]): readonly WireStep[] {
  const index = steps.findIndex(({ key }) => key === lastKey)
  return index < 0 ? steps : steps.slice(0, index + 1)
}
