import { describe, expect, it } from 'vitest'
import { OWN_APP } from '../../../src/sandbox/cortex/data/app.js'
import type { WireRecord, WireRun } from '../../../src/vendors/cortex/wire.js'
import { EXTRACT_RUNS, INVOICES, useCortexSandbox, type CortexError } from '../../support/cortex-sandbox.js'

const HOUR = 3_600_000
const SHARED_RUNS = '/apps/c/workflows/discover/work_shared_ocr/runs'

const { clock, send, read } = useCortexSandbox()

describe('a run', () => {
  it('that completed has a result and steps with times, and no error', async () => {
    const run = await read<WireRun>(`${EXTRACT_RUNS}/run_completed`)
    const output = run.output as Record<string, { start: number; end: number; output: unknown }>
    expect(run).toHaveProperty('result.fields')
    expect(run).not.toHaveProperty('error')
    expect(Object.keys(output)).toEqual(['INPUT', 'READ_PAGES', 'MERGE'])
    expect(output.INPUT?.start).toBe(Date.parse(run.started_at ?? ''))
    expect(output.MERGE?.end).toBe(Date.parse(run.ended_at ?? ''))
    expect(output.READ_PAGES?.output).toBeInstanceOf(Array)
  })

  it('that failed has an error and no result, and stops at the failing step', async () => {
    const [run] = await read<WireRun[]>(`${EXTRACT_RUNS}?status=FAILED&verbose=all`)
    expect(run).not.toHaveProperty('result')
    expect(run?.output).toMatchObject({ READ_PAGES: { status: 'FAILED', error: run?.error } })
    expect(run?.output).not.toHaveProperty('MERGE')
  })

  it('of a test has the draft instead of a version', async () => {
    for (const run of await read<WireRun[]>(`${EXTRACT_RUNS}?origin=TEST`)) {
      expect(run.workflow_version).toBeNull()
      expect(run.workflow_version_draft?.key).toBe('EXTRACT_FIELDS')
      expect(run).not.toHaveProperty('version')
    }
  })

  it('uses as many credits as its steps', async () => {
    expect(await read(`${EXTRACT_RUNS}/run_completed`)).toMatchObject({
      usage: { total: 1.3, steps: { READ_PAGES: { total: 1.25 }, MERGE: { total: 0.05 } } },
    })
  })
})

describe('the cancel of a run', () => {
  it('takes effect at once, also on the current step, and is final', async () => {
    const { status, body } = await send<WireRun>('POST', `${EXTRACT_RUNS}/run_long_running/cancel`)
    expect(status).toBe(200)
    const cancelledAt = new Date(clock.now).toISOString()
    expect(body).toMatchObject({ status: 'CANCELLED', ended_at: cancelledAt, updated_at: cancelledAt })
    expect(Object.values(body.output ?? {}).at(-1)).toMatchObject({ status: 'CANCELLED', end: clock.now })
    clock.now += 90 * 24 * HOUR
    expect(await read(`${EXTRACT_RUNS}/run_long_running`)).toMatchObject({ status: 'CANCELLED' })
    expect((await send('POST', `${EXTRACT_RUNS}/run_long_running/cancel`)).status).toBe(400)
  })

  it('of a pending run leaves it without a start', async () => {
    const [run] = await read<WireRun[]>(`${EXTRACT_RUNS}?status=PENDING`)
    const { body } = await send<WireRun>('POST', `${EXTRACT_RUNS}/${run?.id}/cancel`)
    const cancelledAt = new Date(clock.now).toISOString()
    expect(body).toMatchObject({ status: 'CANCELLED', started_at: null, ended_at: cancelledAt, output: {} })
  })

  it('of a rule fails the rule, and the record continues', async () => {
    const record = await read<WireRecord>(`${INVOICES}/rec_long_running?verbose=all`)
    await send('POST', `${EXTRACT_RUNS}/${record.rules.EXTRACT_TOTALS?.run?.id}/cancel`)
    const after = await read<WireRecord>(`${INVOICES}/rec_long_running`)
    expect(after.status).toBe('RUNNING')
    expect(after.rules.EXTRACT_TOTALS).toMatchObject({ status: 'FAILED', error: 'The run was cancelled' })
    await send('POST', `/apps/c/workflows/work_verify/runs/${record.rules.VERIFY_VENDOR?.run?.id}/cancel`)
    const done = await read<WireRecord>(`${INVOICES}/rec_long_running`)
    expect(done).toMatchObject({ status: 'COMPLETED', rules_fail_count: 1, rules_warn_count: 1 })
  })

  it.each(['COMPLETED', 'FAILED', 'CANCELLED', 'SKIPPED'])('is rejected when the run is %s', async (status) => {
    const [run] = await read<WireRun[]>(`${EXTRACT_RUNS}?status=${status}`)
    const response = await send<CortexError>('POST', `${EXTRACT_RUNS}/${run?.id}/cancel`)
    expect(response.status).toBe(400)
    expect(response.body).toEqual({ status: 400, message: 'Run is not running' })
  })

  it('returns 404 for an unknown run and under another workflow', async () => {
    expect((await send('POST', `${EXTRACT_RUNS}/run_none/cancel`)).status).toBe(404)
    expect((await send('POST', '/apps/c/workflows/work_verify/runs/run_long_running/cancel')).status).toBe(404)
  })
})

describe('a discoverable workflow', () => {
  it('is listed only among the discoverable workflows', async () => {
    const workflows = await read<{ id: string; app: { id: string } }[]>('/apps/c/workflows/discover')
    expect(workflows.map(({ id }) => id)).toEqual(['work_shared_ocr'])
    expect(workflows[0]?.app.id).not.toBe(OWN_APP.id)
    expect((await send('GET', '/apps/c/workflows/work_shared_ocr')).status).toBe(404)
  })

  it('has no readable runs', async () => {
    for (const path of [SHARED_RUNS, `${SHARED_RUNS}/run_shared_ocr`, '/apps/c/workflows/work_shared_ocr/runs']) {
      expect((await send('GET', path)).status).toBe(404)
      expect((await send('GET', `${path}/run_shared_ocr`)).status).toBe(404)
    }
  })

  const active = ['run_shared_ocr', 'run_shared_ocr_second', 'run_shared_ocr_waiting']
  it.each(active)('allows %s to be cancelled once', async (id) => {
    clock.now += 2 * HOUR
    const { status, body } = await send<WireRun>('POST', `${SHARED_RUNS}/${id}/cancel`)
    expect(status).toBe(200)
    expect(body).toMatchObject({
      id,
      status: 'CANCELLED',
      app_id: OWN_APP.id,
      ended_at: new Date(clock.now).toISOString(),
    })
    expect(body.workflow_app_id).not.toBe(OWN_APP.id)
    expect((await send('POST', `${SHARED_RUNS}/${id}/cancel`)).status).toBe(400)
  })

  it('rejects the cancel of an ended run and of an unknown run', async () => {
    expect((await send('POST', `${SHARED_RUNS}/run_shared_ocr_completed/cancel`)).status).toBe(400)
    expect((await send('POST', `${SHARED_RUNS}/run_none/cancel`)).status).toBe(404)
  })

  it('has a cancel path of its own', async () => {
    expect((await send('POST', '/apps/c/workflows/work_shared_ocr/runs/run_shared_ocr/cancel')).status).toBe(404)
    expect((await send('POST', '/apps/c/workflows/discover/work_extract/runs/run_long_running/cancel')).status).toBe(
      404,
    )
  })
})
