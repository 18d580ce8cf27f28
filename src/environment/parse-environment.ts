import type { z } from 'zod'

export type Environment = Readonly<Record<string, string | undefined>>

/**
 * Parses environment variables with a schema. Blank variables count as unset, because shells, compose files and .env
 * templates all write them.
 * @returns the value, or all problems, each starting with the name of its variable
 */
export function parseEnvironment<T>(
  schema: z.ZodType<T>,
  env: Environment,
): { value: T; problems: [] } | { value: null; problems: string[] } {
  const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value.trim() !== ''))
  const result = schema.safeParse(set)
  if (result.success) return { value: result.data, problems: [] }
  return {
    value: null,
    problems: result.error.issues.map((issue) => `${String(issue.path[0] ?? 'environment')}: ${issue.message}`),
  }
}
