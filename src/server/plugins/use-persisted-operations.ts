import { usePersistedOperations as useYogaPersistedOperations } from '@graphql-yoga/plugin-persisted-operations'
import type { GraphQLParams, Plugin } from 'graphql-yoga'
import type { PersistedOperations } from '../persisted-operations.js'

/** Runs persisted operations by hash; with `only`, rejects all other documents. */
export function usePersistedOperations({ documents, only }: PersistedOperations): Plugin {
  return useYogaPersistedOperations({
    allowArbitraryOperations: !only,
    extractPersistedOperationId: hashOf,
    getPersistedOperation: (hash) => documents.get(hash) ?? null,
    customErrors: {
      // The message on which clients of automatic persisted queries send the document instead.
      notFound: badInput('PersistedQueryNotFound'),
      keyNotFound: badInput(
        'The request has no document. Send one, or its hash as `extensions.persistedQuery.sha256Hash`.',
      ),
      persistedQueryOnly: badInput(
        'This gateway accepts only persisted operations. Send the hash as `extensions.persistedQuery.sha256Hash`, without a document.',
      ),
    },
  })
}

function badInput(message: string) {
  return { message, extensions: { code: 'BAD_INPUT', http: { spec: true, status: 400 } } }
}

/** Reads the hash as Apollo's clients send it, or as in the GraphQL over HTTP draft: `documentId: "sha256:…"`. */
function hashOf(params: GraphQLParams & { documentId?: unknown }): string | null {
  const { persistedQuery } = (params.extensions ?? {}) as { persistedQuery?: { sha256Hash?: unknown } | null }
  const hash = persistedQuery?.sha256Hash ?? params.documentId
  return typeof hash === 'string' ? hash.replace(/^sha256:/, '') : null
}
