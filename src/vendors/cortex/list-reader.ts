import { VendorError } from '../../job/errors.js'
import type { Job } from '../../job/job.js'
import type { Page } from '../../job/page.js'
import type { ReadItem } from '../../reads/read-cache.js'
import type { ItemSource, ReadRequest } from '../../reads/item-source.js'
import { createCortexClient, type CortexClient } from './client.js'
import { createListHitRate } from './list-hit-rate.js'
import type { DetailLevel } from './read-plan.js'

/** A kind of job that Cortex can list by container. */
export interface ListedJobType<Address, Item extends Job> {
  containerOf(address: Address): string
  idOf(address: Address): string
  /** The address of another job in the same container. */
  siblingAddress(address: Address, id: string): Address
  /** How many rows to request when this many jobs are wanted. */
  takeFor(wanted: number, verbose: boolean): number
  readOne(client: CortexClient, address: Address, detail: DetailLevel): Promise<Item | null>
  /** A page of the list that the job belongs to; null when the vendor has no such list. */
  readPage(client: CortexClient, address: Address, query: ListPageQuery): Promise<Page<Item> | null>
}

export interface ListPageQuery {
  /** From 1. */
  readonly page: number
  readonly take: number
  readonly verbose: boolean
}

type Request<Address> = ReadRequest<Address, DetailLevel>
type Read<Address, Item extends Job> = ItemSource<Address, Item, DetailLevel>['read']
type OnExtraItem<Address, Item> = (address: Address, read: ReadItem<Item, DetailLevel>) => void

/** The requested jobs that a list contained. */
interface ListResult<Item> {
  readonly found: ReadonlyMap<string, ReadItem<Item, DetailLevel>>
  /** Why reading the other jobs one by one would fail too; null when they can be read. */
  readonly failure: VendorError | null
}

/** Pages are read one after the other; for more of them, parallel single reads are faster. */
const MAX_PAGES = 5

/**
 * Reads jobs of one container: a single job by its own path; several from the container's list, matched by id, and
 * the rest by their own paths. Cortex documents no batch get. The list is read only while it is likely to save calls,
 * so that a batch never costs more than one call above single reads.
 */
export function createListReader<Address, Item extends Job>(type: ListedJobType<Address, Item>): Read<Address, Item> {
  const hitRate = createListHitRate()

  async function searchList(
    client: CortexClient,
    requests: readonly Request<Address>[],
    onExtraItem: OnExtraItem<Address, Item>,
  ): Promise<ListResult<Item>> {
    const { address } = requests[0]!
    const container = type.containerOf(address)
    const missing = new Set(requests.map((request) => type.idOf(request.address)))
    const found = new Map<string, ReadItem<Item, DetailLevel>>()
    const verbose = requests.some(({ detail }) => detail === 'verbose')
    const detail = verbose ? 'verbose' : 'plain'
    let take = type.takeFor(requests.length, verbose)
    try {
      for (let page = 1; page <= MAX_PAGES; page++) {
        const list = await type.readPage(client, address, { page, take, verbose })
        for (const item of list?.items ?? []) {
          if (missing.delete(item.vendorId)) found.set(item.vendorId, { item, detail })
          else onExtraItem(type.siblingAddress(address, item.vendorId), { item, detail })
        }
        if (list === null) hitRate.disable(container)
        else if (page === 1) hitRate.record(container, requests.length, found.size)
        if (list === null || list.isLast || missing.size < 2 || found.size < page) break
        take = list.cap ?? take
        if (expectedOnNext(missing.size, page * take, take, list.total, found.size / requests.length) <= 1) break
      }
    } catch (error) {
      if (!(error instanceof VendorError)) throw error
      if (isListFailure(error)) hitRate.disable(container)
      return { found, failure: mayContinue(error) ? null : error }
    }
    return { found, failure: null }
  }

  return async (upstream, requests, onExtraItem) => {
    const client = createCortexClient(upstream)
    const usesList = requests.length > 1 && hitRate.shouldList(type.containerOf(requests[0]!.address), requests.length)
    const { found, failure }: ListResult<Item> = usesList
      ? await searchList(client, requests, onExtraItem)
      : { found: new Map(), failure: null }
    return Promise.all(
      requests.map(async ({ address, detail }): Promise<ReadItem<Item, DetailLevel> | Error> => {
        const read = found.get(type.idOf(address)) ?? failure
        if (read) return read
        return type.readOne(client, address, detail).then(
          (item) => ({ item, detail }),
          (error: Error) => error,
        )
      }),
    )
  }
}

/** How many missing jobs to expect on the next page: spread evenly over a rest of known length, else at the rate so far. */
function expectedOnNext(missing: number, seen: number, take: number, total: number | null, share: number): number {
  return total === null ? missing * share : missing * Math.min(1, take / Math.max(total - seen, 1))
}

/** Whether the list fails although the vendor is up. A timeout counts: the list may be too large. */
function isListFailure({ code, details: { httpStatus } }: VendorError): boolean {
  if (code === 'VENDOR_UNAVAILABLE') return httpStatus === 500 || httpStatus === 501
  return code !== 'VENDOR_RATE_LIMITED' && httpStatus !== 401
}

/** Whether single reads may succeed, and there is time for them. */
function mayContinue(error: VendorError): boolean {
  return isListFailure(error) && error.code !== 'VENDOR_TIMEOUT'
}
