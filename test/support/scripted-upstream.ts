import { expect } from 'vitest'
import { VendorError } from '../../src/job/errors.js'
import { createUnlimitedLimiter } from '../../src/upstream/budget/unlimited-limiter.js'
import { API_KEY, type ScriptedVendor } from './scripted-vendor.js'
import { openUpstream, type TestUpstream, type TestUpstreamOptions } from './upstream.js'

/** Sent with every call of {@link openScriptedUpstream}. */
export const HEADERS = { authorization: `Bearer ${API_KEY}`, accept: 'application/json' }

/** Returns an upstream of the scripted vendor, without a rate limit and without retries. */
export function openScriptedUpstream(vendor: ScriptedVendor, options: Partial<TestUpstreamOptions> = {}): TestUpstream {
  return openUpstream({
    vendor: 'CORTEX',
    baseUrl: vendor.url,
    headers: HEADERS,
    timeoutMs: 2000,
    maxRetries: 0,
    limiter: createUnlimitedLimiter(),
    parseErrorBody: (body) => ({
      message: (body as { message?: string } | undefined)?.message ?? null,
      incidentId: null,
    }),
    ...options,
  })
}

/** Returns the VendorError with which a call fails. */
export async function failureOf(call: () => Promise<unknown>): Promise<VendorError> {
  const error: unknown = await call().then(
    () => new Error('nothing failed'),
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(VendorError)
  return error as VendorError
}
