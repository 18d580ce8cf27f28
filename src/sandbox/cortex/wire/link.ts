import { APP_ID } from '../app.js'

/** Takes the segments below an app; gives a link into a user interface that is not there: `.invalid` never resolves. */
export function linkTo(...segments: readonly string[]): string {
  return ['https://cortex.invalid/apps', APP_ID, ...segments].join('/')
}
