import { API_KEY } from '../support/scripted-vendor.js'
import { parseFilter, type Literal, type Spelling } from './kodexa-filter.js'
import { listen, type Listener, type Reply, type SeenRequest } from './listener.js'
import type { Wire } from './wire-jobs.js'

export const STATUS_NAMES = [
  'PENDING',
  'RUNNING',
  'SUCCEEDED',
  'FAILED',
  'REQUESTED',
  'SKIPPED',
  'CANCELLING',
  'CANCELLED',
  'PENDING_REPROCESSING',
  'REPROCESSED',
]

/** What the documentation leaves open, decided one way or another. Tests may change it while the server runs. */
export interface KodexaOptions {
  /** The number by which the first page is asked for. */
  pageBase: 0 | 1
  /** What `number` says of the first page. */
  numberBase: 0 | 1
  /** Fields that the page envelope lacks. */
  envelopeLacks: readonly string[]
  /** Leaves out of the envelope what is zero, false or empty, as some backends do. */
  omitZeros: boolean
  emptyContent: 'array' | 'null' | 'absent'
  cap: number
  spelling: Spelling
  /** Whether filters are read, paid no heed to, or answered with an error. */
  filters: 'read' | 'ignored' | 400 | 500
  /** Whether one may filter by `id`: `matches nothing` finds none. */
  idFilter: 'read' | 400 | 500 | 'matches nothing'
  /** By what a filter compares a status: names, bare codes. */
  statusFilter: 'name' | 'code'
  /** The status names that a filter may use. */
  statuses: readonly string[]
  /** How statuses are sent. */
  statusAs: 'name' | 'code' | 'code in quotes'
  sorts: readonly (',' | ':')[]
  unknownSort: 'refused' | 'ignored'
  /** Fields that executions lack. */
  lacks: readonly string[]
  errorBody: 'platform' | 'problem' | 'problem with status object' | 'spring' | 'text' | 'html'
  cancel: 'at once' | 'winds down'
  cancelOfFinished: 200 | 400 | 409
  refuseCancels: number | null
  failAll: number | null
}

export interface KodexaServer extends Listener {
  readonly options: KodexaOptions
  settle(): void
}

export const ANY_SPELLING: Spelling = { equality: [':', '=', 'eq'], list: ['(', '['] }
const STACK = 'io.kodexa.SecretClass.method(SecretClass.java:42)'

type Execution = Record<string, unknown>

/** Kodexa by its reference pages alone: exact paths and parameters, everything else is refused. */
export async function startKodexa(
  given: readonly Wire[],
  chosen: Partial<KodexaOptions> = {},
  messages: Readonly<Record<string, readonly Wire[]>> = {},
): Promise<KodexaServer> {
  const options: KodexaOptions = {
    pageBase: 1,
    numberBase: 0,
    envelopeLacks: [],
    omitZeros: false,
    emptyContent: 'array',
    cap: 1000,
    spelling: ANY_SPELLING,
    filters: 'read',
    idFilter: 'read',
    statusFilter: 'name',
    statuses: STATUS_NAMES,
    statusAs: 'name',
    sorts: [',', ':'],
    unknownSort: 'refused',
    lacks: [],
    errorBody: 'platform',
    cancel: 'at once',
    cancelOfFinished: 409,
    refuseCancels: null,
    failAll: null,
    ...chosen,
  }
  const executions = given.map((execution): Execution => ({ ...execution }))
  const find = (id: string | undefined) =>
    executions.find((execution) => String(execution.id).toLowerCase() === id?.toLowerCase())

  function handle(request: SeenRequest): Reply {
    if (request.headers['x-api-key'] !== API_KEY) return fail(401, 'Access token is missing or invalid')
    if (options.failAll !== null) return fail(options.failAll, 'Something is wrong')
    const [api, resource, id, action, ...rest] = request.path
    if (api !== 'api' || rest.length > 0) return fail(404, 'No such path')
    switch (`${request.method} ${resource}${id === undefined ? '' : '/*'}${action === undefined ? '' : `/${action}`}`) {
      case 'GET executions':
        return page(request.query)
      case 'GET executions/*':
        return found(find(id), shown)
      case 'GET executions/*/status-messages':
        return found(find(id), (execution) => messages[String(execution.id)] ?? [])
      case 'PUT executions/*/cancel':
        return request.bytes > 0 ? fail(400, 'No body is taken') : (found(find(id), null) ?? cancel(find(id)!))
      case 'GET account/*':
        return id === 'me'
          ? {
              status: 200,
              body: { id: 'u1', email: 'somebody@example.test' },
            }
          : fail(404, 'No such path')
      default:
        return fail(404, 'No such path')
    }
  }

  function found(execution: Execution | undefined, show: (execution: Execution) => unknown): Reply
  function found(execution: Execution | undefined, show: null): Reply | null
  function found(execution: Execution | undefined, show: ((execution: Execution) => unknown) | null): Reply | null {
    if (!execution) return fail(404, 'Execution not found')
    return show && { status: 200, body: show(execution) }
  }

  function page(query: URLSearchParams): Reply {
    const unknown = [...query.keys()].find((name) => !['page', 'pageSize', 'sort', 'filter', 'query'].includes(name))
    if (unknown) return fail(400, `Unknown parameter ${unknown}`)
    const number = Number(query.get('page') ?? options.pageBase) - options.pageBase
    const asked = Number(query.get('pageSize') ?? 20)
    if (!Number.isInteger(number) || number < 0 || !Number.isInteger(asked) || asked < 1)
      return fail(400, 'page or pageSize is out of range')
    const sorted = sort(query.get('sort'))
    if (sorted === null) return fail(400, 'Cannot read sort')
    const rows = applyFilters(sorted, query.getAll('filter'))
    if (!Array.isArray(rows)) return rows
    return { status: 200, body: envelope(rows, number, Math.min(asked, options.cap)) }
  }

  function sort(by: string | null): Execution[] | null {
    const match = /^([A-Za-z.]+)(?:([,:])(asc|desc))?$/.exec(by ?? 'id')
    const isKnown = match && (match[2] === undefined || options.sorts.includes(match[2] as ',' | ':'))
    if (!isKnown && options.unknownSort === 'refused') return null
    const [field, order] = isKnown ? [match[1]!, match[3]] : ['id', 'asc']
    const compare = (a: Execution, b: Execution) => String(a[field]).localeCompare(String(b[field]))
    return [...executions].sort((a, b) => (order === 'desc' ? compare(b, a) : compare(a, b)))
  }

  function applyFilters(rows: Execution[], filters: readonly string[]): Execution[] | Reply {
    if (filters.length === 0 || options.filters === 'ignored') return rows
    if (options.filters !== 'read') return fail(options.filters, 'Filtering failed')
    for (const filter of filters) {
      const isById = /\bid\s*(:|=|eq|in)/.test(filter)
      if (isById && typeof options.idFilter === 'number') return fail(options.idFilter, 'Cannot filter by id')
      const condition = parseFilter(filter, options.spelling, compare)
      const verdicts = condition && rows.map(condition)
      if (!verdicts?.every((verdict) => verdict !== null)) return fail(400, `Cannot read the filter ${filter}`)
      rows = rows.filter((_, at) => verdicts[at])
    }
    return rows
  }

  function compare(field: string, values: readonly Literal[], row: Wire): boolean | null {
    if (field === 'id' && options.idFilter === 'matches nothing') return false
    if (field !== 'status') return values.some(({ text }) => text.toLowerCase() === String(row[field]).toLowerCase())
    const wanted = values.map(statusNamed)
    return wanted.includes(null) ? null : wanted.includes(String(row.status))
  }

  /** The status that a literal means; null where this instance would not take it. */
  function statusNamed({ quoted, text }: Literal): string | null {
    if (options.statusFilter === 'name') return quoted && options.statuses.includes(text) ? text : null
    return quoted ? null : (STATUS_NAMES[Number(text)] ?? null)
  }

  function envelope(all: readonly Execution[], number: number, size: number): unknown {
    const content = all.slice(number * size, (number + 1) * size).map(shown)
    const last = (number + 1) * size >= all.length
    const full: Record<string, unknown> = {
      content: content.length > 0 ? content : { array: [], null: null, absent: undefined }[options.emptyContent],
      number: number + options.numberBase,
      size,
      numberOfElements: content.length,
      totalElements: all.length,
      totalPages: Math.ceil(all.length / size),
      first: number === 0,
      last,
      pageable: {
        offset: number * size,
        pageNumber: number,
        pageSize: size,
        paged: true,
        unpaged: false,
        sort: { empty: false, sorted: true, unsorted: false },
      },
      sort: { empty: false, sorted: true, unsorted: false },
    }
    const isZero = (value: unknown) => value === 0 || value === false || (Array.isArray(value) && value.length === 0)
    const isSent = ([name, value]: [string, unknown]) =>
      !options.envelopeLacks.includes(name) && !(options.omitZeros && isZero(value))
    return Object.fromEntries(Object.entries(full).filter(isSent))
  }

  function shown(execution: Execution): Execution {
    const code = STATUS_NAMES.indexOf(String(execution.status))
    const status =
      code < 0 ? execution.status : { name: execution.status, code, 'code in quotes': String(code) }[options.statusAs]
    return Object.fromEntries(
      Object.entries({ ...execution, status }).filter(([name]) => !options.lacks.includes(name)),
    )
  }

  function cancel(execution: Execution): Reply {
    if (options.refuseCancels !== null) return fail(options.refuseCancels, 'The scheduler is locked')
    if (!['PENDING', 'RUNNING', 'REQUESTED', 'CANCELLING'].includes(String(execution.status))) {
      if (options.cancelOfFinished !== 200) return fail(options.cancelOfFinished, 'Execution is not running')
      return { status: 200, body: shown(execution) }
    }
    execution.status = options.cancel === 'at once' ? 'CANCELLED' : 'CANCELLING'
    return { status: 200, body: shown(execution) }
  }

  function fail(code: number, message: string): Reply {
    switch (options.errorBody) {
      case 'platform':
        return {
          status: code,
          body: {
            dateTime: '2026-01-10T08:00:00Z',
            message,
            incidentId: 'inc-1',
            contextPath: '/api',
            errors: {},
            stackTrace: STACK,
            rootCauseStackTrace: [STACK],
          },
        }
      case 'problem':
        return {
          status: code,
          body: { type: 'about:blank', title: 'Refused', status: code, detail: message, instance: '/api' },
        }
      case 'problem with status object':
        return {
          status: code,
          body: {
            type: 'about:blank',
            title: 'Refused',
            status: { statusCode: code, reasonPhrase: 'Refused' },
            message,
            suppressed: [],
            stackTrace: [{ className: STACK }],
          },
        }
      case 'spring':
        return {
          status: code,
          body: {
            timestamp: '2026-01-10T08:00:00Z',
            status: code,
            error: message,
            message: '',
            path: '/api/executions',
          },
        }
      case 'text':
        return { status: code, body: message }
      case 'html':
        return { status: code, body: `<html><body><h1>${message}</h1></body></html>` }
    }
  }

  return {
    ...(await listen(handle)),
    options,
    settle() {
      for (const execution of executions) if (execution.status === 'CANCELLING') execution.status = 'CANCELLED'
    },
  }
}
