import { describe, expect, it } from 'vitest'
import { openFaultyGateway, timeoutsFor, waitUntil, type FaultyGateway } from './faulty-gateway.js'
import type { Fault } from './fault.js'
import { faults } from './faults.js'
import type { FaultedVendor } from './operations.js'

/** More failures than open the circuit. */
const READS = 12
/** For a busy machine: how fast responses come is measured elsewhere. */
const MARGIN_MS = 15_000
/** How long the circuit stays open, in ms. */
const OPEN_MS = 5000

/** Distinct queries, so that none is served from the cache. */
const READ: Readonly<Record<FaultedVendor, (number: number) => string>> = {
  CORTEX: (number) => `{ records(collectionId: "col_1", first: ${number}) { nodes { name } } }`,
  KODEXA: (number) => `{ executions(first: ${number}) { nodes { name } } }`,
}

const vendors: readonly FaultedVendor[] = ['CORTEX', 'KODEXA']
const cases = vendors.flatMap((vendor) => faults.map((fault) => [vendor, fault.name, fault] as const))

describe('a vendor with a lasting fault', () => {
  const light = cases.filter(([, , fault]) => !fault.heavy && fault.reach !== 'TLS')

  it.concurrent.each(light)(
    '%s: %s: opens the circuit if the vendor is down, and recovers',
    async (vendor, _name, fault) => {
      const fixture = await openFaultyGateway({ vendor, fault })
      try {
        await Promise.all(Array.from({ length: READS }, (_, at) => fixture.query(READ[vendor](at + 1))))
        const { circuit, other } = await circuits(fixture, vendor)
        expect([circuit, other]).toEqual([isOutage(fault) ? 'OPEN' : 'CLOSED', 'CLOSED'])

        const sent = fixture.faulty.requests.length
        const { errors } = await fixture.query(READ[vendor](50))
        if (circuit === 'OPEN') {
          expect(errors).toMatchObject([{ extensions: { code: 'VENDOR_UNAVAILABLE', retryAfterSeconds: 5 } }])
          expect(fixture.faulty.requests).toHaveLength(sent)
        }

        if (fault.pauses) expect(errors).toMatchObject([{ extensions: { code: 'VENDOR_RATE_LIMITED', vendor } }])

        await fixture.faulty.heal()
        if (fault.pauses) return
        const isWell = async () => (await fixture.query(READ[vendor](60))).errors.length === 0
        expect(
          await waitUntil(isWell, (circuit === 'OPEN' ? OPEN_MS : 0) + timeoutsFor(fault).deadlineMs + MARGIN_MS),
        ).toBe(true)
        expect((await circuits(fixture, vendor)).circuit).toBe('CLOSED')
      } finally {
        await fixture.close()
      }
    },
  )
})

/** Whether the fault counts as an outage rather than a rejection. */
function isOutage({ outcome, except }: Fault): boolean {
  const ofLists = except?.list ?? outcome
  return ofLists === 'VENDOR_UNAVAILABLE' || ofLists === 'VENDOR_TIMEOUT'
}

async function circuits(fixture: FaultyGateway, faulty: FaultedVendor): Promise<{ circuit: string; other: string }> {
  const { data } = await fixture.query('{ vendors { vendor circuit } }')
  const vendors: readonly { vendor: string; circuit: string }[] = data.vendors
  const of = (isFaulty: boolean) => vendors.find(({ vendor }) => (vendor === faulty) === isFaulty)!.circuit
  return { circuit: of(true), other: of(false) }
}
