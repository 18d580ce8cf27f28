import { describe, expect, it } from 'vitest'
import { openSandboxedForTest } from '../support/close-after-test.js'
import { type JobsVariables, readJobs, sortedRequest } from '../support/job-feed.js'
import type { SandboxedGateway } from '../support/sandboxes.js'

describe('the requests for a list of jobs', () => {
  const CONTAINERS = [
    '/apps/c/collections/col_invoices/records',
    '/apps/c/collections/col_loans/records',
    '/apps/c/workflows/work_classify/runs',
    '/apps/c/workflows/work_extract/runs',
    '/apps/c/workflows/work_verify/runs',
  ]

  async function requestsFor(
    variables: JobsVariables,
    gateway?: SandboxedGateway,
  ): Promise<{ cortex: string[]; kodexa: string[] }> {
    const used = gateway ?? (await openSandboxedForTest())
    await readJobs(used, variables)
    const { cortex, kodexa } = used.takeRequests()
    return { cortex: cortex.map(sortedRequest).sort(), kodexa: kodexa.map(sortedRequest) }
  }

  it('are one page per list, long enough to show its order', async () => {
    expect(await requestsFor({ first: 7 })).toEqual({
      cortex: CONTAINERS.map((container) => `${container}?page=1&take=20`),
      kodexa: ['/api/executions?page=1&pageSize=20&sort=createdOn,desc'],
    })
  })

  it('are pages of the requested size when that is larger', async () => {
    expect(await requestsFor({ first: 35 })).toEqual({
      cortex: CONTAINERS.map((container) => `${container}?page=1&take=35`),
      kodexa: ['/api/executions?page=1&pageSize=35&sort=createdOn,desc'],
    })
  })

  it('are pages of a hundred after the first page', async () => {
    const gateway = await openSandboxedForTest()
    const { pageInfo } = await readJobs(gateway, { first: 7 })
    gateway.takeRequests()
    expect(await requestsFor({ first: 7, after: pageInfo.endCursor }, gateway)).toEqual({
      cortex: CONTAINERS.map((container) => `${container}?page=1&take=100`),
      kodexa: ['/api/executions?page=1&pageSize=100&sort=createdOn,desc'],
    })
  })

  it('are none to a vendor that is filtered out', async () => {
    expect(await requestsFor({ filter: { vendors: ['KODEXA'] }, first: 5 })).toEqual({
      cortex: [],
      kodexa: ['/api/executions?page=1&pageSize=20&sort=createdOn,desc'],
    })
    expect(await requestsFor({ filter: { vendors: ['CORTEX'] }, first: 5 })).toEqual({
      cortex: CONTAINERS.map((container) => `${container}?page=1&take=20`),
      kodexa: [],
    })
    expect(await requestsFor({ filter: { vendors: [] } })).toEqual({ cortex: [], kodexa: [] })
  })

  it("have a status in each vendor's raw form", async () => {
    const QUEUED = "(status:'PENDING' or status:'REQUESTED' or status:'PENDING_REPROCESSING')"
    expect(await requestsFor({ filter: { statuses: ['QUEUED'] }, first: 5 })).toEqual({
      cortex: CONTAINERS.map(
        (container) => `${container}?page=1&status=${container.endsWith('records') ? 'QUEUED' : 'PENDING'}&take=20`,
      ),
      kodexa: [`/api/executions?filter=${QUEUED}&page=1&pageSize=20&sort=createdOn,desc`],
    })
  })

  it('are one list per status to Cortex, and one for all statuses to Kodexa', async () => {
    expect(
      await requestsFor({
        filter: { statuses: ['RUNNING', 'FAILED'], cortexCollectionIds: ['col_loans'] },
        first: 5,
      }),
    ).toEqual({
      cortex: ['FAILED', 'RUNNING'].map((raw) => `/apps/c/collections/col_loans/records?page=1&status=${raw}&take=20`),
      kodexa: ["/api/executions?filter=(status:'RUNNING' or status:'FAILED')&page=1&pageSize=20&sort=createdOn,desc"],
    })
  })

  it('are none to a vendor that does not have the status', async () => {
    expect(await requestsFor({ filter: { statuses: ['CANCELLING'] }, first: 5 })).toEqual({
      cortex: [],
      kodexa: ["/api/executions?filter=status:'CANCELLING'&page=1&pageSize=20&sort=createdOn,desc"],
    })
    expect(await requestsFor({ filter: { statuses: ['DRAFT'] }, first: 5 })).toEqual({
      cortex: CONTAINERS.slice(0, 2).map((container) => `${container}?page=1&status=DRAFT&take=20`),
      kodexa: [],
    })
    expect(
      (
        await requestsFor({
          filter: { statuses: ['SKIPPED'] },
          first: 5,
        })
      ).cortex,
    ).toEqual(CONTAINERS.slice(2).map((container) => `${container}?page=1&status=SKIPPED&take=20`))
    expect(await requestsFor({ filter: { statuses: [] } })).toEqual({ cortex: [], kodexa: [] })
  })

  it('have no status when UNKNOWN is among the statuses', async () => {
    const { cortex, kodexa } = await requestsFor({ filter: { statuses: ['RUNNING', 'UNKNOWN'] }, first: 100 })
    expect(new Set(cortex.map((line) => line.split('?')[0]))).toEqual(new Set(CONTAINERS))
    expect(kodexa.length).toBeGreaterThan(0)
    for (const line of [...cortex, ...kodexa]) expect(line).not.toMatch(/status|filter/)
  })

  it('go to the named collections and workflows alone', async () => {
    const vendors = ['CORTEX']
    expect(await requestsFor({ filter: { vendors, cortexCollectionIds: ['col_loans'] }, first: 5 })).toMatchObject({
      cortex: [`${CONTAINERS[1]}?page=1&take=20`],
    })
    expect(
      await requestsFor({
        filter: { vendors, cortexWorkflowIds: ['work_verify', 'work_extract'] },
        first: 5,
      }),
    ).toMatchObject({
      cortex: [`${CONTAINERS[3]}?page=1&take=20`, `${CONTAINERS[4]}?page=1&take=20`],
    })
    expect(
      await requestsFor({
        filter: {
          vendors,
          cortexCollectionIds: ['col_loans'],
          cortexWorkflowIds: ['work_verify'],
          statuses: ['FAILED'],
        },
        first: 5,
      }),
    ).toMatchObject({
      cortex: [`${CONTAINERS[1]}?page=1&status=FAILED&take=20`, `${CONTAINERS[4]}?page=1&status=FAILED&take=20`],
    })
    expect(await requestsFor({ filter: { vendors, cortexCollectionIds: [] } })).toMatchObject({ cortex: [] })
  })

  it('return only jobs that match', async () => {
    const gateway = await openSandboxedForTest()
    const running = await readJobs(gateway, { filter: { statuses: ['RUNNING', 'QUEUED'] }, first: 100 })
    expect(new Set(running.nodes.map(({ status }) => status))).toEqual(new Set(['RUNNING', 'QUEUED']))
    expect(new Set(running.nodes.map(({ vendor }) => vendor))).toEqual(new Set(['CORTEX', 'KODEXA']))
    const kodexa = await readJobs(gateway, { filter: { vendors: ['KODEXA'] }, first: 30 })
    expect(new Set(kodexa.nodes.map(({ vendor }) => vendor))).toEqual(new Set(['KODEXA']))
  })
})
