import { describe, expect, it } from 'vitest'
import { openFaultyGateway, timeoutsFor, waitUntil, type FaultyGateway } from './faulty-gateway.js'
import type { Fault } from './fault.js'
import { faults } from './faults.js'
import type { FaultedVendor } from './operations.js'

/** More than open the circuit. */
const READS = 12
const MARGIN_MS = 5000
/** How long a vendor is left alone. */
const OPEN_MS = 5000

/** Reads that cannot be answered by one another. */
const READ: Readonly<Record<FaultedVendor, (number: number) => string>> = {
  CORTEX: (number) => `{ records(collectionId: "col_1", first: ${number}) { nodes { name } } }`,
  KODEXA: (number) => `{ executions(first: ${number}) { nodes { name } } }`,
}

const vendors: readonly FaultedVendor[] = ['CORTEX', 'KODEXA']
const cases = vendors.flatMap((vendor) => faults.map((fault) => [vendor, fault.name, fault] as const))

describe('a vendor that is sick for long', () => {
  const light = cases.filter(([, , fault]) => !fault.heavy && fault.reach !== 'TLS')

  it.concurrent.each(light)('%s: %s: is left alone if it is unwell, and found again', async (vendor, _name, fault) => {
    const ward = await openFaultyGateway({ vendor, fault })
    try {
      await Promise.all(Array.from({ length: READS }, (_, at) => ward.query(READ[vendor](at + 1))))
      const { circuit, other } = await circuits(ward, vendor)
      expect([circuit, other]).toEqual([isUnwell(fault) ? 'OPEN' : 'CLOSED', 'CLOSED'])

      const sent = ward.sick.requests.length
      const { errors } = await ward.query(READ[vendor](50))
      if (circuit === 'OPEN') {
        expect(errors).toMatchObject([{ extensions: { code: 'VENDOR_UNAVAILABLE', retryAfterSeconds: 5 } }])
        expect(ward.sick.requests).toHaveLength(sent)
      }

      if (fault.pauses) expect(errors).toMatchObject([{ extensions: { code: 'VENDOR_RATE_LIMITED', vendor } }])

      await ward.sick.heal()
      if (fault.pauses) return
      const isWell = async () => (await ward.query(READ[vendor](60))).errors.length === 0
      expect(
        await waitUntil(isWell, (circuit === 'OPEN' ? OPEN_MS : 0) + timeoutsFor(fault).deadlineMs + MARGIN_MS),
      ).toBe(true)
      expect((await circuits(ward, vendor)).circuit).toBe('CLOSED')
    } finally {
      await ward.close()
    }
  })
})

/** Whether a failure says that the vendor cannot work, and not that it will not. */
function isUnwell({ outcome, except }: Fault): boolean {
  const ofLists = except?.list ?? outcome
  return ofLists === 'VENDOR_UNAVAILABLE' || ofLists === 'VENDOR_TIMEOUT'
}

async function circuits(ward: FaultyGateway, sick: FaultedVendor): Promise<{ circuit: string; other: string }> {
  const { data } = await ward.query('{ vendors { vendor circuit } }')
  const vendors: readonly { vendor: string; circuit: string }[] = data.vendors
  const of = (isSick: boolean) => vendors.find(({ vendor }) => (vendor === sick) === isSick)!.circuit
  return { circuit: of(true), other: of(false) }
}
