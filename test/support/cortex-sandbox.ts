import { afterEach, beforeEach, expect } from 'vitest'
import { startCortexSandbox, type CortexSandbox } from '../../src/sandbox/cortex/index.js'
import type { WireRecord, WireRecordRule } from '../../src/vendors/cortex/wire.js'

/** When the clock of the fixture starts. */
export const START = Date.parse('2025-06-02T09:30:00.000Z')

export const INVOICES = '/apps/c/collections/col_invoices/records'
export const LOANS = '/apps/c/collections/col_loans/records'
export const EXTRACT_RUNS = '/apps/c/workflows/work_extract/runs'

/** The body of a failed request. */
export interface CortexError {
  readonly status: number
  readonly message: string
  readonly errors?: readonly { readonly path: readonly string[]; readonly code: string }[]
}

interface CortexResponse<Body> {
  readonly status: number
  readonly headers: Headers
  readonly body: Body
}

export interface CortexSandboxFixture {
  readonly sandbox: CortexSandbox
  readonly clock: { now: number }
  send<Body>(method: 'GET' | 'POST', path: string, apiKey?: string): Promise<CortexResponse<Body>>
  /** Returns the body of a GET, which must succeed. */
  read<Body>(path: string): Promise<Body>
}

/** Returns a fixture with a new sandbox for every test, whose clock moves only by hand. */
export function useCortexSandbox(): CortexSandboxFixture {
  let sandbox: CortexSandbox
  const clock = { now: START }

  beforeEach(async () => {
    clock.now = START
    sandbox = await startCortexSandbox({ now: () => clock.now })
  })
  afterEach(() => sandbox.close())

  async function send<Body>(
    method: 'GET' | 'POST',
    path: string,
    apiKey = sandbox.settings.apiKey!.reveal(),
  ): Promise<CortexResponse<Body>> {
    const headers = { authorization: `Bearer ${apiKey}` }
    const response = await fetch(new URL(path, sandbox.settings.baseUrl), { method, headers })
    return { status: response.status, headers: response.headers, body: (await response.json()) as Body }
  }

  return {
    get sandbox() {
      return sandbox
    },
    clock,
    send,
    async read<Body>(path: string) {
      const { status, body } = await send<Body>('GET', path)
      expect(status).toBe(200)
      return body
    },
  }
}

export function rulesOf({ rules }: WireRecord): WireRecordRule[] {
  return Object.values(rules)
}

/** Returns the distinct values of the rows, sorted. */
export function distinct<Row>(rows: readonly Row[], valueOf: (row: Row) => string): string[] {
  return [...new Set(rows.map(valueOf))].sort()
}
