const MAX_SECONDS = 3600

/**
 * Parses a `Retry-After` header, a number of seconds or an HTTP date, into 0 to 3600 seconds. Null when it is missing or
 * invalid.
 * @param now the time to which a date is relative, in the ms of `Date.now()`
 */
export function retryAfterSeconds(header: string | readonly string[] | undefined, now = Date.now()): number | null {
  const value = (typeof header === 'string' ? header : header?.[0])?.trim()
  if (!value) return null
  const seconds = /^\d+(\.\d+)?$/.test(value) ? Number(value) : secondsUntil(value, now)
  return seconds === null ? null : Math.min(Math.max(seconds, 0), MAX_SECONDS)
}

function secondsUntil(date: string, now: number): number | null {
  // An HTTP date starts with a weekday; Date.parse alone also accepts "-5" and "12 bananas".
  if (!/^[A-Z][a-z]{2,8},? /.test(date)) return null
  const time = Date.parse(date)
  return Number.isNaN(time) ? null : Math.ceil((time - now) / 1000)
}
