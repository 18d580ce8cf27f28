import { beforeEach, describe, expect, it } from 'vitest'
import { silentLog } from '../../../src/job/log.js'
import { isCancellable, isTerminal, type JobStatus } from '../../../src/job/state.js'
import { createNormaliser, type Normaliser } from '../../../src/vendors/cortex/normalise/index.js'

const RECORD = { appId: 'c', collectionId: 'col_1', recordId: 'rec_1' }
const RUN = { appId: 'c', workflowId: 'work_1', runId: 'run_1', discoverable: false }

interface Row {
  readonly word: string
  readonly status: JobStatus
  readonly terminal: boolean
  readonly cancellable: boolean
}

const row = (word: string, status: JobStatus, terminal: boolean, cancellable: boolean): Row => ({
  word,
  status,
  terminal,
  cancellable,
})

const RECORD_ROWS: readonly Row[] = [
  row('DRAFT', 'DRAFT', false, false),
  row('QUEUED', 'QUEUED', false, true),
  row('RUNNING', 'RUNNING', false, true),
  row('COMPLETED', 'COMPLETED', true, false),
  row('FAILED', 'FAILED', true, false),
  row('CANCELLED', 'CANCELLED', true, false),
]

const RUN_ROWS: readonly Row[] = [
  row('PENDING', 'QUEUED', false, true),
  row('RUNNING', 'RUNNING', false, true),
  row('COMPLETED', 'COMPLETED', true, false),
  row('FAILED', 'FAILED', true, false),
  row('CANCELLED', 'CANCELLED', true, false),
  row('SKIPPED', 'SKIPPED', true, false),
]

let warnings: object[]
let normaliser: Normaliser

beforeEach(() => {
  warnings = []
  normaliser = createNormaliser({ ...silentLog, warn: (fields) => void warnings.push(fields) })
})

const record = (status: unknown) => normaliser.record({ id: 'rec_1', status }, RECORD)
const bareRecord = (status: unknown) => normaliser.bareRecord({ status }, RECORD)
const run = (status: unknown) => normaliser.run({ id: 'run_1', status }, RUN)
const step = (status: unknown) => normaliser.run({ id: 'run_1', output: [{ key: 'STEP', status }] }, RUN).output![0]!

describe("a record's status", () => {
  it.each(RECORD_ROWS)('$word is $status', ({ word, status, terminal, cancellable }) => {
    for (const { state, vendorStatus } of [record(word), bareRecord(word)]) {
      expect(state.status).toBe(status)
      expect(vendorStatus).toBe(word)
      expect(isTerminal(state)).toBe(terminal)
      expect(isCancellable(state)).toBe(cancellable)
    }
  })

  it.each(RECORD_ROWS)('$word is read in lower case too, and shown as it was sent', ({ word, status }) => {
    const lower = word.toLowerCase()
    expect(record(lower)).toMatchObject({ vendorStatus: lower, state: { status } })
    expect(bareRecord(lower)).toMatchObject({ vendorStatus: lower, state: { status } })
    expect(warnings).toEqual([])
  })

  it.each(['PENDING', 'SKIPPED'])("is not %s, which is a run's word", (word) => {
    expect(record(word).state).toEqual({ status: 'UNKNOWN', vendorStatus: word })
  })
})

describe("a run's status", () => {
  it.each(RUN_ROWS)('$word is $status', ({ word, status, terminal, cancellable }) => {
    const { state, vendorStatus } = run(word)
    expect(state.status).toBe(status)
    expect(vendorStatus).toBe(word)
    expect(isTerminal(state)).toBe(terminal)
    expect(isCancellable(state)).toBe(cancellable)
  })

  it.each(RUN_ROWS)('$word is read in lower case too, and shown as it was sent', ({ word, status }) => {
    expect(run(word.toLowerCase())).toMatchObject({ vendorStatus: word.toLowerCase(), state: { status } })
    expect(warnings).toEqual([])
  })

  it.each(['DRAFT', 'QUEUED'])("is not %s, which is a record's word", (word) => {
    expect(run(word).state).toEqual({ status: 'UNKNOWN', vendorStatus: word })
  })
})

describe("a step's status", () => {
  it.each(RUN_ROWS)('$word is $status', ({ word, status }) => {
    expect(step(word)).toMatchObject({ status, vendorStatus: word })
    expect(step(word.toLowerCase())).toMatchObject({ status, vendorStatus: word.toLowerCase() })
  })

  it('is UNKNOWN where the vendor sends none', () => {
    expect(step(undefined)).toMatchObject({ status: 'UNKNOWN', vendorStatus: null })
  })
})

describe('a word that nobody documented', () => {
  it('makes a job UNKNOWN and never an error', () => {
    expect(record('PAUSED').state).toEqual({ status: 'UNKNOWN', vendorStatus: 'PAUSED' })
    expect(run('PAUSED').state).toEqual({ status: 'UNKNOWN', vendorStatus: 'PAUSED' })
    expect(step('PAUSED')).toMatchObject({ status: 'UNKNOWN', vendorStatus: 'PAUSED' })
    expect(record(null).state).toEqual({ status: 'UNKNOWN', vendorStatus: null })
    expect(run(undefined).state).toEqual({ status: 'UNKNOWN', vendorStatus: null })
  })

  it('is logged once for records, and once for runs with their steps', () => {
    for (const read of [record, bareRecord, run, step, record, run]) read('PAUSED')
    expect(warnings).toEqual([
      { vendor: 'CORTEX', kind: 'record', vendorStatus: 'PAUSED' },
      { vendor: 'CORTEX', kind: 'run', vendorStatus: 'PAUSED' },
    ])
  })
})
