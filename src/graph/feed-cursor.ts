import { BadInputError } from '../job/errors.js'
import type { FeedPlace } from '../job/feed-place.js'
import { decodeJobId } from '../job/job-id.js'

const PLACE = /^jobs:(-?\d{1,15}):([A-Za-z0-9_-]{1,1024})$/
const MAX_LENGTH = 2048

/** The opaque cursor of a place in the list of all jobs: what it is sorted by, so that it stays true while others come and go. */
export function encodeFeedCursor({ time, id }: FeedPlace): string {
  return Buffer.from(`jobs:${time}:${id}`).toString('base64url')
}

/** @throws {BadInputError} for what {@link encodeFeedCursor} would not have made */
export function decodeFeedCursor(cursor: string): FeedPlace {
  const match = cursor.length <= MAX_LENGTH ? PLACE.exec(Buffer.from(cursor, 'base64url').toString('utf8')) : null
  const place = match && { time: Number(match[1]), id: match[2]! }
  if (!place || encodeFeedCursor(place) !== cursor || !isJobId(place.id)) throw new BadInputError('`after` is not a cursor of this list.')
  return place
}

function isJobId(id: string): boolean {
  try {
    decodeJobId(id)
    return true
  } catch {
    return false
  }
}

