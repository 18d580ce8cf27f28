import { VendorError } from '../../job/errors.js'
import type { Job } from '../../job/job.js'
import type { Page } from '../../job/page.js'
import type { ReadItem } from '../../reads/read-cache.js'
import type { ItemSource, ReadRequest } from '../../reads/item-source.js'
import { createCortexClient, type CortexClient } from './client.js'
import { createListHitRate } from './list-hit-rate.js'
import type { DetailLevel } from './read-plan.js'

/** One kind of job that Cortex has lists of. */
export interface ListedKind<Address, Item extends Job> {
  containerOf(address: Address): string
  idOf(address: Address): string
  /** The address of another job of the same place. */
  extraCalls(address: Address, id: string): Address
  /** How many rows to ask for when so many are wanted. */
  takeFor(wanted: number, verbose: boolean): number
  readOne(client: CortexClient, address: Address, detail: DetailLevel): Promise<Item | null>
  /** A page of the list in which this job would be; null when there is no such list. */
  readPage(client: CortexClient, address: Address, query: ListPageQuery): Promise<Page<Item> | null>
}

export interface ListPageQuery {
  /** From 1. */
  readonly page: number
  readonly take: number
  readonly verbose: boolean
}

type W<Address> = ReadRequest<Address, DetailLevel>
type Read<Address, Item extends Job> = ItemSource<Address, Item, DetailLevel>['read']
type OnExtraItem<Address, Item> = (address: Address, read: ReadItem<Item, DetailLevel>) => void

/** What a list had of what was wanted. */
interface Findings<Item> {
  readonly found: ReadonlyMap<string, ReadItem<Item, DetailLevel>>
  /** Why it makes no sense to ask for the others one by one; null when it does. */
  readonly failure: VendorError | null
}

/** Pages read one after the other for one answer. Beyond them, single gets at the same time are quicker. */
const MAX_PAGES = 5

/**
 * Reads jobs of one place: one by its own path; several by the place's list, matched by id, and what the list did
 * not have by their own paths. Cortex documents no batch get. The list is read while it is likely to spare calls, and
 * never so far that all of it costs more than single gets and one call.
 */
export function createListReader<Address, Item extends Job>(kind: ListedKind<Address, Item>): Read<Address, Item> {
  const listYield = createListHitRate()

  async function lookThroughList(
    client: CortexClient,
    wanted: readonly W<Address>[],
    onAlso: OnExtraItem<Address, Item>,
  ): Promise<Findings<Item>> {
    const { address } = wanted[0]!
    const place = kind.containerOf(address)
    const missing = new Set(wanted.map((one) => kind.idOf(one.address)))
    const found = new Map<string, ReadItem<Item, DetailLevel>>()
    const verbose = wanted.some(({ detail }) => detail === 'verbose')
    const detail = verbose ? 'verbose' : 'plain'
    let take = kind.takeFor(wanted.length, verbose)
    try {
      for (let page = 1; page <= MAX_PAGES; page++) {
        const answer = await kind.readPage(client, address, { page, take, verbose })
        for (const item of answer?.items ?? []) {
          if (missing.delete(item.vendorId)) found.set(item.vendorId, { item, detail })
          else onAlso(kind.extraCalls(address, item.vendorId), { item, detail })
        }
        if (answer === null) listYield.disable(place)
        else if (page === 1) listYield.record(place, wanted.length, found.size)
        if (answer === null || answer.isLast || missing.size < 2 || found.size < page) break
        take = answer.cap ?? take
        if (likelyOnNext(missing.size, page * take, take, answer.total, found.size / wanted.length) <= 1) break
      }
    } catch (error) {
      if (!(error instanceof VendorError)) throw error
      if (isListFailure(error)) listYield.disable(place)
      return { found, failure: mayContinue(error) ? null : error }
    }
    return { found, failure: null }
  }

  return async (line, wanted, onAlso) => {
    const client = createCortexClient(line)
    const isListed = wanted.length > 1 && listYield.shouldList(kind.containerOf(wanted[0]!.address), wanted.length)
    const { found, failure }: Findings<Item> = isListed
      ? await lookThroughList(client, wanted, onAlso)
      : { found: new Map(), failure: null }
    return Promise.all(
      wanted.map(async ({ address, detail }): Promise<ReadItem<Item, DetailLevel> | Error> => {
        const read = found.get(kind.idOf(address)) ?? failure
        if (read) return read
        return kind.readOne(client, address, detail).then(
          (item) => ({ item, detail }),
          (error: Error) => error,
        )
      }),
    )
  }
}

/** How many of the missing are likely on the next page: spread evenly over the rest where its length is known, else as on the pages before. */
function likelyOnNext(missing: number, seen: number, take: number, total: number | null, share: number): number {
  return total === null ? missing * share : missing * Math.min(1, take / Math.max(total - seen, 1))
}

/** Whether the list fails although the vendor is well; one that takes too long may well be too heavy. */
function isListFailure({ code, details: { httpStatus } }: VendorError): boolean {
  if (code === 'VENDOR_UNAVAILABLE') return httpStatus === 500 || httpStatus === 501
  return code !== 'VENDOR_RATE_LIMITED' && httpStatus !== 401
}

/** Whether single gets may do better, and there is time for them. */
function mayContinue(error: VendorError): boolean {
  return isListFailure(error) && error.code !== 'VENDOR_TIMEOUT'
}
