/** Numbers that look random and are the same at every start. */
export interface Random {
  /** An integer from `min` to `max`, both included. */
  between(min: number, max: number): number
  /** Whether it happens, for a probability of 0 to 1. */
  chance(probability: number): boolean
  pick<T>(items: readonly [T, ...T[]]): T
  /** An id's tail as the vendor writes them: letters and digits. */
  base62(length: number): string
}

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/** Takes any words as seed; the same words give the same sequence. */
export function createRandom(seed: string): Random {
  const next = mulberry32(hash(seed))
  const between = (min: number, max: number) => min + Math.floor(next() * (max - min + 1))
  return {
    between,
    chance: (probability) => next() < probability,
    pick: (items) => items[between(0, items.length - 1)] ?? items[0],
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

/** FNV-1a. */
function hash(words: string): number {
  let sum = 0x811c9dc5
  for (const char of words) sum = Math.imul(sum ^ (char.codePointAt(0) ?? 0), 0x01000193)
  return sum
}
