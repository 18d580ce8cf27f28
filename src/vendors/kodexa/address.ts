import type { JobAddress } from '../../job/job.js'
import { BadInputError } from '../../job/errors.js'
import { checkVendorId } from '../../job/vendor-id.js'

/** The address as the rest of the gateway knows it. */
export function executionJobAddress(executionId: string): JobAddress {
  return { type: 'Execution', path: [executionId] }
}

/** @throws {BadInputError} when the path is not an execution's */
export function toExecutionId({ path }: JobAddress): string {
  const [executionId, ...rest] = path
  if (executionId === undefined || rest.length > 0) throw new BadInputError('This is not the id of an execution.')
  return checkVendorId('executionId', executionId)
}
