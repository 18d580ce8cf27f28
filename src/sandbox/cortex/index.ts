import { randomBytes } from 'node:crypto'
import { Secret } from '../../job/secret.js'
import { startLoopbackServer, type LoopbackReply, type LoopbackRequest } from '../loopback-server.js'
import type { SandboxOptions } from '../../vendors/module.js'
import type { CortexSettings } from '../../vendors/cortex/settings.js'
import { APP_ALIAS, isKnownApp } from './app.js'
import { COLLECTIONS } from './collections/index.js'
import { collectionRoutes } from './routes/collections.js'
import { recordRoutes } from './routes/records.js'
import { notFound, unauthorised } from './routes/replies.js'
import { runRoutes } from './routes/runs.js'
import { workflowRoutes } from './routes/workflows.js'
import { WORKFLOWS } from './workflows/index.js'
import { createWorld } from './world.js'

/** A running fake of Cortex, and how to reach it. */
export interface CortexSandbox {
  readonly settings: CortexSettings
  /** What it was asked, oldest first. */
  readonly requests: readonly LoopbackRequest[]
  close(): Promise<void>
}

const TIMEOUT_MS = 10_000
/** The vendor's, although nobody counts here. */
const REQUESTS_PER_MINUTE = 500

/**
 * Takes a clock; gives Cortex on a loopback port, with jobs of every status whose lives follow that clock. Its key is
 * another one at every start, so none is written down anywhere. Where the vendor's documentation is silent the
 * sandbox has to do something; such places are marked as guesses.
 */
export async function startCortexSandbox({ now = Date.now }: SandboxOptions = {}): Promise<CortexSandbox> {
  const apiKey = randomBytes(24).toString('base64url')
  const world = createWorld(now)
  const server = await startLoopbackServer({
    routes: { ...collectionRoutes(world), ...recordRoutes(world), ...workflowRoutes(world), ...runRoutes(world) },
    guard: (request) => guard(request, apiKey),
    notFound: () => notFound('Route'),
  })
  return {
    settings: {
      baseUrl: server.url,
      apiKey: new Secret(apiKey),
      appId: APP_ALIAS,
      collectionIds: COLLECTIONS.map(({ id }) => id),
      workflowIds: WORKFLOWS.map(({ id }) => id),
      headers: {},
      timeoutMs: TIMEOUT_MS,
      requestsPerMinute: REQUESTS_PER_MINUTE,
    },
    requests: server.requests,
    close: server.close,
  }
}

function guard({ headers, params }: LoopbackRequest, apiKey: string): LoopbackReply | null {
  if (headers.authorization !== `Bearer ${apiKey}`) return unauthorised()
  return params.app === undefined || isKnownApp(params.app) ? null : notFound('App')
}
