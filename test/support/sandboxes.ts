import type { GatewayOptions } from '../../src/gateway.js'
import type { LoopbackRequest } from '../../src/sandbox/loopback-server.js'
import { connectCortex } from '../../src/vendors/cortex/index.js'
import { startCortexSandbox } from '../../src/sandbox/cortex/index.js'
import { connectKodexa } from '../../src/vendors/kodexa/index.js'
import { startKodexaSandbox, type KodexaSandboxOptions } from '../../src/sandbox/kodexa/index.js'
import type { KodexaSettings } from '../../src/vendors/kodexa/settings.js'
import type { SharedState } from '../../src/reads/shared-state.js'
import { openGateway, type TestGateway } from './gateway.js'
import { emptySharedState } from './scripted-vendor.js'
import { Secret } from '../../src/job/secret.js'

/** When the sandboxes' time stands still unless it is moved. */
export const START = Date.parse('2026-03-01T12:00:00.000Z')

export interface SandboxedGateway extends TestGateway {
  /** Moves the sandboxes' clock. */
  advance(ms: number): void
  /** What was sent upstream since the last call of this: `GET /api/executions?page=1`, oldest first. */
  takeRequests(): { readonly cortex: readonly string[]; readonly kodexa: readonly string[] }
}

export interface SandboxedOptions {
  readonly kodexaSandbox?: KodexaSandboxOptions
  readonly kodexa?: Partial<KodexaSettings>
  readonly pollMs?: number
  /** How the gateway itself is set. */
  readonly gateway?: Partial<GatewayOptions>
  /** Default: nothing is kept from one request to the next. */
  readonly sharing?: SharedState
}

/** A gateway in front of both sandboxes, over real sockets, with a clock that stands still. */
export async function openSandboxedGateway(options: SandboxedOptions = {}): Promise<SandboxedGateway> {
  let now = START
  const { sharing = emptySharedState() } = options
  const clock = { now: () => now }
  const cortex = await startCortexSandbox(clock)
  const kodexa = await startKodexaSandbox({ ...clock, ...options.kodexaSandbox })
  const kodexaSettings: KodexaSettings = {
    baseUrl: kodexa.baseUrl,
    apiKey: new Secret(kodexa.apiKey),
    authHeader: 'x-api-key',
    headers: {},
    timeoutMs: 5000,
    maxRetries: 0,
    requestsPerMinute: null,
    dialect: { filter: null, sort: 'comma', pageBase: null },
    ...options.kodexa,
  }
  const opened = openGateway(
    (log) => [
      connectCortex({ ...cortex.settings, requestsPerMinute: null }, { log, mode: 'SANDBOX', sharedState: sharing }),
      connectKodexa(kodexaSettings, { log, mode: 'SANDBOX', sharedState: sharing }),
    ],
    { pollMs: options.pollMs ?? 10, ...options.gateway },
  )
  const taken = { cortex: 0, kodexa: 0 }
  return {
    ...opened,
    advance(ms) {
      now += ms
    },
    takeRequests() {
      const fresh = {
        cortex: cortex.requests.slice(taken.cortex).map(line),
        kodexa: kodexa.requests.slice(taken.kodexa).map(line),
      }
      taken.cortex = cortex.requests.length
      taken.kodexa = kodexa.requests.length
      return fresh
    },
    async close() {
      await opened.close()
      await Promise.all([cortex.close(), kodexa.close()])
    },
  }
}

function line({ method, url }: LoopbackRequest): string {
  return `${method} ${url}`
}
