import type { JobAddress } from '../../job/job.js'
import { BadInputError } from '../../job/errors.js'
import { checkVendorId } from '../../job/vendor-id.js'

/** The address in the form that the rest of the gateway uses. */
export function executionJobAddress(executionId: string): JobAddress {
  return { type: 'Execution', path: [executionId] }
}

/** @throws {BadInputError} when the path is not an execution's */
export function toExecutionId({ path }: JobAddress): string {
  const [executionId, ...rest] = path
  if (executionId === undefined || rest.length > 0)
    throw new BadInputError('This is not the id of an execution. Use an `id` that an Execution returned.')
  return checkVendorId('executionId', executionId)
}
