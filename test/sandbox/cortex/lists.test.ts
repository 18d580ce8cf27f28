import { describe, expect, it } from 'vitest'
import { startCortexSandbox } from '../../../src/sandbox/cortex/index.js'
import type { WireRecord, WireRun } from '../../../src/vendors/cortex/wire.js'
import {
  EXTRACT_RUNS,
  INVOICES,
  LOANS,
  distinct,
  rulesOf,
  useCortexSandbox,
  type CortexError,
} from '../../support/cortex-sandbox.js'

const { clock, send, read } = useCortexSandbox()

describe('a list', () => {
  it('reports page, take and count in headers, and holds every row once', async () => {
    const ids: string[] = []
    const first = await send<WireRecord[]>('GET', `${INVOICES}?take=15`)
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

  it('returns the first 100 rows by default', async () => {
    const { headers } = await send('GET', EXTRACT_RUNS)
    expect(headers.get('pagination-page')).toBe('1')
    expect(headers.get('pagination-take')).toBe('100')
  })

  it('is empty past its end', async () => {
    const { status, headers, body } = await send('GET', `${INVOICES}?page=99`)
    expect({ status, body }).toEqual({ status: 200, body: [] })
    expect(Number(headers.get('pagination-count'))).toBeGreaterThan(0)
  })

  const invalidQueries = ['page=0', 'page=-1', 'page=1.5', 'take=0', 'take=many', 'status=DONE', 'status=PENDING']
  it.each(invalidQueries)('rejects records by %s', async (query) => {
    const { status, body } = await send<CortexError>('GET', `${INVOICES}?${query}`)
    expect(status).toBe(400)
    expect(body.errors).toMatchObject([{ path: [query.split('=')[0]] }])
  })

  it('reports all invalid parameters at once', async () => {
    const { body } = await send<CortexError>('GET', `${EXTRACT_RUNS}?page=0&take=x&status=QUEUED&origin=MARS`)
    expect(body.errors?.map(({ path }) => path[0])).toEqual(['page', 'take', 'status', 'origin'])
  })

  it('is sorted newest first', async () => {
    for (const path of [INVOICES, EXTRACT_RUNS]) {
      const times = (await read<WireRecord[]>(path)).map(({ created_at }) => created_at ?? '')
      expect(times).toEqual(times.toSorted().toReversed())
    }
  })

  it('finds records by part of their name, in any case', async () => {
    const rows = await read<WireRecord[]>(`${INVOICES}?search=iNVOICE%20204`)
    expect(rows.length).toBeGreaterThan(0)
    for (const { name } of rows) expect(name).toMatch(/Invoice 204/)
  })

  it('finds records with any of several tags', async () => {
    const [urgent, recurring] = ['tag_inv_urgent', 'tag_inv_recurring']
    const one = await read<WireRecord[]>(`${INVOICES}?tag_ids=${urgent}`)
    const both = await read<WireRecord[]>(`${INVOICES}?tag_ids=${urgent}&tag_ids=${recurring}`)
    expect(one.length).toBeGreaterThan(0)
    expect(both.length).toBeGreaterThan(one.length)
    for (const { tags } of both) expect(tags.some(({ id }) => id === urgent || id === recurring)).toBe(true)
    expect(await read(`${INVOICES}?tags=urgent`)).toEqual(one)
  })

  it('filters runs by status and origin together, and ALL matches everything', async () => {
    const rows = await read<WireRun[]>(`${EXTRACT_RUNS}?status=COMPLETED&origin=RECORD`)
    expect(rows.length).toBeGreaterThan(0)
    for (const run of rows) expect(run).toMatchObject({ status: 'COMPLETED', origin: 'RECORD' })
    const all = await send('GET', `${EXTRACT_RUNS}?status=ALL&origin=ALL`)
    expect(all.headers.get('pagination-count')).toBe((await send('GET', EXTRACT_RUNS)).headers.get('pagination-count'))
  })

  it('leaves out runs and outputs unless verbose', async () => {
    const plain = (await read<WireRecord[]>(`${INVOICES}?status=COMPLETED`)).flatMap(rulesOf)
    const verboseRules = (await read<WireRecord[]>(`${INVOICES}?status=COMPLETED&verbose=all`)).flatMap(rulesOf)
    for (const { run } of plain) expect(run).toBeNull()
    for (const { run } of verboseRules) expect(run?.output).toHaveProperty('INPUT')
    for (const { output } of await read<WireRun[]>(`${EXTRACT_RUNS}?status=COMPLETED`)) expect(output).toEqual({})
    const verboseRuns = await read<WireRun[]>(`${EXTRACT_RUNS}?status=COMPLETED&verbose=all`)
    for (const { output } of verboseRuns) expect(output).toHaveProperty('MERGE')
  })

  it('returns 404 for an unknown collection or workflow', async () => {
    expect((await send('GET', '/apps/c/collections/col_none/records')).status).toBe(404)
    expect((await send('GET', '/apps/c/workflows/work_none/runs')).status).toBe(404)
    expect((await send('GET', '/apps/c/workflows/discover/runs')).status).toBe(404)
  })
})

describe('a sandbox that has just started', () => {
  it.each([INVOICES, LOANS])('%s has records of every status', async (path) => {
    const rows = await read<WireRecord[]>(path)
    const statuses = ['CANCELLED', 'COMPLETED', 'DRAFT', 'FAILED', 'QUEUED', 'RUNNING']
    expect(distinct(rows, ({ status }) => status)).toEqual(statuses)
    const ruleStatuses = ['DRAFT', 'FAILED', 'PASSED', 'RUNNING', 'WARN']
    expect(distinct(rows.flatMap(rulesOf), ({ status }) => status)).toEqual(ruleStatuses)
  })

  it.each(['work_classify', 'work_extract', 'work_verify'])('%s has runs of every status and origin', async (id) => {
    const rows = await read<WireRun[]>(`/apps/c/workflows/${id}/runs?take=500`)
    const statuses = ['CANCELLED', 'COMPLETED', 'FAILED', 'PENDING', 'RUNNING', 'SKIPPED']
    const origins = ['ENDPOINT', 'RECORD', 'TEST', 'TRIGGER', 'WEBHOOK', 'WORKFLOW']
    expect(distinct(rows, ({ status }) => status)).toEqual(statuses)
    expect(distinct(rows, ({ origin }) => origin)).toEqual(origins)
  })

  it('has the same jobs every time', async () => {
    const again = await startCortexSandbox({ now: () => clock.now })
    const response = await fetch(new URL(`${LOANS}?verbose=all`, again.settings.baseUrl), {
      headers: { authorization: `Bearer ${again.settings.apiKey!.reveal()}` },
    })
    expect(await response.json()).toEqual(await read(`${LOANS}?verbose=all`))
    await again.close()
  })

  it('has the documented jobs in their documented statuses', async () => {
    expect(await read(`${INVOICES}/rec_long_running`)).toMatchObject({ status: 'RUNNING' })
    expect(await read(`${INVOICES}/rec_completed`)).toMatchObject({ status: 'COMPLETED', rules_fail_count: 1 })
    expect(await read(`${LOANS}/rec_failed`)).toMatchObject({ status: 'FAILED' })
    expect(await read(`${EXTRACT_RUNS}/run_long_running`)).toMatchObject({ status: 'RUNNING' })
    expect(await read(`${EXTRACT_RUNS}/run_completed`)).toMatchObject({ status: 'COMPLETED' })
  })
})
