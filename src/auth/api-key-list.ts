import { z } from 'zod'
import type { ApiKey } from './api-key.js'
import { ROLES } from './identity.js'
import { parseJson } from '../job/json-text.js'

/** What may stand in a log line, and be told from another one by people. */
export const callerNameSchema = z
  .string('must be a name')
  .regex(/^[\w.@:+-]{1,64}$/, 'must be 1 to 64 letters, digits and . _ - + @ :')

export const roleSchema = z.enum(ROLES, `must be one of ${ROLES.join(', ')}`)

const entry = z.strictObject(
  {
    name: callerNameSchema,
    role: roleSchema,
    sha256: z.string('must be text').regex(/^[\da-f]{64}$/i, 'must be 64 hexadecimal digits'),
  },
  'must be an object of name, role and sha256, and of nothing else',
)
const list = z.array(entry, 'must be a JSON list like [{"name": "…", "role": "read", "sha256": "…"}]')

/** The text of a list of API keys. Problems say where they are, `[1].role`, and repeat nothing of what is there. */
export const apiKeyList = z.string().transform((text, context): readonly ApiKey[] => {
  const problem = (message: string) => context.addIssue({ code: 'custom', message })
  const read = list.safeParse(parseJson(text))
  if (!read.success) {
    for (const { path, message } of read.error.issues) problem(`${placeOf(path)}${message}`)
    return z.NEVER
  }
  if (read.data.length === 0) problem('must have at least one entry')
  read.data.forEach(({ name, sha256 }, at) => {
    const sameName = read.data.findIndex((other) => other.name === name)
    const sameKey = read.data.findIndex((other) => other.sha256.toLowerCase() === sha256.toLowerCase())
    if (sameName < at) problem(`[${at}].name is that of [${sameName}], too`)
    if (sameKey < at) problem(`[${at}].sha256 is that of [${sameKey}], too`)
  })
  return read.data
})

function placeOf([index, field]: readonly PropertyKey[]): string {
  if (index === undefined) return ''
  return `[${String(index)}]${field === undefined ? '' : `.${String(field)}`} `
}
