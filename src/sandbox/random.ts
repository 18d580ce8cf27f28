/** A deterministic stream of choices: the same seed gives the same stream, so the sandbox's data never varies. */
export interface Random {
  /** An integer from `min` to `max`, both inclusive. */
  between(min: number, max: number): number
  /** True with the given probability, 0 to 1. */
  chance(probability: number): boolean
  pick<T>(items: readonly [T, ...T[]]): T
  /** A string in the format of a v4 UUID. */
  uuid(): string
  /** This many letters and digits. */
  base62(length: number): string
}

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/** Creates the stream of any string. */
export function createRandom(seed: string): Random {
  const next = mulberry32(fnv1a(seed))
  const between = (min: number, max: number) => min + Math.floor(next() * (max - min + 1))
  return {
    between,
    chance: (probability) => next() < probability,
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
