import { afterEach, beforeEach } from 'vitest'
import { json, startScriptedVendor, type Script, type ScriptedVendor } from './scripted-vendor.js'

type ListScript = (ids: readonly string[], query: URLSearchParams) => Script

/** Returns a fixture with a new Kodexa server for every test, and scripts and readers for its requests. */
export function useKodexaInstance() {
  let vendor: ScriptedVendor
  beforeEach(async () => {
    vendor = await startScriptedVendor()
  })
  afterEach(() => vendor.close())

  const queryOf = (request: string) => new URL(request.split(' ')[1]!, vendor.url).searchParams
  const requestsUnder = (prefix: string) => vendor.requests.filter((request) => request.startsWith(prefix))
  return {
    url: () => vendor.url,
    requests: () => vendor.requests,
    respondWith: (script: Script) => vendor.answer(script),
    queryOf,
    listRequests: () => requestsUnder('GET /api/executions?'),
    singleGets: () => requestsUnder('GET /api/executions/'),
  }
}

/** Returns the ids that a filter names. */
export function idsIn(query: URLSearchParams): string[] {
  return [...(query.get('filter') ?? '').matchAll(/'([^']+)'/g)].map(([, id]) => id!)
}

export function rowsOf(ids: readonly string[]) {
  return ids.map((id) => ({ id, status: 'RUNNING' }))
}

export function pageOf(ids: readonly string[]): Script {
  return json(200, { content: rowsOf(ids), totalElements: ids.length, last: true })
}

/** Returns a script that finds these executions by their paths, and responds to lists by the given script. */
export function instance(known: readonly string[], list: ListScript): Script {
  return (request, response) => {
    const { pathname, searchParams } = new URL(request.url!, 'http://kodexa.test')
    const id = /^\/api\/executions\/([^/]+)$/.exec(pathname)?.[1]
    if (id === undefined) return list(idsIn(searchParams), searchParams)(request, response)
    const single = known.includes(id) ? json(200, { id, status: 'RUNNING' }) : json(404, { message: 'not found' })
    single(request, response)
  }
}

/** Returns an instance that supports filters by id. */
export function batching(known: readonly string[]): Script {
  return instance(known, (ids) => pageOf(known.filter((id) => ids.includes(id))))
}

/** Returns an instance that rejects filters by id. */
export function rejecting(known: readonly string[]): Script {
  return instance(known, () => json(400, { message: 'Cannot filter by id' }))
}
