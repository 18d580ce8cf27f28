import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeFeedCursor, encodeFeedCursor, encodeIntermediateFeedCursor } from '../../src/graph/feed-cursor.js'
import { BadInputError } from '../../src/job/errors.js'
import { NO_ROW_KEY, UNORDERED, type ListPosition } from '../../src/feed/list-position.js'
import { advanceCursor, type KeysetCursor } from '../../src/feed/keyset-cursor.js'
import type { Job } from '../../src/job/job.js'
import { encodeJobId } from '../../src/job/job-id.js'
import { readJobFeed, type FeedCursor } from '../../src/feed/feed.js'
import { jobsOf, listOf, sessionsOf } from '../support/job-lists.js'
import { runCount } from '../support/run-count.js'

const YEAR_0 = Date.parse('0000-01-01T00:00:00.000Z')
const YEAR_9999 = Date.parse('9999-12-31T23:59:59.999Z')

const part = fc.stringMatching(/^[A-Za-z0-9._~!$&'()*+,;=:@-]{1,200}$/).filter((text) => text !== '.' && text !== '..')
const job = fc
  .record({
    address: fc.oneof(
      fc.record({ type: fc.constant('Execution'), path: fc.tuple(part) }),
      fc.record({ type: fc.constant('Record'), path: fc.tuple(part, part, part) }),
      fc.record({ type: fc.constant('WorkflowRun'), path: fc.tuple(part, part, part, fc.constant('discover')) }),
    ),
    // Few moments among many, so that some jobs share one.
    createdAt: fc.option(
      fc
        .oneof(fc.constantFrom(0, 1, YEAR_9999), fc.integer({ min: YEAR_0, max: YEAR_9999 }))
        .map((time) => new Date(time)),
    ),
  })
  .map(jobWith)
/** A keyset that somebody can come to. */
const keyset = fc
  .array(job, { minLength: 1, maxLength: 8 })
  .map((jobs) => jobs.reduce<KeysetCursor | null>(advanceCursor, null)!)
const mark = fc.stringMatching(/^[\w-]{6}$/)
const position = fc.oneof(
  fc.constant(UNORDERED),
  fc
    .record({
      order: fc.constantFrom('newest', 'oldest', 'undated'),
      offset: fc.integer({ min: 0, max: 999_999_999 }),
      cap: fc.option(fc.integer({ min: 1, max: 999 })),
      firstKey: fc.oneof(fc.constant(NO_ROW_KEY), mark),
      hasUndated: fc.boolean(),
    })
    .filter(({ order, offset }) => order !== 'newest' || offset > 0)
    .map((made): ListPosition => ({ ...made, hasUndated: made.hasUndated || made.order === 'undated' })),
)
const cursorOf = fc.record({
  keyset,
  positions: fc.array(fc.tuple(mark, position), { maxLength: 8 }).map((entries) => new Map(entries)),
})

const mutated = fc
  .tuple(cursorOf, fc.nat(), fc.constantFrom('', '=', '+', ' ', '\n', '-', 'A', 'g', 'é'))
  .map(([from, at, character]) => {
    const cursor = encodeFeedCursor(from)
    const cut = at % cursor.length
    return cursor.slice(0, cut) + character + cursor.slice(cut + 1)
  })
const forged = fc
  .tuple(
    fc.constantFrom('jobs', 'records', ''),
    fc.oneof(fc.integer().map(String), fc.constantFrom('', '-0', '007', '1e9', 'NaN', '9'.repeat(20))),
    fc.string(),
  )
  .map(([name, time, marks]) => base64url(`${name}:${time}:${marks}`))
const anyCursor = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.base64String(),
  fc.stringMatching(/^[\w-]*$/),
  mutated,
  forged,
)

describe('a cursor of the list of all jobs', () => {
  it('decodes to the keyset and the positions that it encodes', () => {
    fc.assert(fc.property(cursorOf, (from) => void expect(decodeFeedCursor(encodeFeedCursor(from))).toEqual(from)))
  })

  it('needs no escaping anywhere', () => {
    fc.assert(fc.property(cursorOf, (from) => /^[\w-]+$/.test(encodeFeedCursor(from))))
  })

  it('has one spelling: whatever decodes is encoded the same way', () => {
    fc.assert(
      fc.property(fc.oneof(anyCursor, cursorOf.map(encodeFeedCursor)), (cursor) => {
        const decoded = decoding(cursor)
        if (decoded !== null) expect(encodeFeedCursor(decoded)).toBe(cursor)
      }),
      { numRuns: runCount(2000) },
    )
  })

  it('that is invalid throws BadInputError and nothing else', () => {
    fc.assert(
      fc.property(anyCursor, (cursor) => void decoding(cursor)),
      { numRuns: runCount(2000) },
    )
  })

  // Several sources may say no more than the day.
  it.each([1000, 5000])('is accepted although %i jobs with the same timestamp have been shown', (count) => {
    const createdAt = new Date('2026-03-01T00:00:00.000Z')
    const jobs = Array.from({ length: count }, (_, at) =>
      jobWith({ address: { type: 'Execution', path: [`exec_${at}`] }, createdAt }),
    )
    const end = jobs.reduce<KeysetCursor | null>(advanceCursor, null)!
    expect(end.shown).toHaveLength(count)
    expect(decodeFeedCursor(encodeFeedCursor(at(end, 500)))).toEqual(at(end, 500))
  })

  const somewhere = { time: Date.parse('2026-03-01T00:00:00.000Z'), shown: ['abcdef'] }

  it.each([
    [0, 40],
    [1, 75],
    [6, 250],
    [12, 450],
    [51, 1800],
  ])('with positions in %i lists has at most %i characters', (lists, most) => {
    expect(encodeFeedCursor(at(somewhere, lists)).length).toBeLessThanOrEqual(most)
  })

  it('stays small for each of a hundred jobs, deep in fifty lists', async () => {
    const lists = Array.from({ length: 50 }, (_, list) =>
      listOf(
        `list ${list}`,
        jobsOf(150, (n) => n * 50_000 + list).map((job) => ({ ...job, id: `${list}_${job.id}` })),
      ),
    )
    const deep = await readJobFeed(sessionsOf(lists), { size: 5500, after: null })
    const { entries, end } = await readJobFeed(sessionsOf(lists), { size: 100, after: deep.end })
    expect(end!.positions.size).toBe(50)
    expect(encodeFeedCursor(end!).length).toBeLessThan(1800)
    expect(entries.map(({ cursor }) => encodeIntermediateFeedCursor(cursor)).join('').length).toBeLessThan(5000)
  })

  it('adds at most two hundred kilobytes to a page of a hundred jobs after two hundred with the same timestamp', async () => {
    const list = listOf(
      'a list',
      jobsOf(900, () => 1_767_225_600_000),
    )
    let { end } = await readJobFeed(sessionsOf([list]), { size: 200, after: null })
    const page = await readJobFeed(sessionsOf([list]), { size: 100, after: end })
    end = page.end
    expect(encodeFeedCursor(end!).length).toBeLessThan(2500)
    expect(page.entries.map(({ cursor }) => encodeIntermediateFeedCursor(cursor)).join('').length).toBeLessThan(210_000)
  })

  it('in the middle of a page has at most a dozen positions', () => {
    expect(decodeFeedCursor(encodeIntermediateFeedCursor(at(somewhere, 12)))).toEqual(at(somewhere, 12))
    expect(decodeFeedCursor(encodeIntermediateFeedCursor(at(somewhere, 13)))).toEqual(at(somewhere, 0))
    const { keyset, positions } = at(somewhere, 13)
    const mixed = { keyset, positions: new Map([...positions, ['xxxxxx', UNORDERED]]) }
    expect(decodeFeedCursor(encodeIntermediateFeedCursor(mixed)).positions).toEqual(new Map([['xxxxxx', UNORDERED]]))
  })

  const id = encodeJobId({ type: 'Execution', path: ['abc'] })
  it.each([
    ['nothing', ''],
    ['what is no base64', '!!!'],
    ["a job's id", id],
    ['a cursor of another list', base64url('records:5:abcdef')],
    ['a cursor of pages', base64url('jobs:1:20:0')],
    ['a padded cursor', `${base64url('jobs:50:abcdefghijkl')}=`],
    ['a line break behind it', `${base64url('jobs:5:abcdef')}\n`],
    ['an invalid time', base64url('jobs:now:abcdef')],
    ['no time', base64url('jobs::abcdef')],
    ['a leading zero', base64url('jobs:05:abcdef')],
    ['minus nothing', base64url('jobs:-0:abcdef')],
    ['a time before all others', base64url('jobs:-1:abcdef')],
    ['a time beyond all calendars', base64url(`jobs:${'9'.repeat(15)}:abcdef`)],
    ['half a mark', base64url('jobs:5:abc')],
    ['a mark and a half', base64url('jobs:5:abcdefghi')],
    ['marks of other characters', base64url('jobs:5:abc/ef')],
    ['a part too many', base64url('jobs:5:abcdef:x')],
    ['an empty part', base64url('jobs:5:abcdef:')],
    ['a list without an order', base64url('jobs:5:abcdef:listAA100.0.abcdef')],
    ['a list with an order that there is not', base64url('jobs:5:abcdef:listAAz100.0.abcdef')],
    ['a list without an offset', base64url('jobs:5:abcdef:listAAn')],
    ['a list that goes on at its beginning', base64url('jobs:5:abcdef:listAAn0.0.abcdef')],
    ['a negative offset', base64url('jobs:5:abcdef:listAAn-100.0.abcdef')],
    ['an offset of half a row', base64url('jobs:5:abcdef:listAAn1.5.0.abcdef')],
    ['an offset beyond all lists', base64url(`jobs:5:abcdef:listAAn${'9'.repeat(10)}.0.abcdef`)],
    ['pages of more rows than there are', base64url('jobs:5:abcdef:listAAn100.1000.abcdef')],
    ['a list without a first job', base64url('jobs:5:abcdef:listAAn100.0.')],
    ['an unordered list with an offset', base64url('jobs:5:abcdef:listAAx100.0.abcdef')],
    ['one list twice', base64url('jobs:5:abcdef:listAAn100.0.abcdef:listAAn200.0.abcdef')],
    ['lists in another order', base64url('jobs:5:abcdef:listBBn100.0.abcdef:listAAn200.0.abcdef')],
    ['fifty kilobytes', base64url(`jobs:5:${'abcdef'.repeat(8001)}`)],
  ])('is rejected when it is %s', (_what, cursor) => {
    expect(() => decodeFeedCursor(cursor)).toThrow(BadInputError)
  })
})

/** A cursor that goes on deep in so many lists. */
function at(keyset: KeysetCursor, lists: number): FeedCursor {
  const position: ListPosition = { order: 'newest', offset: 12_300, cap: null, firstKey: 'abcdef', hasUndated: false }
  const marks = Array.from({ length: lists }, (_, list) => `list${String(list).padStart(3, '0')}`.slice(-6))
  return { keyset, positions: new Map(marks.map((name) => [name, position])) }
}

function jobWith({ address, createdAt }: Pick<Job, 'address' | 'createdAt'>): Job {
  return {
    address,
    createdAt,
    vendor: 'KODEXA',
    vendorId: address.path.at(-1)!,
    name: null,
    state: { status: 'UNKNOWN', vendorStatus: null },
    vendorStatus: null,
    updatedAt: null,
    startedAt: null,
    endedAt: null,
  }
}

function decoding(cursor: string): FeedCursor | null {
  try {
    return decodeFeedCursor(cursor)
  } catch (error) {
    expect(error).toBeInstanceOf(BadInputError)
    return null
  }
}

function base64url(text: string): string {
  return Buffer.from(text).toString('base64url')
}
