import { afterAll, describe, expect, it } from 'vitest'
import { API_KEY } from '../support/scripted-vendor.js'
import { runOperation, openFaultyGateway, timeoutsFor, waitUntil, type FaultyGateway } from './faulty-gateway.js'
import type { Fault, Outcome } from './fault.js'
import { faults } from './faults.js'
import { operations, type Operation, type FaultedVendor } from './operations.js'
import { createOutcomeTable } from './outcome-table.js'
import { RAW } from './status-faults.js'

/** What a busy machine may add to any time. */
const MARGIN_MS = 5000
const ATTEMPTS = 3

/** Every fault in every operation that needs this vendor, and the table of what they come to. */
export function describeFaultsOf(vendor: FaultedVendor): void {
  const table = createOutcomeTable(vendor, faults, (fault) => cellsOf(vendor, fault).length)
  afterAll(() => process.stdout.write(`\n${table.print()}\n`))

  describe.each(faults.map((fault) => [fault.name, fault] as const))(`a sick ${vendor}: %s:`, (_name, fault) => {
    const test = fault.heavy ? it : it.concurrent
    test.each(cellsOf(vendor, fault))('%s (%s)', async (_operation, _kind, operation) => {
      const ward = await openFaultyGateway({ ...operation, fault })
      try {
        const outcome = await expectHonesty(ward, fault, operation)
        await expectRecovery(ward, fault, operation)
        table.add(fault, operation, outcome)
      } finally {
        await ward.close()
      }
      expect(await waitUntil(() => ward.sick.openSockets() === 0, MARGIN_MS)).toBe(true)
    })
  })
}

/** A connection that fails does so for all that is asked: there is no cancel that fails alone. */
function cellsOf(sick: FaultedVendor, { attack }: Fault) {
  return operations
    .filter(({ vendor }) => vendor === sick)
    .filter(({ kind }) => attack !== undefined || kind !== 'cancel+read')
    .map((operation) => [operation.name, operation.kind, operation] as const)
}

/** What every answer is held to while the vendor is sick; gives the word for it. */
async function expectHonesty(ward: FaultyGateway, fault: Fault, operation: Operation): Promise<string> {
  const start = performance.now()
  const answer = await runOperation(ward, operation)
  const tookMs = performance.now() - start
  const { outcome, message } = operation.find(answer)
  expect(outcome, message).toBe(expectedOf(fault, operation))
  expect(operation.isOtherWhole(answer), answer.text.slice(0, 1000)).toBe(true)
  expect(tookMs).toBeLessThan(timeoutsFor(fault).deadlineMs + MARGIN_MS)
  expectDiscretion(answer.text, ward)
  expectFewRequests(ward, fault, operation)
  return outcome + (expectSureness(fault, operation, message) ? '' : '?')
}

function expectedOf({ outcome, except = {} }: Fault, { kind, vendor }: Operation): Outcome {
  return except[`${kind} of ${vendor}`] ?? except[kind] ?? outcome
}

function expectDiscretion(text: string, { lines, sick, well }: FaultyGateway): void {
  for (const secret of [API_KEY, RAW, 'com.vendor', 'node_modules', 'INTERNAL', sick.url.host, well.url.host])
    expect(text).not.toContain(secret)
  expect(text).not.toMatch(/^\s*at \S+ \(|stack/im)
  expect(lines.filter(({ level }) => level === 'error')).toEqual([])
  expect(sick.strayRequests).toEqual([])
}

/** Cancels are sent once at most, and reads are tried again as often as they may be. */
function expectFewRequests(
  { sick, well }: FaultyGateway,
  { again }: Fault,
  { kind, isOneCall, hits }: Operation,
): void {
  for (const { requests } of [sick, well])
    expect(requests.filter((line) => /^(POST|PUT) /.test(line)).length).toBeLessThanOrEqual(1)
  const reads = sick.requests.filter((line) => line.startsWith('GET '))
  if (isOneCall) expect(reads.length).toBeLessThanOrEqual(again ? ATTEMPTS : 1)
  else if (kind === 'second')
    expect(reads.filter((line) => hits!.test(line)).length).toBeLessThanOrEqual(again ? ATTEMPTS : 1)
}

/** A cancel says that its outcome is unknown where it is, and only there. */
function expectSureness(fault: Fault, operation: Operation, message: string): boolean {
  const isUnsure =
    operation.kind.startsWith('cancel') && fault.unsure === true && expectedOf(fault, operation) === fault.outcome
  if (isUnsure) expect(message).toContain('The outcome of the cancel is unknown')
  else expect(message).not.toContain('unknown: ')
  if (isUnsure)
    expect(message).toContain(operation.kind === 'cancel' ? 'could not be read' : 'the job is RUNNING for now')
  return !isUnsure
}

/** The same gateway asks the same vendor, which is well again. Who was told to wait, waits. */
async function expectRecovery(ward: FaultyGateway, fault: Fault, operation: Operation): Promise<void> {
  await ward.sick.heal()
  // Nor is there a certificate here by which TLS could be spoken.
  if (fault.pauses || fault.reach === 'TLS') return
  const isWell = async () => operation.find(await runOperation(ward, operation)).outcome === 'DATA'
  expect(await waitUntil(isWell, MARGIN_MS)).toBe(true)
}
