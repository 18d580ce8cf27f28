import { BadInputError } from '../job/errors.js'
import { feedPlace, type FeedPlace } from '../job/feed.js'
import type { Job } from '../job/job.js'

const PLACE = /^jobs:(-?\d{1,15}):([A-Za-z0-9_-]{1,1024})$/
const MAX_LENGTH = 2048

/** The opaque cursor of a job in the list of all jobs: what it is sorted by, so that it stays true while others come and go. */
export function encodeFeedCursor(job: Job): string {
  return encodePlace(feedPlace(job))
}

/** @throws {BadInputError} for what {@link encodeFeedCursor} would not have made */
export function decodeFeedCursor(cursor: string): FeedPlace {
  const match = cursor.length <= MAX_LENGTH ? PLACE.exec(Buffer.from(cursor, 'base64url').toString('utf8')) : null
  const place = match && { time: Number(match[1]), id: match[2]! }
  if (!place || encodePlace(place) !== cursor) throw new BadInputError('`after` is not a cursor of this list.')
  return place
}

function encodePlace({ time, id }: FeedPlace): string {
  return Buffer.from(`jobs:${time}:${id}`).toString('base64url')
}

