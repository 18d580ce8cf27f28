import { describe, expect, it } from 'vitest'
import { runOperation, openFaultyGateway, waitUntil, type FaultyGateway } from './faulty-gateway.js'
import { faults } from './faults.js'
import { operations, type FaultedVendor } from './operations.js'

const ROUNDS = 5
/** What a test runner and a heap that is not compacted may come to; one body of 32 MB that is kept is more. */
const ROOM_BYTES = 25 * 1024 * 1024
const TIMEOUT_MS = 10_000

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
/** Active resources before any test. */
const before = activeResources()

const vendors: readonly FaultedVendor[] = ['CORTEX', 'KODEXA']

describe.each(vendors)('a gateway after a fault of %s', (vendor) => {
  it.each(HEAVY_ON_MEMORY)('leaks no memory: %s', async (name) => {
    const fixture = await openFaultyGateway({ vendor, fault: faultNamed(name) })
    try {
      await runEachKind(fixture, vendor)
      const before = await memory()
      for (let round = 1; round < ROUNDS; round++) await runEachKind(fixture, vendor)
      expect((await memory()) - before).toBeLessThan(ROOM_BYTES)
    } finally {
      await fixture.close()
    }
  })

  it.each(HEAVY_ON_SOCKETS)('leaks neither timers nor sockets: %s', async (name) => {
    const fixture = await openFaultyGateway({ vendor, fault: faultNamed(name) })
    await runEachKind(fixture, vendor)
    expect(newResources(), 'the servers at least').toContain('TCPServerWrap')
    await fixture.gateway.close()
    expect(await waitUntil(() => fixture.faulty.openSockets() + fixture.healthy.openSockets() === 0, TIMEOUT_MS)).toBe(
      true,
    )
    await fixture.close()
    await waitUntil(() => newResources().length === 0, TIMEOUT_MS)
    expect(newResources()).toEqual([])
  })
})

function faultNamed(name: string) {
  const fault = faults.find((each) => each.name === name)
  if (!fault) throw new Error(`There is no fault like ${name}.`)
  return fault
}

/** Runs one operation of each kind. */
async function runEachKind(fixture: FaultyGateway, faulty: FaultedVendor): Promise<void> {
  const ofVendor = operations.filter(({ vendor }) => vendor === faulty)
  const kinds = ['one', 'list', 'watch', 'cancel']
  await Promise.all(
    kinds.map((each) =>
      runOperation(
        fixture,
        ofVendor.find(({ kind }) => kind === each)!,
      ),
    ),
  )
}

/** Returns the used heap and array buffers in bytes, after garbage collection. */
async function memory(): Promise<number> {
  for (let turn = 0; turn < 3; turn++) {
    await new Promise((resolve) => setTimeout(resolve, 50))
    globalThis.gc!()
  }
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}

/** Returns the active sockets, timers and DNS lookups of the process. */
function activeResources(): readonly string[] {
  return process.getActiveResourcesInfo().filter((what) => /^(TCP|TLS|Timeout|Immediate|GetAddrInfo)/.test(what))
}

/** Returns the active resources that did not exist at the start. Those of the test runner may have ended. */
function newResources(): readonly string[] {
  const known = [...before]
  return activeResources().filter((what) => {
    const at = known.indexOf(what)
    if (at >= 0) known.splice(at, 1)
    return at < 0
  })
}
