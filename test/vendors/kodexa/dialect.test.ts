import { afterEach, describe, expect, it } from 'vitest'
import { VendorError } from '../../../src/job/errors.js'
import { createDialect, type DialectSettings } from '../../../src/vendors/kodexa/dialect.js'
import { FILTER_DIALECTS, type FilterDialect } from '../../../src/vendors/kodexa/filter.js'
import { openSandboxedGateway, type SandboxedGateway } from '../../support/sandboxes.js'

const UNSET: DialectSettings = { filter: null, sort: 'comma', pageBase: null }

const refusal = (about: string) => new VendorError('KODEXA', 'VENDOR_REJECTED', `refused ${about}`, { httpStatus: 400 })

/** An instance that understands some spellings, and the list of those it was asked in. */
function instance(understood: readonly FilterDialect[]) {
  const asked: FilterDialect[] = []
  const call = async (spelling: FilterDialect): Promise<string> => {
    asked.push(spelling)
    // Let the others in, as a socket does.
    await Promise.resolve()
    if (!understood.includes(spelling)) throw refusal(spelling)
    return `answer in ${spelling}`
  }
  return { asked, call }
}

describe('the spelling of filters', () => {
  it.each([
    ['colon', ['colon']],
    ['equals', ['colon', 'equals']],
    ['eq', ['colon', 'equals', 'eq']],
  ] as const)('is found out: %s', async (understood, tried) => {
    const { asked, call } = instance([understood])
    expect(await createDialect(UNSET).withFilter(call)).toBe(`answer in ${understood}`)
    expect(asked).toEqual(tried)
  })

  it('is remembered once it was found out', async () => {
    const { asked, call } = instance(['eq'])
    const dialect = createDialect(UNSET)
    await dialect.withFilter(call)
    asked.length = 0
    await dialect.withFilter(call)
    await dialect.withFilter(call)
    expect(asked).toEqual(['eq', 'eq'])
  })

  it('is not remembered by another instance', async () => {
    await createDialect(UNSET).withFilter(instance(['eq']).call)
    const { asked, call } = instance(['eq'])
    await createDialect(UNSET).withFilter(call)
    expect(asked).toEqual(['colon', 'equals', 'eq'])
  })

  it('is found out once for calls that come at the same time', async () => {
    const { asked, call } = instance(['eq'])
    const dialect = createDialect(UNSET)
    const answers = await Promise.all([1, 2, 3, 4, 5].map(() => dialect.withFilter(call)))
    expect(answers).toEqual(Array.from({ length: 5 }, () => 'answer in eq'))
    expect(asked).toEqual(['colon', 'equals', 'eq', 'eq', 'eq', 'eq', 'eq'])
  })

  it.each(FILTER_DIALECTS)('is never found out where it was set by hand: %s', async (filter) => {
    const { asked, call } = instance([])
    const dialect = createDialect({ ...UNSET, filter })
    await expect(dialect.withFilter(call)).rejects.toThrow(`refused ${filter}`)
    await expect(dialect.withFilter(call)).rejects.toThrow(`refused ${filter}`)
    expect(asked).toEqual([filter, filter])
  })

  it('leaves the first refusal when all spellings are refused', async () => {
    const { asked, call } = instance([])
    await expect(createDialect(UNSET).withFilter(call)).rejects.toThrow('refused colon')
    expect(asked).toEqual(['colon', 'equals', 'eq'])
  })

  it('is found out by the next call when one was refused in all of them', async () => {
    const { asked, call } = instance(['equals'])
    const dialect = createDialect(UNSET)
    await expect(dialect.withFilter(instance([]).call)).rejects.toThrow()
    expect(await dialect.withFilter(call)).toBe('answer in equals')
    expect(asked).toEqual(['colon', 'equals'])
  })

  it('is found out by one of those that waited for a call that was refused in all of them', async () => {
    const { asked, call } = instance(['equals'])
    const dialect = createDialect(UNSET)
    const refused = dialect.withFilter(instance([]).call)
    const waiting = [dialect.withFilter(call), dialect.withFilter(call)]
    await expect(refused).rejects.toThrow('refused colon')
    expect(await Promise.all(waiting)).toEqual(['answer in equals', 'answer in equals'])
    expect(asked).toEqual(['colon', 'equals', 'equals'])
  })

  it.each([
    new VendorError('KODEXA', 'VENDOR_UNAVAILABLE', 'down', { httpStatus: 500 }),
    new VendorError('KODEXA', 'VENDOR_UNAUTHORIZED', 'who?', { httpStatus: 401 }),
    new VendorError('KODEXA', 'VENDOR_TIMEOUT', 'slow'),
    new TypeError('a fault of ours'),
  ])('is nothing to be learnt from another failure: $message', async (failure) => {
    const asked: FilterDialect[] = []
    const dialect = createDialect(UNSET)
    const failing = (spelling: FilterDialect) => {
      asked.push(spelling)
      return Promise.reject(failure)
    }
    await expect(dialect.withFilter(failing)).rejects.toBe(failure)
    expect(asked).toEqual(['colon'])
    await dialect.withFilter(instance(['eq']).call)
    const later = instance(['eq'])
    await dialect.withFilter(later.call)
    expect(later.asked).toEqual(['eq'])
  })
})

describe('the number of the first page', () => {
  it('is 1 until something else is learnt', () => {
    expect(createDialect(UNSET).pageBase()).toBe(1)
  })

  it.each([0, 1] as const)('is what was learnt first: %d', (base) => {
    const dialect = createDialect(UNSET)
    dialect.learnPageBase(base)
    dialect.learnPageBase(base === 0 ? 1 : 0)
    expect(dialect.pageBase()).toBe(base)
  })

  it.each([0, 1] as const)('is what was set by hand, whatever is learnt: %d', (base) => {
    const dialect = createDialect({ ...UNSET, pageBase: base })
    dialect.learnPageBase(base === 0 ? 1 : 0)
    expect(dialect.pageBase()).toBe(base)
  })
})

describe('an instance behind the gateway', () => {
  let gateway: SandboxedGateway
  afterEach(() => gateway.close())

  const FAILED = '{ executions(status: [FAILED], first: 3) { nodes { status } } }'
  const ENDED = '{ executions(status: [SKIPPED, CANCELLED], first: 50) { nodes { status } } }'

  const param = (line: string, name: string) =>
    new URL(line.split(' ')[1]!, 'http://kodexa.test').searchParams.get(name)

  function filters(): (string | null)[] {
    return gateway.takeRequests().kodexa.map((line) => param(line, 'filter'))
  }

  it.each([
    ['colon', ["status:'FAILED'"], "(status:'SKIPPED' or status:'CANCELLED')"],
    ['equals', ["status:'FAILED'", "status='FAILED'"], "(status='SKIPPED' or status='CANCELLED')"],
    [
      'eq',
      ["status:'FAILED'", "status='FAILED'", "status eq 'FAILED'"],
      "(status eq 'SKIPPED' or status eq 'CANCELLED')",
    ],
  ] as const)('is asked in the spelling it understands: %s', async (filterDialect, tried, several) => {
    gateway = await openSandboxedGateway({ kodexaSandbox: { filterDialect } })
    const failed = await gateway.query(FAILED)
    expect(failed.errors).toEqual([])
    expect(failed.data).toEqual({
      executions: { nodes: [{ status: 'FAILED' }, { status: 'FAILED' }, { status: 'FAILED' }] },
    })
    expect(filters()).toEqual(tried)
    const ended = await gateway.query(ENDED)
    const statuses: { status: string }[] = ended.data.executions.nodes
    expect(new Set(statuses.map(({ status }) => status))).toEqual(new Set(['SKIPPED', 'CANCELLED']))
    expect(filters()).toEqual([several])
  })

  it('is asked in the spelling that was set, and in no other', async () => {
    const dialect = { filter: 'eq', sort: 'comma', pageBase: null } as const
    gateway = await openSandboxedGateway({ kodexaSandbox: { filterDialect: 'eq' }, kodexa: { dialect } })
    expect((await gateway.query(FAILED)).errors).toEqual([])
    expect(filters()).toEqual(["status eq 'FAILED'"])
  })

  it('is not tried in other spellings where the set one is refused', async () => {
    const dialect = { filter: 'equals', sort: 'comma', pageBase: null } as const
    gateway = await openSandboxedGateway({ kodexaSandbox: { filterDialect: 'eq' }, kodexa: { dialect } })
    const { data, errors } = await gateway.query('{ executions(assistantId: "a-1") { nodes { id } } }')
    expect(data).toEqual({ executions: null })
    expect(errors).toMatchObject([{ path: ['executions'], extensions: { code: 'VENDOR_REJECTED', vendor: 'KODEXA' } }])
    expect(filters()).toEqual(["assistantId='a-1'"])
  })

  it("is not tried in other spellings for the caller's own filter, which is nobody else's to spell", async () => {
    gateway = await openSandboxedGateway()
    const { errors } = await gateway.query(`{ executions(filter: "nonsense !!") { nodes { id } } }`)
    expect(errors).toMatchObject([{ extensions: { code: 'VENDOR_REJECTED' } }])
    expect(filters()).toEqual(['(nonsense !!)'])
  })

  it.each([
    ['comma', 'createdOn,desc'],
    ['colon', 'createdOn:desc'],
  ] as const)('is asked to sort in the style that was set: %s', async (sort, written) => {
    gateway = await openSandboxedGateway({ kodexa: { dialect: { filter: null, sort, pageBase: null } } })
    await gateway.query('{ executions(first: 1) { nodes { id } } }')
    const [line] = gateway.takeRequests().kodexa
    expect(param(line!, 'sort')).toBe(written)
  })
})
