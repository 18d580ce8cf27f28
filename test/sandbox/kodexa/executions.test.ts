import { describe, expect, test } from 'vitest'
import { DOCUMENTED_IDS } from '../../../src/sandbox/kodexa/executions.js'
import { STATUSES_BY_CODE } from '../../../src/vendors/kodexa/status-codes.js'
import type { WireExecution } from '../../../src/vendors/kodexa/wire.js'
import {
  START,
  idsOf,
  list,
  listByStatus,
  read,
  stepStatuses,
  useKodexaSandboxes,
} from '../../support/kodexa-sandbox.js'

const MINUTE = 60_000
const DAY = 24 * 60 * 60_000
const TERMINAL = ['SUCCEEDED', 'FAILED', 'SKIPPED', 'CANCELLED', 'REPROCESSED']

const { clock, start } = useKodexaSandboxes()

describe('the executions', () => {
  test('have all ten statuses at the start', async () => {
    const { content } = await list(await start(), 'pageSize=1000')
    expect(new Set(content?.map(({ status }) => status))).toEqual(new Set(STATUSES_BY_CODE))
  })

  test('are the same at every start', async () => {
    const one = await list(await start(), 'pageSize=1000')
    clock.now = START + 3 * DAY
    const other = await list(await start(), 'pageSize=1000')
    expect(idsOf(other)).toEqual(idsOf(one))
    expect(other.content?.map(({ status }) => status)).toEqual(one.content?.map(({ status }) => status))
  })

  test('have unique UUIDs as ids', async () => {
    const ids = idsOf(await list(await start(), 'pageSize=1000'))
    expect(new Set(ids).size).toBe(120)
    for (const id of ids) expect(id).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/)
  })

  test('with documented ids have their documented statuses', async () => {
    const sandbox = await start()
    expect(await read(sandbox, DOCUMENTED_IDS.runningForDays)).toMatchObject({ status: 'RUNNING', endDate: null })
    expect(await read(sandbox, DOCUMENTED_IDS.pendingForDays)).toMatchObject({ status: 'PENDING', startDate: null })
    expect(await read(sandbox, DOCUMENTED_IDS.cancelled)).toMatchObject({ status: 'CANCELLED' })
    expect(await read(sandbox, DOCUMENTED_IDS.succeeded)).toMatchObject({
      status: 'SUCCEEDED',
      processingTime: 6 * MINUTE,
    })
    const children = await list(
      sandbox,
      `filter=${encodeURIComponent(`parentExecutionId:'${DOCUMENTED_IDS.succeeded}'`)}`,
    )
    expect(children.totalElements).toBe(2)
  })

  test('that failed report why, in the execution and in the step', async () => {
    const { status, exceptionDetails, pipeline } = await read(await start(), DOCUMENTED_IDS.failed)
    expect(status).toBe('FAILED')
    expect(exceptionDetails).toMatchObject({
      errorType: 'Validation',
      advice: expect.any(String),
      documentationUrl: expect.stringContaining('https://'),
      stackTrace: [{ className: 'SandboxStackFrame' }, {}],
    })
    expect(exceptionDetails?.validationErrors).toHaveLength(2)
    const failed = pipeline?.steps?.filter((step) => step.status === 'FAILED') ?? []
    expect(failed).toHaveLength(1)
    expect(failed[0]?.exceptionDetails).toEqual(exceptionDetails)
    expect(failed[0]?.progress).toBeLessThan(failed[0]?.progressMax ?? 0)
  })

  test('have an end date exactly when they have ended', async () => {
    const { content } = await list(await start(), 'pageSize=1000')
    for (const { status, endDate } of content ?? []) expect(endDate !== null).toBe(TERMINAL.includes(String(status)))
  })

  test('vary as in Kodexa: outputs as string or list, steps without status, no assistant', async () => {
    const content = (await list(await start(), 'pageSize=1000')).content ?? []
    const steps = content.flatMap(({ pipeline }) => pipeline?.steps ?? [])
    const lengths = content.map(({ pipeline }) => pipeline?.steps?.length ?? 0)
    expect([Math.min(...lengths), Math.max(...lengths)]).toEqual([2, 5])
    expect(steps.some(({ outputIds }) => typeof outputIds === 'string')).toBe(true)
    expect(steps.some(({ outputIds }) => Array.isArray(outputIds))).toBe(true)
    expect(steps.some(({ status }) => status === undefined)).toBe(true)
    expect(content.some(({ assistantId }) => assistantId === null)).toBe(true)
    expect(content.some(({ documentFamilyId }) => documentFamilyId === null)).toBe(true)
    expect(new Set(content.flatMap(({ assistantId }) => assistantId ?? [])).size).toBe(3)
  })

  test('never go back in dates, sequence or progress as the clock advances', async () => {
    const sandbox = await start()
    let before = new Map<string, WireExecution>()
    for (const minutes of [0, 0.1, 1, 2, 4, 9, 60, 600, 20_000]) {
      clock.now = START + minutes * MINUTE
      const { content } = await list(sandbox, 'pageSize=1000')
      for (const execution of content ?? []) {
        const earlier = before.get(execution.id)
        expect(Date.parse(execution.updatedOn ?? '')).toBeLessThanOrEqual(clock.now)
        if (earlier === undefined) continue
        expect(execution.changeSequence).toBeGreaterThanOrEqual(earlier.changeSequence ?? 0)
        expect(String(execution.updatedOn) >= String(earlier.updatedOn)).toBe(true)
        if (execution.status === earlier.status) continue
        expect(execution.changeSequence).toBeGreaterThan(earlier.changeSequence ?? 0)
      }
      before = new Map(content?.map((execution) => [execution.id, execution]))
    }
    for (const { status } of before.values()) expect(TERMINAL).toContain(status)
  })
})

describe('as the clock advances', () => {
  test('a waiting execution starts and ends within minutes', async () => {
    const sandbox = await start()
    const waiting = (await list(sandbox, 'pageSize=1000&sort=createdOn,desc')).content?.find(
      ({ status }) => status === 'REQUESTED',
    )
    const seen = new Set<unknown>()
    for (let second = 0; second < 15 * 60; second += 5) {
      clock.now = START + second * 1000
      seen.add((await read(sandbox, waiting?.id ?? '')).status)
    }
    expect([...seen]).toEqual(['REQUESTED', 'PENDING', 'RUNNING', 'SUCCEEDED'])
  })

  test('a running execution advances through its steps', async () => {
    const sandbox = await start()
    const early = await read(sandbox, DOCUMENTED_IDS.runningForDays)
    expect(stepStatuses(early)).toEqual(['RUNNING', 'PENDING', 'PENDING', 'PENDING', 'PENDING'])
    clock.now = START + 4 * DAY
    const late = await read(sandbox, DOCUMENTED_IDS.runningForDays)
    expect(stepStatuses(late).slice(0, 3)).toEqual(['SUCCEEDED', 'SUCCEEDED', 'SUCCEEDED'])
    expect(late.statusDetails?.progress).toBeGreaterThan(early.statusDetails?.progress ?? 0)
    expect(late.statusDetails?.progressMax).toBe(100)
    clock.now = START + 5 * DAY
    expect(await read(sandbox, DOCUMENTED_IDS.runningForDays)).toMatchObject({
      status: 'SUCCEEDED',
      statusDetails: { progress: 100 },
    })
  })

  test('executions that wait to be reprocessed are reprocessed within minutes', async () => {
    const sandbox = await start()
    const waiting = await listByStatus(sandbox, 'PENDING_REPROCESSING')
    clock.now = START + 5 * MINUTE
    const after = await Promise.all(waiting.map(async ({ id }) => (await read(sandbox, id)).status))
    expect(after.toSorted()).toEqual(['PENDING_REPROCESSING', 'PENDING_REPROCESSING', 'REPROCESSED', 'REPROCESSED'])
  })
})
