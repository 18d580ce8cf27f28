import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { APP_ID } from '../../../src/sandbox/cortex/app.js'
import { startCortexSandbox, type CortexSandbox } from '../../../src/sandbox/cortex/index.js'
import type { WireRecord, WireRecordRule, WireRecordStatusResponse, WireRun } from '../../../src/vendors/cortex/wire.js'

const START = Date.parse('2025-06-02T09:30:00.000Z')
const MINUTE = 60_000
const HOUR = 60 * MINUTE
const INVOICES = '/apps/c/collections/col_invoices/records'
const LOANS = '/apps/c/collections/col_loans/records'
const EXTRACT = '/apps/c/workflows/work_extract/runs'
const SHARED = '/apps/c/workflows/discover/work_shared_ocr/runs'

interface WireError {
  readonly status: number
  readonly message: string
  readonly errors?: readonly { readonly path: readonly string[]; readonly code: string }[]
}

let sandbox: CortexSandbox
let clock: number

beforeEach(async () => {
  clock = START
  sandbox = await startCortexSandbox({ now: () => clock })
})

afterEach(() => sandbox.close())

interface Answer<Body> {
  readonly status: number
  readonly headers: Headers
  readonly body: Body
}

async function ask<Body>(
  method: 'GET' | 'POST',
  path: string,
  key = sandbox.settings.apiKey!.reveal(),
): Promise<Answer<Body>> {
  const headers = { authorization: `Bearer ${key}` }
  const reply = await fetch(new URL(path, sandbox.settings.baseUrl), { method, headers })
  return { status: reply.status, headers: reply.headers, body: (await reply.json()) as Body }
}

async function read<Body>(path: string): Promise<Body> {
  const { status, body } = await ask<Body>('GET', path)
  expect(status).toBe(200)
  return body
}

function tally<Row>(rows: readonly Row[], wordOf: (row: Row) => string): string[] {
  return [...new Set(rows.map(wordOf))].sort()
}

function rulesOf({ rules }: WireRecord): WireRecordRule[] {
  return Object.values(rules)
}

describe('access', () => {
  it('refuses a wrong key, and no key at all', async () => {
    const wrong = await ask<WireError>('GET', INVOICES, 'guessed')
    expect(wrong.status).toBe(401)
    expect(wrong.body).toEqual({ status: 401, message: 'Invalid API key' })
    expect((await fetch(new URL(INVOICES, sandbox.settings.baseUrl))).status).toBe(401)
  })

  it('has another key at every start', async () => {
    const other = await startCortexSandbox()
    expect(other.settings.apiKey!.reveal()).not.toBe(sandbox.settings.apiKey!.reveal())
    await other.close()
  })

  it('knows its app by id and by the alias, and no other app', async () => {
    expect(APP_ID).toMatch(/^app_[0-9A-Za-z]{22}$/)
    expect((await ask('GET', `/apps/${APP_ID}/workflows`)).status).toBe(200)
    expect((await ask('GET', '/apps/c/workflows')).status).toBe(200)
    expect((await ask('GET', '/apps/app_other/workflows')).status).toBe(404)
  })

  it('answers a path it does not have with the same kind of error', async () => {
    const { status, body } = await ask<WireError>('GET', '/apps/c/files')
    expect(status).toBe(404)
    expect(body).toEqual({ status: 404, message: 'Route not found' })
  })

  it('remembers what it was asked', async () => {
    await ask('GET', `${INVOICES}?take=1`)
    expect(sandbox.requests.map(({ method, url }) => `${method} ${url}`)).toEqual([`GET ${INVOICES}?take=1`])
  })

  it('names the places its settings point to', async () => {
    const { collectionIds, workflowIds } = sandbox.settings
    const collections = await read<{ id: string; records_count: number }[]>('/apps/c/collections')
    const workflows = await read<{ id: string; runs_count: number }[]>('/apps/c/workflows')
    expect(collections.map(({ id }) => id)).toEqual(collectionIds)
    expect(workflows.map(({ id }) => id)).toEqual(workflowIds)
    for (const { records_count } of collections) expect(records_count).toBeGreaterThanOrEqual(40)
    for (const { runs_count } of workflows) expect(runs_count).toBeGreaterThan(25)
  })
})

describe('lists', () => {
  it('tell page, take and count in headers, and hold everything once', async () => {
    const ids: string[] = []
    const first = await ask<WireRecord[]>('GET', `${INVOICES}?take=15`)
    expect(first.headers.get('pagination-page')).toBe('1')
    expect(first.headers.get('pagination-take')).toBe('15')
    const count = Number(first.headers.get('pagination-count'))
    for (let page = 1; ids.length < count; page++) {
      const rows = await read<WireRecord[]>(`${INVOICES}?take=15&page=${page}`)
      expect(rows.length).toBeGreaterThan(0)
      ids.push(...rows.map(({ id }) => id))
    }
    expect(new Set(ids).size).toBe(count)
  })

  it('take a hundred from the first page when not told otherwise', async () => {
    const { headers } = await ask('GET', EXTRACT)
    expect(headers.get('pagination-page')).toBe('1')
    expect(headers.get('pagination-take')).toBe('100')
  })

  it('are empty past their end', async () => {
    const { status, headers, body } = await ask('GET', `${INVOICES}?page=99`)
    expect({ status, body }).toEqual({ status: 200, body: [] })
    expect(Number(headers.get('pagination-count'))).toBeGreaterThan(0)
  })

  const nonsense = ['page=0', 'page=-1', 'page=1.5', 'take=0', 'take=many', 'status=DONE', 'status=PENDING']
  it.each(nonsense)('refuse records by %s', async (query) => {
    const { status, body } = await ask<WireError>('GET', `${INVOICES}?${query}`)
    expect(status).toBe(400)
    expect(body.errors).toMatchObject([{ path: [query.split('=')[0]] }])
  })

  it('report everything that is wrong with a query at once', async () => {
    const { body } = await ask<WireError>('GET', `${EXTRACT}?page=0&take=x&status=QUEUED&origin=MARS`)
    expect(body.errors?.map(({ path }) => path[0])).toEqual(['page', 'take', 'status', 'origin'])
  })

  it('are newest first', async () => {
    for (const path of [INVOICES, EXTRACT]) {
      const times = (await read<WireRecord[]>(path)).map(({ created_at }) => created_at ?? '')
      expect(times).toEqual(times.toSorted().toReversed())
    }
  })

  it('find records by part of their name, in any case', async () => {
    const rows = await read<WireRecord[]>(`${INVOICES}?search=iNVOICE%20204`)
    expect(rows.length).toBeGreaterThan(0)
    for (const { name } of rows) expect(name).toMatch(/Invoice 204/)
  })

  it('find records by any of several tags', async () => {
    const [urgent, recurring] = ['tag_inv_urgent', 'tag_inv_recurring']
    const one = await read<WireRecord[]>(`${INVOICES}?tag_ids=${urgent}`)
    const both = await read<WireRecord[]>(`${INVOICES}?tag_ids=${urgent}&tag_ids=${recurring}`)
    expect(one.length).toBeGreaterThan(0)
    expect(both.length).toBeGreaterThan(one.length)
    for (const { tags } of both) expect(tags.some(({ id }) => id === urgent || id === recurring)).toBe(true)
    expect(await read(`${INVOICES}?tags=urgent`)).toEqual(one)
  })

  it('filter runs by status and origin together, and ALL filters nothing', async () => {
    const rows = await read<WireRun[]>(`${EXTRACT}?status=COMPLETED&origin=RECORD`)
    expect(rows.length).toBeGreaterThan(0)
    for (const run of rows) expect(run).toMatchObject({ status: 'COMPLETED', origin: 'RECORD' })
    const all = await ask('GET', `${EXTRACT}?status=ALL&origin=ALL`)
    expect(all.headers.get('pagination-count')).toBe((await ask('GET', EXTRACT)).headers.get('pagination-count'))
  })

  it('leave out the heavy parts unless verbose', async () => {
    const brief = (await read<WireRecord[]>(`${INVOICES}?status=COMPLETED`)).flatMap(rulesOf)
    const full = (await read<WireRecord[]>(`${INVOICES}?status=COMPLETED&verbose=all`)).flatMap(rulesOf)
    for (const { run } of brief) expect(run).toBeNull()
    for (const { run } of full) expect(run?.output).toHaveProperty('INPUT')
    for (const { output } of await read<WireRun[]>(`${EXTRACT}?status=COMPLETED`)) expect(output).toEqual({})
    const verbose = await read<WireRun[]>(`${EXTRACT}?status=COMPLETED&verbose=all`)
    for (const { output } of verbose) expect(output).toHaveProperty('MERGE')
  })

  it('of an unknown place are not found', async () => {
    expect((await ask('GET', '/apps/c/collections/col_none/records')).status).toBe(404)
    expect((await ask('GET', '/apps/c/workflows/work_none/runs')).status).toBe(404)
    expect((await ask('GET', '/apps/c/workflows/discover/runs')).status).toBe(404)
  })
})

describe('at start', () => {
  it.each([INVOICES, LOANS])('%s holds records of every status', async (path) => {
    const rows = await read<WireRecord[]>(path)
    const statuses = ['CANCELLED', 'COMPLETED', 'DRAFT', 'FAILED', 'QUEUED', 'RUNNING']
    expect(tally(rows, ({ status }) => status)).toEqual(statuses)
    const ruleStatuses = ['DRAFT', 'FAILED', 'PASSED', 'RUNNING', 'WARN']
    expect(tally(rows.flatMap(rulesOf), ({ status }) => status)).toEqual(ruleStatuses)
  })

  it.each(['work_classify', 'work_extract', 'work_verify'])('%s holds runs of every status and origin', async (id) => {
    const rows = await read<WireRun[]>(`/apps/c/workflows/${id}/runs?take=500`)
    const statuses = ['CANCELLED', 'COMPLETED', 'FAILED', 'PENDING', 'RUNNING', 'SKIPPED']
    const origins = ['ENDPOINT', 'RECORD', 'TEST', 'TRIGGER', 'WEBHOOK', 'WORKFLOW']
    expect(tally(rows, ({ status }) => status)).toEqual(statuses)
    expect(tally(rows, ({ origin }) => origin)).toEqual(origins)
  })

  it('is the same every time', async () => {
    const again = await startCortexSandbox({ now: () => clock })
    const reply = await fetch(new URL(`${LOANS}?verbose=all`, again.settings.baseUrl), {
      headers: { authorization: `Bearer ${again.settings.apiKey!.reveal()}` },
    })
    expect(await reply.json()).toEqual(await read(`${LOANS}?verbose=all`))
    await again.close()
  })

  it('has the documented jobs in the documented states', async () => {
    expect(await read(`${INVOICES}/rec_long_running`)).toMatchObject({ status: 'RUNNING' })
    expect(await read(`${INVOICES}/rec_completed`)).toMatchObject({ status: 'COMPLETED', rules_fail_count: 1 })
    expect(await read(`${LOANS}/rec_failed`)).toMatchObject({ status: 'FAILED' })
    expect(await read(`${EXTRACT}/run_long_running`)).toMatchObject({ status: 'RUNNING' })
    expect(await read(`${EXTRACT}/run_completed`)).toMatchObject({ status: 'COMPLETED' })
  })
})

describe('a record', () => {
  it('has counts that agree with its rules', async () => {
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

  it('has a creator, or an entity when a trigger made it', async () => {
    const rows = await read<WireRecord[]>(LOANS)
    expect(tally(rows, ({ source }) => source)).toContain('TRIGGER')
    for (const { source, created_by, entity } of rows) {
      expect(created_by === null).toBe(source === 'TRIGGER')
      expect(entity !== null).toBe(source === 'TRIGGER')
    }
  })

  it('tells more of its rules and its entity when read alone', async () => {
    const { entity, config } = await read<WireRecord>(`${LOANS}/rec_failed`)
    expect(entity).toHaveProperty('data.loan_number', '24-0172')
    for (const rule of config.rules) expect(rule).toHaveProperty('workflow.id', rule.workflow_id)
    const listed = (await read<WireRecord[]>(LOANS)).find(({ id }) => id === 'rec_failed')
    expect(listed?.entity).not.toHaveProperty('data')
    expect(listed?.config.rules[0]).not.toHaveProperty('workflow')
  })

  it('that failed validation says why, with paths that hold numbers and issues without expectations', async () => {
    const { status, errors = [] } = await read<WireRecordStatusResponse>(`${LOANS}/rec_failed/status`)
    const issues = errors.flatMap((error) => error.errors)
    expect(status).toBe('FAILED')
    expect(errors.map(({ key }) => key)).toEqual(['EXTRACT_INCOME', 'VERIFY_COLLATERAL'])
    expect(issues.some(({ path }) => path.some((part) => typeof part === 'number'))).toBe(true)
    expect(issues.some((issue) => !('expected' in issue) && !('received' in issue))).toBe(true)
    const { rules } = await read<WireRecord>(`${LOANS}/rec_failed?verbose=all`)
    expect(rules.EXTRACT_INCOME).toMatchObject({ status: 'FAILED', run: null, error: errors[0]?.message })
  })

  it('that is well has a status and nothing else', async () => {
    expect(await read(`${INVOICES}/rec_completed/status`)).toEqual({ status: 'COMPLETED' })
  })

  it('holds the runs that are found under their workflows', async () => {
    const { rules } = await read<WireRecord>(`${INVOICES}/rec_completed?verbose=all`)
    const run = rules.EXTRACT_TOTALS?.run
    expect(run).toMatchObject({ origin: 'RECORD', status: 'FAILED' })
    expect(run).toMatchObject({ collection_id: 'col_invoices', record_id: 'rec_completed' })
    expect(rules.EXTRACT_TOTALS?.error).toBe(run?.error)
    expect(await read(`${EXTRACT}/${run?.id}`)).toEqual(run)
  })

  it('is not found under another collection, nor with another id', async () => {
    expect((await ask('GET', `${LOANS}/rec_completed`)).status).toBe(404)
    expect((await ask('GET', `${INVOICES}/rec_none`)).status).toBe(404)
    expect((await ask('GET', `${INVOICES}/rec_none/status`)).status).toBe(404)
  })
})

describe('a run', () => {
  it('has a result and steps with times when it completed, and no error', async () => {
    const run = await read<WireRun>(`${EXTRACT}/run_completed`)
    const output = run.output as Record<string, { start: number; end: number; output: unknown }>
    expect(run).toHaveProperty('result.fields')
    expect(run).not.toHaveProperty('error')
    expect(Object.keys(output)).toEqual(['INPUT', 'READ_PAGES', 'MERGE'])
    expect(output.INPUT?.start).toBe(Date.parse(run.started_at ?? ''))
    expect(output.MERGE?.end).toBe(Date.parse(run.ended_at ?? ''))
    expect(output.READ_PAGES?.output).toBeInstanceOf(Array)
  })

  it('has an error and no result when it failed, and stops at the failing step', async () => {
    const [run] = await read<WireRun[]>(`${EXTRACT}?status=FAILED&verbose=all`)
    expect(run).not.toHaveProperty('result')
    expect(run?.output).toMatchObject({ READ_PAGES: { status: 'FAILED', error: run?.error } })
    expect(run?.output).not.toHaveProperty('MERGE')
  })

  it('of a test has the draft instead of a version', async () => {
    for (const run of await read<WireRun[]>(`${EXTRACT}?origin=TEST`)) {
      expect(run.workflow_version).toBeNull()
      expect(run.workflow_version_draft?.key).toBe('EXTRACT_FIELDS')
      expect(run).not.toHaveProperty('version')
    }
  })

  it('costs what its steps cost', async () => {
    expect(await read(`${EXTRACT}/run_completed`)).toMatchObject({
      usage: { total: 1.3, steps: { READ_PAGES: { total: 1.25 }, MERGE: { total: 0.05 } } },
    })
  })
})

describe('with time', () => {
  it('what was queued and running soon ends, and what takes hours goes on', async () => {
    const before = await read<WireRecord[]>(INVOICES)
    clock += 15 * MINUTE
    const after = new Map((await read<WireRecord[]>(INVOICES)).map((record) => [record.id, record.status]))
    const changes = before.map(({ id, status }) => `${status} ${after.get(id)}`)
    const moved = changes.filter((change) => new Set(change.split(' ')).size > 1).sort()
    expect(moved).toEqual([...Array<string>(3).fill('QUEUED COMPLETED'), ...Array<string>(4).fill('RUNNING COMPLETED')])
    expect(changes).toContain('RUNNING RUNNING')
    expect(changes).toContain('QUEUED QUEUED')
  })

  it('a record goes from queued over running to its end, and its rules with it', async () => {
    const queued = (await read<WireRecord[]>(`${INVOICES}?status=QUEUED`)).find(
      ({ created_at }) => Date.parse(created_at ?? '') > START - MINUTE * 2,
    )
    const seen: string[] = []
    for (let step = 0; step < 200; step++, clock += 5000) {
      const record = await read<WireRecord>(`${INVOICES}/${queued?.id}?verbose=all`)
      const statuses = rulesOf(record).map(({ status }) => status)
      const view = `${record.status}: ${statuses.join(' ')}`
      if (seen.at(-1) !== view) seen.push(view)
      if (record.status === 'RUNNING') expect(statuses).toContain('RUNNING')
      for (const { status, run } of rulesOf(record)) expect(run === null).toBe(status === 'DRAFT')
    }
    expect(seen[0]).toBe('QUEUED: DRAFT DRAFT DRAFT')
    expect(seen[1]).toBe('RUNNING: RUNNING DRAFT DRAFT')
    expect(seen[2]).toBe('RUNNING: PASSED RUNNING RUNNING')
    expect(seen.at(-1)).toMatch(/^COMPLETED: PASSED (PASSED|FAILED) (PASSED|WARN)$/)
  })

  it('a draft stays a draft', async () => {
    const [draft] = await read<WireRecord[]>(`${INVOICES}?status=DRAFT`)
    clock += 1000 * HOUR
    expect(await read(`${INVOICES}/${draft?.id}`)).toMatchObject({ rules: draft?.rules, updated_at: draft?.updated_at })
    expect(await read(`${INVOICES}/${draft?.id}/status`)).toEqual({ status: 'DRAFT' })
  })

  it('a run goes from pending over running to its end, step by step', async () => {
    const pending = (await read<WireRun[]>(`${EXTRACT}?status=PENDING&take=500`)).find(
      ({ created_at }) => Date.parse(created_at ?? '') > START - MINUTE * 2,
    )
    const seen: string[] = []
    for (let step = 0; step < 120; step++, clock += 5000) {
      const { status, output } = await read<WireRun>(`${EXTRACT}/${pending?.id}`)
      const view = `${status} ${Object.values(output ?? {}).map((one) => one.status)}`
      if (seen.at(-1) !== view) seen.push(view)
    }
    expect(seen).toEqual([
      'PENDING ',
      'RUNNING RUNNING',
      'RUNNING COMPLETED,RUNNING',
      'RUNNING COMPLETED,COMPLETED,RUNNING',
      'COMPLETED COMPLETED,COMPLETED,COMPLETED',
    ])
  })

  it('the documented long ones run for days', async () => {
    clock += 48 * HOUR
    expect(await read(`${INVOICES}/rec_long_running/status`)).toEqual({ status: 'RUNNING' })
    expect(await read(`${EXTRACT}/run_long_running`)).toMatchObject({ status: 'RUNNING' })
  })
})

describe('a cancelled record', () => {
  it('is cancelled at once, with its rules and their runs, and stays so', async () => {
    const before = await read<WireRecord>(`${INVOICES}/rec_long_running?verbose=all`)
    clock += 1234
    const cancelledAt = new Date(clock).toISOString()
    const { status, body } = await ask<WireRecord>('POST', `${INVOICES}/rec_long_running/cancel`)
    expect(status).toBe(200)
    expect(body).toMatchObject({ id: 'rec_long_running', status: 'CANCELLED', updated_at: cancelledAt })
    expect(rulesOf(body).map((rule) => rule.status)).toEqual(['PASSED', 'DRAFT', 'DRAFT'])
    expect(rulesOf(body).every(({ run }) => run === null)).toBe(true)
    const runId = before.rules.EXTRACT_TOTALS?.run?.id
    expect(before.rules.EXTRACT_TOTALS?.run?.status).toBe('RUNNING')
    expect(await read(`${EXTRACT}/${runId}`)).toMatchObject({ status: 'CANCELLED', ended_at: cancelledAt })
    clock += 90 * 24 * HOUR
    expect(await read(`${INVOICES}/rec_long_running/status`)).toEqual({ status: 'CANCELLED' })
  })

  it('may have been only queued: none of its rules ever runs', async () => {
    const [queued] = await read<WireRecord[]>(`${LOANS}?status=QUEUED`)
    const path = `${LOANS}/${queued?.id}`
    expect((await ask<WireRecord>('POST', `${path}/cancel`)).body.status).toBe('CANCELLED')
    clock += 48 * HOUR
    const later = await read<WireRecord>(`${path}?verbose=all`)
    expect(rulesOf(later).every(({ status, run }) => status === 'DRAFT' && run === null)).toBe(true)
    expect(later).not.toHaveProperty('usage')
  })

  it.each(['DRAFT', 'COMPLETED', 'FAILED', 'CANCELLED'])('cannot have been %s', async (status) => {
    const [record] = await read<WireRecord[]>(`${INVOICES}?status=${status}`)
    const reply = await ask<WireError>('POST', `${INVOICES}/${record?.id}/cancel`)
    expect(reply.body).toEqual({ status: 400, message: 'Record is not running' })
    expect(reply.status).toBe(400)
    expect(await read(`${INVOICES}/${record?.id}/status`)).toMatchObject({ status })
  })

  it('must exist', async () => {
    const { status, body } = await ask<WireError>('POST', `${INVOICES}/rec_none/cancel`)
    expect(status).toBe(404)
    expect(body).toEqual({ status: 404, message: 'Record not found' })
  })
})

describe('a cancelled run', () => {
  it('is cancelled at once, with the step it was at, and stays so', async () => {
    const { status, body } = await ask<WireRun>('POST', `${EXTRACT}/run_long_running/cancel`)
    expect(status).toBe(200)
    const cancelledAt = new Date(clock).toISOString()
    expect(body).toMatchObject({ status: 'CANCELLED', ended_at: cancelledAt, updated_at: cancelledAt })
    expect(Object.values(body.output ?? {}).at(-1)).toMatchObject({ status: 'CANCELLED', end: clock })
    clock += 90 * 24 * HOUR
    expect(await read(`${EXTRACT}/run_long_running`)).toMatchObject({ status: 'CANCELLED' })
    expect((await ask('POST', `${EXTRACT}/run_long_running/cancel`)).status).toBe(400)
  })

  it('may have been only pending: then it never started', async () => {
    const [run] = await read<WireRun[]>(`${EXTRACT}?status=PENDING`)
    const { body } = await ask<WireRun>('POST', `${EXTRACT}/${run?.id}/cancel`)
    const cancelledAt = new Date(clock).toISOString()
    expect(body).toMatchObject({ status: 'CANCELLED', started_at: null, ended_at: cancelledAt, output: {} })
  })

  it('of a record is a failed rule, and the record goes on', async () => {
    const record = await read<WireRecord>(`${INVOICES}/rec_long_running?verbose=all`)
    await ask('POST', `${EXTRACT}/${record.rules.EXTRACT_TOTALS?.run?.id}/cancel`)
    const after = await read<WireRecord>(`${INVOICES}/rec_long_running`)
    expect(after.status).toBe('RUNNING')
    expect(after.rules.EXTRACT_TOTALS).toMatchObject({ status: 'FAILED', error: 'The run was cancelled' })
    await ask('POST', `/apps/c/workflows/work_verify/runs/${record.rules.VERIFY_VENDOR?.run?.id}/cancel`)
    const done = await read<WireRecord>(`${INVOICES}/rec_long_running`)
    expect(done).toMatchObject({ status: 'COMPLETED', rules_fail_count: 1, rules_warn_count: 1 })
  })

  it.each(['COMPLETED', 'FAILED', 'CANCELLED', 'SKIPPED'])('cannot have been %s', async (status) => {
    const [run] = await read<WireRun[]>(`${EXTRACT}?status=${status}`)
    const reply = await ask<WireError>('POST', `${EXTRACT}/${run?.id}/cancel`)
    expect(reply.status).toBe(400)
    expect(reply.body).toEqual({ status: 400, message: 'Run is not running' })
  })

  it('must exist, under that workflow', async () => {
    expect((await ask('POST', `${EXTRACT}/run_none/cancel`)).status).toBe(404)
    expect((await ask('POST', '/apps/c/workflows/work_verify/runs/run_long_running/cancel')).status).toBe(404)
  })
})

describe('a discoverable workflow', () => {
  it('is listed among the discoverable ones only', async () => {
    const found = await read<{ id: string; app: { id: string } }[]>('/apps/c/workflows/discover')
    expect(found.map(({ id }) => id)).toEqual(['work_shared_ocr'])
    expect(found[0]?.app.id).not.toBe(APP_ID)
    expect((await ask('GET', '/apps/c/workflows/work_shared_ocr')).status).toBe(404)
  })

  it('lets nobody read its runs', async () => {
    for (const path of [SHARED, `${SHARED}/run_shared_ocr`, '/apps/c/workflows/work_shared_ocr/runs']) {
      expect((await ask('GET', path)).status).toBe(404)
      expect((await ask('GET', `${path}/run_shared_ocr`)).status).toBe(404)
    }
  })

  const active = ['run_shared_ocr', 'run_shared_ocr_second', 'run_shared_ocr_waiting']
  it.each(active)('lets %s be cancelled once', async (id) => {
    clock += 2 * HOUR
    const { status, body } = await ask<WireRun>('POST', `${SHARED}/${id}/cancel`)
    expect(status).toBe(200)
    expect(body).toMatchObject({ id, status: 'CANCELLED', app_id: APP_ID, ended_at: new Date(clock).toISOString() })
    expect(body.workflow_app_id).not.toBe(APP_ID)
    expect((await ask('POST', `${SHARED}/${id}/cancel`)).status).toBe(400)
  })

  it('refuses to cancel what has ended and what it does not know', async () => {
    expect((await ask('POST', `${SHARED}/run_shared_ocr_completed/cancel`)).status).toBe(400)
    expect((await ask('POST', `${SHARED}/run_none/cancel`)).status).toBe(404)
  })

  it('keeps its cancel apart from that of the other workflows', async () => {
    expect((await ask('POST', '/apps/c/workflows/work_shared_ocr/runs/run_shared_ocr/cancel')).status).toBe(404)
    expect((await ask('POST', '/apps/c/workflows/discover/work_extract/runs/run_long_running/cancel')).status).toBe(404)
  })
})
