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

/** The context of every resolver. Created per request. */
export interface GraphContext {
  readonly identity: Identity
  readonly sessions: RequestSessions
  readonly log: Log
  /** Writes the audit lines of cancels. */
  readonly cancelAudit: CancelAudit
  /** Counts the usage of the operation. */
  readonly meter: Meter
  /** Aborts when the client disconnects. */
  readonly signal: AbortSignal
  readonly watcher: Watcher
  /** Mutations to finish even when the client disconnects. */
  readonly pendingMutations: PendingMutations
  /** The deadline of the operation, in ms of `performance.now()`. */
  readonly deadline: number
}

/** The type parameters of Pothos: context, scalars and nullability. */
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

/** The connection already multiplies by its page size. */
const COUNTED_BY_CONNECTION = { field: 0, multiplier: 1 }

/** The one schema builder. Each module defines its types on it. */
export const builder = new SchemaBuilder<SchemaTypes>({
  // ScopeAuth comes first, so that Errors does not turn a rejected request into a member of a cancel's result union.
  plugins: [ScopeAuthPlugin, ErrorsPlugin, RelayPlugin, ComplexityPlugin],
  scopeAuth: {
    authScopes: ({ identity }) => ({
      read: isAllowed(identity, 'read'),
      cancel: isAllowed(identity, 'cancel'),
      admin: isAllowed(identity, 'admin'),
    }),
    // Without this, a rejected subscription would poll the vendor once before it is rejected.
    authorizeOnSubscribe: true,
    unauthorizedError: (_parent, _context, { parentType, fieldName }) =>
      new ForbiddenError(
        `Your role does not allow \`${parentType.name}.${fieldName}\`. Use a credential with a higher role.`,
      ),
  },
  errors: { directResult: true },
  // A field's complexity is the number of vendor requests that it takes at most; the default is none. A list whose length
  // the vendor decides counts as ten. `disabled` turns off the check in each resolver only, which would run after the
  // first event of a subscription: `src/server/limits` checks before anything is executed.
  complexity: { disabled: true, defaultComplexity: 0, defaultListMultiplier: 10 },
  relay: {
    nodeQueryOptions: false,
    nodesQueryOptions: false,
    cursorType: 'String',
    nodesOnConnection: {
      description: 'The jobs of this page, without their cursors.',
      complexity: COUNTED_BY_CONNECTION,
    },
    nodeFieldOptions: { nullable: false, description: 'The job.' },
    edgesFieldOptions: {
      nullable: { list: false, items: false },
      description: 'The jobs of this page, each with its cursor.',
      complexity: COUNTED_BY_CONNECTION,
    },
    cursorFieldOptions: { description: 'The cursor of this job. Pass it as `after` to get the jobs after it.' },
    pageInfoFieldOptions: { description: 'The pagination state of this page.' },
    pageInfoTypeOptions: {
      description: 'Pagination state of a page. Forward pagination only: the vendors offer no other.',
    },
    hasNextPageFieldOptions: {
      description:
        'Whether there is a next page. When the vendor reports no total, this may be true although the next page is empty.',
    },
    hasPreviousPageFieldOptions: { description: 'Whether this page was requested with `after`.' },
    startCursorFieldOptions: { description: 'The cursor of the first job; null on an empty page.' },
    endCursorFieldOptions: {
      description:
        'The value of `after` for the next page. An empty page may have one, because rows that are filtered out still advance it.',
    },
  },
})

builder.queryType({
  authScopes: { read: true },
  description: 'All reads. When a vendor fails, only the fields of that vendor are null or carry an error.',
})
builder.mutationType({
  authScopes: { cancel: true },
  description: 'All writes: cancelling jobs. Several mutations in one operation run one after the other.',
})
builder.subscriptionType({
  authScopes: { read: true },
  description: 'Live updates of jobs. The gateway polls the vendors, so updates may be delayed.',
})

builder.addScalarType('DateTime', DateTimeISOResolver, {
  description:
    'A timestamp in UTC, in RFC 3339 format with milliseconds: `2026-03-01T09:30:00.000Z`. A date without a time becomes midnight UTC.',
})
builder.addScalarType('JSON', JSONResolver, {
  description: 'Any JSON value, as the vendor sent it. The vendor may change its shape without notice.',
})
