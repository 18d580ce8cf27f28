import { DocketError } from '../job/errors.js'
import type { CircuitState, Vendor, VendorBudget, VendorMode } from '../job/vendor.js'
import { builder } from './builder.js'
import { ONE_REQUEST } from './complexity.js'
import { VendorNameEnum } from './vendor-name.js'
import { VendorOutageType, type VendorOutage } from './vendor-outage.js'
import { stringEnum } from './string-enum.js'

const VendorModeEnum = stringEnum<VendorMode>('VendorMode', 'What stands behind a vendor here. Values may be added.', {
  LIVE: 'The vendor itself, or whatever the configured base URL leads to.',
  SANDBOX: 'The fake that ships with the gateway: nothing here is real.',
  NOT_CONFIGURED: 'Nothing: this gateway has no credential for it.',
})

const CircuitStateEnum = stringEnum<CircuitState>('CircuitState', 'Whether reads are being sent to a vendor.', {
  CLOSED: 'They are.',
  OPEN: 'They are not: it failed ten times in a row and is left alone for five seconds. Cancels are still sent.',
  HALF_OPEN: 'One is, to see whether it is well again.',
})

interface Probe {
  readonly latencyMs: number | null
  readonly outage: VendorOutage | null
}

interface VendorHealth {
  readonly vendor: Vendor
  /** Asks the vendor, once, however many fields want to know. */
  readonly probe: () => Promise<Probe>
}

const VendorBudgetType = builder.objectRef<VendorBudget>('VendorBudget').implement({
  description:
    'How many requests may still be sent to a vendor, by all instances of this gateway that share its address.',
  fields: (t) => ({
    limit: t.exposeInt('limit', { nullable: false, description: 'Requests a minute, in all.' }),
    remaining: t.exposeInt('remaining', {
      nullable: false,
      description:
        'How many of them were not sent within the last minute; 0 while the vendor wants a pause. Reads go out in a burst of a tenth of the limit and evenly from then on, and never use the last tenth, which is kept for cancels; subscriptions leave most of the burst to those who wait.',
    }),
    resetsInSeconds: t.exposeFloat('resetsInSeconds', {
      nullable: false,
      description: 'When all of it is free again, should nothing be sent until then.',
    }),
  }),
})

const VendorHealthType = builder.objectRef<VendorHealth>('VendorHealth').implement({
  description: 'How a vendor is, as seen from this gateway.',
  fields: (t) => ({
    vendor: t.field({
      type: VendorNameEnum,
      nullable: false,
      description: 'Which vendor.',
      resolve: ({ vendor }) => vendor.name,
    }),
    mode: t.field({
      type: VendorModeEnum,
      nullable: false,
      description: 'What stands behind it.',
      resolve: ({ vendor }) => vendor.mode,
    }),
    reachable: t.boolean({
      nullable: false,
      complexity: ONE_REQUEST,
      description:
        'Whether it answers, and not with a failure of its own, found out by one small read. A vendor that refuses the credential is reachable: see `outage`.',
      resolve: async ({ probe }) => (await probe()).latencyMs !== null,
    }),
    latencyMs: t.float({
      complexity: ONE_REQUEST,
      description: 'How long that read took, in ms; null when it was not answered.',
      resolve: async ({ probe }) => (await probe()).latencyMs,
    }),
    outage: t.field({
      type: VendorOutageType,
      complexity: ONE_REQUEST,
      description: 'What was wrong with that read, null when nothing was.',
      resolve: async ({ probe }) => (await probe()).outage,
    }),
    circuit: t.field({
      type: CircuitStateEnum,
      nullable: false,
      description: 'Whether reads are being sent to it.',
      resolve: ({ vendor }) => vendor.circuit(),
    }),
    budget: t.field({
      type: VendorBudgetType,
      description: 'Null while no limit is kept for this vendor.',
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
      'Every vendor this gateway could have, and how it is. Costs a call for each vendor only when `reachable`, `latencyMs` or `outage` is selected.',
    resolve: (_root, _args, { sessions }) =>
      sessions.vendors.map((vendor) => {
        let probing: Promise<Probe> | undefined
        return { vendor, probe: () => (probing ??= probe(vendor, () => sessions.get(vendor.name).ping())) }
      }),
  }),
)

async function probe(vendor: Vendor, ping: () => Promise<void>): Promise<Probe> {
  const start = performance.now()
  try {
    await ping()
    return { latencyMs: performance.now() - start, outage: null }
  } catch (error) {
    if (!(error instanceof DocketError)) throw error
    return { latencyMs: answered(error) ? performance.now() - start : null, outage: { vendor: vendor.name, error } }
  }
}

const UNANSWERED = new Set(['VENDOR_UNAVAILABLE', 'VENDOR_TIMEOUT', 'VENDOR_NOT_CONFIGURED', 'UNAUTHENTICATED'])

function answered(error: DocketError): boolean {
  return !UNANSWERED.has(error.code)
}
