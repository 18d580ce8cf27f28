import { usePersistedOperations as useYogaPersistedOperations } from '@graphql-yoga/plugin-persisted-operations'
import type { GraphQLParams, Plugin } from 'graphql-yoga'
import type { PersistedOperations } from '../persisted-operations.js'

/** Runs operations that are named by their hash instead of being sent; and nothing else, where that is wanted. */
export function usePersistedOperations({ documents, only }: PersistedOperations): Plugin {
  return useYogaPersistedOperations({
    allowArbitraryOperations: !only,
    extractPersistedOperationId: hashIn,
    getPersistedOperation: (hash) => documents.get(hash) ?? null,
    customErrors: {
      // The word on which clients of automatic persisted queries send the document instead.
      notFound: refused('PersistedQueryNotFound'),
      keyNotFound: refused('Send a document, or the hash of one as `extensions.persistedQuery.sha256Hash`.'),
      persistedQueryOnly: refused(
        'Only persisted operations are run here. Send the hash as `extensions.persistedQuery.sha256Hash`, and no document.',
      ),
    },
  })
}

function refused(message: string) {
  return { message, extensions: { code: 'BAD_INPUT', http: { spec: true, status: 400 } } }
}

/** As Apollo's clients send it, or as the GraphQL over HTTP draft has it: `documentId: "sha256:…"`. */
function hashIn(params: GraphQLParams & { documentId?: unknown }): string | null {
  const { persistedQuery } = (params.extensions ?? {}) as { persistedQuery?: { sha256Hash?: unknown } | null }
  const hash = persistedQuery?.sha256Hash ?? params.documentId
  return typeof hash === 'string' ? hash.replace(/^sha256:/, '') : null
}
