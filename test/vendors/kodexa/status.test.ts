import { beforeEach, describe, expect, it } from 'vitest'
import { silentLog } from '../../../src/job/log.js'
import { isCancellable, isTerminal, type JobStatus } from '../../../src/job/state.js'
import { createNormaliser, type Normaliser } from '../../../src/vendors/kodexa/normalise/index.js'
import { EXECUTION_STATUS } from '../../../src/vendors/kodexa/normalise/status.js'

interface Row {
  readonly code: number
  readonly word: string
  readonly status: JobStatus
  readonly terminal: boolean
  readonly cancellable: boolean
}

const row = (code: number, word: string, status: JobStatus, terminal: boolean, cancellable: boolean): Row => ({
  code,
  word,
  status,
  terminal,
  cancellable,
})

const ROWS: readonly Row[] = [
  row(0, 'PENDING', 'QUEUED', false, true),
  row(1, 'RUNNING', 'RUNNING', false, true),
  row(2, 'SUCCEEDED', 'COMPLETED', true, false),
  row(3, 'FAILED', 'FAILED', true, false),
  row(4, 'REQUESTED', 'QUEUED', false, true),
  row(5, 'SKIPPED', 'SKIPPED', true, false),
  row(6, 'CANCELLING', 'CANCELLING', false, false),
  row(7, 'CANCELLED', 'CANCELLED', true, false),
  row(8, 'PENDING_REPROCESSING', 'QUEUED', false, true),
  row(9, 'REPROCESSED', 'COMPLETED', true, false),
]

let warnings: object[]
let normaliser: Normaliser

beforeEach(() => {
  warnings = []
  normaliser = createNormaliser({ ...silentLog, warn: (fields) => void warnings.push(fields) })
})

const execution = (status: unknown) => normaliser.execution({ id: 'exe_1', status }, 'exe_1')
const step = (status: unknown) =>
  normaliser.execution(
    {
      id: 'exe_1',
      pipeline: { steps: [{ status }] },
    },
    'exe_1',
  ).pipeline!.steps![0]!

describe("an execution's status", () => {
  it.each(ROWS)('$word is $status', ({ word, status, terminal, cancellable }) => {
    const { state, vendorStatus } = execution(word)
    expect(state.status).toBe(status)
    expect(vendorStatus).toBe(word)
    expect(isTerminal(state)).toBe(terminal)
    expect(isCancellable(state)).toBe(cancellable)
  })

  it.each(ROWS)('$word is read in lower case too, and shown as it was sent', ({ word, status }) => {
    expect(execution(word.toLowerCase())).toMatchObject({ vendorStatus: word.toLowerCase(), state: { status } })
    expect(warnings).toEqual([])
  })

  it.each(ROWS)('$code, as a number and as a string, is $status like $word', ({ code, status }) => {
    expect(execution(code)).toMatchObject({ vendorStatus: String(code), state: { status } })
    expect(execution(String(code))).toMatchObject({ vendorStatus: String(code), state: { status } })
    expect(warnings).toEqual([])
  })

  it('is read the same in a list', () => {
    const executions = normaliser.executions(
      ROWS.map(({ word, code }, at) => ({
        id: `exe_${at}`,
        status: at % 2 ? word : code,
      })),
    )
    expect(executions.map(({ state }) => state.status)).toEqual(ROWS.map(({ status }) => status))
  })
})

describe("a step's status", () => {
  it.each(ROWS)('$word is $status', ({ word, code, status }) => {
    expect(step(word)).toMatchObject({ status, vendorStatus: word })
    expect(step(word.toLowerCase())).toMatchObject({ status, vendorStatus: word.toLowerCase() })
    expect(step(code)).toMatchObject({ status, vendorStatus: String(code) })
  })

  it('is UNKNOWN where the vendor sends none', () => {
    expect(step(undefined)).toMatchObject({ status: 'UNKNOWN', vendorStatus: null })
    expect(step(null)).toMatchObject({ status: 'UNKNOWN', vendorStatus: null })
    expect(warnings).toEqual([])
  })
})

describe('a word that nobody documented', () => {
  it.each(['PAUSED', '10', '-1', '2.5', '02'])('makes an execution UNKNOWN and never an error: %s', (word) => {
    expect(execution(word).state).toEqual({ status: 'UNKNOWN', vendorStatus: word })
  })

  it('may be a number', () => {
    expect(execution(10).state).toEqual({ status: 'UNKNOWN', vendorStatus: '10' })
    expect(execution(-1).state).toEqual({ status: 'UNKNOWN', vendorStatus: '-1' })
  })

  it('is none at all where the vendor sends none', () => {
    expect(execution(undefined).state).toEqual({ status: 'UNKNOWN', vendorStatus: null })
    expect(execution(null)).toMatchObject({ vendorStatus: null, state: { status: 'UNKNOWN', vendorStatus: null } })
  })

  it('is logged once for executions with their steps', () => {
    for (const read of [execution, step, execution]) read('PAUSED')
    execution(12)
    expect(warnings).toEqual([
      { vendor: 'KODEXA', kind: 'execution', vendorStatus: 'PAUSED' },
      { vendor: 'KODEXA', kind: 'execution', vendorStatus: '12' },
    ])
  })
})

describe('what a filter is written with', () => {
  it('are the names alone, never the codes', () => {
    expect(EXECUTION_STATUS).toEqual(Object.fromEntries(ROWS.map(({ word, status }) => [word, status])))
  })
})
