import { afterAll, describe, expect, it } from 'vitest'
import { API_KEY } from '../support/scripted-vendor.js'
import { runOperation, openFaultyGateway, timeoutsFor, waitUntil, type FaultyGateway } from './faulty-gateway.js'
import type { Fault, Outcome } from './fault.js'
import { faults } from './faults.js'
import { operations, type Operation, type FaultedVendor } from './operations.js'
import { createOutcomeTable } from './outcome-table.js'
import { RAW } from './status-faults.js'

/** Tolerance for a busy machine, in ms. */
const MARGIN_MS = 5000
const ATTEMPTS = 3

/** Tests every fault with every operation of the vendor, and prints the table of outcomes. */
export function describeFaultsOf(vendor: FaultedVendor): void {
  const table = createOutcomeTable(vendor, faults, (fault) => cellsOf(vendor, fault).length)
  afterAll(() => process.stdout.write(`\n${table.print()}\n`))

  describe.each(faults.map((fault) => [fault.name, fault] as const))(`a faulty ${vendor}: %s:`, (_name, fault) => {
    const test = fault.heavy ? it : it.concurrent
    test.each(cellsOf(vendor, fault))('%s (%s)', async (_operation, _kind, operation) => {
      const fixture = await openFaultyGateway({ ...operation, fault })
      try {
        const outcome = await expectCorrectResponse(fixture, fault, operation)
        await expectRecovery(fixture, fault, operation)
        table.add(fault, operation, outcome)
      } finally {
        await fixture.close()
      }
      expect(await waitUntil(() => fixture.faulty.openSockets() === 0, MARGIN_MS)).toBe(true)
    })
  })
}

/** Connection faults affect every request, so a cancel cannot fail alone. */
function cellsOf(faulty: FaultedVendor, { attack }: Fault) {
  return operations
    .filter(({ vendor }) => vendor === faulty)
    .filter(({ kind }) => attack !== undefined || kind !== 'cancel+read')
    .map((operation) => [operation.name, operation.kind, operation] as const)
}

/** Checks the response while the vendor is faulty; returns the outcome for the table. */
async function expectCorrectResponse(fixture: FaultyGateway, fault: Fault, operation: Operation): Promise<string> {
  const start = performance.now()
  const answer = await runOperation(fixture, operation)
  const tookMs = performance.now() - start
  const { outcome, message } = operation.find(answer)
  expect(outcome, message).toBe(expectedOf(fault, operation))
  expect(operation.isOtherWhole(answer), answer.text.slice(0, 1000)).toBe(true)
  expect(tookMs).toBeLessThan(timeoutsFor(fault).deadlineMs + MARGIN_MS)
  expectNoLeaks(answer.text, fixture)
  expectFewRequests(fixture, fault, operation)
  return outcome + (expectCancelCertainty(fault, operation, message) ? '' : '?')
}

function expectedOf({ outcome, except = {} }: Fault, { kind, vendor }: Operation): Outcome {
  return except[`${kind} of ${vendor}`] ?? except[kind] ?? outcome
}

function expectNoLeaks(text: string, { lines, faulty, healthy }: FaultyGateway): void {
  for (const secret of [API_KEY, RAW, 'com.vendor', 'node_modules', 'INTERNAL', faulty.url.host, healthy.url.host])
    expect(text).not.toContain(secret)
  expect(text).not.toMatch(/^\s*at \S+ \(|stack/im)
  expect(lines.filter(({ level }) => level === 'error')).toEqual([])
  expect(faulty.strayRequests).toEqual([])
}

/** Expects at most one cancel request, and no more reads than the retry policy allows. */
function expectFewRequests(
  { faulty, healthy }: FaultyGateway,
  { again }: Fault,
  { kind, isOneCall, hits }: Operation,
): void {
  for (const { requests } of [faulty, healthy])
    expect(requests.filter((line) => /^(POST|PUT) /.test(line)).length).toBeLessThanOrEqual(1)
  const reads = faulty.requests.filter((line) => line.startsWith('GET '))
  if (isOneCall) expect(reads.length).toBeLessThanOrEqual(again ? ATTEMPTS : 1)
  else if (kind === 'second')
    expect(reads.filter((line) => hits!.test(line)).length).toBeLessThanOrEqual(again ? ATTEMPTS : 1)
}

/** Expects a cancel to report an unknown outcome exactly when it is unknown; returns whether it is known. */
function expectCancelCertainty(fault: Fault, operation: Operation, message: string): boolean {
  const isUnsure =
    operation.kind.startsWith('cancel') && fault.unsure === true && expectedOf(fault, operation) === fault.outcome
  if (isUnsure) expect(message).toContain('The outcome of the cancel is unknown')
  else expect(message).not.toContain('unknown: ')
  if (isUnsure)
    expect(message).toContain(operation.kind === 'cancel' ? 'could not be read' : 'the job is still RUNNING')
  return !isUnsure
}

/** Expects success once the vendor is healthy, unless it asked for a pause. */
async function expectRecovery(fixture: FaultyGateway, fault: Fault, operation: Operation): Promise<void> {
  await fixture.faulty.heal()
  // Without a certificate the vendor cannot recover from a TLS fault.
  if (fault.pauses || fault.reach === 'TLS') return
  const isWell = async () => operation.find(await runOperation(fixture, operation)).outcome === 'DATA'
  expect(await waitUntil(isWell, MARGIN_MS)).toBe(true)
}
