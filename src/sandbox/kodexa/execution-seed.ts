import type { Random } from '../random.js'
import type { ModuleStep } from './data/assistants.js'
import { DOCUMENT_FAMILIES, type DocumentFamily } from './data/document-families.js'
import { FAILURE_KINDS, type FailureKind } from './data/failures.js'
import type { Plan } from './plan.js'

/** Everything about an execution that does not depend on the time. */
export type ExecutionSeed = ReturnType<typeof seedExecution>

/** A step of one execution. */
export type StepSeed = ReturnType<typeof seedSteps>[number]

/** What is decided about an execution before chance decides the rest. */
export interface SeedOptions {
  readonly plan: Plan
  readonly id?: string
  readonly parent?: { readonly id: string; readonly family: DocumentFamily }
  readonly failure?: FailureKind
  /** The index of the document family. Also leaves the oddities out, for the examples of the documentation. */
  readonly example?: number
}

const SESSIONS = ['00000000-0000-4000-8000-0000000000e1', '00000000-0000-4000-8000-0000000000e2'] as const

/** Makes up an execution. */
export function seedExecution(random: Random, options: SeedOptions) {
  const { plan, parent, example } = options
  const family = parent?.family ?? DOCUMENT_FAMILIES[example ?? random.between(0, DOCUMENT_FAMILIES.length - 1)]
  if (family === undefined) throw new RangeError(`The sandbox has no document family ${example}.`)
  const { assistant } = family
  const isOdd = (share: number) => random.chance(share) && example === undefined && parent === undefined
  const steps = seedSteps(random, parent ? assistant.steps.slice(0, 2) : assistant.steps, isOdd)
  const id = random.uuid()
  return {
    id: options.id ?? id,
    uuid: random.uuid().replaceAll('-', ''),
    plan,
    description: isOdd(0.04) ? null : `${assistant.task} ${family.name}${parent ? ', attachment' : ''}`,
    assistant,
    /** Started by an activity. The wire then names no assistant. */
    byActivity: isOdd(0.06),
    family,
    /** Started by a schedule. The wire then names no document. */
    bySchedule: isOdd(0.05),
    parentExecutionId: parent?.id ?? null,
    sessionId: random.chance(0.3) ? random.pick(SESSIONS) : null,
    contentObjectId: random.uuid(),
    pipelineId: random.uuid(),
    priority: random.pick([3, 5, 5, 5, 8]),
    steps,
    /** How it fails if its plan ends with FAILED, and the index of the step that fails. */
    failure: options.failure ?? random.pick(FAILURE_KINDS),
    failingStep: random.between(0, steps.length - 1),
  }
}

function seedSteps(random: Random, steps: readonly ModuleStep[], isOdd: (share: number) => boolean) {
  let inputId = random.uuid()
  return steps.map((step) => {
    const outputIds = [random.uuid(), ...(random.chance(0.3) ? [random.uuid()] : [])] as const
    const seed = {
      ...step,
      id: random.uuid(),
      /** Its share of the run time, relative to the other steps. */
      weight: random.between(1, 4),
      pages: random.between(2, 60),
      inputId,
      outputIds,
      /** Whether the wire shows the output ids as a list instead of a string. */
      listsOutputs: random.chance(0.5),
      /** Kodexa's own sample shows steps without a status (execution overview page). */
      hasStatus: !isOdd(0.12),
    }
    inputId = outputIds[0]
    return seed
  })
}
