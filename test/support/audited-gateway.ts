import { expect } from 'vitest'
import { createApiKey } from '../../src/auth/api-key.js'
import { createAuthenticate } from '../../src/auth/authenticate.js'
import type { GatewayOptions } from '../../src/gateway.js'
import { encodeJobId } from '../../src/job/job-id.js'
import { silentLog } from '../../src/job/log.js'
import { closeAfterTest } from './close-after-test.js'
import { openGateway, type TestGateway } from './gateway.js'
import { signingKey, tokenSettings } from './issuer.js'
import { cortexAt, json, kodexaAt, startScriptedVendor, type Script } from './scripted-vendor.js'

/** The global id of an execution. */
export const executionId = (id: string) => encodeJobId({ type: 'Execution', path: [id] })
export const RECORD = encodeJobId({ type: 'Record', path: ['c', 'col_1', 'rec_1'] })
export const RUN = encodeJobId({ type: 'WorkflowRun', path: ['c', 'work_1', 'run_1'] })
export const ID = executionId('exe_1')
export const BY_ID = 'mutation ($id: ID!) { cancelExecution(by: { id: $id }) { __typename } }'
export const CANCEL_JOBS = 'mutation ($ids: [ID!]!) { cancelJobs(ids: $ids) { outcome } }'

const ops = createApiKey({ name: 'ops', role: 'cancel' })
export const eye = createApiKey({ name: 'eye', role: 'read' })
export const signer = signingKey('one')
export const asOps = { authorization: `Bearer ${ops.key}` }
export const authenticate = createAuthenticate(
  { keys: [ops.entry, eye.entry], tokens: tokenSettings({ keys: signer.publicKey }) },
  silentLog,
)

/** Answers each cancel with a cancelled job. */
export const cancelled: Script = (request, response) =>
  json(202, { id: request.url!.split('/').at(-2), status: 'CANCELLED' })(request, response)

/** A gateway with authentication, in front of two vendors with the same script. */
export async function openAuditedGateway(script: Script = cancelled, options: Partial<GatewayOptions> = {}) {
  const vendor = await startScriptedVendor(script)
  const settings = { timeoutMs: 300 }
  const opened = openGateway([cortexAt(vendor.url, settings), kodexaAt(vendor.url, settings)], {
    authenticate,
    ...options,
  })
  closeAfterTest(opened.close, vendor.close)
  return { ...opened, vendor }
}

/** The fields of the audit lines, without request ids and durations. */
export function auditLinesOf({ lines }: Pick<TestGateway, 'lines'>): object[] {
  return lines
    .map(({ fields }) => fields as { audit?: string; requestId?: string; durationMs?: number })
    .filter(({ audit }) => audit !== undefined)
    .map(({ requestId, durationMs, ...fields }) => {
      expect(requestId).toMatch(/^[\w-]+$/)
      if (fields.audit === 'cancel') expect(durationMs).toBeTypeOf('number')
      return fields
    })
}

/** The fields of the audit line of a cancel by `ops`. */
export function cancelLine(
  job: object | null,
  outcome: string,
  upstreamStatus: number | null,
  sent: boolean | null,
): object {
  return {
    audit: 'cancel',
    caller: { name: 'ops', via: 'key', role: 'cancel' },
    job,
    outcome,
    upstreamStatus,
    sent,
  }
}

/** An execution as audit lines have it. */
export const execution = (id: string | null = ID) => ({ type: 'Execution', vendor: 'KODEXA', id })
