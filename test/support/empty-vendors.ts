import { afterAll, afterEach, beforeAll, expect } from 'vitest'
import { type GraphQLResponse, openGateway, type TestGateway } from './gateway.js'
import { cortexAt, json, kodexaAt, type ScriptedVendor, startScriptedVendor } from './scripted-vendor.js'

/** A gateway whose vendors have no job at all; the same for all tests of a file. */
export interface EmptyVendors {
  readonly cortex: ScriptedVendor
  readonly kodexa: ScriptedVendor
  readonly gateway: TestGateway
  /** How many requests the running test has sent to the vendors. */
  sent(): number
  /** Starts counting again. */
  resetSent(): void
  /** Checks for BAD_INPUT and no request. `what` names the case when a test tries several. */
  expectRejected(response: GraphQLResponse<unknown>, what?: string): void
  /** Checks that validation failed and nothing was executed. */
  expectInvalid(response: GraphQLResponse<unknown>): void
}

export const NOT_FOUND = json(404, { status: 404, message: 'Not found' })

export function useEmptyVendors(): EmptyVendors {
  let cortex: ScriptedVendor
  let kodexa: ScriptedVendor
  let gateway: TestGateway
  let before = 0

  beforeAll(async () => {
    cortex = await startScriptedVendor(NOT_FOUND)
    kodexa = await startScriptedVendor(NOT_FOUND)
    gateway = openGateway((log) => [cortexAt(cortex.url, {}, { log }), kodexaAt(kodexa.url, {}, { log })])
  })
  afterAll(async () => {
    await gateway.close()
    await Promise.all([cortex.close(), kodexa.close()])
  })
  afterEach(() => {
    resetSent()
    expect(gateway.lines.filter(({ level }) => level === 'error')).toEqual([])
  })

  const sent = () => cortex.requests.length + kodexa.requests.length - before
  const resetSent = () => void (before += sent())

  return {
    get cortex() {
      return cortex
    },
    get kodexa() {
      return kodexa
    },
    get gateway() {
      return gateway
    },
    sent,
    resetSent,
    expectRejected({ status, errors, text }, what) {
      expect([status, errors.map(({ extensions }) => extensions)], what).toEqual([200, [{ code: 'BAD_INPUT' }]])
      expect(text, what).not.toMatch(/node_modules|\/src\/|"stack/)
      expect(sent(), what).toBe(0)
    },
    expectInvalid({ status, errors, data }) {
      expect(status).toBe(200)
      expect(errors.length).toBeGreaterThan(0)
      expect(data ?? null).toBeNull()
      for (const { extensions } of errors) expect(extensions?.code).not.toBe('INTERNAL')
      expect(sent()).toBe(0)
    },
  }
}
