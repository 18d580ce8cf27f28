import { BadInputError } from '../job/errors.js'
import type { FeedPlace } from '../job/feed-place.js'

const PLACE = /^jobs:(-?\d{1,15}):((?:[\w-]{8})*)$/
const MARK = /.{8}/g
/** Some thousand jobs of one moment. */
const MAX_LENGTH = 40_000

/** The opaque cursor of a place in the list of all jobs: what it is sorted by, so that it stays true while others come and go. */
export function encodeFeedCursor({ time, shown }: FeedPlace): string {
  return Buffer.from(`jobs:${time}:${shown.join('')}`).toString('base64url')
}

/** @throws {BadInputError} for what {@link encodeFeedCursor} would not have made */
export function decodeFeedCursor(cursor: string): FeedPlace {
  const match = cursor.length <= MAX_LENGTH ? PLACE.exec(Buffer.from(cursor, 'base64url').toString('utf8')) : null
  const place = match && { time: Number(match[1]), shown: match[2]!.match(MARK) ?? [] }
  if (!place || encodeFeedCursor(place) !== cursor) throw new BadInputError('`after` is not a cursor of this list.')
  return place
}
