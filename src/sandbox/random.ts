/** A stream of choices that is the same for the same seed: what a sandbox makes up must not differ from start to start. */
export interface Random {
  /** A whole number from `min` to `max`, both included. */
  between(min: number, max: number): number
  /** True in about `share` of the cases, 0 to 1. */
  chance(share: number): boolean
  /** One of the items, of which there must be some. */
  pick<T>(items: readonly [T, ...T[]]): T
  /** An id in the shape of a v4 UUID. */
  uuid(): string
  /** This many letters and digits. */
  base62(length: number): string
}

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/** Takes any text as the seed and gives its stream. */
export function createRandom(seed: string): Random {
  const next = mulberry32(fnv1a(seed))
  const between = (min: number, max: number) => min + Math.floor(next() * (max - min + 1))
  return {
    between,
    chance: (share) => next() < share,
    pick: (items) => items[between(0, items.length - 1)] ?? items[0],
    uuid: () => 'xxxxxxxx-xxxx-4xxx-axxx-xxxxxxxxxxxx'.replaceAll('x', () => between(0, 15).toString(16)),
    base62: (length) => Array.from({ length }, () => BASE62[between(0, BASE62.length - 1)]).join(''),
  }
}

function mulberry32(state: number): () => number {
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

function fnv1a(text: string): number {
  let hash = 0x811c9dc5
  for (const character of text) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193)
  return hash
}
