import type { JobAddress } from '../../job/job.js'
import { BadInputError } from '../../job/errors.js'
import { checkVendorId } from '../../job/vendor-id.js'

/** The vendor finds a record only through its app and collection. */
export interface RecordAddress {
  readonly appId: string
  readonly collectionId: string
  readonly recordId: string
}

/** The vendor finds a run only through its app and workflow; a discoverable workflow has another path. */
export interface RunAddress {
  readonly appId: string
  readonly workflowId: string
  readonly runId: string
  readonly discoverable: boolean
}

const DISCOVERABLE = 'discover'

/** The address in the form that the rest of the gateway uses. */
export function recordJobAddress({ appId, collectionId, recordId }: RecordAddress): JobAddress {
  return { type: 'Record', path: [appId, collectionId, recordId] }
}

/** The address in the form that the rest of the gateway uses. */
export function runJobAddress({ appId, workflowId, runId, discoverable }: RunAddress): JobAddress {
  return { type: 'WorkflowRun', path: [appId, workflowId, runId, ...(discoverable ? [DISCOVERABLE] : [])] }
}

/** @throws {BadInputError} when the path is not a record's */
export function toRecordAddress({ path }: JobAddress): RecordAddress {
  const [appId, collectionId, recordId, ...rest] = path
  if (!appId || !collectionId || !recordId || rest.length > 0)
    throw new BadInputError('This is not the id of a record. Use an `id` that a Record returned.')
  return checkRecordAddress({ appId, collectionId, recordId })
}

/** @throws {BadInputError} when the path is not a run's */
export function toRunAddress({ path }: JobAddress): RunAddress {
  const [appId, workflowId, runId, marker, ...rest] = path
  if (!appId || !workflowId || !runId || (marker !== undefined && marker !== DISCOVERABLE) || rest.length > 0) {
    throw new BadInputError('This is not the id of a workflow run. Use an `id` that a WorkflowRun returned.')
  }
  return checkRunAddress({ appId, workflowId, runId, discoverable: marker === DISCOVERABLE })
}

/** @throws {BadInputError} naming the part that is not a valid id */
export function checkRecordAddress(address: RecordAddress): RecordAddress {
  checkVendorId('appId', address.appId)
  checkVendorId('collectionId', address.collectionId)
  checkVendorId('recordId', address.recordId)
  return address
}

/** @throws {BadInputError} naming the part that is not a valid id */
export function checkRunAddress(address: RunAddress): RunAddress {
  checkVendorId('appId', address.appId)
  checkVendorId('workflowId', address.workflowId)
  checkVendorId('runId', address.runId)
  return address
}
