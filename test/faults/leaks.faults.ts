import { describe, expect, it } from 'vitest'
import { runOperation, openFaultyGateway, waitUntil, type FaultyGateway } from './faulty-gateway.js'
import { faults } from './faults.js'
import { operations, type FaultedVendor } from './operations.js'

const ROUNDS = 5
/** What a test runner and a heap that is not compacted may come to; one body of 32 MB that is kept is more. */
const ROOM_BYTES = 25 * 1024 * 1024
const PATIENCE_MS = 10_000

const HEAVY_ON_MEMORY = [
  'a body of 50 MB',
  'a body without an end',
  'a gzip bomb',
  'a status word of a megabyte',
  'twenty thousand too many of everything',
]
const HEAVY_ON_SOCKETS = [
  'it takes the request and hangs',
  'its TLS handshake hangs',
  'its name is never resolved',
  'its body drips',
  'it resets in the middle of the body',
  'nobody listens',
  '500 with JSON and a stack',
  'a redirect to another host',
  'a body without an end',
]
/** Before anything was opened. */
const before = underWay()

const vendors: readonly FaultedVendor[] = ['CORTEX', 'KODEXA']

describe.each(vendors)('a gateway that %s was sick to', (vendor) => {
  it.each(HEAVY_ON_MEMORY)('keeps no memory of %s', async (name) => {
    const ward = await openFaultyGateway({ vendor, fault: faultNamed(name) })
    try {
      await goThrough(ward, vendor)
      const before = await memory()
      for (let round = 1; round < ROUNDS; round++) await goThrough(ward, vendor)
      expect((await memory()) - before).toBeLessThan(ROOM_BYTES)
    } finally {
      await ward.close()
    }
  })

  it.each(HEAVY_ON_SOCKETS)('keeps neither timers nor sockets of %s', async (name) => {
    const ward = await openFaultyGateway({ vendor, fault: faultNamed(name) })
    await goThrough(ward, vendor)
    expect(moreThanBefore(), 'the servers at least').toContain('TCPServerWrap')
    await ward.gateway.close()
    expect(await waitUntil(() => ward.sick.openSockets() + ward.well.openSockets() === 0, PATIENCE_MS)).toBe(true)
    await ward.close()
    await waitUntil(() => moreThanBefore().length === 0, PATIENCE_MS)
    expect(moreThanBefore()).toEqual([])
  })
})

function faultNamed(name: string) {
  const fault = faults.find((each) => each.name === name)
  if (!fault) throw new Error(`There is no fault like ${name}.`)
  return fault
}

/** An operation of each of these kinds. */
async function goThrough(ward: FaultyGateway, sick: FaultedVendor): Promise<void> {
  const ofSick = operations.filter(({ vendor }) => vendor === sick)
  const kinds = ['one', 'list', 'watch', 'cancel']
  await Promise.all(
    kinds.map((each) =>
      runOperation(
        ward,
        ofSick.find(({ kind }) => kind === each)!,
      ),
    ),
  )
}

/** In bytes, what is really used: of the heap, and of buffers beside it. */
async function memory(): Promise<number> {
  for (let turn = 0; turn < 3; turn++) {
    await new Promise((resolve) => setTimeout(resolve, 50))
    globalThis.gc!()
  }
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}

/** The sockets, timers and look-ups that keep the process busy. */
function underWay(): readonly string[] {
  return process.getActiveResourcesInfo().filter((what) => /^(TCP|TLS|Timeout|Immediate|GetAddrInfo)/.test(what))
}

/** What there is more of than before. The test runner's own may have become less. */
function moreThanBefore(): readonly string[] {
  const known = [...before]
  return underWay().filter((what) => {
    const at = known.indexOf(what)
    if (at >= 0) known.splice(at, 1)
    return at < 0
  })
}
