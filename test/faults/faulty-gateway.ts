import { setTimeout as delay } from 'node:timers/promises'
import { openGateway, type TestGateway } from '../support/gateway.js'
import { cortexAt, kodexaAt } from '../support/scripted-vendor.js'
import type { Fault } from './fault.js'
import { startFaultyVendor, type FaultyVendor } from './faulty-vendor.js'
import { healthyCortex, healthyKodexa } from './healthy.js'
import type { OperationResponse, Operation, FaultedVendor } from './operations.js'

/** Short timeouts for slow faults; long ones otherwise, so that a busy machine causes no timeout. */
export function timeoutsFor({ slow }: Fault): { readonly timeoutMs: number; readonly deadlineMs: number } {
  return slow ? { timeoutMs: 500, deadlineMs: 1500 } : { timeoutMs: 8000, deadlineMs: 10_000 }
}

/** A gateway in front of one faulty and one healthy vendor. */
export interface FaultyGateway extends TestGateway {
  readonly faulty: FaultyVendor
  readonly healthy: FaultyVendor
}

export interface FaultyGatewayOptions {
  readonly vendor: FaultedVendor
  readonly fault: Fault
  readonly hits?: RegExp | undefined
  readonly withoutContainers?: boolean | undefined
}

const HEALTHY = { CORTEX: healthyCortex, KODEXA: healthyKodexa }
const NO_FAULT: Fault = { name: 'none', outcome: 'DATA' }

export async function openFaultyGateway({
  vendor,
  fault,
  hits,
  withoutContainers,
}: FaultyGatewayOptions): Promise<FaultyGateway> {
  const { timeoutMs, deadlineMs } = timeoutsFor(fault)
  const faulty = await startFaultyVendor({ healthy: HEALTHY[vendor], fault, ...(hits && { hits }) })
  const healthy = await startFaultyVendor({
    healthy: HEALTHY[vendor === 'CORTEX' ? 'KODEXA' : 'CORTEX'],
    fault: NO_FAULT,
  })
  const cortex = vendor === 'CORTEX' ? faulty : healthy
  const kodexa = vendor === 'KODEXA' ? faulty : healthy
  // The healthy vendor may be slow on a busy machine.
  const settingsOf = (of: FaultyVendor) => ({ timeoutMs: of === faulty ? timeoutMs : deadlineMs, maxRetries: 2 })
  const places = withoutContainers ? { collectionIds: [], workflowIds: [] } : {}
  const gateway = openGateway(
    (log) => [
      cortexAt(cortex.url, { ...settingsOf(cortex), ...places }, { log }),
      kodexaAt(kodexa.url, settingsOf(kodexa), { log }),
    ],
    { deadlineMs, outageGraceMs: 0, pollMs: 20 },
  )
  return {
    ...gateway,
    faulty,
    healthy,
    async close() {
      await gateway.close()
      await Promise.all([faulty.close(), healthy.close()])
    },
  }
}

interface StreamEvent {
  readonly data?: { readonly jobsUpdated: OperationResponse['data']['events'][number] } | null
  readonly errors?: OperationResponse['errors']
}

/** Returns the response to an operation; for a subscription, the first event of each vendor or the error. */
export async function runOperation(
  { gateway, query }: FaultyGateway,
  { document, kind }: Operation,
): Promise<OperationResponse & { text: string }> {
  if (kind !== 'watch') return query(document)
  const disconnect = new AbortController()
  const response = await gateway.fetch(
    new Request('http://gateway.test/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
      body: JSON.stringify({ query: document }),
      signal: disconnect.signal,
    }),
  )
  let text = ''
  let events: OperationResponse['data']['events'] = []
  let errors: OperationResponse['errors'] = []
  for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
    text += Buffer.from(chunk).toString()
    const seen = [...text.matchAll(/^data: (.+)$/gm)].map(([, json]) => JSON.parse(json!) as StreamEvent)
    events = seen.flatMap(({ data }) => data?.jobsUpdated ?? [])
    errors = seen.flatMap(({ errors }) => errors ?? [])
    if (new Set(events.map(({ vendor }) => vendor)).size + Math.min(errors.length, 1) >= 2) break
  }
  disconnect.abort()
  return { data: { events } as unknown as OperationResponse['data'], errors, text }
}

/** Waits at most `ms` until the condition holds; returns whether it does. */
export async function waitUntil(holds: () => boolean | Promise<boolean>, ms: number): Promise<boolean> {
  for (const end = performance.now() + ms; performance.now() < end; await delay(20)) if (await holds()) return true
  return holds()
}
