import { createHash } from 'node:crypto'
import { API_KEY } from '../support/scripted-vendor.js'
import { listen, type Listener, type Reply, type SeenRequest } from './listener.js'
import type { Wire } from './wire-jobs.js'

/** What the documentation leaves open, decided one way or another. Tests may change it while the server runs. */
export interface CortexOptions {
  /** `echo` repeats the `take` that was asked for, `applied` says the one that was used. */
  headers: 'applied' | 'echo' | 'count only' | 'none'
  /** The most rows a page may have. */
  cap: number
  /** `none` is the same disorder each time. */
  order: 'newest first' | 'oldest first' | 'none'
  /** Whether runs' data and rules' runs are sent only when `verbose=all` asks for them. */
  verboseMatters: boolean
  pastTheEnd: 200 | 404
  errorBody: 'json' | 'text' | 'html' | 'none'
  /** What a cancel does: at once, only at {@link CortexServer.settle}, or the latter without a body in its answer. */
  cancel: 'at once' | 'later' | 'later, 204'
  /** What a cancel of a job that does not run answers: 200 with the job as it is, or an error. */
  cancelOfFinished: 200 | 400 | 404 | 409
  /** Answers every cancel so, and does nothing. */
  refuseCancels: number | null
  /** Answers every cancel so although it is done. */
  failAfterCancel: number | null
  /** Answers everything so. */
  failAll: number | null
  /** Answers so when asked what collections, or what workflows, there are. */
  failPlaces: Partial<Record<'collections' | 'workflows', number>>
}

export interface CortexJobs {
  readonly collections?: Readonly<Record<string, readonly Wire[]>>
  readonly workflows?: Readonly<Record<string, readonly Wire[]>>
  /** Workflows of other apps. */
  readonly discoverable?: Readonly<Record<string, readonly Wire[]>>
  /** What the status endpoint says beside the status, by record. */
  readonly errors?: Readonly<Record<string, unknown>>
}

export interface CortexServer extends Listener {
  readonly options: CortexOptions
  /** Lets pending cancels take effect. */
  settle(): void
  /** The records of a collection or the runs of a workflow: to be added to, taken from and changed while it runs. */
  jobs(place: string): Job[]
}

export type Job = Record<string, unknown>

const RECORD_PARAMS = {
  verbose: ['all'],
  search: null,
  status: ['ALL', 'DRAFT', 'QUEUED', 'RUNNING', 'CANCELLED', 'COMPLETED', 'FAILED'],
  tags: null,
  tag_ids: null,
}
const RUN_PARAMS = {
  verbose: ['all'],
  origin: ['ALL', 'WORKFLOW', 'TRIGGER', 'RECORD', 'TEST', 'ENDPOINT', 'WEBHOOK'],
  status: ['ALL', 'PENDING', 'RUNNING', 'CANCELLED', 'COMPLETED', 'SKIPPED', 'FAILED'],
}
const PAGE_PARAMS = { page: null, take: null, next: null }

/** Cortex by its documentation pages alone: exact paths and parameters, everything else is refused. */
export async function startCortex(jobs: CortexJobs, chosen: Partial<CortexOptions> = {}): Promise<CortexServer> {
  const options: CortexOptions = {
    headers: 'applied',
    cap: Infinity,
    order: 'newest first',
    verboseMatters: false,
    pastTheEnd: 200,
    errorBody: 'json',
    cancel: 'at once',
    cancelOfFinished: 409,
    refuseCancels: null,
    failAfterCancel: null,
    failAll: null,
    failPlaces: {},
    ...chosen,
  }
  const copy = (lists: CortexJobs['workflows'] = {}) =>
    new Map(Object.entries(lists).map(([id, list]) => [id, list.map((job): Job => ({ ...job }))]))
  const lists = {
    collections: copy(jobs.collections),
    workflows: copy(jobs.workflows),
    discoverable: copy(jobs.discoverable),
  }
  const pending: Job[] = []

  function handle(request: SeenRequest): Reply {
    if (request.headers.authorization !== `Bearer ${API_KEY}`) return fail(401, 'Invalid API key')
    if (options.failAll !== null) return fail(options.failAll, 'Something is wrong')
    const [apps, , ...rest] = request.path
    if (apps !== 'apps') return fail(404, 'Not found')
    const line = `${request.method} ${rest.map((part, at) => (at % 2 === 0 || part === 'discover' ? part : '*')).join('/')}`
    if (rest[0] === 'workflows' && rest[1] === 'discover') {
      const [, , workflowId, kind, runId, action] = rest
      if (request.method !== 'POST' || kind !== 'runs' || action !== 'cancel' || rest.length !== 6)
        return fail(404, 'Not found')
      return cancel(request, find(lists.discoverable, workflowId, runId), { verbose: ['all'] })
    }
    switch (line) {
      case 'GET collections':
        return places(request, 'collections')
      case 'GET workflows':
        return places(request, 'workflows')
      case 'GET collections/*/records':
        return page(request, lists.collections.get(rest[1]!), RECORD_PARAMS)
      case 'GET collections/*/records/*':
        return one(request, find(lists.collections, rest[1], rest[3]))
      case 'GET collections/*/records/*/status':
        return status(find(lists.collections, rest[1], rest[3]))
      case 'POST collections/*/records/*/cancel':
        return cancel(request, find(lists.collections, rest[1], rest[3]), {})
      case 'GET workflows/*/runs':
        return page(request, lists.workflows.get(rest[1]!), RUN_PARAMS)
      case 'GET workflows/*/runs/*':
        return one(request, find(lists.workflows, rest[1], rest[3]))
      case 'POST workflows/*/runs/*/cancel':
        return cancel(request, find(lists.workflows, rest[1], rest[3]), { verbose: ['all'] })
      default:
        return fail(404, 'Not found')
    }
  }

  function places(request: SeenRequest, kind: 'collections' | 'workflows'): Reply {
    const failure = options.failPlaces[kind]
    if (failure !== undefined) return fail(failure, 'Something is wrong')
    const rows = [...lists[kind].keys()].map((id) => ({ id, name: `The place ${id}`, tags: [] }))
    return page(request, rows, { search: null, tags: null })
  }

  function page(
    { query }: SeenRequest,
    list: readonly Job[] | undefined,
    params: Readonly<Record<string, readonly string[] | null>>,
  ): Reply {
    const complaint = checkQuery(query, { ...params, ...PAGE_PARAMS })
    if (complaint) return fail(400, complaint)
    if (!list) return fail(404, 'Not found')
    const number = Number(query.get('page') ?? 1)
    const asked = Number(query.get('take') ?? 100)
    const take = Math.min(asked, options.cap)
    if (!Number.isInteger(number) || number < 1 || !Number.isInteger(asked) || asked < 1)
      return fail(400, 'page and take are numbers from 1')
    const wanted = list
      .filter((job) => matches(job, query))
      .sort((a, b) => String(b.created_at).localeCompare(String(a.created_at)))
    if (options.order === 'oldest first') wanted.reverse()
    if (options.order === 'none') wanted.sort((a, b) => (chance(a) < chance(b) ? -1 : 1))
    const rows = wanted.slice((number - 1) * take, number * take)
    if (rows.length === 0 && number > 1 && options.pastTheEnd === 404) return fail(404, 'No such page')
    const counts = {
      none: {},
      'count only': { 'pagination-count': String(wanted.length) },
      echo: {
        'pagination-page': String(number),
        'pagination-take': String(asked),
        'pagination-count': String(wanted.length),
      },
      applied: {
        'pagination-page': String(number),
        'pagination-take': String(take),
        'pagination-count': String(wanted.length),
      },
    }
    return { status: 200, headers: counts[options.headers], body: rows.map((job) => shown(job, query)) }
  }

  function one({ query }: SeenRequest, job: Job | undefined): Reply {
    const complaint = checkQuery(query, { verbose: ['all'] })
    if (complaint) return fail(400, complaint)
    return job ? { status: 200, body: shown(job, query) } : fail(404, 'Not found')
  }

  function status(job: Job | undefined): Reply {
    return job
      ? {
          status: 200,
          body: { status: job.status, errors: jobs.errors?.[String(job.id)] },
        }
      : fail(404, 'Not found')
  }

  function cancel(
    { query, bytes }: SeenRequest,
    job: Job | undefined,
    params: Readonly<Record<string, readonly string[]>>,
  ): Reply {
    const complaint = bytes > 0 ? 'No body is taken' : checkQuery(query, params)
    if (complaint) return fail(400, complaint)
    if (!job) return fail(404, 'Not found')
    if (options.refuseCancels !== null) return fail(options.refuseCancels, 'The queue is locked')
    if (!['QUEUED', 'PENDING', 'RUNNING'].includes(String(job.status))) {
      return options.cancelOfFinished === 200
        ? { status: 200, body: shown(job, query) }
        : fail(options.cancelOfFinished, 'It is not running')
    }
    if (options.cancel === 'at once') job.status = 'CANCELLED'
    else pending.push(job)
    if (options.failAfterCancel !== null) return fail(options.failAfterCancel, 'Something is wrong')
    return options.cancel === 'later, 204' ? { status: 204 } : { status: 200, body: shown(job, query) }
  }

  function shown(job: Job, query: URLSearchParams): Job {
    if (!options.verboseMatters || query.getAll('verbose').includes('all')) return job
    const rules = Object.entries((job.rules ?? {}) as Record<string, Job>).map(([key, rule]) => [
      key,
      { ...rule, run: null },
    ])
    const kept = {
      ...job,
      ...('rules' in job ? { rules: Object.fromEntries(rules) } : { input: null, output: null, result: undefined }),
    }
    return { ...kept, workflow_version: undefined, usage: undefined }
  }

  function fail(code: number, message: string): Reply {
    const headers: Record<string, string> = code === 429 ? { 'retry-after': '7' } : {}
    switch (options.errorBody) {
      case 'json':
        return { status: code, headers, body: { status: code, message, errors: [] } }
      case 'text':
        return { status: code, headers, body: message }
      case 'html':
        return {
          status: code,
          headers,
          body: `<html><head><title>${code}</title></head><body><h1>${message}</h1></body></html>`,
        }
      case 'none':
        return { status: code, headers }
    }
  }

  return {
    ...(await listen(handle)),
    options,
    jobs: (place) => lists.collections.get(place) ?? lists.workflows.get(place) ?? [],
    settle() {
      for (const job of pending.splice(0)) job.status = 'CANCELLED'
    },
  }
}

function find(
  lists: ReadonlyMap<string, readonly Job[]>,
  listId: string | undefined,
  jobId: string | undefined,
): Job | undefined {
  return lists.get(listId ?? '')?.find((job) => String(job.id) === jobId)
}

function chance({ id }: Job): string {
  return createHash('md5').update(String(id)).digest('hex')
}

/** A documented parameter with a value it may have; null stands for any. */
function checkQuery(query: URLSearchParams, params: Readonly<Record<string, readonly string[] | null>>): string | null {
  for (const [name, value] of query) {
    const allowed = params[name]
    if (allowed === undefined) return `Unknown parameter ${name}`
    if (allowed !== null && !allowed.includes(value)) return `Invalid ${name}`
  }
  return null
}

function matches(job: Job, query: URLSearchParams): boolean {
  const tagIds = query.getAll('tag_ids')
  const own = ((job.tags ?? []) as Job[]).map(({ id }) => String(id))
  return (
    [job.status, 'ALL'].includes(query.get('status') ?? 'ALL') &&
    [job.origin, 'ALL'].includes(query.get('origin') ?? 'ALL') &&
    (typeof job.name === 'string' ? job.name : '').includes(query.get('search') ?? '') &&
    (tagIds.length === 0 || tagIds.some((id) => own.includes(id)))
  )
}
