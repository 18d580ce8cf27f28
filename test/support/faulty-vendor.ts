import { afterEach, beforeEach, expect } from 'vitest'
import { type GraphQLResponse, openGateway, type TestGateway } from './gateway.js'
import { API_KEY, cortexAt, json, kodexaAt, type ScriptedVendor, startScriptedVendor } from './scripted-vendor.js'

/** Part of every bad response. No response of the gateway may contain it. */
export const LEAK_MARKER = 'raw-body-that-must-not-show'

/** A gateway in front of one scripted server that answers as both vendors; new for every test. */
export interface FaultyVendor {
  readonly vendor: ScriptedVendor
  /** The target of redirects, which must get no request. */
  readonly elsewhere: ScriptedVendor
  readonly gateway: TestGateway
  /** Checks that a response has status 200 and shows nothing of the vendor's response, and that no request went elsewhere. */
  expectNoLeak(response: GraphQLResponse<unknown>): void
  /** Shortens the vendor's timeout for cases that run into it. Others keep the long one, so that a busy machine cannot fail them. */
  shortenTimeoutFor(code: string): Promise<void>
}

export function useFaultyVendor(): FaultyVendor {
  let vendor: ScriptedVendor
  let elsewhere: ScriptedVendor
  let gateway: TestGateway

  const open = (timeoutMs: number) =>
    openGateway(
      (log) => [cortexAt(vendor.url, { timeoutMs }, { log }), kodexaAt(vendor.url, { timeoutMs }, { log })],
      // Queries that select every field exceed the default cost limit.
      { limits: { cost: Infinity } },
    )

  beforeEach(async () => {
    vendor = await startScriptedVendor()
    elsewhere = await startScriptedVendor(json(200, { id: 'stolen' }))
    gateway = open(5000)
  })
  afterEach(async () => {
    await gateway.close()
    await Promise.all([vendor.close(), elsewhere.close()])
  })

  return {
    get vendor() {
      return vendor
    },
    get elsewhere() {
      return elsewhere
    },
    get gateway() {
      return gateway
    },
    expectNoLeak({ status, text }) {
      expect(status).toBe(200)
      const secrets = [
        API_KEY,
        LEAK_MARKER,
        'com.vendor',
        'node_modules',
        'INTERNAL',
        elsewhere.url.host,
        vendor.url.host,
      ]
      for (const secret of secrets) expect(text).not.toContain(secret)
      expect(text).not.toMatch(/^\s*at \S+ \(|stack/im)
      expect(gateway.lines.filter(({ level }) => level === 'error')).toEqual([])
      expect(elsewhere.requests).toEqual([])
    },
    async shortenTimeoutFor(code) {
      if (code !== 'VENDOR_TIMEOUT') return
      await gateway.close()
      gateway = open(150)
    },
  }
}
