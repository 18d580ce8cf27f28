import { parseArgs } from 'node:util'
import { createApiKey } from '../auth/api-key.js'
import { callerNameSchema, roleSchema } from '../auth/api-key-list.js'

const USAGE = 'Usage: npm run keys:create -- --name NAME --role read|cancel|admin'

export interface CommandOutcome {
  /** Whether a key was created; otherwise `text` says what is wrong. */
  readonly isDone: boolean
  readonly text: string
}

/** Creates an API key for `--name ops --role cancel`. The key is in the text and nowhere else. */
export function keyCommand(args: readonly string[]): CommandOutcome {
  const name = callerNameSchema.safeParse(optionOf(args, 'name'))
  const role = roleSchema.safeParse(optionOf(args, 'role'))
  if (!name.success || !role.success) {
    const problems = [...problemsOf('--name', name), ...problemsOf('--role', role)]
    return { isDone: false, text: [...problems, USAGE].join('\n') }
  }
  const { key, entry } = createApiKey({ name: name.data, role: role.data })
  return {
    isDone: true,
    text: [
      'API key, shown only this once. Give it to the caller:',
      `  ${key}`,
      'Entry for the JSON list in GATEWAY_API_KEYS_FILE (then send SIGHUP):',
      `  ${JSON.stringify(entry)}`,
    ].join('\n'),
  }
}

function optionOf(args: readonly string[], name: 'name' | 'role'): string | undefined {
  const options = { name: { type: 'string' }, role: { type: 'string' } } as const
  try {
    return parseArgs({ args: [...args], options }).values[name]
  } catch {
    return undefined
  }
}

function problemsOf(option: string, { error }: { error?: { issues: readonly { message: string }[] } }): string[] {
  return error?.issues.map(({ message }) => `${option} ${message}.`) ?? []
}
