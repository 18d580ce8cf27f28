import type { CortexSettings } from '../../src/vendors/cortex/settings.js'
import type { KodexaSettings } from '../../src/vendors/kodexa/settings.js'
import { openGateway, type TestGateway } from '../support/gateway.js'
import { cortexAt, kodexaAt } from '../support/scripted-vendor.js'
import { startCortex, type CortexJobs, type CortexOptions, type CortexServer } from './cortex-server.js'
import { startKodexa, type KodexaOptions, type KodexaServer } from './kodexa-server.js'
import type { SeenRequest } from './listener.js'
import type { Wire } from './wire-jobs.js'

export interface FixtureOptions {
  readonly cortex?: CortexJobs
  readonly cortexOptions?: Partial<CortexOptions>
  readonly cortexSettings?: Partial<CortexSettings>
  readonly kodexa?: readonly Wire[]
  readonly kodexaOptions?: Partial<KodexaOptions>
  readonly kodexaSettings?: Partial<KodexaSettings>
  readonly messages?: Readonly<Record<string, readonly Wire[]>>
}

export interface Fixture {
  readonly cortex: CortexServer
  readonly kodexa: KodexaServer
  /** Asks the gateway. */
  readonly ask: (query: string, variables?: object) => Promise<QueryResponse>
  /** What the vendors were sent since the last call of this. */
  readonly sent: () => { readonly cortex: readonly SeenRequest[]; readonly kodexa: readonly SeenRequest[] }
  readonly close: () => Promise<void>
}

export type QueryResponse = Awaited<ReturnType<TestGateway['query']>>

export interface Connection {
  readonly nodes: readonly Readonly<Record<string, unknown>>[]
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null }
  readonly totalCount?: number | null
}

/** Both vendors and a gateway in front of them. */
export async function openFixture(options: FixtureOptions): Promise<Fixture> {
  const cortex = await startCortex(options.cortex ?? {}, options.cortexOptions)
  const kodexa = await startKodexa(options.kodexa ?? [], options.kodexaOptions, options.messages)
  const gateway = openGateway([
    cortexAt(cortex.url, options.cortexSettings),
    kodexaAt(kodexa.url, options.kodexaSettings),
  ])
  const taken = { cortex: 0, kodexa: 0 }
  let closing: Promise<unknown> | undefined
  return {
    cortex,
    kodexa,
    ask: (query, variables) => gateway.query(query, variables),
    sent() {
      const fresh = { cortex: cortex.seen.slice(taken.cortex), kodexa: kodexa.seen.slice(taken.kodexa) }
      taken.cortex = cortex.seen.length
      taken.kodexa = kodexa.seen.length
      return fresh
    },
    async close() {
      await (closing ??= gateway.close().then(() => Promise.all([cortex.close(), kodexa.close()])))
    },
  }
}

export interface AllPages {
  /** The ids of all pages in the order given. */
  readonly ids: readonly string[]
  readonly pages: number
}

const MAX_WALKED_PAGES = 60

/**
 * Pages through a list to its end: `records(collectionId: "col_1", first: 5)`.
 * @throws when the list says that it goes on but not from where, or never ends
 */
export async function readAllPages(fixture: Fixture, list: string): Promise<AllPages> {
  const field = list.slice(0, list.indexOf('('))
  const selection = '{ nodes { vendorId } pageInfo { hasNextPage endCursor } }'
  const query = `query ($after: String) { ${list.slice(0, -1)}, after: $after) ${selection} }`
  const ids: string[] = []
  let after: string | null = null
  for (let pages = 1; pages <= MAX_WALKED_PAGES; pages++) {
    const answer: QueryResponse = await fixture.ask(query, { after })
    if (answer.errors.length > 0) throw new Error(`Page ${pages} failed: ${answer.errors[0]!.message}`)
    const connection: Connection = answer.data[field]
    ids.push(...connection.nodes.map(({ vendorId }) => String(vendorId)))
    if (!connection.pageInfo.hasNextPage) return { ids, pages }
    if (connection.pageInfo.endCursor === null)
      throw new Error(`Page ${pages} says that the list goes on, but not from where.`)
    if (connection.pageInfo.endCursor === after) throw new Error(`Page ${pages} goes on from where it began.`)
    after = connection.pageInfo.endCursor
  }
  throw new Error('The list has no end.')
}

/** `GET a/b`, for those who do not mind the query. */
export function requestLines(requests: readonly SeenRequest[]): string[] {
  return requests.map(({ method, path }) => `${method} ${path.join('/')}`)
}
