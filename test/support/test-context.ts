import { setMaxListeners } from 'node:events'
import type { CallContext } from '../../src/upstream/call-context.js'
import { createMeter } from '../../src/job/meter.js'
import type { VendorRequest } from '../../src/job/vendor.js'

/** A request that waits for its answer, for as long as a test may last. */
export function testRequest(request: Partial<VendorRequest> = {}): VendorRequest {
  return {
    signal: neverAborted(),
    requestedAt: performance.now(),
    deadline: performance.now() + 60_000,
    maxAge: 'any',
    background: false,
    meter: createMeter(),
    onCancel() {},
    ...request,
  }
}

/** Somebody who reads, with as much time. */
export function testContext(caller: Partial<CallContext> = {}): CallContext {
  return {
    priority: 'read',
    requestedAt: performance.now(),
    deadline: performance.now() + 60_000,
    maxAge: 'any',
    meter: createMeter(),
    signal: neverAborted(),
    ...caller,
  }
}

/** Returns a signal that never aborts, and that as many reads may listen to as a test likes. */
function neverAborted(): AbortSignal {
  const { signal } = new AbortController()
  setMaxListeners(0, signal)
  return signal
}
