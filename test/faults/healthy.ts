import type { IncomingMessage } from 'node:http'
import { wireRecord, wireRun, wireExecution, executionId, type Wire } from '../independent/wire-jobs.js'

/** What a vendor that is well answers. */
export interface HealthyResponse {
  readonly body: unknown
  readonly headers: Readonly<Record<string, string>>
}

export type HealthyHandler = (request: IncomingMessage) => HealthyResponse

const RUNNING = { status: 'RUNNING' }
const CANCELLED = { status: 'CANCELLED' }

/** Cortex with a few jobs that run for ever, whatever became of their cancel. */
export const healthyCortex: HealthyHandler = (request) => {
  const [path] = pathAndQuery(request)
  const [, kind, place, jobs, id, action] = path.slice(1)
  if (place === undefined) return aList([{ id: kind === 'collections' ? 'col_1' : 'work_1' }])
  const make = jobs === 'records' ? wireRecord : wireRun
  if (id === undefined) return aList(jobs === 'records' ? records() : [wireRun('run_1', RUNNING)])
  if (action === 'status') return answer({ status: 'RUNNING', errors: [] })
  if (action === 'cancel') return answer(make(id, CANCELLED))
  return answer(make(id, { ...RUNNING, ...(jobs === 'runs' && { collection_id: 'col_1', record_id: 'rec_9' }) }))
}

/** Kodexa in the same state. */
export const healthyKodexa: HealthyHandler = (request) => {
  const [path, query] = pathAndQuery(request)
  const [, , id, action] = path
  if (action === 'status-messages') return answer([{ id: 'm1', title: 'Reading', type: 'INFO' }])
  if (id !== undefined) return answer(anExecutionWith(id, action === 'cancel' ? CANCELLED : RUNNING))
  const wanted = /^id in /.test(query.get('filter') ?? '') ? query.get('filter')!.match(/[\da-f-]{36}/g)! : null
  const content = (wanted ?? [executionId(2), executionId(1)]).map((each) => anExecutionWith(each, RUNNING))
  const total = { totalElements: content.length, totalPages: 1, first: true, last: true, number: 0 }
  return answer({ content, size: Number(query.get('pageSize')), ...total })
}

function records(): Wire[] {
  return [wireRecord('rec_1', RUNNING), wireRecord('rec_2', RUNNING)]
}

function anExecutionWith(id: string, extra: Wire): Wire {
  const number = parseInt(id.slice(-12), 16)
  const isChild = id !== executionId(9)
  return wireExecution(number, { parentExecutionId: isChild ? executionId(9) : null, ...extra })
}

function answer(body: unknown): HealthyResponse {
  return { body, headers: { 'content-type': 'application/json' } }
}

function aList(rows: readonly unknown[]): HealthyResponse {
  const headers = { 'content-type': 'application/json', 'pagination-count': String(rows.length) }
  return { body: rows, headers }
}

function pathAndQuery({ url = '' }: IncomingMessage): [readonly string[], URLSearchParams] {
  const { pathname, searchParams } = new URL(url, 'http://vendor.test')
  return [pathname.split('/').slice(1), searchParams]
}
