import { encodeJobId } from '../../src/job/job-id.js'
import { executionId } from '../independent/wire-jobs.js'
import type { Kind } from './fault.js'

export type FaultedVendor = 'CORTEX' | 'KODEXA'

/** What came of the field under test, and the words that came with it. */
export interface Finding {
  /** An `Outcome`, if it is one that is expected anywhere. */
  readonly outcome: string
  readonly message: string
}

export interface Operation {
  readonly name: string
  readonly vendor: FaultedVendor
  readonly kind: Kind
  /** Asks the other vendor as well. */
  readonly document: string
  /** Which requests the fault is for. Default: all. */
  readonly hits?: RegExp
  /** Whether it takes one request when all is well. */
  readonly isOneCall?: boolean
  /** Whether no collections and workflows are chosen. */
  readonly withoutContainers?: boolean
  find(answer: OperationResponse): Finding
  /** Whether the other vendor shows all that it was asked for. */
  isOtherWhole(answer: OperationResponse): boolean
}

interface Failure {
  readonly code: string
  readonly message: string
}

interface OfVendor {
  readonly vendor: string
  readonly status?: string
}

interface Cancelled {
  readonly outcome?: string | null
  readonly error?: Failure | null
}

/** What the operations here ask for; each has some of it. */
interface Data {
  readonly field: (Partial<Failure> & Cancelled) | null
  readonly other: { readonly status?: string; readonly outcome?: string }
  readonly jobs: { readonly nodes: readonly OfVendor[]; readonly outages: readonly (OfVendor & Failure)[] }
  readonly vendors: readonly (OfVendor & { readonly reachable: boolean; readonly outage: Failure | null })[]
  readonly cancelJobs: readonly [Cancelled, Cancelled]
  /** Of a subscription. */
  readonly events: readonly OfVendor[]
}

export interface OperationResponse {
  readonly data: Data
  readonly errors: readonly { readonly message: string; readonly extensions?: Readonly<Record<string, unknown>> }[]
}

const RECORD = 'record(by: { ref: { collectionId: "col_1", recordId: "rec_1" } })'
const RUN = 'workflowRun(by: { ref: { workflowId: "work_1", runId: "run_1" } })'
const EXECUTION = `execution(by: { executionId: "${executionId(1)}" })`
const MEMBERS = '__typename ... on Error { code message }'

const ID = {
  CORTEX: encodeJobId({ type: 'Record', path: ['c', 'col_1', 'rec_1'] }),
  RUN: encodeJobId({ type: 'WorkflowRun', path: ['c', 'work_1', 'run_1'] }),
  KODEXA: encodeJobId({ type: 'Execution', path: [executionId(1)] }),
  SECOND_RECORD: encodeJobId({ type: 'Record', path: ['c', 'col_1', 'rec_2'] }),
  SECOND_EXECUTION: encodeJobId({ type: 'Execution', path: [executionId(2)] }),
}
const OTHER = { CORTEX: 'KODEXA', KODEXA: 'CORTEX' } as const
/** What of the other vendor stands beside a read of the sick one. */
const BESIDE = { CORTEX: `other: ${EXECUTION} { vendor status }`, KODEXA: `other: ${RECORD} { vendor status }` }
const CANCEL_BESIDE = {
  CORTEX: `other: cancelExecution(by: { executionId: "${executionId(1)}" }) { ... on CancelExecutionSuccess { outcome } }`,
  KODEXA: `other: cancelRecord(by: { id: "${ID.CORTEX}" }) { ... on CancelRecordSuccess { outcome } }`,
}

export const operations: readonly Operation[] = [
  read('CORTEX', 'one', 'record', `${RECORD} { name rules { key } }`, { isOneCall: true }),
  read('CORTEX', 'one', "record's status", `${RECORD} { status }`, { isOneCall: true }),
  read('CORTEX', 'one', 'workflowRun', `${RUN} { result output { key } }`, { isOneCall: true }),
  read('CORTEX', 'one', 'job', `job(id: "${ID.CORTEX}") { name vendorId }`, { isOneCall: true }),
  read('CORTEX', 'one', 'node', `node(id: "${ID.RUN}") { ... on Job { vendorId } }`, { isOneCall: true }),
  read('CORTEX', 'list', 'nodes', `nodes(ids: ["${ID.CORTEX}", "${ID.SECOND_RECORD}"]) { ... on Job { name } }`),
  read('CORTEX', 'second', 'record.errors', `${RECORD} { name errors { key } }`, { hits: /^GET \S+\/status$/ }),
  read('CORTEX', 'second', 'workflowRun.record', `${RUN} { result record { name } }`, { hits: /records\/rec_9/ }),
  read('CORTEX', 'list', 'records', 'records(collectionId: "col_1", first: 2) { nodes { name } }', { isOneCall: true }),
  read('CORTEX', 'list', 'workflowRuns', 'workflowRuns(workflowId: "work_1", first: 2) { nodes { status } }', {
    isOneCall: true,
  }),
  jobs('CORTEX', 'jobs'),
  jobs('CORTEX', 'jobs of places found out', {
    withoutContainers: true,
    hits: /^GET \/apps\/c\/(collections|workflows)\?/,
  }),
  ping('CORTEX'),
  cancel(
    'CORTEX',
    'cancelRecord',
    `cancelRecord(by: { id: "${ID.CORTEX}" }) { ${MEMBERS} ... on CancelRecordSuccess { outcome } }`,
  ),
  cancel(
    'CORTEX',
    'cancelWorkflowRun',
    `cancelWorkflowRun(by: { id: "${ID.RUN}" }) { ${MEMBERS} ... on CancelWorkflowRunSuccess { outcome } }`,
  ),
  cancelJobs('CORTEX'),
  watch('CORTEX'),
  read('KODEXA', 'one', 'execution', `${EXECUTION} { name pipeline { ref } }`, { isOneCall: true }),
  read('KODEXA', 'one', 'job', `job(id: "${ID.KODEXA}") { name vendorId }`, { isOneCall: true }),
  read('KODEXA', 'one', 'node', `node(id: "${ID.KODEXA}") { ... on Job { vendorId } }`, { isOneCall: true }),
  read('KODEXA', 'list', 'nodes', `nodes(ids: ["${ID.KODEXA}", "${ID.SECOND_EXECUTION}"]) { ... on Job { name } }`),
  read('KODEXA', 'second', 'execution.parent', `${EXECUTION} { name parent { name } }`, {
    hits: new RegExp(`/${executionId(9)}`),
  }),
  read('KODEXA', 'second', 'execution.statusMessages', `${EXECUTION} { name statusMessages { title } }`, {
    hits: /status-messages/,
  }),
  read('KODEXA', 'list', 'executions', 'executions(first: 2) { nodes { name } }', { isOneCall: true }),
  read('KODEXA', 'list', 'executions by status', 'executions(first: 2, status: [RUNNING]) { nodes { name } }'),
  read('KODEXA', 'list', 'execution.children', `${EXECUTION} { name children(first: 2) { nodes { name } } }`, {
    hits: /executions\?/,
  }),
  jobs('KODEXA', 'jobs'),
  ping('KODEXA'),
  cancel(
    'KODEXA',
    'cancelExecution',
    `cancelExecution(by: { id: "${ID.KODEXA}" }) { ${MEMBERS} ... on CancelExecutionSuccess { outcome } }`,
  ),
  cancelJobs('KODEXA'),
  watch('KODEXA'),
].flat()

type Rest = Partial<Pick<Operation, 'hits' | 'isOneCall' | 'withoutContainers'>>

/** A field that is null when it cannot be read: the first one, or what hangs on it. */
function read(vendor: FaultedVendor, kind: Kind, name: string, field: string, rest: Rest = {}): Operation {
  return {
    name,
    vendor,
    kind,
    document: `{ field: ${field} ${BESIDE[vendor]} }`,
    find: ({ data, errors }) => {
      const error = errors[0]
      if (error) return { outcome: String(error.extensions?.['code']), message: error.message }
      return { outcome: hasNull(data.field) ? 'NOTHING' : 'DATA', message: '' }
    },
    isOtherWhole: ({ data }) => data.other.status === 'RUNNING',
    ...rest,
  }
}

/** The list of all jobs, which says in `outages` what it lacks. */
function jobs(vendor: FaultedVendor, name: string, rest: Rest = {}): Operation {
  return {
    name,
    vendor,
    kind: 'jobs',
    document:
      '{ jobs(first: 10) { nodes { vendor name status } outages { vendor code message } warnings { message } } }',
    find: ({ data, errors }) => {
      if (errors[0]) return { outcome: 'an error', message: errors[0].message }
      const outage = data.jobs.outages.find((each) => each.vendor === vendor)
      if (outage) return { outcome: outage.code, message: outage.message }
      return { outcome: jobsOf(vendor, data).length > 0 ? 'DATA' : 'NOTHING', message: '' }
    },
    isOtherWhole: ({ data }) => jobsOf(OTHER[vendor], data).length === (vendor === 'CORTEX' ? 2 : 3),
    ...rest,
  }
}

function jobsOf(vendor: FaultedVendor, { jobs }: Data): readonly OfVendor[] {
  return jobs.nodes.filter((job) => job.vendor === vendor)
}

/** Whether the vendors are well, found out by one small read of each. */
function ping(vendor: FaultedVendor): Operation {
  const healthOf = (of: FaultedVendor, { data }: OperationResponse) => data.vendors.find((each) => each.vendor === of)!
  return {
    name: 'vendors',
    vendor,
    kind: 'ping',
    document: '{ vendors { vendor reachable outage { code message } } }',
    isOneCall: true,
    find: (answer) => {
      const { outage } = healthOf(vendor, answer)
      return { outcome: outage?.code ?? 'DATA', message: outage?.message ?? '' }
    },
    isOtherWhole: (answer) => {
      const { reachable, outage } = healthOf(OTHER[vendor], answer)
      return reachable && outage === null
    },
  }
}

/** A cancel of a vendor that is sick in everything, and of one that is sick only in this. */
function cancel(vendor: FaultedVendor, name: string, field: string): Operation[] {
  const both = {
    name,
    vendor,
    document: `mutation { field: ${field} ${CANCEL_BESIDE[vendor]} }`,
    find: ({ data, errors }: OperationResponse) => findCancel(data.field, data.field, errors),
    isOtherWhole: ({ data }: OperationResponse) => data.other.outcome === 'CANCELLED',
  }
  return [
    { ...both, kind: 'cancel' },
    { ...both, kind: 'cancel+read', hits: /^(POST|PUT) / },
  ]
}

/** The same, through the one that takes jobs of all vendors. */
function cancelJobs(vendor: FaultedVendor): Operation[] {
  const both = {
    name: 'cancelJobs',
    vendor,
    document: `mutation { cancelJobs(ids: ["${ID[vendor]}", "${ID[OTHER[vendor]]}"]) { outcome error { code message } } }`,
    find: ({ data: { cancelJobs }, errors }: OperationResponse) =>
      findCancel(cancelJobs[0].error, cancelJobs[0], errors),
    isOtherWhole: ({ data }: OperationResponse) => data.cancelJobs[1].outcome === 'CANCELLED',
  }
  return [
    { ...both, kind: 'cancel' },
    { ...both, kind: 'cancel+read', hits: /^(POST|PUT) / },
  ]
}

function findCancel(
  failure: Partial<Failure> | null | undefined,
  cancelled: Cancelled | null,
  errors: OperationResponse['errors'],
): Finding {
  if (errors[0]) return { outcome: 'an error', message: errors[0].message }
  const outcome = cancelled?.outcome === 'CANCELLED' ? 'DATA' : (cancelled?.outcome ?? 'NOTHING')
  return { outcome: failure?.code ?? outcome, message: failure?.message ?? '' }
}

/** A stream with a job of each vendor: the first event of either. */
function watch(vendor: FaultedVendor): Operation {
  const nodesOf = ({ data }: OperationResponse, of: FaultedVendor) => data.events.find((event) => event.vendor === of)
  return {
    name: 'jobsUpdated',
    vendor,
    kind: 'watch',
    document: `subscription { jobsUpdated(ids: ["${ID[vendor]}", "${ID[OTHER[vendor]]}"]) { vendor status } }`,
    find: (answer) => {
      const error = answer.errors[0]
      if (error) return { outcome: String(error.extensions?.['code']), message: error.message }
      return { outcome: nodesOf(answer, vendor) ? 'DATA' : 'NOTHING', message: '' }
    },
    isOtherWhole: (answer) => nodesOf(answer, OTHER[vendor])?.status === 'RUNNING',
  }
}

/** Whether it is null, or something that was selected in it is. */
function hasNull(value: unknown): boolean {
  return value === null || (typeof value === 'object' && Object.values(value).some(hasNull))
}
