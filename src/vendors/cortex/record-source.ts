import type { Page } from '../../job/page.js'
import type { ItemSource } from '../../reads/item-source.js'
import { recordJobAddress, type RecordAddress } from './address.js'
import { createCortexClient, type CortexClient, type RecordsQuery } from './client.js'
import { createListReader } from './list-reader.js'
import type { Normaliser } from './normalise/index.js'
import type { CortexRecord } from './normalise/record.js'
import { DETAIL_LEVELS, type DetailLevel } from './read-plan.js'

/** The vendor's default page size. */
const MAX_TAKE = 100
/** With the runs of their rules, records are large. */
const MIN_VERBOSE_TAKE = 10
const MAX_VERBOSE_TAKE = 50

/** Reads records, those of one collection together. */
export function createRecordSource(normaliser: Normaliser): ItemSource<RecordAddress, CortexRecord, DetailLevel> {
  const containerOf = ({ appId, collectionId }: RecordAddress) => `${appId}/${collectionId}`
  return {
    detailLevels: DETAIL_LEVELS,
    keyOf: recordKey,
    batchKeyOf: containerOf,
    read: createListReader<RecordAddress, CortexRecord>({
      containerOf,
      idOf: ({ recordId }) => recordId,
      siblingAddress: (address, recordId) => ({ ...address, recordId }),
      takeFor: (wanted, verbose) =>
        verbose ? Math.min(Math.max(2 * wanted, MIN_VERBOSE_TAKE), MAX_VERBOSE_TAKE) : MAX_TAKE,
      readOne: (client, address, detail) =>
        detail === 'bare'
          ? readRecordStatus(client, normaliser, address)
          : readRecord(client, normaliser, address, detail === 'verbose'),
      readPage: (client, { appId, collectionId }, query) =>
        readRecords(client, normaliser, { appId, collectionId, ...query }),
    }),
  }
}

/**
 * Reads records one by one from the status endpoint, the only one with validation errors. Such a record has its
 * status and its errors, nothing else.
 */
export function createRecordStatusSource(normaliser: Normaliser): ItemSource<RecordAddress, CortexRecord, 'status'> {
  const keyOf = (address: RecordAddress) => `${recordKey(address)} status`
  return {
    detailLevels: ['status'],
    keyOf,
    batchKeyOf: keyOf,
    async read(upstream, requests) {
      const client = createCortexClient(upstream)
      return Promise.all(
        requests.map(async ({ address, detail }) => ({
          item: await readRecordStatus(client, normaliser, address),
          detail,
        })),
      )
    },
  }
}

/** The record's key, equal for all callers. */
export function recordKey(address: RecordAddress): string {
  return `Record ${recordJobAddress(address).path.join('/')}`
}

/** Reads one record without cache or batching; null when the vendor has no such record. */
export async function readRecord(
  client: CortexClient,
  normaliser: Normaliser,
  address: RecordAddress,
  verbose: boolean,
): Promise<CortexRecord | null> {
  const wire = await client.getRecord(address, verbose)
  return wire && normaliser.record(wire, address)
}

async function readRecordStatus(
  client: CortexClient,
  normaliser: Normaliser,
  address: RecordAddress,
): Promise<CortexRecord | null> {
  const wire = await client.getRecordStatus(address)
  return wire && normaliser.bareRecord(wire, address)
}

/** Reads a page of a collection; null when the vendor has no such collection. */
export async function readRecords(
  client: CortexClient,
  normaliser: Normaliser,
  query: RecordsQuery,
): Promise<Page<CortexRecord> | null> {
  const page = await client.listRecords(query)
  if (page === null) return null
  const { rows, ...rest } = page
  return { ...rest, items: normaliser.rows(rows, (row, recordId) => normaliser.record(row, { ...query, recordId })) }
}
