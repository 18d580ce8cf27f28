import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { parseJson } from '../job/json-text.js'
import { Secret } from '../job/secret.js'

/** Documents variables of one subject for docs/configuration.md: `server(z.string(), 'What it is for.')`. */
export function documentedUnder(group: string) {
  return <T extends z.ZodType>(variable: T, description: string): T => variable.meta({ group, description })
}

/** A comma-separated list: `a, b`. Default empty. */
export const commaList = z
  .string()
  .default('')
  .transform((value) =>
    value
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== ''),
  )

/** A whole number of milliseconds, from `minimum` to 600000. */
export function milliseconds(fallback: number, minimum = 1) {
  return z.coerce
    .number('must be a number of milliseconds, like 5000')
    .int('must be a whole number of milliseconds, like 5000')
    .min(minimum, `must be at least ${minimum}`)
    .max(600_000, 'must be at most 600000')
    .default(fallback)
}

/** A number of retries, 0 to 5. */
export function retries(fallback: number) {
  return z.coerce
    .number('must be a whole number from 0 to 5')
    .int('must be a whole number from 0 to 5')
    .min(0, 'must be a whole number from 0 to 5')
    .max(5, 'must be a whole number from 0 to 5')
    .default(fallback)
}

/** Requests per minute that may be sent to a vendor; null for `off`, no limit. */
export function rateLimit(fallback: number | null) {
  return z
    .string()
    .regex(/^(off|\d{2,6})$/, 'must be off, or a whole number from 10 to 999999')
    .transform((value) => (value === 'off' ? null : Number(value)))
    .refine((limit) => limit === null || limit >= 10, 'must be off, or a whole number from 10 to 999999')
    .default(fallback)
}

/** The base URL of a REST API. */
export function baseUrl(fallback: string) {
  return z
    .url({ protocol: /^https?$/, error: 'must be an http or https URL, like https://api.example.com' })
    .default(fallback)
    .transform((value) => new URL(value))
    .refine(
      (url) => url.username === '' && url.password === '' && url.search === '' && url.hash === '',
      'must not contain credentials, a query or a fragment; write only scheme, host, port and path',
    )
}

/** Printable ASCII: other characters would be sent changed, or not at all. */
const HEADER_VALUE = /^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/
const HEADER_NAME = /^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/

/** Headers that control the connection and cannot be set. */
const RESERVED = /^(connection|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade|expect|host|content-length)$/i

export const headerName = z
  .string()
  .regex(HEADER_NAME, 'must be an HTTP header name, like x-api-key')
  .refine(
    (name) => !RESERVED.test(name),
    'must not be a header that controls the connection, such as host or content-length',
  )

/** The path of a text file, read into its content. */
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

/** A credential. Problems never quote its value. */
export const secret = z
  .string()
  .trim()
  .regex(HEADER_VALUE, 'must be printable ASCII without line breaks')
  .transform(toSecret)

/** Additional headers for every call, as JSON: `{"name": "value"}`. The values may be credentials. */
export const extraHeaders = z
  .string()
  .default('{}')
  .transform((text, context) => {
    const headers = z.record(headerName, z.string().regex(HEADER_VALUE).transform(toSecret)).safeParse(parseJson(text))
    if (headers.success) return headers.data
    context.addIssue({
      code: 'custom',
      message:
        'must be a JSON object of header names and values, like {"cf-access-token": "…"}, without connection headers',
    })
    return z.NEVER
  })

function toSecret(value: string): Secret {
  return new Secret(value)
}
