/** One gateway process among several, which tells its port and serves until it is killed: see `startGatewayProcess`. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createGateway } from '../../src/gateway.js'
import { silentLog } from '../../src/job/log.js'
import { createSharedState } from '../../src/reads/shared-state.js'
import { connectClusterBus } from '../../src/watch/redis-cluster-bus.js'
import { cortexAt } from './scripted-vendor.js'
import { Secret } from '../../src/job/secret.js'

export interface GatewayProcessOptions {
  readonly cortexUrl: string
  readonly redisUrl: string
  readonly pollMs: number
}

const { cortexUrl, redisUrl, pollMs } = JSON.parse(process.argv[2]!) as GatewayProcessOptions
const sharing = createSharedState({ redisUrl: new Secret(redisUrl), log: silentLog })
const gateway = createGateway({
  vendors: [cortexAt(new URL(cortexUrl), {}, { sharedState: sharing })],
  clusterBus: connectClusterBus(new Secret(redisUrl), silentLog),
  pollMs,
  graphiql: false,
})
const server = createServer(gateway.listener)
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port))
// Whoever started it is gone.
process.once('disconnect', () => process.exit())
