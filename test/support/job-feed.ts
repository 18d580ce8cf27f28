import { expect } from 'vitest'
import type { GatewayOptions } from '../../src/gateway.js'
import type { CortexSettings } from '../../src/vendors/cortex/settings.js'
import { closeAfterTest } from './close-after-test.js'
import { openGateway, type TestGateway } from './gateway.js'
import { cortexAt, json, kodexaAt, type Script, startScriptedVendor } from './scripted-vendor.js'

export interface FeedJob {
  readonly id: string
  readonly vendor: string
  readonly vendorId: string
  readonly status: string
  readonly createdAt: string | null
}

export interface Outage {
  readonly vendor: string
  readonly source: string | null
  readonly code: string
  readonly retryAfterSeconds: number | null
}

export interface JobsPage {
  readonly nodes: readonly FeedJob[]
  readonly edges: readonly { readonly cursor: string; readonly node: { readonly id: string } }[]
  readonly outages: readonly Outage[]
  readonly pageInfo: {
    readonly hasNextPage: boolean
    readonly hasPreviousPage: boolean
    readonly startCursor: string | null
    readonly endCursor: string | null
  }
}

const SELECTION = `
  nodes { id vendor vendorId status createdAt }
  edges { cursor node { id } }
  outages { vendor source code retryAfterSeconds }
  pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
`

export const JOBS_QUERY = `query ($filter: JobFilter, $first: Int, $after: String) {
  jobs(filter: $filter, first: $first, after: $after) { ${SELECTION} }
}`

export interface FeedOptions {
  readonly cortex?: Script
  readonly kodexa?: Script
  readonly settings?: Partial<CortexSettings>
  readonly options?: Partial<GatewayOptions>
}

/** A gateway in front of both vendors, of which Cortex has one collection and no workflow. Lists are empty by default. */
export async function openFeed({
  cortex: cortexScript = json(200, []),
  kodexa: kodexaScript = json(200, { content: [], totalElements: 0 }),
  settings = {},
  options = {},
}: FeedOptions) {
  const [cortex, kodexa] = [await startScriptedVendor(cortexScript), await startScriptedVendor(kodexaScript)]
  const gateway = openGateway(
    [
      cortexAt(cortex.url, { workflowIds: [], timeoutMs: 1000, ...settings }),
      kodexaAt(kodexa.url, { timeoutMs: 1000 }),
    ],
    options,
  )
  closeAfterTest(gateway.close, cortex.close, kodexa.close)
  return { gateway, cortex, kodexa }
}

export interface JobsVariables {
  readonly filter?: object
  readonly first?: number
  readonly after?: string | null
}

/** Reads one page and checks that there are no errors. */
export async function readJobs(gateway: TestGateway, variables: JobsVariables = {}): Promise<JobsPage> {
  const { status, data, errors } = await gateway.query(JOBS_QUERY, variables)
  expect(errors).toEqual([])
  expect(status).toBe(200)
  const page: JobsPage = data.jobs
  return page
}

export interface AllJobsOptions {
  readonly filter?: object
  /** One page size, or several to use in turn. */
  readonly first: number | readonly number[]
}

/** Reads all pages as a client does: follows `endCursor` while there is a next page. */
export async function readAllJobs(gateway: TestGateway, { first, ...variables }: AllJobsOptions): Promise<JobsPage[]> {
  const pages: JobsPage[] = []
  const sizes = typeof first === 'number' ? [first] : first
  let after: string | null = null
  for (let at = 0; at < 60; at++) {
    const page: JobsPage = await readJobs(gateway, { ...variables, first: sizes[at % sizes.length]!, after })
    pages.push(page)
    if (!page.pageInfo.hasNextPage) return pages
    expect(page.pageInfo.endCursor, 'a page with a next page has an endCursor').not.toBeNull()
    expect(page.pageInfo.endCursor, 'the endCursor advances').not.toBe(after)
    after = page.pageInfo.endCursor
  }
  throw new Error('The list does not end.')
}

/** The vendor ids of the jobs on these pages. */
export const vendorIds = (pages: readonly JobsPage[]) =>
  pages.flatMap(({ nodes }) => nodes.map(({ vendorId }) => vendorId))

/** The path and the sorted query parameters of a request line. */
export function sortedRequest(line: string): string {
  const { pathname, searchParams } = new URL(line.split(' ')[1]!, 'http://vendor.test')
  return `${pathname}?${[...searchParams]
    .map(([name, value]) => `${name}=${value}`)
    .sort()
    .join('&')}`
}
