import type { CollectionDefinition } from './collection-definition.js'
import { invoices } from './invoices.js'
import { loans } from './loans.js'

/** The app's collections. */
export const COLLECTIONS: readonly CollectionDefinition[] = [invoices, loans]
