import type { WireUser } from '../../vendors/cortex/wire.js'

/** The app that every key of the sandbox belongs to; the vendor's app ids are `app_` and 22 letters and digits. */
export const APP_ID = 'app_4gTq9ZbYx0mKcW2LhRvD7e'

/** Another company's app: the owner of the discoverable workflow. */
export const SHARED_APP_ID = 'app_Xn83sVdJqE5uPzA1fHwG6r'

/** What the vendor's own SDK sends for the app, letting the key decide. */
export const APP_ALIAS = 'c'

/** Takes the app segment of a path; gives whether a key of the sandbox may use it. */
export function isKnownApp(segment: string): boolean {
  return segment === APP_ALIAS || segment === APP_ID
}

/** An app as others see it. */
export interface WireApp {
  readonly id: string
  readonly name: string
  readonly verified: boolean
}

/** Takes an app id of the sandbox; gives its public face. */
export function wireApp(appId: string): WireApp {
  return appId === SHARED_APP_ID
    ? { id: SHARED_APP_ID, name: 'Common Documents', verified: true }
    : { id: APP_ID, name: 'Ledgerline Lending', verified: false }
}

/** The people who make records and deploy workflows. The last one has left no name. */
export const USERS: readonly [WireUser, ...WireUser[]] = [
  { id: 'user_5rYkQ2', name: 'Ines Castellanos' },
  { id: 'user_9bTfW7', name: 'Tobias Lindgren' },
  { id: 'user_1cZpM4', name: 'Priya Raman' },
  { id: 'user_7hGvX0', name: null },
]
