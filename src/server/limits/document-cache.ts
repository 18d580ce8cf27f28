import type { DocumentNode } from 'graphql'
import { LRUCache } from 'lru-cache'

/** The most recently used documents, by their text. */
const MAX_DOCUMENTS = 1000
/** Of all entries together. */
const MAX_BYTES = 64 * 1024 * 1024
/** The worst case of a parsed document: one-letter names and punctuators. */
const BYTES_PER_CHARACTER = 50

/** A cache of parsed documents, bounded by size. Yoga's own is bounded by count, so large documents could fill the memory. */
export function createDocumentCache(): LRUCache<string, DocumentNode> {
  return new LRUCache({
    max: MAX_DOCUMENTS,
    maxSize: MAX_BYTES,
    sizeCalculation: (_document, text) => text.length * BYTES_PER_CHARACTER + 1,
  })
}

/** A cache that stores nothing. */
export const NO_CACHE = { get: () => undefined, set: () => {} }
