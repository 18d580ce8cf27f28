import type { z } from 'zod'
import { authEnvironment } from '../src/auth/environment.js'
import { gatewayEnvironment } from '../src/config/gateway-environment.js'
import { cortexEnvironment } from '../src/vendors/cortex/index.js'
import { kodexaEnvironment } from '../src/vendors/kodexa/index.js'

interface Variable {
  readonly name: string
  readonly group: string
  readonly description: string
  readonly fallback: string | null
}

const BEGIN = '<!-- Generated from the code by `npm run generate`: change the descriptions there. -->'
const END = '<!-- End of the generated table. -->'

/** Every environment variable, in the order of the code. */
export const environmentVariables: readonly Variable[] = [
  gatewayEnvironment,
  authEnvironment,
  cortexEnvironment,
  kodexaEnvironment,
].flatMap(({ shape }) => Object.entries<z.ZodType>(shape).map(toVariable))

/** The page with its table written anew between the two markers. */
export function withConfigurationTable(page: string): string {
  const [before, after] = [page.indexOf(BEGIN), page.indexOf(END)]
  if (before < 0 || after < before) throw new Error('The page has no markers for the table.')
  return `${page.slice(0, before)}${BEGIN}\n\n${configurationTable()}\n${page.slice(after)}`
}

/** One table: a row with the name of each group, then a row for each of its variables. */
function configurationTable(): string {
  const groups = [...new Set(environmentVariables.map(({ group }) => group))]
  const rows = groups.flatMap((group) => [
    `| **${group}** | | |`,
    ...environmentVariables.filter((variable) => variable.group === group).map(toRow),
  ])
  return ['| variable | default | meaning |', '| --- | --- | --- |', ...rows, ''].join('\n')
}

function toRow({ name, fallback, description }: Variable): string {
  return `| \`${name}\` | ${fallback === null ? '' : `\`${fallback}\` `}| ${description.replaceAll('|', '\\|')} |`
}

/** @throws {Error} when the schema says nothing about the variable */
function toVariable([name, schema]: [string, z.ZodType]): Variable {
  const { group, description } = schema.meta() ?? {}
  if (typeof group !== 'string' || !description) throw new Error(`${name} has no group or no description.`)
  return { name, group, description, fallback: defaultOf(schema) }
}

/** The default as somebody would write it into the environment; null when there is none, or none that can be written. */
function defaultOf({ def }: z.ZodType): string | null {
  const { type, in: input, innerType, defaultValue } = def as Partial<z.core.$ZodPipeDef & z.core.$ZodDefaultDef>
  if ((type as string) === 'pipe') return defaultOf(input as z.ZodType)
  if ((type as string) === 'optional') return defaultOf(innerType as z.ZodType)
  if ((type as string) !== 'default') return null
  if (defaultValue === null) return 'off'
  return typeof defaultValue === 'number' || (typeof defaultValue === 'string' && defaultValue)
    ? String(defaultValue)
    : null
}
