import type { DocumentNode } from 'graphql'
import { LRUCache } from 'lru-cache'

/** Documents that are remembered, by their texts, those used last. */
const MAX_DOCUMENTS = 1000
/** In bytes, all together. */
const MAX_BYTES = 64 * 1024 * 1024
/** What is made of a letter comes to so many bytes at most, as one-letter names and signs do. */
const BYTES_PER_CHARACTER = 50

/** What parsed documents are kept in. Yoga's own counts them alone, and whoever sends large ones could fill the memory. */
export function createDocumentCache(): LRUCache<string, DocumentNode> {
  return new LRUCache({
    max: MAX_DOCUMENTS,
    maxSize: MAX_BYTES,
    sizeCalculation: (_document, text) => text.length * BYTES_PER_CHARACTER + 1,
  })
}

/** Keeps nothing. */
export const NO_CACHE = { get: () => undefined, set: () => {} }
