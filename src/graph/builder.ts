import SchemaBuilder from '@pothos/core'
import ComplexityPlugin from '@pothos/plugin-complexity'
import ErrorsPlugin from '@pothos/plugin-errors'
import RelayPlugin from '@pothos/plugin-relay'
import ScopeAuthPlugin from '@pothos/plugin-scope-auth'
import { DateTimeISOResolver, JSONResolver } from 'graphql-scalars'
import { isAllowed, type Identity, type Role } from '../auth/identity.js'
import type { CancelAudit } from '../job/cancel-audit.js'
import type { PendingMutations } from '../job/pending-mutations.js'
import { ForbiddenError } from '../job/errors.js'
import type { Log } from '../job/log.js'
import type { Meter } from '../job/meter.js'
import type { RequestSessions } from '../job/request-sessions.js'
import type { Watcher } from '../watch/watcher.js'

/** What every resolver is given. Made anew for each request. */
export interface GraphContext {
  readonly identity: Identity
  readonly sessions: RequestSessions
  readonly log: Log
  /** Where cancels are written down. */
  readonly cancelAudit: CancelAudit
  /** Counts what the operation costs. */
  readonly meter: Meter
  /** Aborts when the caller has gone. */
  readonly signal: AbortSignal
  readonly watcher: Watcher
  /** What is to be finished whoever leaves. */
  readonly pendingMutations: PendingMutations
  /** By when the operation should be done, in the ms of `performance.now()`. */
  readonly deadline: number
}

/** What Pothos needs to know of scalars, nullability and context. */
export interface SchemaTypes {
  Context: GraphContext
  AuthScopes: Record<Role, boolean>
  DefaultEdgesNullability: { list: false; items: false }
  DefaultNodeNullability: false
  Scalars: {
    ID: { Input: string; Output: string }
    DateTime: { Input: Date; Output: Date }
    JSON: { Input: unknown; Output: unknown }
  }
}

/** The connection they are on has counted how many there are. */
const EACH_COUNTED = { field: 0, multiplier: 1 }

/** The one schema builder: every type of the gateway and of the vendors is defined on it by the module that knows it. */
export const builder = new SchemaBuilder<SchemaTypes>({
  // First, so that the others never see what is refused: it is no expected failure of a cancel.
  plugins: [ScopeAuthPlugin, ErrorsPlugin, RelayPlugin, ComplexityPlugin],
  scopeAuth: {
    authScopes: ({ identity }) => ({
      read: isAllowed(identity, 'read'),
      cancel: isAllowed(identity, 'cancel'),
      admin: isAllowed(identity, 'admin'),
    }),
    // Otherwise a refused subscription would look at the vendor once before it is refused.
    authorizeOnSubscribe: true,
    unauthorizedError: (_parent, _context, { parentType, fieldName }) =>
      new ForbiddenError(`\`${parentType.name}.${fieldName}\` takes a role that the caller does not have.`),
  },
  errors: { directResult: true },
  // A field's complexity is the requests to vendors that it takes at worst: none, unless it says so. A list whose length
  // the vendor decides counts as ten. Disabled is only the check in each resolver, which would come after the first event
  // of a subscription: `src/server/limits` does it before anything begins.
  complexity: { disabled: true, defaultComplexity: 0, defaultListMultiplier: 10 },
  relay: {
    nodeQueryOptions: false,
    nodesQueryOptions: false,
    cursorType: 'String',
    nodesOnConnection: { description: 'The jobs of this page without their cursors.', complexity: EACH_COUNTED },
    nodeFieldOptions: { nullable: false, description: 'The job.' },
    edgesFieldOptions: {
      nullable: { list: false, items: false },
      description: 'The jobs of this page, each with its cursor.',
      complexity: EACH_COUNTED,
    },
    cursorFieldOptions: { description: 'Where this job stands in the list: pass it as `after` to go on behind it.' },
    pageInfoFieldOptions: { description: 'Whether and from where the list goes on.' },
    pageInfoTypeOptions: {
      description: 'Where a page begins and ends. Paging goes forward only, as it does at the vendors.',
    },
    hasNextPageFieldOptions: {
      description: 'Whether there is more. May say yes before an empty page where the vendor gives no total.',
    },
    hasPreviousPageFieldOptions: { description: 'Whether this page was asked for with a cursor.' },
    startCursorFieldOptions: { description: 'The cursor of the first job, null on an empty page.' },
    endCursorFieldOptions: {
      description:
        'What to pass as `after` for the next page: the cursor of the last job, or how far an empty page has looked.',
    },
  },
})

builder.queryType({
  authScopes: { read: true },
  description: 'Everything that can be read. A vendor that fails costs its own fields only.',
})
builder.mutationType({
  authScopes: { cancel: true },
  description:
    'Everything that can be changed: jobs can be cancelled. Mutations of one operation run one after the other.',
})
builder.subscriptionType({
  authScopes: { read: true },
  description: 'Jobs as they change. The vendors are polled; they push nothing.',
})

builder.addScalarType('DateTime', DateTimeISOResolver, {
  description:
    'A moment in UTC as RFC 3339 with milliseconds, `2026-03-01T09:30:00.000Z`. A vendor that gave a date alone is read as midnight UTC.',
})
builder.addScalarType('JSON', JSONResolver, {
  description: "Any JSON, passed on as the vendor sent it. Its shape is the vendor's and may change without notice.",
})
