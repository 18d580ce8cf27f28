import { readId, readObject, type JsonObject } from '../../../upstream/lenient.js'
import { badResponse } from '../../../upstream/http-transport.js'
import type { Log } from '../../../job/log.js'
import { createStatusReader } from '../../../job/status-reader.js'
import { isVendorId } from '../../../job/vendor-id.js'
import { readExecution, type Execution } from './execution.js'
import { RAW_STATUSES } from './status.js'

/** Wire objects to jobs. One per vendor, because it remembers which odd status words it has reported. */
export interface Normaliser {
  /** @throws {VendorError} VENDOR_BAD_RESPONSE when this is another execution, or none */
  execution(wire: JsonObject, executionId: string): Execution
  /** The rows that are executions at all; those that are not are logged and left out. */
  executions(rows: readonly unknown[]): Execution[]
}

export function createNormaliser(log: Log): Normaliser {
  const readStatus = createStatusReader('KODEXA', 'execution', RAW_STATUSES, log)
  return {
    execution(wire, executionId) {
      const actual = readId(wire.id)
      if (actual === null) throw badResponse('KODEXA', 'has no id')
      // UUIDs compare without regard to case.
      if (actual.toLowerCase() !== executionId.toLowerCase()) throw badResponse('KODEXA', 'is about another execution')
      return readExecution(wire, actual, readStatus)
    },
    executions(rows) {
      const kept = rows.flatMap((item) => {
        const row = readObject(item)
        const executionId = readId(row?.id)
        const isUsable = row !== null && executionId !== null && isVendorId(executionId)
        return isUsable ? [readExecution(row, executionId, readStatus)] : []
      })
      const leftOut = rows.length - kept.length
      if (leftOut > 0) log.warn({ vendor: 'KODEXA', leftOut }, 'rows without a usable id were left out of a list')
      return kept
    },
  }
}
