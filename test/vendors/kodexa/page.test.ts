import { testRequest } from '../../support/test-context.js'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { VendorError } from '../../../src/job/errors.js'
import type { DialectSettings } from '../../../src/vendors/kodexa/dialect.js'
import { readExecutionPage, type ExecutionPage } from '../../../src/vendors/kodexa/page.js'
import type { KodexaSession } from '../../../src/vendors/kodexa/session.js'
import {
  json,
  kodexaAt,
  startScriptedVendor,
  text,
  type Script,
  type ScriptedVendor,
} from '../../support/scripted-vendor.js'

const rows = (count: number, from = 1) => Array.from({ length: count }, (_, at) => ({ id: `exe_${from + at}` }))

describe('the number of the first page', () => {
  const base = (body: unknown, page = 1, size = 20) => readExecutionPage(body, page, size).pageBase

  it.each<[string, object, ExecutionPage['pageBase']]>([
    ['an offset of nothing', { pageable: { offset: 0 } }, 1],
    ['an offset of one page', { pageable: { offset: 20 } }, 0],
    ['that it is the first', { first: true }, 1],
    ['that it is not the first', { first: false }, 0],
    ['a number that counts from 0', { number: 0 }, 1],
    ['a number of 1, which may count from either', { number: 1 }, null],
    ['nothing', {}, null],
    ['an offset against a number', { pageable: { offset: 20 }, number: 0 }, 0],
    ['an offset against its being the first', { pageable: { offset: 0 }, first: false }, 1],
    ['that it is the first, against its number', { first: true, number: 1 }, 1],
  ])('is seen from an answer to page 1 that tells %s', (_what, told, expected) => {
    expect(base({ content: rows(20), totalElements: 60, ...told })).toBe(expected)
  })

  it.each<[string, object, ExecutionPage['pageBase']]>([
    ['the offset of two pages', { pageable: { offset: 40 } }, 1],
    ['the offset of three pages', { pageable: { offset: 60 } }, 0],
    ['that it is not the first, which says nothing here', { first: false }, null],
    ['a number of 2', { number: 2 }, 1],
    ['a number of 3', { number: 3 }, null],
  ])('is seen from an answer to page 3 that tells %s', (_what, told, expected) => {
    expect(base({ content: rows(20), totalElements: 100, ...told }, 3)).toBe(expected)
  })

  it('is seen by the size that was applied, not by the one that was asked for', () => {
    expect(base({ content: rows(10), size: 10, pageable: { offset: 10 } }, 2, 100)).toBe(1)
    expect(base({ content: rows(10), size: 10, pageable: { offset: 20 } }, 2, 100)).toBe(0)
  })

  it('is 0 where page 1 is empty although there are executions', () => {
    expect(base({ content: [], totalElements: 3 })).toBe(0)
    expect(base({ content: [], totalElements: 0 })).toBeNull()
    expect(base({ content: [], totalElements: 3 }, 2)).toBeNull()
  })

  it('cannot be seen from a bare array', () => {
    expect(base(rows(3))).toBeNull()
  })
})

describe('the last page', () => {
  const isLast = (body: unknown, page = 1, size = 20) => readExecutionPage(body, page, size).isLast

  it.each<[string, unknown, boolean]>([
    ['says so', { content: rows(20), last: true, totalElements: 60 }, true],
    ['says that it is not', { content: rows(20), last: false, totalElements: 60 }, false],
    ['says that it is not, and nothing else', { content: rows(7), last: false }, false],
    ['reaches the total', { content: rows(20), totalElements: 20 }, true],
    ['does not reach the total', { content: rows(20), totalElements: 21 }, false],
    ['is not full, where no total is told', { content: rows(19) }, true],
    ['is full, where no total is told', { content: rows(20) }, false],
    ['is empty', { content: [], last: false, totalElements: 60 }, true],
    ['is null', { content: null, last: false, number: 0 }, true],
    ['is a bare array', rows(20), true],
  ])('is known from page 1 that %s', (_what, body, expected) => {
    expect(isLast(body)).toBe(expected)
  })

  it('is known from everything that came before it', () => {
    expect(isLast({ content: rows(20), totalElements: 60 }, 2)).toBe(false)
    expect(isLast({ content: rows(20), totalElements: 60 }, 3)).toBe(true)
  })

  it('is not taken for reached where the instance gives less on a page than it was asked for', () => {
    expect(isLast({ content: rows(10), size: 10, totalElements: 25 }, 1, 100)).toBe(false)
    expect(isLast({ content: rows(10), size: 10, totalElements: 25 }, 2, 100)).toBe(false)
    expect(isLast({ content: rows(5), size: 10, totalElements: 25 }, 3, 100)).toBe(true)
    expect(isLast({ content: rows(10), size: 10 }, 1, 100)).toBe(false)
  })
})

describe('a page', () => {
  it('has its rows and the total', () => {
    expect(readExecutionPage({ content: rows(2), totalElements: 42 }, 1, 2)).toMatchObject({ rows: rows(2), total: 42 })
  })

  it('has no total where none is told, or none that is a number', () => {
    expect(readExecutionPage({ content: rows(2) }, 1, 2).total).toBeNull()
    expect(readExecutionPage({ content: rows(2), totalElements: '42' }, 1, 2).total).toBeNull()
  })

  it('is everything when it is a bare array', () => {
    expect(readExecutionPage(rows(3), 1, 20)).toMatchObject({ rows: rows(3), total: 3, isLast: true })
  })

  it.each([{ content: null, number: 0 }, { content: null }, { totalElements: 0 }, { number: 0 }, { content: [] }])(
    'is empty when it is %j',
    (body) => {
      expect(readExecutionPage(body, 1, 20)).toMatchObject({ rows: [], isLast: true })
    },
  )

  it.each([{}, null, 'page', 7, { content: 'none' }, { content: {} }, { items: [] }, { message: 'oops' }])(
    'is refused when it is %j',
    (body) => {
      const read = () => readExecutionPage(body, 1, 20)
      expect(read).toThrow(VendorError)
      expect(read).toThrow(expect.objectContaining({ code: 'VENDOR_BAD_RESPONSE' }))
    },
  )
})

describe('an instance', () => {
  let vendor: ScriptedVendor
  beforeEach(async () => {
    vendor = await startScriptedVendor()
  })
  afterEach(() => vendor.close())

  const UNSET: DialectSettings = { filter: null, sort: 'comma', pageBase: null }

  /** A session of a gateway that has just started. */
  function open(dialect: DialectSettings = UNSET): KodexaSession {
    return kodexaAt(vendor.url, { dialect }).open(testRequest()) as KodexaSession
  }

  interface Slice {
    readonly content: readonly unknown[]
    readonly offset: number
    /** From 0. */
    readonly number: number
    readonly total: number
  }

  const FORMS: Readonly<Record<string, (slice: Slice) => object>> = {
    'all there is': ({ content, offset, number, total }) => ({
      content,
      number,
      totalElements: total,
      first: number === 0,
      pageable: { offset },
    }),
    'the offset': ({ content, offset }) => ({ content, pageable: { offset } }),
    'whether it is the first': ({ content, number }) => ({ content, first: number === 0 }),
  }

  /** Twelve executions on pages counted from `base`, told of in this form. */
  function paged(base: 0 | 1, form: (slice: Slice) => object): Script {
    return (request, response) => {
      const query = new URL(request.url!, vendor.url).searchParams
      const size = Number(query.get('pageSize'))
      const number = Math.max(Number(query.get('page')) - base, 0)
      const offset = number * size
      json(200, form({ content: rows(12).slice(offset, offset + size), offset, number, total: 12 }))(request, response)
    }
  }

  const askedPages = () =>
    vendor.requests.map((line) => Number(new URL(line.split(' ')[1]!, vendor.url).searchParams.get('page')))

  async function page(kodexa: KodexaSession, number: number): Promise<readonly string[]> {
    const { items } = await kodexa.executions({ page: number, pageSize: 5, clauses: [] })
    return items.map(({ vendorId }) => vendorId)
  }

  const FIRST = ['exe_1', 'exe_2', 'exe_3', 'exe_4', 'exe_5']
  const SECOND = ['exe_6', 'exe_7', 'exe_8', 'exe_9', 'exe_10']
  const THIRD = ['exe_11', 'exe_12']

  it.each(Object.entries(FORMS))('that counts its pages from 0 is found out once, by %s', async (_what, form) => {
    vendor.answer(paged(0, form))
    const kodexa = open()
    expect(await page(kodexa, 1)).toEqual(FIRST)
    expect(await page(kodexa, 2)).toEqual(SECOND)
    expect(await page(kodexa, 3)).toEqual(THIRD)
    expect(await page(kodexa, 1)).toEqual(FIRST)
    expect(askedPages()).toEqual([1, 0, 1, 2, 0])
  })

  it.each(Object.entries(FORMS))('that counts its pages from 1 is asked once for each, by %s', async (_what, form) => {
    vendor.answer(paged(1, form))
    const kodexa = open()
    expect(await page(kodexa, 1)).toEqual(FIRST)
    expect(await page(kodexa, 2)).toEqual(SECOND)
    expect(await page(kodexa, 3)).toEqual(THIRD)
    expect(askedPages()).toEqual([1, 2, 3])
  })

  it('that counts its pages from 0 is found out by a later page too, as after a restart of the gateway', async () => {
    vendor.answer(paged(0, FORMS['all there is']!))
    const kodexa = open()
    expect(await page(kodexa, 2)).toEqual(SECOND)
    expect(await page(kodexa, 1)).toEqual(FIRST)
    expect(askedPages()).toEqual([2, 1, 0])
  })

  it('that counts its pages from 0 and has less than a page is found out by the page being empty', async () => {
    vendor.answer((request, response) => {
      const first = new URL(request.url!, vendor.url).searchParams.get('page') === '0'
      json(200, { content: first ? rows(3) : [], totalElements: 3 })(request, response)
    })
    expect(await page(open(), 1)).toEqual(['exe_1', 'exe_2', 'exe_3'])
  })

  it('that counts its pages from 0 gives everybody the right page who asks while that is being found out', async () => {
    vendor.answer(paged(0, FORMS['all there is']!))
    const kodexa = open()
    expect(await Promise.all([page(kodexa, 1), page(kodexa, 1), page(kodexa, 2)])).toEqual([FIRST, FIRST, SECOND])
  })

  it('is known to all requests of the gateway once it is found out', async () => {
    vendor.answer(paged(0, FORMS['all there is']!))
    const gateway = kodexaAt(vendor.url)
    const request = () => gateway.open(testRequest()) as KodexaSession
    await page(request(), 1)
    expect(await page(request(), 1)).toEqual(FIRST)
    expect(askedPages()).toEqual([1, 0, 0])
  })

  it.each([0, 1] as const)('is asked as it was set by hand, whatever it answers: from %d', async (pageBase) => {
    vendor.answer(json(200, { content: rows(1), pageable: { offset: pageBase === 0 ? 5 : 0 }, first: pageBase === 1 }))
    const kodexa = open({ ...UNSET, pageBase })
    await page(kodexa, 1)
    await page(kodexa, 2)
    expect(askedPages()).toEqual([pageBase, pageBase + 1])
  })

  it('that was set by hand to count from 1 is asked no second time when it seems to count from 0', async () => {
    vendor.answer(paged(0, FORMS['all there is']!))
    expect(await page(open({ ...UNSET, pageBase: 1 }), 1)).toEqual(SECOND)
    expect(askedPages()).toEqual([1])
  })

  it('that answers no JSON is told of as such', async () => {
    vendor.answer(text(200, '<html>Log in</html>', { 'content-type': 'text/html' }))
    await expect(page(open(), 1)).rejects.toMatchObject({ code: 'VENDOR_BAD_RESPONSE', vendor: 'KODEXA' })
  })
})
