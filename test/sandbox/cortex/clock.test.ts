import { describe, expect, it } from 'vitest'
import type { WireRecord, WireRun } from '../../../src/vendors/cortex/wire.js'
import { EXTRACT_RUNS, INVOICES, START, rulesOf, useCortexSandbox } from '../../support/cortex-sandbox.js'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

const { clock, read } = useCortexSandbox()

describe('as the clock advances', () => {
  it('short jobs end and long jobs keep running', async () => {
    const before = await read<WireRecord[]>(INVOICES)
    clock.now += 15 * MINUTE
    const after = new Map((await read<WireRecord[]>(INVOICES)).map((record) => [record.id, record.status]))
    const changes = before.map(({ id, status }) => `${status} ${after.get(id)}`)
    const moved = changes.filter((change) => new Set(change.split(' ')).size > 1).sort()
    expect(moved).toEqual([...Array<string>(3).fill('QUEUED COMPLETED'), ...Array<string>(4).fill('RUNNING COMPLETED')])
    expect(changes).toContain('RUNNING RUNNING')
    expect(changes).toContain('QUEUED QUEUED')
  })

  it('a record and its rules go from queued through running to completed', async () => {
    const queued = (await read<WireRecord[]>(`${INVOICES}?status=QUEUED`)).find(
      ({ created_at }) => Date.parse(created_at ?? '') > START - MINUTE * 2,
    )
    const states: string[] = []
    for (let step = 0; step < 200; step++, clock.now += 5000) {
      const record = await read<WireRecord>(`${INVOICES}/${queued?.id}?verbose=all`)
      const statuses = rulesOf(record).map(({ status }) => status)
      const state = `${record.status}: ${statuses.join(' ')}`
      if (states.at(-1) !== state) states.push(state)
      if (record.status === 'RUNNING') expect(statuses).toContain('RUNNING')
      for (const { status, run } of rulesOf(record)) expect(run === null).toBe(status === 'DRAFT')
    }
    expect(states[0]).toBe('QUEUED: DRAFT DRAFT DRAFT')
    expect(states[1]).toBe('RUNNING: RUNNING DRAFT DRAFT')
    expect(states[2]).toBe('RUNNING: PASSED RUNNING RUNNING')
    expect(states.at(-1)).toMatch(/^COMPLETED: PASSED (PASSED|FAILED) (PASSED|WARN)$/)
  })

  it('a draft stays a draft', async () => {
    const [draft] = await read<WireRecord[]>(`${INVOICES}?status=DRAFT`)
    clock.now += 1000 * HOUR
    expect(await read(`${INVOICES}/${draft?.id}`)).toMatchObject({ rules: draft?.rules, updated_at: draft?.updated_at })
    expect(await read(`${INVOICES}/${draft?.id}/status`)).toEqual({ status: 'DRAFT' })
  })

  it('a run goes from pending through running to completed, step by step', async () => {
    const pending = (await read<WireRun[]>(`${EXTRACT_RUNS}?status=PENDING&take=500`)).find(
      ({ created_at }) => Date.parse(created_at ?? '') > START - MINUTE * 2,
    )
    const states: string[] = []
    for (let step = 0; step < 120; step++, clock.now += 5000) {
      const { status, output } = await read<WireRun>(`${EXTRACT_RUNS}/${pending?.id}`)
      const state = `${status} ${Object.values(output ?? {}).map((step) => step.status)}`
      if (states.at(-1) !== state) states.push(state)
    }
    expect(states).toEqual([
      'PENDING ',
      'RUNNING RUNNING',
      'RUNNING COMPLETED,RUNNING',
      'RUNNING COMPLETED,COMPLETED,RUNNING',
      'COMPLETED COMPLETED,COMPLETED,COMPLETED',
    ])
  })

  it('the documented long jobs run for days', async () => {
    clock.now += 48 * HOUR
    expect(await read(`${INVOICES}/rec_long_running/status`)).toEqual({ status: 'RUNNING' })
    expect(await read(`${EXTRACT_RUNS}/run_long_running`)).toMatchObject({ status: 'RUNNING' })
  })
})
