import { afterEach } from 'vitest'
import { startKodexaSandbox, type KodexaSandbox, type KodexaSandboxOptions } from '../../src/sandbox/kodexa/index.js'
import type { WireExecution, WirePage } from '../../src/vendors/kodexa/wire.js'

/** When the clock of the fixture starts. */
export const START = Date.UTC(2026, 4, 4, 12)

interface KodexaResponse<Body> {
  readonly status: number
  readonly body: Body
}

export interface KodexaSandboxFixture {
  readonly clock: { now: number }
  start(options?: KodexaSandboxOptions): Promise<KodexaSandbox>
}

/** Returns a fixture that starts sandboxes and closes them after each test. Their clock moves only by hand. */
export function useKodexaSandboxes(): KodexaSandboxFixture {
  const clock = { now: START }
  const started: KodexaSandbox[] = []

  afterEach(async () => {
    clock.now = START
    await Promise.all(started.splice(0).map((sandbox) => sandbox.close()))
  })

  return {
    clock,
    async start(options) {
      const sandbox = await startKodexaSandbox({ now: () => clock.now, ...options })
      started.push(sandbox)
      return sandbox
    },
  }
}

export async function send<Body>(sandbox: KodexaSandbox, method: string, path: string): Promise<KodexaResponse<Body>> {
  const headers = { 'x-api-key': sandbox.apiKey }
  const response = await fetch(new URL(path, sandbox.baseUrl), { method, headers })
  return { status: response.status, body: (await response.json()) as Body }
}

/** Returns a page of executions, given a query string. */
export async function list(sandbox: KodexaSandbox, query: string): Promise<WirePage> {
  return (await send<WirePage>(sandbox, 'GET', `/api/executions?${query}`)).body
}

export async function read(sandbox: KodexaSandbox, id: string): Promise<WireExecution> {
  return (await send<WireExecution>(sandbox, 'GET', `/api/executions/${id}`)).body
}

export async function cancel(sandbox: KodexaSandbox, id: string): Promise<KodexaResponse<WireExecution>> {
  return send<WireExecution>(sandbox, 'PUT', `/api/executions/${id}/cancel`)
}

/** Returns all executions with this status. */
export async function listByStatus(sandbox: KodexaSandbox, status: string): Promise<readonly WireExecution[]> {
  return (await list(sandbox, `pageSize=1000&filter=${encodeURIComponent(`status:'${status}'`)}`)).content ?? []
}

export function idsOf(page: WirePage): readonly string[] {
  return page.content?.map(({ id }) => id) ?? []
}

export function stepStatuses({ pipeline }: WireExecution): readonly unknown[] {
  return pipeline?.steps?.map(({ status }) => status) ?? []
}
