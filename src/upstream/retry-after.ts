const MAX_SECONDS = 3600

/**
 * Seconds to wait by a `Retry-After` header: a number of seconds or an HTTP date. Junk gives null, an absurd value
 * is cut to an hour.
 */
export function retryAfterSeconds(header: string | readonly string[] | undefined, now = Date.now()): number | null {
  const value = (typeof header === 'string' ? header : header?.[0])?.trim()
  if (!value) return null
  const seconds = /^\d+(\.\d+)?$/.test(value) ? Number(value) : secondsUntil(value, now)
  return seconds === null ? null : Math.min(Math.max(seconds, 0), MAX_SECONDS)
}

function secondsUntil(date: string, now: number): number | null {
  // An HTTP date begins with a weekday; Date.parse alone would also take "-5" or "12 bananas" for a date.
  if (!/^[A-Z][a-z]{2,8},? /.test(date)) return null
  const time = Date.parse(date)
  return Number.isNaN(time) ? null : Math.ceil((time - now) / 1000)
}
