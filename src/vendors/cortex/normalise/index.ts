import { readObject, readId, type JsonObject } from '../../../upstream/lenient.js'
import { badResponse } from '../../../upstream/http-transport.js'
import type { Log } from '../../../job/log.js'
import { createStatusReader } from '../../../job/status-reader.js'
import { isVendorId } from '../../../job/vendor-id.js'
import type { RecordAddress, RunAddress } from '../address.js'
import { readBareRecord, readRecord, type CortexRecord } from './record.js'
import type { StatusReaders } from './readers.js'
import { readRun, type WorkflowRun } from './run.js'
import { RECORD_STATUS, RUN_STATUS } from './status.js'

/** Maps wire objects to jobs. Create one per vendor: it remembers which unknown statuses it has logged. */
export interface Normaliser {
  /** @throws {VendorError} VENDOR_BAD_RESPONSE when the object has no id or another record's id */
  record(wire: JsonObject, address: RecordAddress): CortexRecord
  /** From a response of the status endpoint, which has no id. */
  bareRecord(wire: JsonObject, address: RecordAddress): CortexRecord
  /** @throws {VendorError} VENDOR_BAD_RESPONSE when the object has no id or another run's id */
  run(wire: JsonObject, address: RunAddress): WorkflowRun
  /** Maps the rows that have a valid id; the others are dropped and logged. */
  rows<T>(rows: readonly unknown[], read: (row: JsonObject, id: string) => T): T[]
}

export function createNormaliser(log: Log): Normaliser {
  const readers: StatusReaders = {
    record: createStatusReader('CORTEX', 'record', RECORD_STATUS, log),
    run: createStatusReader('CORTEX', 'run', RUN_STATUS, log),
  }
  return {
    record(wire, address) {
      checkIdentity(wire, address.recordId)
      return readRecord(wire, address, readers)
    },
    bareRecord: (wire, address) => readBareRecord(wire, address, readers),
    run(wire, address) {
      checkIdentity(wire, address.runId)
      return readRun(wire, address, readers)
    },
    rows(rows, read) {
      const items = rows.flatMap((item) => {
        const row = readObject(item)
        const rowId = readId(row?.id)
        return row !== null && rowId !== null && isVendorId(rowId) ? [read(row, rowId)] : []
      })
      const leftOut = rows.length - items.length
      if (leftOut > 0) log.warn({ vendor: 'CORTEX', leftOut }, 'list rows without a valid id dropped')
      return items
    },
  }
}

/** A response about another job must never be shown as this job. */
function checkIdentity(wire: JsonObject, expected: string): void {
  const actual = readId(wire.id)
  if (actual === null) throw badResponse('CORTEX', 'has no id')
  if (actual !== expected) throw badResponse('CORTEX', 'is about another job')
}
