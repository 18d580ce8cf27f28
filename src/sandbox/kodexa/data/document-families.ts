import { ASSISTANTS, type Assistant } from './assistants.js'

/** The document that an execution processes, and the assistant that does so. */
export interface DocumentFamily {
  readonly id: string
  readonly name: string
  readonly assistant: Assistant
}

const INVOICES: readonly string[] = [
  'invoice 20418 (Halden Paper)',
  'invoice 7731 (Orbis Freight)',
  'invoice 2024-118 (Lindqvist Tools)',
  'invoice A-559 (Marrow & Finch)',
  'invoice 90011 (Castell Energy)',
  'invoice 3307 (Tidewater Catering)',
  'invoice 66120 (Norrland Timber)',
  'invoice 1180 (Bright Lane Cleaning)',
  'invoice 45-C (Pellworm Shipping)',
  'invoice 8824 (Quill Stationery)',
]

const CONTRACTS: readonly string[] = [
  'the lease of Harbour Road 14',
  'the framework agreement with Orbis Freight',
  'the licence of Fernwood Software',
  'the supply contract with Castell Energy',
  'the confidentiality agreement with Pellworm',
  'the lease of Mill Court 3',
  'the maintenance contract of the Aarhus site',
  'the employment contract of the plant manager',
  'the loan agreement of March',
  'the distribution agreement for the Baltics',
]

const CLAIMS: readonly string[] = [
  'claim 88123 (water damage)',
  'claim 88140 (stolen bicycle)',
  'claim 88151 (hail)',
  'claim 88167 (broken window)',
  'claim 88202 (lost luggage)',
  'claim 88215 (kitchen fire)',
  'claim 88230 (rear-end collision)',
  'claim 88244 (storm)',
  'claim 88259 (frozen pipe)',
  'claim 88263 (cancelled flight)',
]

/** Thirty document families, ten for each assistant. */
export const DOCUMENT_FAMILIES: readonly DocumentFamily[] = [INVOICES, CONTRACTS, CLAIMS].flatMap((names, group) =>
  names.map((name, index) => ({
    id: `00000000-0000-4000-8000-0000000001${String(group * 10 + index + 1).padStart(2, '0')}`,
    name,
    assistant: ASSISTANTS[group] ?? ASSISTANTS[0],
  })),
)
