import DataLoader from 'dataloader'
import type { Reading } from './read-plan.js'

export interface ItemLoader<Address, Item> {
  load(address: Address, reading: Reading): Promise<Item | null>
  /** Replaces whatever was read before. */
  replace(address: Address, item: Item): void
}

const BY_RICHNESS: readonly Reading[] = ['status', 'plain', 'verbose']

interface Wanted<Address> {
  readonly address: Address
  readonly reading: Reading
}

/**
 * Items by address, of one request. Those of one tick are read once each, in the richest way that any of its askers
 * wants, and one call each: Cortex documents no batch get. One that fails fails alone.
 */
export function createItemLoader<Address, Item>(
  keyOf: (address: Address) => string,
  read: (address: Address, reading: Reading) => Promise<Item | null>,
): ItemLoader<Address, Item> {
  const loader = new DataLoader<Wanted<Address>, Item | null, string>(readAll, {
    cacheKeyFn: ({ address, reading }) => `${reading} ${keyOf(address)}`,
  })

  function readAll(all: readonly Wanted<Address>[]): Promise<(Item | null | Error)[]> {
    const richest = new Map<string, Wanted<Address>>()
    for (const wanted of all) {
      const key = keyOf(wanted.address)
      if (richness(wanted) > richness(richest.get(key))) richest.set(key, wanted)
    }
    const reads = new Map([...richest].map(([key, wanted]) => [key, readOne(wanted)]))
    return Promise.all(all.map(({ address }) => reads.get(keyOf(address))!))
  }

  async function readOne({ address, reading }: Wanted<Address>): Promise<Item | null | Error> {
    try {
      const item = await read(address, reading)
      // What was read richly need not be read poorly later.
      for (const poorer of BY_RICHNESS.slice(0, BY_RICHNESS.indexOf(reading)))
        loader.prime({ address, reading: poorer }, item)
      return item
    } catch (error) {
      return error as Error
    }
  }

  return {
    load: (address, reading) => loader.load({ address, reading }),
    replace(address, item) {
      for (const reading of BY_RICHNESS) loader.clear({ address, reading })
      loader.prime({ address, reading: 'status' }, item).prime({ address, reading: 'plain' }, item)
    },
  }
}

function richness<Address>(wanted: Wanted<Address> | undefined): number {
  return wanted === undefined ? -1 : BY_RICHNESS.indexOf(wanted.reading)
}
