/** All in ms. */
export const SECOND = 1_000
export const MINUTE = 60 * SECOND
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR

/** Takes epoch ms, gives the date as Kodexa writes it; null stays null. */
export function wireDate(ms: number): string
export function wireDate(ms: number | null): string | null
export function wireDate(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString()
}
