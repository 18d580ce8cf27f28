import { z } from 'zod'
import type { ApiKey } from './api-key.js'
import { ROLES } from './identity.js'
import { parseJson } from '../job/json-text.js'

/** Safe in log lines, and readable. */
export const callerNameSchema = z
  .string('must be a name, like "ops"')
  .regex(/^[\w.@:+-]{1,64}$/, 'must be 1 to 64 letters, digits and . _ - + @ :')

export const roleSchema = z.enum(ROLES, `must be one of ${ROLES.join(', ')}`)

const entrySchema = z.strictObject(
  {
    name: callerNameSchema,
    role: roleSchema,
    sha256: z
      .string('must be a string')
      .regex(/^[\da-f]{64}$/i, 'must be the SHA-256 of the key as 64 hexadecimal digits'),
  },
  'must be an object with exactly the fields name, role and sha256',
)
const listSchema = z.array(entrySchema, 'must be a JSON list like [{"name": "…", "role": "read", "sha256": "…"}]')

/** Parses a JSON list of API keys. Problems name their position, `[1].role`, and never quote a value. */
export const apiKeyList = z.string().transform((text, context): readonly ApiKey[] => {
  const addProblem = (message: string) => context.addIssue({ code: 'custom', message })
  const parsed = listSchema.safeParse(parseJson(text))
  if (!parsed.success) {
    for (const { path, message } of parsed.error.issues) addProblem(`${positionOf(path)}${message}`)
    return z.NEVER
  }
  if (parsed.data.length === 0) addProblem('must have at least one entry; create one with npm run keys:create')
  parsed.data.forEach(({ name, sha256 }, index) => {
    const sameName = parsed.data.findIndex((other) => other.name === name)
    const sameKey = parsed.data.findIndex((other) => other.sha256.toLowerCase() === sha256.toLowerCase())
    if (sameName < index) addProblem(`[${index}].name is the same as [${sameName}].name; each entry needs its own`)
    if (sameKey < index) addProblem(`[${index}].sha256 is the same as [${sameKey}].sha256; each entry needs its own`)
  })
  return parsed.data
})

function positionOf([index, field]: readonly PropertyKey[]): string {
  if (index === undefined) return ''
  return `[${String(index)}]${field === undefined ? '' : `.${String(field)}`} `
}
