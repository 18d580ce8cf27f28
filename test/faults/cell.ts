import { setTimeout as delay } from 'node:timers/promises'
import { openGateway, type TestGateway } from '../support/gateway.js'
import { cortexAt, kodexaAt } from '../support/scripted-vendor.js'
import type { Fault } from './fault.js'
import { startFaultyVendor, type FaultyVendor } from './faulty-vendor.js'
import { healthyCortex, healthyKodexa } from './healthy.js'
import type { Answer, Operation, SickVendor } from './operations.js'

/** How long a vendor may take: little where waiting is the point, plenty elsewhere, so that a busy machine is no fault. */
export function patienceFor({ slow }: Fault): { readonly timeoutMs: number; readonly deadlineMs: number } {
  return slow ? { timeoutMs: 500, deadlineMs: 1500 } : { timeoutMs: 8000, deadlineMs: 10_000 }
}

/** One vendor that is sick, the other one, and a gateway in front of both. */
export interface Ward extends TestGateway {
  readonly sick: FaultyVendor
  readonly well: FaultyVendor
}

export interface WardOptions {
  readonly vendor: SickVendor
  readonly fault: Fault
  readonly hits?: RegExp | undefined
  readonly withoutPlaces?: boolean | undefined
}

const HEALTHY = { CORTEX: healthyCortex, KODEXA: healthyKodexa }
const NO_FAULT: Fault = { name: 'none', outcome: 'DATA' }

export async function openWard({ vendor, fault, hits, withoutPlaces }: WardOptions): Promise<Ward> {
  const { timeoutMs, deadlineMs } = patienceFor(fault)
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
  readonly data?: { readonly jobsUpdated: Answer['data']['events'][number] } | null
  readonly errors?: Answer['errors']
}

/** The answer to an operation; of a subscription, the first event of each job, or what went wrong instead. */
export async function ask({ gateway, query }: Ward, { document, kind }: Operation): Promise<Answer & { text: string }> {
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
  let events: Answer['data']['events'] = []
  let errors: Answer['errors'] = []
  for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
    text += Buffer.from(chunk).toString()
    const seen = [...text.matchAll(/^data: (.+)$/gm)].map(([, json]) => JSON.parse(json!) as StreamEvent)
    events = seen.flatMap(({ data }) => data?.jobsUpdated ?? [])
    errors = seen.flatMap(({ errors }) => errors ?? [])
    if (new Set(events.map(({ vendor }) => vendor)).size + Math.min(errors.length, 1) >= 2) break
  }
  leaving.abort()
  return { data: { events } as unknown as Answer['data'], errors, text }
}

/** Waits until this holds, for so long at most; says whether it does. */
export async function until(holds: () => boolean | Promise<boolean>, ms: number): Promise<boolean> {
  for (const end = performance.now() + ms; performance.now() < end; await delay(20)) if (await holds()) return true
  return holds()
}
