import type { WireCollectionRule } from '../../vendors/cortex/wire.js'
import { createRandom, type Random } from '../random.js'
import { HOUR, MINUTE, SECOND } from '../time.js'
import { USERS } from './data/app.js'
import { COLLECTIONS, invoices, loans, type CollectionDefinition } from './data/collections.js'
import { ruleError } from './data/rule-errors.js'
import type { Subject } from './data/subjects.js'
import { workflowById } from './data/workflows.js'
import type { Plan } from './plan.js'
import { planFor, repeatRecipes, type Recipe } from './recipes.js'
import type { RunSeed } from './runs.js'

/** Everything about a record that does not depend on the time. */
export type RecordSeed = ReturnType<typeof seedRecord>

/** Everything about one rule of one record that does not depend on the time. */
export type RuleSeed = ReturnType<typeof seedRule>

/** What is decided about a record before chance decides the rest. */
interface RecordOptions {
  readonly id: string
  readonly collection: CollectionDefinition
  /** Decides the number of the subject, the source and the name. */
  readonly index: number
  readonly plan: Plan
  /** The keys of rules whose workflow fails. */
  readonly failing?: readonly string[]
  /** The keys of rules whose input is rejected. */
  readonly invalid?: readonly string[]
}

/** For each collection. */
const RECIPES = repeatRecipes({
  draft: 3,
  queued: 3,
  queuedForHours: 1,
  running: 4,
  runningForHours: 3,
  completed: 19,
  failed: 4,
  cancelled: 3,
})

/** Returns the records of all collections, for a sandbox that starts at `start`. */
export function seedRecords(start: number): RecordSeed[] {
  return [...COLLECTIONS.flatMap((collection) => recordsOf(collection, start)), ...documentedRecords(start)]
}

function recordsOf(collection: CollectionDefinition, start: number): RecordSeed[] {
  const random = createRandom(collection.id)
  return RECIPES.map((recipe, index) => {
    const id = `rec_${random.base62(22)}`
    const plan = planFor(recipe, start, random)
    return seedRecord(random, { id, collection, index, plan, ...failuresOf(recipe, index, collection, random) })
  })
}

/** A failed record has one failing rule or one invalid input. In other records a rule may fail. */
function failuresOf(recipe: Recipe, index: number, { config }: CollectionDefinition, random: Random) {
  const later = config.rules.slice(1).map(({ key }) => key)
  if (recipe !== 'failed') return { failing: later.filter(() => random.chance(0.2)) }
  return index % 2 ? { failing: later.slice(0, 1) } : { invalid: later.slice(0, 1) }
}

/** The records with memorable ids. */
function documentedRecords(start: number): RecordSeed[] {
  const random = createRandom('documented records')
  return [
    seedRecord(random, {
      id: 'rec_long_running',
      collection: invoices,
      index: -1,
      plan: planFor('runningForDays', start, random),
    }),
    seedRecord(random, {
      id: 'rec_completed',
      collection: invoices,
      index: -2,
      plan: { createdAt: start - 2 * HOUR, queuedMs: 5000, runMs: 140_000, ending: 'COMPLETED' },
      failing: ['EXTRACT_TOTALS'],
    }),
    seedRecord(random, {
      id: 'rec_failed',
      collection: loans,
      index: -1,
      plan: { createdAt: start - HOUR, queuedMs: 5000, runMs: 60_000, ending: 'FAILED' },
      invalid: ['EXTRACT_INCOME', 'VERIFY_COLLATERAL'],
    }),
  ]
}

function seedRecord(random: Random, options: RecordOptions) {
  const { id, collection, index, plan } = options
  const subject = collection.subject(random, collection.firstNumber + index)
  const source = collection.sources[Math.abs(index) % collection.sources.length] ?? 'API'
  return {
    id,
    // The vendor's schema allows null.
    name: index === 16 ? null : subject.title,
    collection,
    subject,
    source,
    createdBy: source === 'TRIGGER' ? null : random.pick(USERS),
    tags: collection.tags.filter(() => random.chance(0.35)),
    /** The record ends with the last of its rules, whatever `runMs` says. */
    plan,
    // That a record leaves disabled rules out is a guess.
    rules: collection.config.rules
      .filter(({ disabled }) => !disabled)
      .map((definition, index, { length }) =>
        seedRule(random, definition, index / (length - 1), { ...options, subject }),
      ),
  }
}

/** `position` is 0 for the first rule of the record and 1 for the last. */
function seedRule(
  random: Random,
  definition: WireCollectionRule,
  position: number,
  record: RecordOptions & { readonly subject: Subject },
) {
  const isInvalid = record.invalid?.includes(definition.key)
  const ending = isInvalid || record.failing?.includes(definition.key) ? 'FAILED' : 'COMPLETED'
  const run: RunSeed = {
    id: `run_${random.base62(22)}`,
    workflow: workflowById(definition.workflow_id),
    origin: 'RECORD',
    subject: record.subject,
    plan: rulePlan(record.plan, position, ending),
    record: { collectionId: record.collection.id, recordId: record.id },
  }
  /** With an error, the run is never created: its plan says only when it would have been. */
  return { definition, run, error: isInvalid ? ruleError(definition.key) : null }
}

/** The first rule runs alone, then the others run side by side, and the last one ends with the record. */
function rulePlan(record: Plan, position: number, ending: Plan['ending']): Plan {
  const startsAt = record.createdAt + record.queuedMs
  const firstMs = Math.round(Math.min(record.runMs * 0.3, MINUTE))
  const totalMs = position === 0 ? firstMs : Math.round((record.runMs - firstMs) * (0.5 + 0.5 * position))
  const queuedMs = Math.round(Math.min(totalMs * 0.05, 2 * SECOND))
  return {
    createdAt: position === 0 ? startsAt : startsAt + firstMs,
    queuedMs,
    runMs: totalMs - queuedMs,
    ending,
    cancelledAt: record.cancelledAt,
  }
}
