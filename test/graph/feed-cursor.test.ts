import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeFeedCursor, encodeFeedCursor } from '../../src/graph/feed-cursor.js'
import { BadInputError } from '../../src/job/errors.js'
import { advance, type FeedPlace } from '../../src/job/feed-place.js'
import type { Job } from '../../src/job/job.js'
import { encodeJobId } from '../../src/job/job-id.js'

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
/** A place that somebody can come to. */
const place = fc.array(job, { minLength: 1, maxLength: 8 }).map((jobs) => jobs.reduce<FeedPlace | null>(advance, null)!)

const mutated = fc
  .tuple(place, fc.nat(), fc.constantFrom('', '=', '+', ' ', '\n', '-', 'A', 'g', 'é'))
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
  it('holds the place that it was made of', () => {
    fc.assert(fc.property(place, (from) => void expect(decodeFeedCursor(encodeFeedCursor(from))).toEqual(from)))
  })

  it('needs no escaping anywhere', () => {
    fc.assert(fc.property(place, (from) => /^[\w-]+$/.test(encodeFeedCursor(from))))
  })

  it('has one spelling: whatever decodes is encoded the same again', () => {
    fc.assert(
      fc.property(fc.oneof(anyCursor, place.map(encodeFeedCursor)), (cursor) => {
        const decoded = decoding(cursor)
        if (decoded !== null) expect(encodeFeedCursor(decoded)).toBe(cursor)
      }),
      { numRuns: 2000 },
    )
  })

  it('that is none is a BadInputError and nothing else', () => {
    fc.assert(
      fc.property(anyCursor, (cursor) => void decoding(cursor)),
      { numRuns: 2000 },
    )
  })

  // The list reaches back to a thousand jobs of each source, and several sources may say no more than the day.
  it.each([1000, 3000])('is taken back although %i jobs of one moment have been shown', (count) => {
    const createdAt = new Date('2026-03-01T00:00:00.000Z')
    const jobs = Array.from({ length: count }, (_, at) =>
      jobWith({ address: { type: 'Execution', path: [`exec_${at}`] }, createdAt }),
    )
    const end = jobs.reduce<FeedPlace | null>(advance, null)!
    expect(end.shown).toHaveLength(count)
    expect(decodeFeedCursor(encodeFeedCursor(end))).toEqual(end)
  })

  const id = encodeJobId({ type: 'Execution', path: ['abc'] })
  it.each([
    ['nothing', ''],
    ['what is no base64', '!!!'],
    ["a job's id", id],
    ['a cursor of another list', base64url('records:5:abcdefgh')],
    ['a cursor of pages', base64url('jobs:1:20:0')],
    ['a padded cursor', `${base64url('jobs:50:abcdefgh')}=`],
    ['a line break behind it', `${base64url('jobs:5:abcdefgh')}\n`],
    ['a time that is none', base64url('jobs:now:abcdefgh')],
    ['no time', base64url('jobs::abcdefgh')],
    ['a leading zero', base64url('jobs:05:abcdefgh')],
    ['minus nothing', base64url('jobs:-0:abcdefgh')],
    ['a time beyond all calendars', base64url(`jobs:${'9'.repeat(20)}:abcdefgh`)],
    ['half a mark', base64url('jobs:5:abcd')],
    ['a mark and a half', base64url('jobs:5:abcdefghabcd')],
    ['marks of other characters', base64url('jobs:5:abcd/fgh')],
    ['a part too many', base64url('jobs:5:abcdefgh:x')],
    ['thirty kilobytes', base64url(`jobs:5:${'abcdefgh'.repeat(4000)}`)],
  ])('is refused when it is %s', (_what, cursor) => {
    expect(() => decodeFeedCursor(cursor)).toThrow(BadInputError)
  })
})

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

function decoding(cursor: string): FeedPlace | null {
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
