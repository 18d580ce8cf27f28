import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join, normalize } from 'node:path'
import { isEnumType, OperationTypeNode, parse, type OperationDefinitionNode } from 'graphql'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { environmentVariables, withConfigurationTable } from '../docs/configuration-table.js'
import { keyCommand } from '../src/cli/key-command.js'
import { readConfig } from '../src/config/config.js'
import * as packageExports from '../src/index.js'
import { JOB_STATUSES } from '../src/job/state.js'
import { gatewaySchema } from '../src/schema.js'
import { RECORD_STATUS, RUN_STATUS } from '../src/vendors/cortex/normalise/status.js'
import { EXECUTION_STATUS } from '../src/vendors/kodexa/normalise/status.js'
import {
  commandsIn,
  isRunnable,
  programProblems,
  runProgram,
  runShell,
  shellSyntaxErrors,
  type ShellResult,
} from './support/documented-code.js'
import { readPages, ROOT, type CodeBlock, type MarkdownPage } from './support/markdown.js'
import { subscribeTo } from './support/served-gateway.js'
import { openSandboxedGateway, type SandboxedGateway } from './support/sandboxes.js'

const pages = readPages()
const variables = environmentVariables.map(({ name }) => name)
const { scripts } = JSON.parse(readFileSync(`${ROOT}package.json`, 'utf8')) as { scripts: Record<string, string> }
/** Languages of blocks that are neither run nor checked. */
const UNCHECKED = ['text', 'http', 'yaml', 'nginx', 'dockerfile', 'mermaid', 'diff', 'html', 'lua', 'toml', 'xml']
const CHECKED = ['graphql', 'json', 'sh', 'ini', 'ts', 'js']

const hasCommand = (name: string) =>
  (process.env.PATH ?? '').split(':').some((folder) => existsSync(join(folder, name)))

describe.each(pages.map((page) => [page.path, page] as const))('%s', (path, page) => {
  it('names the language of every code block', () => {
    expect(page.blocks.filter(({ language }) => ![...CHECKED, ...UNCHECKED].includes(language))).toEqual([])
  })

  it('links to files and headings that exist', () => {
    expect(page.links.filter((target) => !doesExist(path, target))).toEqual([])
  })

  it('names npm scripts that exist', () => {
    const named = [...page.text.matchAll(/\bnpm (?:run (?:--silent )?([a-z]+(?::[a-z]+)?)|(start|test)\b)/g)]
    const unknown = named.map(([, script, own]) => script ?? own!).filter((name) => !(name in scripts))
    expect(unknown).toEqual([])
  })

  // History also names what was removed.
  it.skipIf(/^(CHANGELOG|docs\/decisions\/)/.test(path))('names variables, codes and constants that exist', () => {
    const named = page.inlineCode.flatMap((code) => /^([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)(?:=.*)?$/.exec(code)?.[1] ?? [])
    expect(named.filter((name) => !isKnownWord(name))).toEqual([])
  })

  it('sets existing variables to valid values', () => {
    const settings = page.blocks.filter(({ language }) => language === 'ini').map(({ code }) => settingsIn(code))
    expect(settings.flatMap(Object.keys).filter((name) => !variables.includes(name))).toEqual([])
    for (const env of settings) expect(problemsOf(env)).toEqual([])
  })

  it('shows valid JSON', () => {
    for (const { code } of blocksIn(page, 'json')) expect(() => void JSON.parse(code), code).not.toThrow()
  })
})

describe.each(pages.filter(hasExamples).map((page) => [page.path, page] as const))(
  'the examples of %s',
  (_path, page) => {
    let sandboxed: SandboxedGateway
    let server: Server
    let folder: string
    let address: string

    beforeAll(async () => {
      sandboxed = await openSandboxedGateway()
      server = createServer(sandboxed.gateway.listener).on('upgrade', sandboxed.gateway.upgrade).listen(0, '127.0.0.1')
      await once(server, 'listening')
      address = `127.0.0.1:${(server.address() as AddressInfo).port}`
      folder = mkdtempSync(join(tmpdir(), 'docket-docs-'))
      if (page.blocks.some(({ code }) => code.includes('gateway.log')))
        writeFileSync(join(folder, 'gateway.log'), await gatewayLog())
    })
    afterAll(async () => {
      server.closeAllConnections()
      server.close()
      await sandboxed.close()
      rmSync(folder, { recursive: true })
    })

    const run = (code: string): Promise<ShellResult> => runShell(code.replaceAll('127.0.0.1:4000', address), folder)

    /** The first event of a subscription, the answer to anything else. */
    async function answerTo(operation: string): Promise<Answer> {
      if (!isSubscription(operation)) {
        const { data, errors } = await sandboxed.query(operation)
        return { data, ...(errors.length > 0 && { errors }) }
      }
      const events = await subscribeTo(`http://${address}/graphql`, operation)
      return (await events.next())!
    }

    // In the order of the page: a job that one example cancels is cancelled in the next one.
    for (const block of page.blocks) {
      const { language, flag, code, title, answer } = block
      if (language === 'graphql') {
        it(`answers as the page says: ${title}`, async () => {
          const result = await answerTo(code)
          if (answer === null) expect(result).not.toHaveProperty('errors')
          else expectAnswer(result, JSON.parse(answer) as Answer)
        })
      } else if (language === 'sh' && isRunnable(block)) {
        const needed = new Set(code.match(/\b(curl|jq)\b/g))
        it.skipIf(![...needed].every(hasCommand))(`can be run: ${title}`, async () => {
          const { exitCode, output } = await run(code)
          expect(exitCode, output).toBe(0)
          expect(output).not.toBe('')
          if (answer === null) expect(output).not.toContain('"errors"')
          else expect(JSON.parse(output)).toEqual(JSON.parse(answer))
        })
      } else if (language === 'sh') {
        it(`is well-formed: ${title}`, async () => {
          expect(commandsIn(block)).not.toEqual([])
          expect(await shellSyntaxErrors(code)).toBe('')
        })
      } else if (flag === 'run') {
        it(`can be run: ${title}`, { timeout: 20_000 }, async () => {
          const load = async (name: string) =>
            name === 'docket-gateway' ? packageExports : ((await import(/* @vite-ignore */ name)) as object)
          const program = runProgram(code.replaceAll('127.0.0.1:4000', address), load)
          const failure = await Promise.race([
            program.ended.catch((error: unknown) => error),
            expect.poll(() => program.printed.length, { timeout: 10_000 }).toBeGreaterThan(0),
          ])
          expect(failure).toBeUndefined()
          const origin = program.printed.map((line) => /http:\/\/127\.0\.0\.1:\d+/.exec(line)?.[0]).find(Boolean)
          if (origin) expect((await fetch(`${origin}/ready`)).status).toBe(200)
          program.signal('SIGTERM')
          if (origin)
            await expect.poll(() => fetch(`${origin}/ready`).catch(() => null), { timeout: 10_000 }).toBeNull()
        })
      }
    }
  },
)

interface Answer {
  readonly data?: unknown
  readonly errors?: readonly object[]
}

/** Compares all data, and those fields of each error that the page shows: messages may change. */
function expectAnswer({ data, errors = [] }: Answer, shown: Answer): void {
  expect(data).toEqual(shown.data)
  expect(errors).toMatchObject(shown.errors ?? [])
}

describe('the programs on all pages', () => {
  const publicFace = readFileSync(`${ROOT}src/index.ts`, 'utf8')

  // `npm run types` also checks their types.
  it('parse, and import only what the package exports', () => {
    const programs = pages.flatMap((page) => [...blocksIn(page, 'ts'), ...blocksIn(page, 'js')])
    const isExported = (name: string) => new RegExp(`\\b${name}\\b`).test(publicFace)
    expect(programs.flatMap((block) => programProblems(block, isExported))).toEqual([])
  })
})

describe('docs/configuration.md', () => {
  const { text } = pageAt('docs/configuration.md')

  it('has an up-to-date table; if not, run `npm run generate`', () => {
    expect(text).toBe(withConfigurationTable(text))
  })

  it('lists every variable once', () => {
    const listed = [...text.matchAll(/^\| `([A-Z_]+)`/gm)].map(([, name]) => name!)
    expect(listed.sort()).toEqual([...variables].sort())
  })
})

describe('docs/limits.md', () => {
  it('shows the real default of every limit', () => {
    const { text } = pageAt('docs/limits.md')
    const shown = [...text.matchAll(/\| `(MAX_\w+)` \| ([\d,]+) \|/g)].map(([, name, value]) => [
      name,
      value!.replaceAll(',', ''),
    ])
    expect(shown.length).toBeGreaterThan(5)
    const defaults = new Map(environmentVariables.map(({ name, fallback }) => [name, fallback]))
    expect(shown).toEqual(shown.map(([name]) => [name, defaults.get(name!)]))
  })
})

describe('docs/auth.md', () => {
  const page = pageAt('docs/auth.md')

  it('shows a command that creates a key', () => {
    const [, command] = /^npm run keys:create -- (.+)$/m.exec(page.text)!
    expect(keyCommand(command!.split(' ')).isDone).toBe(true)
  })

  it('shows a list of keys that the gateway accepts', () => {
    const [list] = blocksIn(page, 'json')
    expect(problemsOf({ GATEWAY_AUTH: 'keys', GATEWAY_API_KEYS: list!.code })).toEqual([])
  })
})

describe('docs/schema.md', () => {
  const { text } = pageAt('docs/schema.md')
  const rows = (heading: string) =>
    text
      .split(`\n## ${heading}\n`)[1]!
      .split('\n## ', 1)[0]!
      .match(/^\| `.*$/gm) ?? []
  const firstCells = (heading: string) => rows(heading).map((row) => /^\| `(\w+)`/.exec(row)![1]!)

  it('maps every vendor status as the code does', () => {
    const words = { RECORD_STATUS, RUN_STATUS, EXECUTION_STATUS }
    for (const status of JOB_STATUSES) {
      const [, , ...cells] = rows('Statuses')
        .find((row) => row.startsWith(`| \`${status}\``))!
        .split('|')
      const shown = cells.slice(0, 3).map((cell) => [...cell.matchAll(/`(\w+)`/g)].map(([, word]) => word!).sort())
      const known = Object.values(words).map((table: Record<string, string>) =>
        Object.keys(table)
          .filter((word) => table[word] === status)
          .sort(),
      )
      expect([status, ...shown]).toEqual([status, ...known])
    }
  })

  it('lists every error code and every warning code', () => {
    expect(firstCells('Errors').sort()).toEqual(enumValues('ErrorCode').sort())
    expect(firstCells('Outages and warnings').sort()).toEqual(enumValues('JobsWarningCode').sort())
  })
})

describe('docs/cancelling.md', () => {
  it('shows an audit line with the fields of a real one', async () => {
    const page = pageAt('docs/cancelling.md')
    const shown = blocksIn(page, 'json').find(({ code }) => code.includes('"audit"'))!
    const [real = ''] = (await gatewayLog()).split('\n')
    const fields = Object.keys(JSON.parse(real) as object)
    expect(Object.keys(JSON.parse(shown.code) as object)).toEqual(fields)
    const listed = [...page.text.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name!)
    const explained = fields.filter((name) => !['level', 'msg'].includes(name))
    expect(explained.filter((name) => !listed.includes(name))).toEqual([])
  })
})

function pageAt(path: string): MarkdownPage {
  return pages.find((page) => page.path === path)!
}

function blocksIn({ blocks }: MarkdownPage, language: string): readonly CodeBlock[] {
  return blocks.filter((block) => block.language === language)
}

function hasExamples({ blocks }: MarkdownPage): boolean {
  return blocks.some(({ language, flag }) => ['graphql', 'sh'].includes(language) || flag === 'run')
}

function isSubscription(operation: string): boolean {
  const [first] = parse(operation).definitions
  return (first as OperationDefinitionNode).operation === OperationTypeNode.SUBSCRIPTION
}

/** Whether the target of a link exists. External links are only parsed. */
function doesExist(from: string, target: string): boolean {
  if (/^https?:\/\//.test(target)) return URL.canParse(target)
  const [file = '', fragment] = target.split('#')
  const path = file === '' ? from : normalize(join(dirname(from), file))
  if (fragment === undefined) return existsSync(`${ROOT}${path}`)
  return pageAt(path)?.anchors.includes(`#${fragment}`) ?? false
}

function enumValues(name: string): string[] {
  const type = gatewaySchema().getType(name)
  return isEnumType(type) ? type.getValues().map((value) => value.name) : []
}

/** An environment variable, or any constant, code or enum value that occurs in the source. */
function isKnownWord(word: string): boolean {
  return variables.includes(word) || (sourceWords ??= readSourceWords()).has(word)
}

let sourceWords: ReadonlySet<string> | undefined

function readSourceWords(): ReadonlySet<string> {
  const files = ['src', 'bench', 'test', 'schema'].flatMap((folder) =>
    readdirSync(`${ROOT}${folder}`, { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.(ts|graphql)$/.test(file))
      .map((file) => readFileSync(`${ROOT}${folder}/${file}`, 'utf8')),
  )
  return new Set(files.flatMap((text) => text.match(/\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b/g) ?? []))
}

function settingsIn(code: string): Readonly<Record<string, string>> {
  const lines = code.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  return Object.fromEntries(lines.map((line) => /^([^=]*)=(.*)$/.exec(line)!.slice(1) as [string, string]))
}

/** The problems that the gateway reports for these settings, missing files aside. */
function problemsOf(env: Readonly<Record<string, string>>): readonly string[] {
  try {
    readConfig(env)
    return []
  } catch (error) {
    const { problems = [String(error)] } = error as { problems?: readonly string[] }
    return problems.filter((problem) => !problem.includes('ENOENT'))
  }
}

/** The log of a gateway after cancels of a record, of an execution, and of a job that does not exist. */
async function gatewayLog(): Promise<string> {
  const { query, lines, close } = await openSandboxedGateway({
    gateway: { authenticate: () => ({ name: 'ops', role: 'cancel', via: 'key' }) },
  })
  const record = '{ ref: { collectionId: "col_invoices", recordId: "rec_long_running" } }'
  await query(`mutation { cancelRecord(by: ${record}) { __typename } }`)
  await query(
    `mutation { cancelExecution(by: { executionId: "00000000-0000-4000-8000-000000000001" }) { __typename } }`,
  )
  await query(
    `mutation { cancelExecution(by: { executionId: "00000000-0000-4000-8000-0000000000ff" }) { __typename } }`,
  )
  await close()
  const time = Date.now()
  return lines.map(({ fields, message: msg }) => `${JSON.stringify({ level: 30, time, ...fields, msg })}\n`).join('')
}
