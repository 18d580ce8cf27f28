import { VendorError } from '../../job/errors.js'
import type { Job } from '../../job/job.js'
import type { Page } from '../../job/page.js'
import type { ItemAnswer, ItemSource, Wanted } from '../../reads/item-source.js'
import { createCortexClient, type CortexClient } from './client.js'
import { createListYield } from './list-yield.js'
import type { Reading } from './read-plan.js'

/** One kind of job that Cortex has lists of. */
export interface ListedKind<Address, Item extends Job> {
  placeOf(address: Address): string
  idOf(address: Address): string
  /** The address of another job of the same place. */
  besides(address: Address, id: string): Address
  /** How many rows to ask for when so many are wanted. */
  takeFor(wanted: number): number
  readOne(client: CortexClient, address: Address, reading: Reading): Promise<Item | null>
  /** A page of the list in which this job would be; null when there is no such list. */
  readPage(client: CortexClient, address: Address, query: ListPageQuery): Promise<Page<Item> | null>
}

export interface ListPageQuery {
  /** From 1. */
  readonly page: number
  readonly take: number
  readonly verbose: boolean
}

type W<Address> = Wanted<Address, Reading>
type Read<Address, Item extends Job> = ItemSource<Address, Item, Reading>['read']

/** Pages read one after the other for one answer. Beyond them, single gets at the same time are quicker. */
const MAX_PAGES = 5

/**
 * Reads jobs of one place: one by its own path; several by the place's list, matched by id, and what the list did
 * not have by their own paths. Cortex documents no batch get. The list is read while it is likely to spare calls, and
 * never so far that all of it costs more than single gets and one call.
 */
export function createListReader<Address, Item extends Job>(kind: ListedKind<Address, Item>): Read<Address, Item> {
  const listYield = createListYield()

  async function lookThroughList(
    client: CortexClient,
    wanted: readonly W<Address>[],
    onAlso: (read: W<Address>, item: Item) => void,
  ): Promise<ReadonlyMap<string, Item>> {
    const { address } = wanted[0]!
    const place = kind.placeOf(address)
    const missing = new Set(wanted.map((one) => kind.idOf(one.address)))
    const found = new Map<string, Item>()
    const verbose = wanted.some(({ reading }) => reading === 'verbose')
    let take = kind.takeFor(wanted.length)
    let likely = listYield.expected(place, wanted.length)
    for (let page = 1; page <= MAX_PAGES && likely > 1 && found.size >= page - 1; page++) {
      const answer = await readPage(client, address, { page, take, verbose })
      if (answer === null) break
      for (const item of answer.items) {
        if (missing.delete(item.vendorId)) found.set(item.vendorId, item)
        else onAlso({ address: kind.besides(address, item.vendorId), reading: verbose ? 'verbose' : 'plain' }, item)
      }
      if (page === 1) listYield.learn(place, wanted.length, found.size)
      if (answer.isLast) break
      take = answer.cap ?? take
      likely = likelyOnNext(missing.size, page * take, take, answer.total, found.size / wanted.length)
    }
    return found
  }

  /** A list that fails although the vendor is well is done without, here and for a while. */
  async function readPage(client: CortexClient, address: Address, query: ListPageQuery): Promise<Page<Item> | null> {
    try {
      const page = await kind.readPage(client, address, query)
      if (page === null) listYield.learn(kind.placeOf(address), 1, 0)
      return page
    } catch (error) {
      if (!(error instanceof VendorError)) throw error
      if (!isOfTheVendor(error)) listYield.learn(kind.placeOf(address), 1, 0)
      if (isOfTheVendor(error) || error.code === 'VENDOR_TIMEOUT') throw error
      return null
    }
  }

  return async (line, wanted, onAlso) => {
    const client = createCortexClient(line)
    // Validation errors have an endpoint of their own, which tells the status as well.
    const listable = wanted.filter(({ reading }) => reading !== 'errors')
    const found = listable.length > 1 ? await lookThroughList(client, listable, onAlso) : new Map<string, Item>()
    return Promise.all(
      wanted.map(async ({ address, reading }): Promise<ItemAnswer<Item>> => {
        const item = reading === 'errors' ? undefined : found.get(kind.idOf(address))
        return item ?? kind.readOne(client, address, reading).catch((error: Error) => error)
      }),
    )
  }
}

/** How many of the missing are likely on the next page: spread evenly over the rest where its length is known, else as on the pages before. */
function likelyOnNext(missing: number, seen: number, take: number, total: number | null, share: number): number {
  return total === null ? missing * share : missing * Math.min(1, take / Math.max(total - seen, 1))
}

/** Whether single gets would fail just the same. */
function isOfTheVendor({ code, details: { httpStatus } }: VendorError): boolean {
  if (code === 'VENDOR_UNAVAILABLE') return httpStatus !== 500 && httpStatus !== 501
  return code === 'VENDOR_RATE_LIMITED' || httpStatus === 401
}
