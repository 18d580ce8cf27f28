import { setTimeout as delay } from 'node:timers/promises'
import { openGateway, type TestGateway } from '../support/gateway.js'
import { cortexAt, kodexaAt } from '../support/scripted-vendor.js'
import type { Fault } from './fault.js'
import { startFaultyVendor, type FaultyVendor } from './faulty-vendor.js'
import { healthyCortex, healthyKodexa } from './healthy.js'
import type { OperationResponse, Operation, FaultedVendor } from './operations.js'

/** How long a vendor may take: little where waiting is the point, plenty elsewhere, so that a busy machine is no fault. */
export function timeoutsFor({ slow }: Fault): { readonly timeoutMs: number; readonly deadlineMs: number } {
  return slow ? { timeoutMs: 500, deadlineMs: 1500 } : { timeoutMs: 8000, deadlineMs: 10_000 }
}

/** One vendor that is sick, the other one, and a gateway in front of both. */
export interface FaultyGateway extends TestGateway {
  readonly sick: FaultyVendor
  readonly well: FaultyVendor
}

export interface FaultyGatewayOptions {
  readonly vendor: FaultedVendor
  readonly fault: Fault
  readonly hits?: RegExp | undefined
  readonly withoutPlaces?: boolean | undefined
}

const HEALTHY = { CORTEX: healthyCortex, KODEXA: healthyKodexa }
const NO_FAULT: Fault = { name: 'none', outcome: 'DATA' }

export async function openFaultyGateway({
  vendor,
  fault,
  hits,
  withoutPlaces,
}: FaultyGatewayOptions): Promise<FaultyGateway> {
  const { timeoutMs, deadlineMs } = timeoutsFor(fault)
  const sick = await startFaultyVendor({ healthy: HEALTHY[vendor], fault, ...(hits && { hits }) })
  const well = await startFaultyVendor({ healthy: HEALTHY[vendor === 'CORTEX' ? 'KODEXA' : 'CORTEX'], fault: NO_FAULT })
  const cortex = vendor === 'CORTEX' ? sick : well
  const kodexa = vendor === 'KODEXA' ? sick : well
  // The one that is well may be slow, as the machine is.
  const settingsOf = (of: FaultyVendor) => ({ timeoutMs: of === sick ? timeoutMs : deadlineMs, maxRetries: 2 })
  const places = withoutPlaces ? { collectionIds: [], workflowIds: [] } : {}
  const gateway = openGateway(
    (log) => [
      cortexAt(cortex.url, { ...settingsOf(cortex), ...places }, { log }),
      kodexaAt(kodexa.url, settingsOf(kodexa), { log }),
    ],
    { deadlineMs, outageGraceMs: 0, pollMs: 20 },
  )
  return {
    ...gateway,
    sick,
    well,
    async close() {
      await gateway.close()
      await Promise.all([sick.close(), well.close()])
    },
  }
}

interface StreamEvent {
  readonly data?: { readonly jobsUpdated: OperationResponse['data']['events'][number] } | null
  readonly errors?: OperationResponse['errors']
}

/** The answer to an operation; of a subscription, the first event of each job, or what went wrong instead. */
export async function runOperation(
  { gateway, query }: FaultyGateway,
  { document, kind }: Operation,
): Promise<OperationResponse & { text: string }> {
  if (kind !== 'watch') return query(document)
  const leaving = new AbortController()
  const response = await gateway.fetch(
    new Request('http://gateway.test/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
      body: JSON.stringify({ query: document }),
      signal: leaving.signal,
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
  leaving.abort()
  return { data: { events } as unknown as OperationResponse['data'], errors, text }
}

/** Waits until this holds, for so long at most; says whether it does. */
export async function waitUntil(holds: () => boolean | Promise<boolean>, ms: number): Promise<boolean> {
  for (const end = performance.now() + ms; performance.now() < end; await delay(20)) if (await holds()) return true
  return holds()
}
