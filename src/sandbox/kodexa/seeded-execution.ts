import type { Assistant, ModuleStep } from './assistants.js'
import { DOCUMENT_FAMILIES, type DocumentFamily } from './document-families.js'
import { FAILURE_KINDS, type FailureKind } from './failure.js'
import type { Plan } from './plan.js'
import type { Random } from '../random.js'

/** A step of one execution: what its module is, and what this run makes of it. */
export interface SeededStep extends ModuleStep {
  readonly id: string
  /** Its share of the run, against those of the other steps. */
  readonly weight: number
  readonly pages: number
  readonly inputId: string
  readonly outputIds: readonly [string, ...string[]]
  readonly listsOutputs: boolean
  /** Kodexa's own sample shows steps without a status (execution overview page). */
  readonly tellsStatus: boolean
}

/** Everything about an execution that no clock changes, and the plan by which the clock changes the rest. */
export interface SeededExecution {
  readonly id: string
  readonly uuid: string
  readonly plan: Plan
  readonly description: string | null
  readonly assistant: Assistant
  /** Started by an activity rather than by the assistant, which is then not named. */
  readonly byActivity: boolean
  readonly family: DocumentFamily
  /** Started by a schedule, about no document. */
  readonly bySchedule: boolean
  readonly parentExecutionId: string | null
  readonly sessionId: string | null
  readonly contentObjectId: string
  readonly pipelineId: string
  readonly priority: number
  readonly steps: readonly SeededStep[]
  /** How it fails, and in which step, if it does. */
  readonly failure: FailureKind
  readonly failsAt: number
}

/** What of an execution is decided before chance decides the rest. */
export interface SeedWishes {
  readonly plan: Plan
  readonly id?: string
  readonly parent?: SeededExecution
  readonly failure?: FailureKind
  /** Which document family; also leaves out the oddities, so that an example in the documentation is a plain one. */
  readonly example?: number
}

const SESSIONS: readonly [string, ...string[]] = [
  '00000000-0000-4000-8000-0000000000e1',
  '00000000-0000-4000-8000-0000000000e2',
]

/** Takes a stream of choices and what is already decided, gives an execution. */
export function seedExecution(random: Random, wishes: SeedWishes): SeededExecution {
  const { plan, parent, example } = wishes
  const family = parent?.family ?? DOCUMENT_FAMILIES[example ?? random.between(0, 29)]
  if (family === undefined) throw new RangeError('There are thirty document families.')
  const odd = (share: number) => random.chance(share) && example === undefined && parent === undefined
  const { steps: all } = family.assistant
  const steps = seedSteps(random, parent === undefined ? all : all.slice(0, 2), odd)
  const id = random.uuid()
  return {
    id: wishes.id ?? id,
    uuid: random.uuid().replaceAll('-', ''),
    plan,
    description: odd(0.04)
      ? null
      : `${family.assistant.task} ${family.name}${parent === undefined ? '' : ', attachment'}`,
    assistant: family.assistant,
    byActivity: odd(0.06),
    family,
    bySchedule: odd(0.05),
    parentExecutionId: parent?.id ?? null,
    sessionId: random.chance(0.3) ? random.pick(SESSIONS) : null,
    contentObjectId: random.uuid(),
    pipelineId: random.uuid(),
    priority: random.pick([3, 5, 5, 5, 8]),
    steps,
    failure: wishes.failure ?? random.pick(FAILURE_KINDS),
    failsAt: random.between(0, steps.length - 1),
  }
}

function seedSteps(
  random: Random,
  steps: readonly ModuleStep[],
  odd: (share: number) => boolean,
): readonly SeededStep[] {
  let inputId = random.uuid()
  return steps.map((step) => {
    const outputIds = [random.uuid(), ...(random.chance(0.3) ? [random.uuid()] : [])] as const
    const seeded: SeededStep = {
      ...step,
      id: random.uuid(),
      weight: random.between(1, 4),
      pages: random.between(2, 60),
      inputId,
      outputIds,
      listsOutputs: random.chance(0.5),
      tellsStatus: !odd(0.12),
    }
    inputId = outputIds[0]
    return seeded
  })
}
