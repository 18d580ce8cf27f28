import type { WireUser } from '../../../vendors/cortex/wire.js'

/** An app as it appears inside collections and workflows. */
export interface App {
  readonly id: string
  readonly name: string
  readonly verified: boolean
}

/** The app that the sandbox's key belongs to. Cortex app ids are `app_` and 22 letters and digits. */
export const OWN_APP: App = { id: 'app_4gTq9ZbYx0mKcW2LhRvD7e', name: 'Ledgerline Lending', verified: false }

/** The app of another company, which owns the discoverable workflow. */
export const SHARED_APP: App = { id: 'app_Xn83sVdJqE5uPzA1fHwG6r', name: 'Common Documents', verified: true }

/** The vendor's SDK sends this in place of an app id: the key decides. */
export const APP_ALIAS = 'c'

/** The people who create records and deploy workflows. A user may have no name. */
export const USERS: readonly [WireUser, ...WireUser[]] = [
  { id: 'user_5rYkQ2', name: 'Ines Castellanos' },
  { id: 'user_9bTfW7', name: 'Tobias Lindgren' },
  { id: 'user_1cZpM4', name: 'Priya Raman' },
  { id: 'user_7hGvX0', name: null },
]
