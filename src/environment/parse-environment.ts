import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { parseJson } from '../job/json-text.js'
import { Secret } from '../job/secret.js'

export type Environment = Readonly<Record<string, string | undefined>>

/** The value that a schema makes of the environment, or everything that is wrong, each line naming its variable. */
export function parseEnvironment<T>(
  schema: z.ZodType<T>,
  env: Environment,
): { value: T; problems: [] } | { value: null; problems: string[] } {
  // An empty variable is one that is not set: shells, compose files and .env templates all write them.
  const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value.trim() !== ''))
  const result = schema.safeParse(set)
  if (result.success) return { value: result.data, problems: [] }
  return {
    value: null,
    problems: result.error.issues.map((issue) => `${String(issue.path[0] ?? 'environment')}: ${issue.message}`),
  }
}

/** `a, b` as a list. */
export const commaList = z
  .string()
  .default('')
  .transform((value) =>
    value
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== ''),
  )

/** A number of milliseconds up to ten minutes, from `least` on. */
export function milliseconds(fallback: number, least = 1) {
  return z.coerce
    .number('must be a number of milliseconds')
    .int('must be a whole number of milliseconds')
    .min(least, `must be at least ${least}`)
    .max(600_000, 'must be at most 600000')
    .default(fallback)
}

/** How often something is tried again: 0 to 5 times. */
export function retries(fallback: number) {
  return z.coerce
    .number('must be 0 to 5')
    .int('must be 0 to 5')
    .min(0, 'must be 0 to 5')
    .max(5, 'must be 0 to 5')
    .default(fallback)
}

/** How many requests a minute a vendor may be sent: a whole number, or `off` for no limit, which gives null. */
export function rateLimit(fallback: number | null) {
  return z
    .string()
    .regex(/^(off|\d{2,6})$/, 'must be off, or a whole number of 10 or more')
    .transform((value) => (value === 'off' ? null : Number(value)))
    .refine((limit) => limit === null || limit >= 10, 'must be off, or a whole number of 10 or more')
    .default(fallback)
}

/** The base of a REST API. */
export function baseUrl(fallback: string) {
  return z
    .url({ protocol: /^https?$/, error: 'must be an http or https URL' })
    .default(fallback)
    .transform((value) => new URL(value))
    .refine(
      (url) => url.username === '' && url.password === '' && url.search === '' && url.hash === '',
      'must hold no credentials, query or fragment',
    )
}

/** What HTTP allows in a header value; everything else would be sent as something else, or not at all. */
const HEADER_VALUE = /^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/
const HEADER_NAME = /^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/

/** What a connection is run by: not for anybody to set. */
const RESERVED = /^(connection|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade|expect|host|content-length)$/i

export const headerName = z
  .string()
  .regex(HEADER_NAME, 'must be the name of an HTTP header')
  .refine((name) => !RESERVED.test(name), 'must not be a header that the connection needs')

/** What the file at this path says. */
export const fileText = z
  .string()
  .trim()
  .transform((path, context) => {
    try {
      return readFileSync(path, 'utf8')
    } catch (error) {
      context.addIssue({ code: 'custom', message: `cannot be read (${(error as NodeJS.ErrnoException).code})` })
      return z.NEVER
    }
  })

/** A credential. The value is never repeated in a problem. */
export const secret = z
  .string()
  .trim()
  .regex(HEADER_VALUE, 'must be printable ASCII without line breaks')
  .transform(toSecret)

/** `{"name": "value"}`: further headers for every call, whose values may be credentials. */
export const extraHeaders = z
  .string()
  .default('{}')
  .transform((text, context) => {
    const headers = z.record(headerName, z.string().regex(HEADER_VALUE).transform(toSecret)).safeParse(parseJson(text))
    if (headers.success) return headers.data
    context.addIssue({
      code: 'custom',
      message: 'must be a JSON object of names and values of headers that may be set, like {"cf-access-token": "…"}',
    })
    return z.NEVER
  })

function toSecret(value: string): Secret {
  return new Secret(value)
}
