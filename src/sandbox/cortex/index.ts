import { randomBytes } from 'node:crypto'
import { Secret } from '../../job/secret.js'
import type { CortexSettings } from '../../vendors/cortex/settings.js'
import { startLoopbackServer, type LoopbackRequest, type LoopbackResponse } from '../loopback-server.js'
import { catalogRoutes } from './catalog-routes.js'
import { APP_ALIAS, OWN_APP } from './data/app.js'
import { COLLECTIONS } from './data/collections.js'
import { WORKFLOWS } from './data/workflows.js'
import { createJobStore } from './job-store.js'
import { recordRoutes } from './record-routes.js'
import { notFound, unauthorized } from './responses.js'
import { runRoutes } from './run-routes.js'

export interface CortexSandboxOptions {
  /** The clock, in epoch ms. The jobs follow it. Default: `Date.now`. */
  readonly now?: () => number
}

/** A running fake of Cortex. */
export interface CortexSandbox {
  /** How a client reaches it. */
  readonly settings: CortexSettings
  /** The requests it received, oldest first. */
  readonly requests: readonly LoopbackRequest[]
  close(): Promise<void>
}

/**
 * Starts a fake of Cortex on a loopback port, with jobs of every status. Every start makes a new API key. Where the
 * vendor's documentation is silent, the sandbox guesses; a comment marks each guess.
 */
export async function startCortexSandbox({ now = Date.now }: CortexSandboxOptions = {}): Promise<CortexSandbox> {
  const apiKey = randomBytes(24).toString('base64url')
  const store = createJobStore(now)
  const { url, requests, close } = await startLoopbackServer({
    routes: { ...catalogRoutes(store), ...recordRoutes(store), ...runRoutes(store) },
    guard: (request) => guard(request, apiKey),
    notFound: () => notFound('Route'),
  })
  return {
    settings: {
      baseUrl: url,
      apiKey: new Secret(apiKey),
      appId: APP_ALIAS,
      collectionIds: COLLECTIONS.map(({ id }) => id),
      workflowIds: WORKFLOWS.map(({ id }) => id),
      headers: {},
      timeoutMs: 10_000,
      // The vendor's limit; the sandbox does not enforce it.
      requestsPerMinute: 500,
    },
    requests,
    close,
  }
}

function guard({ headers, params: { app } }: LoopbackRequest, apiKey: string): LoopbackResponse | null {
  if (headers.authorization !== `Bearer ${apiKey}`) return unauthorized()
  return app === undefined || app === APP_ALIAS || app === OWN_APP.id ? null : notFound('App')
}
