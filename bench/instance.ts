/** One gateway process, started by `instances.ts`: sends its port to the parent and serves until it is killed. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { openBenchGateway } from './gateway.js'
import { Secret } from '../src/job/secret.js'

export interface InstanceOptions {
  readonly cortexUrl: string
  readonly kodexaUrl: string
  readonly redisUrl: string
  readonly limit: number
  readonly rateWindowMs: number
  readonly deadlineMs: number
}

const options = JSON.parse(process.argv[2]!) as InstanceOptions
const gateway = openBenchGateway({
  ...options,
  cortexUrl: new URL(options.cortexUrl),
  kodexaUrl: new URL(options.kodexaUrl),
  redisUrl: new Secret(options.redisUrl),
})
const server = createServer(gateway.listener)
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port))
