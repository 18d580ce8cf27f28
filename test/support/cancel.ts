import { encodeJobId } from '../../src/job/job-id.js'
import type { CancellableKind, TimeoutSettings } from './cancellable-kinds.js'
import { closeAfterTest } from './close-after-test.js'
import { openGateway, type GraphQLResponse, type TestGateway } from './gateway.js'
import { byRoute, startScriptedVendor, type Script, type ScriptedVendor } from './scripted-vendor.js'

/** The fields of all members of the result union. */
interface CancelResult {
  readonly __typename: string
  readonly outcome?: string
  readonly job?: object
  /** The job that could not be cancelled. */
  readonly refused?: object
  readonly code?: string
  readonly message?: string
  readonly vendor?: string
  readonly retryAfterSeconds?: number | null
  readonly vendorMessage?: string | null
  readonly incidentId?: string | null
}

interface CancelOptions {
  /** How the vendor responds to the cancel. */
  readonly cancel: Script
  /** How the vendor responds to a read of the job. */
  readonly read: Script
  readonly by?: object
  readonly settings?: TimeoutSettings
}

/** Opens a gateway with one vendor for the running test. */
export async function openVendor(
  kind: CancellableKind,
  settings: TimeoutSettings = {},
): Promise<{ vendor: ScriptedVendor; gateway: TestGateway }> {
  const vendor = await startScriptedVendor()
  const gateway = openGateway((log) => [kind.connect(vendor.url, settings, { log })])
  closeAfterTest(gateway.close, vendor.close)
  return { vendor, gateway }
}

/** Sends one cancel to a vendor with these responses. */
export async function cancel(kind: CancellableKind, { cancel, read, by = kind.by, settings = {} }: CancelOptions) {
  const { vendor, gateway } = await openVendor(kind, settings)
  vendor.answer(byRoute({ [inAnyApp(kind.cancelCall)]: cancel, [inAnyApp(kind.readCall)]: read }))
  const { response, result } = await sendCancel(gateway, kind, by)
  return { response, result, requests: vendor.requests, headers: vendor.headers, lines: gateway.lines }
}

function inAnyApp(call: string): string {
  return call.replace('/apps/c/', '/apps/[^/]+/')
}

export async function sendCancel(gateway: TestGateway, kind: CancellableKind, by = kind.by) {
  const query = cancelDocument(kind.graph)
  const response: GraphQLResponse<{ result: CancelResult } | null> = await gateway.query(query, { by })
  return { response, result: response.data?.result ?? { __typename: 'none' } }
}

export function readJob(gateway: TestGateway, kind: CancellableKind) {
  const id = encodeJobId({ type: kind.type, path: kind.path })
  return gateway.query('query Job($id: ID!) { job(id: $id) { status } }', { id })
}

/** Returns the request of a client that may disconnect. */
export function cancelRequest(kind: CancellableKind, signal: AbortSignal): Request {
  const body = JSON.stringify({ query: cancelDocument(kind.graph), variables: { by: kind.by } })
  const headers = { 'content-type': 'application/json' }
  return new Request('http://gateway.test/graphql', { method: 'POST', headers, body, signal })
}

function cancelDocument({ field, input, success, job }: CancellableKind['graph']): string {
  return `
    mutation Cancel($by: ${input}!) {
      result: ${field}(by: $by) {
        __typename
        ... on ${success} { outcome job: ${job} { ...Shared } }
        ... on JobNotCancellableError { refused: job { ...Shared } }
        ... on VendorError { vendor retryAfterSeconds vendorMessage incidentId }
        ... on Error { code message }
      }
    }
    fragment Shared on Job { id vendor vendorId status vendorStatus }
  `
}
