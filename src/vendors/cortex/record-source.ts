import type { ItemSource } from '../../reads/item-source.js'
import { recordJobAddress, type RecordAddress } from './address.js'
import type { CortexClient, RecordsQuery } from './client.js'
import { createListReader } from './list-reader.js'
import type { Normaliser } from './normalise/index.js'
import type { CortexRecord } from './normalise/record.js'
import type { Page } from '../../job/page.js'
import { READINGS, type Reading } from './read-plan.js'

/** What the vendor gives when it is not asked for less. */
const MAX_TAKE = 100

/** How records are read: those of one collection together. */
export function createRecordSource(normaliser: Normaliser): ItemSource<RecordAddress, CortexRecord, Reading> {
  const placeOf = ({ appId, collectionId }: RecordAddress) => `${appId}/${collectionId}`
  return {
    readings: READINGS,
    keyOf: recordKey,
    placeOf,
    read: createListReader<RecordAddress, CortexRecord>({
      placeOf,
      idOf: ({ recordId }) => recordId,
      besides: (address, recordId) => ({ ...address, recordId }),
      takeFor: () => MAX_TAKE,
      readOne: (client, address, reading) => readRecord(client, normaliser, address, reading),
      readPage: (client, { appId, collectionId }, query) =>
        readRecords(client, normaliser, { appId, collectionId, ...query }),
    }),
  }
}

/** One name for one record, whoever asks for it. */
export function recordKey(address: RecordAddress): string {
  return `Record ${recordJobAddress(address).path.join('/')}`
}

/** One record, past everything that is shared; null when it is unknown. */
export async function readRecord(
  client: CortexClient,
  normaliser: Normaliser,
  address: RecordAddress,
  reading: Reading,
): Promise<CortexRecord | null> {
  if (reading === 'bare' || reading === 'errors') {
    const wire = await client.getRecordStatus(address)
    return wire && normaliser.bareRecord(wire, address)
  }
  const wire = await client.getRecord(address, reading === 'verbose')
  return wire && normaliser.record(wire, address)
}

/** A page of a collection; null when that is unknown. */
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
