import { describe, expect, it } from 'vitest'
import type { WireRecord, WireRecordStatusResponse } from '../../../src/vendors/cortex/wire.js'
import {
  EXTRACT_RUNS,
  INVOICES,
  LOANS,
  distinct,
  rulesOf,
  useCortexSandbox,
  type CortexError,
} from '../../support/cortex-sandbox.js'

const HOUR = 3_600_000

const { clock, send, read } = useCortexSandbox()

describe('a record', () => {
  it('counts its rules by status', async () => {
    for (const record of [...(await read<WireRecord[]>(INVOICES)), ...(await read<WireRecord[]>(LOANS))]) {
      const count = (status: string) => rulesOf(record).filter((rule) => rule.status === status).length
      expect(record).toMatchObject({
        rules_count: rulesOf(record).length,
        rules_pass_count: count('PASSED'),
        rules_fail_count: count('FAILED'),
        rules_warn_count: count('WARN'),
      })
    }
  })

  it('has a creator, or an entity when a trigger created it', async () => {
    const rows = await read<WireRecord[]>(LOANS)
    expect(distinct(rows, ({ source }) => source)).toContain('TRIGGER')
    for (const { source, created_by, entity } of rows) {
      expect(created_by === null).toBe(source === 'TRIGGER')
      expect(entity !== null).toBe(source === 'TRIGGER')
    }
  })

  it('includes workflows and entity data when read alone', async () => {
    const { entity, config } = await read<WireRecord>(`${LOANS}/rec_failed`)
    expect(entity).toHaveProperty('data.loan_number', '24-0172')
    for (const rule of config.rules) expect(rule).toHaveProperty('workflow.id', rule.workflow_id)
    const listed = (await read<WireRecord[]>(LOANS)).find(({ id }) => id === 'rec_failed')
    expect(listed?.entity).not.toHaveProperty('data')
    expect(listed?.config.rules[0]).not.toHaveProperty('workflow')
  })

  it('that failed validation has issues, some with numbers in their paths and some without expectations', async () => {
    const { status, errors = [] } = await read<WireRecordStatusResponse>(`${LOANS}/rec_failed/status`)
    const issues = errors.flatMap((error) => error.errors)
    expect(status).toBe('FAILED')
    expect(errors.map(({ key }) => key)).toEqual(['EXTRACT_INCOME', 'VERIFY_COLLATERAL'])
    expect(issues.some(({ path }) => path.some((part) => typeof part === 'number'))).toBe(true)
    expect(issues.some((issue) => !('expected' in issue) && !('received' in issue))).toBe(true)
    const { rules } = await read<WireRecord>(`${LOANS}/rec_failed?verbose=all`)
    expect(rules.EXTRACT_INCOME).toMatchObject({ status: 'FAILED', run: null, error: errors[0]?.message })
  })

  it('that did not fail has a status and no errors', async () => {
    expect(await read(`${INVOICES}/rec_completed/status`)).toEqual({ status: 'COMPLETED' })
  })

  it('holds the same runs as the workflows do', async () => {
    const { rules } = await read<WireRecord>(`${INVOICES}/rec_completed?verbose=all`)
    const run = rules.EXTRACT_TOTALS?.run
    expect(run).toMatchObject({ origin: 'RECORD', status: 'FAILED' })
    expect(run).toMatchObject({ collection_id: 'col_invoices', record_id: 'rec_completed' })
    expect(rules.EXTRACT_TOTALS?.error).toBe(run?.error)
    expect(await read(`${EXTRACT_RUNS}/${run?.id}`)).toEqual(run)
  })

  it('is not found under another collection or with another id', async () => {
    expect((await send('GET', `${LOANS}/rec_completed`)).status).toBe(404)
    expect((await send('GET', `${INVOICES}/rec_none`)).status).toBe(404)
    expect((await send('GET', `${INVOICES}/rec_none/status`)).status).toBe(404)
  })
})

describe('the cancel of a record', () => {
  it('takes effect at once, also on its rules and their runs, and is final', async () => {
    const before = await read<WireRecord>(`${INVOICES}/rec_long_running?verbose=all`)
    clock.now += 1234
    const cancelledAt = new Date(clock.now).toISOString()
    const { status, body } = await send<WireRecord>('POST', `${INVOICES}/rec_long_running/cancel`)
    expect(status).toBe(200)
    expect(body).toMatchObject({ id: 'rec_long_running', status: 'CANCELLED', updated_at: cancelledAt })
    expect(rulesOf(body).map((rule) => rule.status)).toEqual(['PASSED', 'DRAFT', 'DRAFT'])
    expect(rulesOf(body).every(({ run }) => run === null)).toBe(true)
    const runId = before.rules.EXTRACT_TOTALS?.run?.id
    expect(before.rules.EXTRACT_TOTALS?.run?.status).toBe('RUNNING')
    expect(await read(`${EXTRACT_RUNS}/${runId}`)).toMatchObject({ status: 'CANCELLED', ended_at: cancelledAt })
    clock.now += 90 * 24 * HOUR
    expect(await read(`${INVOICES}/rec_long_running/status`)).toEqual({ status: 'CANCELLED' })
  })

  it('of a queued record prevents its rules from running', async () => {
    const [queued] = await read<WireRecord[]>(`${LOANS}?status=QUEUED`)
    const path = `${LOANS}/${queued?.id}`
    expect((await send<WireRecord>('POST', `${path}/cancel`)).body.status).toBe('CANCELLED')
    clock.now += 48 * HOUR
    const later = await read<WireRecord>(`${path}?verbose=all`)
    expect(rulesOf(later).every(({ status, run }) => status === 'DRAFT' && run === null)).toBe(true)
    expect(later).not.toHaveProperty('usage')
  })

  it.each(['DRAFT', 'COMPLETED', 'FAILED', 'CANCELLED'])('is rejected when the record is %s', async (status) => {
    const [record] = await read<WireRecord[]>(`${INVOICES}?status=${status}`)
    const response = await send<CortexError>('POST', `${INVOICES}/${record?.id}/cancel`)
    expect(response.body).toEqual({ status: 400, message: 'Record is not running' })
    expect(response.status).toBe(400)
    expect(await read(`${INVOICES}/${record?.id}/status`)).toMatchObject({ status })
  })

  it('returns 404 for an unknown record', async () => {
    const { status, body } = await send<CortexError>('POST', `${INVOICES}/rec_none/cancel`)
    expect(status).toBe(404)
    expect(body).toEqual({ status: 404, message: 'Record not found' })
  })
})
