import { readId, readObject, type JsonObject } from '../../../upstream/lenient.js'
import { badResponse } from '../../../upstream/http-transport.js'
import type { Log } from '../../../job/log.js'
import { createStatusReader } from '../../../job/status-reader.js'
import { isVendorId } from '../../../job/vendor-id.js'
import { readExecution, type Execution } from './execution.js'
import { RAW_STATUSES } from './status.js'

/** Maps wire objects to jobs. Create one per vendor: it remembers which unknown statuses it has logged. */
export interface Normaliser {
  /** @throws {VendorError} VENDOR_BAD_RESPONSE when the object has no id or another execution's id */
  execution(wire: JsonObject, executionId: string): Execution
  /** Maps the rows that have a valid id; the others are dropped and logged. */
  executions(rows: readonly unknown[]): Execution[]
}

export function createNormaliser(log: Log): Normaliser {
  const readStatus = createStatusReader('KODEXA', 'execution', RAW_STATUSES, log)
  return {
    execution(wire, executionId) {
      const actual = readId(wire.id)
      if (actual === null) throw badResponse('KODEXA', 'has no id')
      // UUIDs are case-insensitive.
      if (actual.toLowerCase() !== executionId.toLowerCase()) throw badResponse('KODEXA', 'is about another execution')
      return readExecution(wire, actual, readStatus)
    },
    executions(rows) {
      const items = rows.flatMap((item) => {
        const row = readObject(item)
        const executionId = readId(row?.id)
        const isValid = row !== null && executionId !== null && isVendorId(executionId)
        return isValid ? [readExecution(row, executionId, readStatus)] : []
      })
      const leftOut = rows.length - items.length
      if (leftOut > 0) log.warn({ vendor: 'KODEXA', leftOut }, 'list rows without a valid id dropped')
      return items
    },
  }
}
