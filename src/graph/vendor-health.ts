import { DocketError } from '../job/errors.js'
import type { CircuitState, Vendor, VendorBudget, VendorMode } from '../job/vendor.js'
import { builder } from './builder.js'
import { ONE_REQUEST } from './complexity.js'
import { VendorNameEnum } from './vendor-name.js'
import { VendorOutageType, type VendorOutage } from './vendor-outage.js'
import { stringEnum } from './string-enum.js'

const VendorModeEnum = stringEnum<VendorMode>(
  'VendorMode',
  'What the gateway connects to for a vendor. Values may be added.',
  {
    LIVE: 'The real vendor, at the configured base URL.',
    SANDBOX: 'The simulated vendor that ships with the gateway. Its jobs are not real.',
    NOT_CONFIGURED: 'Nothing: this gateway has no credential for the vendor.',
  },
)

const CircuitStateEnum = stringEnum<CircuitState>('CircuitState', "The state of a vendor's circuit breaker.", {
  CLOSED: 'Reads are sent.',
  OPEN: 'Reads are not sent for five seconds, because ten in a row failed. Cancels are still sent.',
  HALF_OPEN: 'One read is sent, to find out whether the vendor has recovered.',
})

/** The codes of errors that stand for no response, or for a failure of the vendor's own. */
const UNREACHABLE_CODES = new Set(['VENDOR_UNAVAILABLE', 'VENDOR_TIMEOUT', 'VENDOR_NOT_CONFIGURED', 'UNAUTHENTICATED'])

interface Probe {
  readonly latencyMs: number | null
  readonly outage: VendorOutage | null
}

interface VendorHealth {
  readonly vendor: Vendor
  /** Sends one request to the vendor, however many fields need its result. */
  readonly probe: () => Promise<Probe>
}

const VendorBudgetType = builder.objectRef<VendorBudget>('VendorBudget').implement({
  description:
    'How many requests may still be sent to a vendor, counted over all instances of this gateway that share its limit.',
  fields: (t) => ({
    limit: t.exposeInt('limit', { nullable: false, description: 'Requests per minute.' }),
    remaining: t.exposeInt('remaining', {
      nullable: false,
      description:
        'The part of `limit` not used within the last minute; 0 while the vendor asks for a pause. Reads may use a burst of a tenth of the limit, then a steady rate; the last tenth is reserved for cancels. Subscriptions leave most of the burst to queries.',
    }),
    resetsInSeconds: t.exposeFloat('resetsInSeconds', {
      nullable: false,
      description: 'Seconds until the whole budget is free again, if nothing is sent meanwhile.',
    }),
  }),
})

const VendorHealthType = builder.objectRef<VendorHealth>('VendorHealth').implement({
  description: 'The health of a vendor, as seen from this gateway.',
  fields: (t) => ({
    vendor: t.field({
      type: VendorNameEnum,
      nullable: false,
      description: 'The vendor.',
      resolve: ({ vendor }) => vendor.name,
    }),
    mode: t.field({
      type: VendorModeEnum,
      nullable: false,
      description: 'What the gateway connects to.',
      resolve: ({ vendor }) => vendor.mode,
    }),
    reachable: t.boolean({
      nullable: false,
      complexity: ONE_REQUEST,
      description:
        'Whether the vendor responds to one small read without a failure of its own. A vendor that rejects the credential is reachable: see `outage`.',
      resolve: async ({ probe }) => (await probe()).latencyMs !== null,
    }),
    latencyMs: t.float({
      complexity: ONE_REQUEST,
      description: 'How long that read took, in ms; null when there was no response.',
      resolve: async ({ probe }) => (await probe()).latencyMs,
    }),
    outage: t.field({
      type: VendorOutageType,
      complexity: ONE_REQUEST,
      description: 'Why that read failed; null when it succeeded.',
      resolve: async ({ probe }) => (await probe()).outage,
    }),
    circuit: t.field({
      type: CircuitStateEnum,
      nullable: false,
      description: 'The state of the circuit breaker: whether reads are sent.',
      resolve: ({ vendor }) => vendor.circuit(),
    }),
    budget: t.field({
      type: VendorBudgetType,
      description: 'How many requests may still be sent; null when the vendor has no limit.',
      resolve: ({ vendor }) => vendor.budget(),
    }),
  }),
})

builder.queryField('vendors', (t) =>
  t.field({
    type: [VendorHealthType],
    complexity: (_args, { sessions }) => ({ field: 0, multiplier: sessions.vendors.length }),
    nullable: false,
    description:
      'The health of every vendor, configured or not. Sends one request per vendor, and only when `reachable`, `latencyMs` or `outage` is selected.',
    resolve: (_root, _args, { sessions }) =>
      sessions.vendors.map((vendor) => {
        let probing: Promise<Probe> | undefined
        return { vendor, probe: () => (probing ??= probe(vendor, () => sessions.get(vendor.name).ping())) }
      }),
  }),
)

async function probe(vendor: Vendor, ping: () => Promise<void>): Promise<Probe> {
  const startedAt = performance.now()
  try {
    await ping()
    return { latencyMs: performance.now() - startedAt, outage: null }
  } catch (error) {
    if (!(error instanceof DocketError)) throw error
    const latencyMs = UNREACHABLE_CODES.has(error.code) ? null : performance.now() - startedAt
    return { latencyMs, outage: { vendor: vendor.name, error } }
  }
}
