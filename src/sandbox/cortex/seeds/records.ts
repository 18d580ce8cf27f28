import { USERS } from '../app.js'
import { invoices } from '../collections/invoices.js'
import { COLLECTIONS } from '../collections/index.js'
import { loans } from '../collections/loans.js'
import type { CollectionDefinition } from '../collections/collection-definition.js'
import type { Plan } from '../plan.js'
import { createRandom, type Random } from '../../random.js'
import { DAY, HOUR, kindsOf, MINUTE, planFor, type Kind } from '../schedule.js'
import { workflowById } from '../workflows/index.js'
import { complaintAbout } from './complaint.js'
import type { RecordSeed, RuleSeed } from './record-seed.js'
import { rulePlan } from './rule-plan.js'

const KINDS = kindsOf({
  draft: 3,
  waiting: 3,
  waitingForHours: 1,
  running: 4,
  runningForHours: 3,
  completed: 19,
  failed: 4,
  cancelled: 3,
})

interface RecordOptions {
  readonly id: string
  readonly collection: CollectionDefinition
  readonly index: number
  readonly plan: Plan
  readonly random: Random
  /** The rules whose workflow fails. */
  readonly failing: readonly string[]
  /** The rules whose input is refused. */
  readonly invalid: readonly string[]
}

/** Takes the moment the sandbox starts; gives the records of all collections. */
export function records(now: number): RecordSeed[] {
  return [...COLLECTIONS.flatMap((collection) => recordsOf(collection, now)), ...documentedRecords(now)]
}

function recordsOf(collection: CollectionDefinition, now: number): RecordSeed[] {
  const random = createRandom(collection.id)
  return KINDS.map((kind, index) => {
    const id = `rec_${random.base62(22)}`
    const plan = planFor(kind, now, random)
    return recordSeed({ id, collection, index, plan, random, ...flaws(kind, index, collection, random) })
  })
}

/** A failed record had an input refused, or could not go on after a workflow failed; in others a rule may fail. */
function flaws(kind: Kind, index: number, { config }: CollectionDefinition, random: Random) {
  const later = config.rules.slice(1).map(({ key }) => key)
  const one = later.slice(0, 1)
  if (kind === 'failed') return index % 2 ? { failing: one, invalid: [] } : { failing: [], invalid: one }
  return { failing: later.filter(() => random.chance(0.2)), invalid: [] }
}

/** Those whose ids are easy to remember. */
function documentedRecords(now: number): RecordSeed[] {
  const random = createRandom('documented records')
  const common = { random, failing: [], invalid: [] }
  return [
    recordSeed({
      ...common,
      id: 'rec_long_running',
      collection: invoices,
      index: -1,
      plan: { createdAt: now - 3 * HOUR, queuedMs: MINUTE, runMs: 30 * DAY, ending: 'COMPLETED' },
    }),
    recordSeed({
      ...common,
      id: 'rec_completed',
      collection: invoices,
      index: -2,
      plan: { createdAt: now - 2 * HOUR, queuedMs: 5000, runMs: 140_000, ending: 'COMPLETED' },
      failing: ['EXTRACT_TOTALS'],
    }),
    recordSeed({
      ...common,
      id: 'rec_failed',
      collection: loans,
      index: -1,
      plan: { createdAt: now - HOUR, queuedMs: 5000, runMs: 60_000, ending: 'FAILED' },
      invalid: ['EXTRACT_INCOME', 'VERIFY_COLLATERAL'],
    }),
  ]
}

function recordSeed({ id, collection, index, plan, random, failing, invalid }: RecordOptions): RecordSeed {
  const subject = collection.subject(random, collection.firstNumber + index)
  const source = collection.sources[Math.abs(index) % collection.sources.length] ?? 'API'
  // That a record has no part in a disabled rule is a guess.
  const definitions = collection.config.rules.filter(({ disabled }) => !disabled)
  return {
    id,
    // A name may be missing: the vendor's schema lets it be null.
    name: index === 16 ? null : subject.title,
    collection,
    subject,
    source,
    createdBy: source === 'TRIGGER' ? null : random.pick(USERS),
    tags: collection.tags.filter(() => random.chance(0.35)),
    plan,
    rules: definitions.map((definition, position): RuleSeed => {
      const fails = failing.includes(definition.key) || invalid.includes(definition.key)
      return {
        definition,
        run: {
          id: `run_${random.base62(22)}`,
          workflow: workflowById(definition.workflow_id),
          origin: 'RECORD',
          subject,
          plan: rulePlan(plan, position, definitions.length, fails ? 'FAILED' : 'COMPLETED'),
          owner: { collectionId: collection.id, recordId: id },
        },
        complaint: invalid.includes(definition.key) ? complaintAbout(definition.key) : null,
      }
    }),
  }
}
