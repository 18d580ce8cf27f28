import { afterEach, describe, expect, test } from 'vitest'
import { startKodexaSandbox, type KodexaSandbox, type KodexaSandboxOptions } from '../../../src/sandbox/kodexa/index.js'
import { DOCUMENTED_IDS } from '../../../src/sandbox/kodexa/executions.js'
import { STATUSES_BY_CODE } from '../../../src/vendors/kodexa/status-codes.js'
import type { WireExecution, WirePage, WireStatusMessage } from '../../../src/vendors/kodexa/wire.js'

const START = Date.UTC(2026, 4, 4, 12)
const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE
const UNKNOWN = '00000000-0000-4000-8000-0000000000ff'
const TERMINAL = ['SUCCEEDED', 'FAILED', 'SKIPPED', 'CANCELLED', 'REPROCESSED']

const clock = { now: START }
const open: KodexaSandbox[] = []

afterEach(async () => {
  clock.now = START
  await Promise.all(open.splice(0).map((sandbox) => sandbox.close()))
})

describe('authentication', () => {
  test('a request without a key is refused with 401', async () => {
    const { baseUrl } = await start()
    const response = await fetch(new URL('/api/executions', baseUrl))
    expect(response.status).toBe(401)
  })

  test('both headers are accepted, and the newer one wins', async () => {
    const { baseUrl, apiKey } = await start()
    const status = async (headers: Record<string, string>) =>
      (await fetch(new URL('/api/account/me', baseUrl), { headers })).status
    expect(await status({ 'x-api-key': apiKey })).toBe(200)
    expect(await status({ 'x-access-token': apiKey })).toBe(200)
    expect(await status({ 'x-api-key': apiKey, 'x-access-token': 'wrong' })).toBe(200)
    expect(await status({ 'x-api-key': 'wrong', 'x-access-token': apiKey })).toBe(401)
  })

  test('the key is another one with each start', async () => {
    const [one, other] = [await start(), await start()]
    expect(one.apiKey).not.toBe(other.apiKey)
  })
})

describe('errors', () => {
  test('they are platform exceptions with an incident and a stack trace', async () => {
    const sandbox = await start()
    const { status, body } = await call<Record<string, unknown>>(sandbox, 'GET', `/api/executions/${UNKNOWN}`)
    expect(status).toBe(404)
    expect(body).toMatchObject({
      dateTime: '2026-05-04T12:00:00.000Z',
      message: `Execution ${UNKNOWN} not found`,
      contextPath: `/api/executions/${UNKNOWN}`,
    })
    expect(body.incidentId).toMatch(/^[\da-f-]{36}$/)
    expect(body.stackTrace).toContain('SandboxStackFrame')
  })

  test('what is wrong with a parameter is said by its name', async () => {
    const sandbox = await start()
    const { status, body } = await call(sandbox, 'GET', '/api/executions?page=one')
    expect(status).toBe(400)
    expect(body).toMatchObject({ errors: { page: 'must be an int32' } })
  })

  test.each(['/api/executions/nonsense', '/api/executions/nonsense/status-messages'])('%s is no UUID', async (path) => {
    expect((await call(await start(), 'GET', path)).status).toBe(400)
  })

  test.each([
    `/api/executions/${UNKNOWN}/status-messages`,
    `/api/executions/${DOCUMENTED_IDS.succeeded}/logs`,
    '/api/nothing',
  ])('%s is not found', async (path) => {
    expect((await call(await start(), 'GET', path)).status).toBe(404)
  })
})

describe('the list', () => {
  test('pages are asked for from 1 and numbered from 0', async () => {
    const sandbox = await start()
    const whole = await list(sandbox, 'pageSize=1000')
    const first = await list(sandbox, '')
    const second = await list(sandbox, 'page=2&pageSize=20')
    expect(whole).toMatchObject({ totalElements: 120, totalPages: 1, numberOfElements: 120, first: true, last: true })
    expect(first).toMatchObject({ number: 0, size: 20, totalElements: 120, totalPages: 6, first: true, last: false })
    expect(first.pageable).toEqual({ offset: 0, pageNumber: 0, pageSize: 20 })
    expect(second).toMatchObject({ number: 1, numberOfElements: 20, first: false, last: false })
    expect(second.pageable).toEqual({ offset: 20, pageNumber: 1, pageSize: 20 })
    expect([...ids(first), ...ids(second)]).toEqual(ids(whole).slice(0, 40))
  })

  test('pages can be asked for from 0 as well', async () => {
    const sandbox = await start({ pageBase: 0 })
    expect(await list(sandbox, '')).toMatchObject({ number: 0, first: true })
    expect(await list(sandbox, 'page=0')).toMatchObject({ number: 0, first: true })
    expect(await list(sandbox, 'page=1')).toMatchObject({ number: 1, first: false, pageable: { offset: 20 } })
  })

  test('the last page says so, and what lies behind it is empty', async () => {
    const sandbox = await start()
    expect(await list(sandbox, 'page=2&pageSize=100')).toMatchObject({ numberOfElements: 20, last: true })
    expect(await list(sandbox, 'page=3&pageSize=100')).toMatchObject({ content: [], numberOfElements: 0, last: true })
  })

  test('a page before the first one is the first one', async () => {
    expect(await list(await start(), 'page=0')).toMatchObject({ number: 0, first: true })
  })

  test('a size over the maximum is lowered to it, and only the answer tells', async () => {
    const sandbox = await start({ maxPageSize: 30 })
    expect(await list(sandbox, 'pageSize=1000')).toMatchObject({ size: 30, numberOfElements: 30, totalPages: 4 })
    expect((await call(sandbox, 'GET', '/api/executions?pageSize=0')).status).toBe(400)
  })

  test('the newest come first unless another order is asked for', async () => {
    const sandbox = await start()
    const byDefault = await list(sandbox, 'pageSize=1000')
    const created = byDefault.content?.map((execution) => String(execution.createdOn)) ?? []
    expect(created).toEqual(created.toSorted().reverse())
    expect(ids(await list(sandbox, 'pageSize=1000&sort=createdOn:desc'))).toEqual(ids(byDefault))
    expect(ids(await list(sandbox, 'pageSize=1000&sort=id'))).toEqual(ids(byDefault).toSorted())
  })

  test.each(['startDate,asc', 'startDate:asc', 'endDate,desc', 'endDate:desc', 'updatedOn,desc'])(
    'sort=%s is understood, and what has no date comes last',
    async (sort) => {
      const { content } = await list(await start(), `pageSize=1000&sort=${sort}`)
      const [property, direction] = sort.split(/[,:]/) as ['startDate', 'asc']
      const dates = content?.map((execution) => execution[property] ?? null) ?? []
      const known = dates.filter((date) => date !== null)
      const sorted = known.toSorted()
      expect(known.length).toBeGreaterThan(50)
      expect(dates.slice(0, known.length)).toEqual(direction === 'asc' ? sorted : sorted.reverse())
    },
  )

  test.each(['priority', 'createdOn,down', 'createdOn desc', ''])('sort=%s is refused', async (sort) => {
    expect((await call(await start(), 'GET', `/api/executions?sort=${sort}`)).status).toBe(400)
  })

  test('a text is looked for in the descriptions, and * finds all', async () => {
    const sandbox = await start()
    const hail = await list(sandbox, 'pageSize=1000&query=HAIL')
    expect(hail.content?.length).toBeGreaterThan(0)
    for (const { description } of hail.content ?? []) expect(description).toContain('hail')
    expect(await list(sandbox, 'query=*')).toMatchObject({ totalElements: 120 })
  })

  test('statuses can be told by their codes', async () => {
    const sandbox = await start({ statusAs: 'code' })
    const { body } = await call<WireExecution>(sandbox, 'GET', `/api/executions/${DOCUMENTED_IDS.cancelled}`)
    const { content } = await list(sandbox, 'pageSize=1000')
    expect(body.status).toBe(7)
    expect(new Set(content?.map(({ status }) => status))).toEqual(new Set([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]))
  })
})

describe('the executions', () => {
  test('all ten statuses are there at the start', async () => {
    const { content } = await list(await start(), 'pageSize=1000')
    expect(new Set(content?.map(({ status }) => status))).toEqual(new Set(STATUSES_BY_CODE))
  })

  test('they are the same ones at each start', async () => {
    const one = await list(await start(), 'pageSize=1000')
    clock.now = START + 3 * DAY
    const other = await list(await start(), 'pageSize=1000')
    expect(ids(other)).toEqual(ids(one))
    expect(other.content?.map(({ status }) => status)).toEqual(one.content?.map(({ status }) => status))
  })

  test('their ids are UUIDs and different', async () => {
    const found = ids(await list(await start(), 'pageSize=1000'))
    expect(new Set(found).size).toBe(120)
    for (const id of found) expect(id).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/)
  })

  test('the memorable ones are what the documentation says', async () => {
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

  test('the failed one says why, in the execution and in the step', async () => {
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

  test('an end is told exactly by those that have ended', async () => {
    const { content } = await list(await start(), 'pageSize=1000')
    for (const { status, endDate } of content ?? []) expect(endDate !== null).toBe(TERMINAL.includes(String(status)))
  })

  test('they differ where Kodexa is known to: outputs as text or list, steps without status, no assistant', async () => {
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

  test('dates, sequence and progress never go back as the clock goes on', async () => {
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

describe('the clock', () => {
  test('what waits starts, moves and ends within minutes', async () => {
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

  test('a running execution moves through its steps', async () => {
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

  test('what waits to be reprocessed is reprocessed within minutes', async () => {
    const sandbox = await start()
    const waiting = await withStatus(sandbox, 'PENDING_REPROCESSING')
    clock.now = START + 5 * MINUTE
    const after = await Promise.all(waiting.map(async ({ id }) => (await read(sandbox, id)).status))
    expect(after.toSorted()).toEqual(['PENDING_REPROCESSING', 'PENDING_REPROCESSING', 'REPROCESSED', 'REPROCESSED'])
  })
})

describe('a cancel', () => {
  test('lets a running execution wind down for four seconds', async () => {
    const sandbox = await start()
    const before = await read(sandbox, DOCUMENTED_IDS.runningForDays)
    const { status, body } = await cancel(sandbox, DOCUMENTED_IDS.runningForDays)
    expect(status).toBe(200)
    expect(body).toMatchObject({ status: 'CANCELLING', endDate: null, updatedOn: '2026-05-04T12:00:00.000Z' })
    expect(stepStatuses(body)).toEqual(['CANCELLING', 'PENDING', 'PENDING', 'PENDING', 'PENDING'])
    expect(body.changeSequence).toBeGreaterThan(before.changeSequence ?? 0)

    clock.now = START + 3_999
    expect(await read(sandbox, DOCUMENTED_IDS.runningForDays)).toMatchObject({ status: 'CANCELLING' })
    clock.now = START + 4_000
    const after = await read(sandbox, DOCUMENTED_IDS.runningForDays)
    expect(after).toMatchObject({ status: 'CANCELLED', endDate: '2026-05-04T12:00:04.000Z' })
    expect(new Set(stepStatuses(after))).toEqual(new Set(['CANCELLED']))
    clock.now = START + 30 * DAY
    expect(await read(sandbox, DOCUMENTED_IDS.runningForDays)).toEqual(after)
  })

  test.each(['PENDING', 'REQUESTED', 'PENDING_REPROCESSING'])(
    'of one that is %s takes effect at once',
    async (word) => {
      const sandbox = await start()
      const [waiting] = await withStatus(sandbox, word)
      const { status, body } = await cancel(sandbox, waiting?.id ?? '')
      expect(status).toBe(200)
      expect(body).toMatchObject({ status: 'CANCELLED', endDate: '2026-05-04T12:00:00.000Z' })
    },
  )

  test('sent again while the first one is under way changes nothing', async () => {
    const sandbox = await start()
    const first = await cancel(sandbox, DOCUMENTED_IDS.runningForDays)
    clock.now = START + 2_000
    const second = await cancel(sandbox, DOCUMENTED_IDS.runningForDays)
    expect(second).toEqual(first)
    clock.now = START + 4_000
    expect(await read(sandbox, DOCUMENTED_IDS.runningForDays)).toMatchObject({ status: 'CANCELLED' })
  })

  test.each(TERMINAL)('of one that is %s is refused and changes nothing', async (word) => {
    const sandbox = await start()
    const [ended] = await withStatus(sandbox, word)
    const { status, body } = await cancel(sandbox, ended?.id ?? '')
    expect(status).toBe(400)
    expect(body).toMatchObject({ message: `Execution ${ended?.id} is ${word} and cannot be cancelled` })
    expect(await read(sandbox, ended?.id ?? '')).toEqual(ended)
  })

  test('of an unknown execution is 404, of what is no UUID 400', async () => {
    const sandbox = await start()
    expect((await cancel(sandbox, UNKNOWN)).status).toBe(404)
    expect((await cancel(sandbox, 'nonsense')).status).toBe(400)
  })

  test('changes no other execution', async () => {
    const sandbox = await start()
    await cancel(sandbox, DOCUMENTED_IDS.runningForDays)
    const { content } = await list(sandbox, 'pageSize=1000')
    expect(content?.filter(({ updatedOn }) => updatedOn === '2026-05-04T12:00:00.000Z').map(({ id }) => id)).toEqual([
      DOCUMENTED_IDS.runningForDays,
    ])
  })
})

describe('status messages', () => {
  test('there are at most ten, oldest first', async () => {
    const messages = await statusMessages(await start(), DOCUMENTED_IDS.succeeded)
    const dates = messages.map(({ datetime }) => String(datetime))
    expect(messages).toHaveLength(10)
    expect(dates).toEqual(dates.toSorted())
    expect(messages.at(-1)).toMatchObject({ executionId: DOCUMENTED_IDS.succeeded, title: 'Done' })
    expect(new Set(messages.map(({ id }) => id)).size).toBe(10)
  })

  test('what has not started has none', async () => {
    expect(await statusMessages(await start(), DOCUMENTED_IDS.pendingForDays)).toEqual([])
  })

  test('a running execution gets more of them, and a cancel shows', async () => {
    const sandbox = await start()
    const early = await statusMessages(sandbox, DOCUMENTED_IDS.runningForDays)
    clock.now = START + DAY
    const late = await statusMessages(sandbox, DOCUMENTED_IDS.runningForDays)
    expect(late.length).toBeGreaterThan(early.length)
    expect(late.slice(0, early.length)).toEqual(early)
    await cancel(sandbox, DOCUMENTED_IDS.runningForDays)
    expect((await statusMessages(sandbox, DOCUMENTED_IDS.runningForDays)).at(-1)).toMatchObject({
      title: 'Asked to stop',
    })
  })
})

test('the sandbox remembers what it was asked', async () => {
  const sandbox = await start()
  await cancel(sandbox, DOCUMENTED_IDS.runningForDays)
  expect(sandbox.requests.map(({ method, url }) => `${method} ${url}`)).toEqual([
    `PUT /api/executions/${DOCUMENTED_IDS.runningForDays}/cancel`,
  ])
})

async function start(options: KodexaSandboxOptions = {}): Promise<KodexaSandbox> {
  const sandbox = await startKodexaSandbox({ now: () => clock.now, ...options })
  open.push(sandbox)
  return sandbox
}

interface Answer<T> {
  readonly status: number
  readonly body: T
}

async function call<T>({ baseUrl, apiKey }: KodexaSandbox, method: string, path: string): Promise<Answer<T>> {
  const response = await fetch(new URL(path, baseUrl), { method, headers: { 'x-api-key': apiKey } })
  return { status: response.status, body: (await response.json()) as T }
}

async function list(sandbox: KodexaSandbox, query: string): Promise<WirePage> {
  return (await call<WirePage>(sandbox, 'GET', `/api/executions?${query}`)).body
}

async function read(sandbox: KodexaSandbox, id: string): Promise<WireExecution> {
  return (await call<WireExecution>(sandbox, 'GET', `/api/executions/${id}`)).body
}

async function cancel(sandbox: KodexaSandbox, id: string): Promise<Answer<WireExecution>> {
  return call<WireExecution>(sandbox, 'PUT', `/api/executions/${id}/cancel`)
}

async function statusMessages(sandbox: KodexaSandbox, id: string): Promise<readonly WireStatusMessage[]> {
  return (await call<WireStatusMessage[]>(sandbox, 'GET', `/api/executions/${id}/status-messages`)).body
}

async function withStatus(sandbox: KodexaSandbox, status: string): Promise<readonly WireExecution[]> {
  return (await list(sandbox, `pageSize=1000&filter=${encodeURIComponent(`status:'${status}'`)}`)).content ?? []
}

function ids(page: WirePage): readonly string[] {
  return page.content?.map(({ id }) => id) ?? []
}

function stepStatuses({ pipeline }: WireExecution): readonly unknown[] {
  return pipeline?.steps?.map(({ status }) => status) ?? []
}
