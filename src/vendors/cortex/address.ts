import type { JobAddress } from '../../job/job.js'
import { BadInputError } from '../../job/errors.js'
import { checkVendorId } from '../../job/vendor-id.js'

/** A record is found only through its app and collection. */
export interface RecordAddress {
  readonly appId: string
  readonly collectionId: string
  readonly recordId: string
}

/** A run is found only through its app and workflow; whether that workflow is a discoverable one changes the path. */
export interface RunAddress {
  readonly appId: string
  readonly workflowId: string
  readonly runId: string
  readonly discoverable: boolean
}

const DISCOVERABLE = 'discover'

/** The address as the rest of the gateway knows it. */
export function recordJobAddress({ appId, collectionId, recordId }: RecordAddress): JobAddress {
  return { type: 'Record', path: [appId, collectionId, recordId] }
}

/** The address as the rest of the gateway knows it. */
export function runJobAddress({ appId, workflowId, runId, discoverable }: RunAddress): JobAddress {
  return { type: 'WorkflowRun', path: [appId, workflowId, runId, ...(discoverable ? [DISCOVERABLE] : [])] }
}

/** @throws {BadInputError} when the path is not a record's */
export function toRecordAddress({ path }: JobAddress): RecordAddress {
  const [appId, collectionId, recordId, ...rest] = path
  if (!appId || !collectionId || !recordId || rest.length > 0)
    throw new BadInputError('This is not the id of a record.')
  return checkRecordAddress({ appId, collectionId, recordId })
}

/** @throws {BadInputError} when the path is not a run's */
export function toRunAddress({ path }: JobAddress): RunAddress {
  const [appId, workflowId, runId, marker, ...rest] = path
  if (!appId || !workflowId || !runId || (marker !== undefined && marker !== DISCOVERABLE) || rest.length > 0) {
    throw new BadInputError('This is not the id of a workflow run.')
  }
  return checkRunAddress({ appId, workflowId, runId, discoverable: marker === DISCOVERABLE })
}

/** @throws {BadInputError} naming the part that cannot be an id */
export function checkRecordAddress(address: RecordAddress): RecordAddress {
  checkVendorId('appId', address.appId)
  checkVendorId('collectionId', address.collectionId)
  checkVendorId('recordId', address.recordId)
  return address
}

/** @throws {BadInputError} naming the part that cannot be an id */
export function checkRunAddress(address: RunAddress): RunAddress {
  checkVendorId('appId', address.appId)
  checkVendorId('workflowId', address.workflowId)
  checkVendorId('runId', address.runId)
  return address
}
